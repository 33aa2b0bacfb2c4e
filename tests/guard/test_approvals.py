"""Who counts: people, not signatures; each once, in one role, for exactly this plan, and never who made the change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.guard.approvals import Ballot, Missing, People, Rule, Statement, Subject, Tally, approval_finding, tally

NOW = datetime(2026, 11, 29, 1, 40, tzinfo=UTC)
PLAN = "sha256:1da52c8dd7b3916f6ad9896d66c981e0"
SUBJECT = Subject(PLAN, "acme", "planned-switchover", frozenset({"Jane Doe", "jane@acme.example"}))
PEOPLE = People(
    {"omar": ["omar@acme.example", "omar@home.example"], "jane": ["jane@acme.example"], "kim": ["Kim@acme.example"]},
    {"change-manager": ["omar", "kim"], "voice": ["omar", "lee@acme.example"]},
)
STATEMENT = Statement(PLAN, "acme", "planned-switchover", "", NOW - timedelta(hours=1), NOW + timedelta(hours=1))


def ballot(principal: str, key: str = "", **changes: Any) -> Ballot:  # Any: each test names the field it changes
    statement = replace(STATEMENT, **changes)
    return Ballot(f"{principal} {key}{len(changes)}", statement, (principal,), key or f"SHA256:{principal}")


def count(rule: Rule, *ballots: Ballot, subject: Subject = SUBJECT) -> Tally:
    return tally(rule, subject, ballots, PEOPLE, NOW)


def whys(found: Tally) -> list[str]:
    return [item.why for item in found.uncounted]


def test_so_many_people_as_are_asked_for() -> None:
    two = Rule(2)
    assert count(two).missing == (Missing(2),)
    assert count(two, ballot("kim@acme.example")).missing == (Missing(1),)
    done = count(two, ballot("kim@acme.example"), ballot("omar@home.example"))
    assert (done.missing, [item.person for item in done.counted]) == ((), ["kim", "omar"])
    assert count(Rule(0)).missing == ()


@pytest.mark.parametrize("name", ["jane@acme.example", "Jane Doe", "JANE@acme.example"])
def test_who_made_the_change_does_not_approve_it(name: str) -> None:
    found = count(Rule(1), ballot(name))
    assert found.counted == ()
    assert whys(found)[0].endswith("made the change, and does not approve it")


def test_one_of_the_names_of_a_key_is_enough_to_be_the_author() -> None:
    shared = Ballot("it", STATEMENT, ("deploy", "jane@acme.example"), "SHA256:1")
    assert whys(count(Rule(1), shared)) == ["jane made the change, and does not approve it"]


def test_one_person_counts_once_whatever_their_keys_and_names() -> None:
    found = count(Rule(2), ballot("omar@acme.example", "SHA256:1"), ballot("OMAR@home.example", "SHA256:2"))
    assert [item.person for item in found.counted] == ["omar"]
    assert whys(found) == ["omar is counted already"]
    assert found.missing == (Missing(1),)


def test_one_key_counts_once_whatever_its_names() -> None:
    found = count(Rule(2), ballot("omar@acme.example", "SHA256:1"), ballot("pat@acme.example", "SHA256:1"))
    assert [item.person for item in found.counted] == ["omar"]
    assert whys(found) == ["its key is counted already"]


def test_of_two_approvals_the_one_that_lasts_longer_counts() -> None:
    longer = ballot("kim@acme.example", expires=NOW + timedelta(hours=5))
    for some in permutations([ballot("kim@acme.example"), longer]):
        assert [item.expires for item in count(Rule(1), *some).counted] == [NOW + timedelta(hours=5)]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"plan": "sha256:0000000000000000"}, "it approves another plan (sha256:000000000000)"),
        ({"site": "globex"}, "it approves a plan of globex (planned-switchover)"),
        ({"scenario": "steady"}, "it approves a plan of acme (steady)"),
        ({"expires": NOW}, "it expired 2026-11-29 01:40 UTC"),
        ({"expires": NOW + timedelta(days=3)}, "it lasts longer than an approval may (3 d)"),
        ({"signed_at": NOW + timedelta(minutes=6)}, "it was signed in the future (2026-11-29 01:46 UTC)"),
        ({"role": "voice"}, "kim does not have the role voice"),
        ({"role": "no-such-role"}, "kim does not have the role no-such-role"),
    ],
)
def test_what_is_not_for_this_plan_now_does_not_count(changes: Mapping[str, Any], why: str) -> None:
    found = count(Rule(1), ballot("kim@acme.example", **changes))
    assert (found.counted, whys(found), found.missing) == ((), [why], (Missing(1),))


def test_a_clock_that_is_a_little_ahead_is_no_reason() -> None:
    assert count(Rule(1), ballot("kim@acme.example", signed_at=NOW + timedelta(minutes=5))).missing == ()


def test_what_proves_nothing_does_not_count() -> None:
    found = count(Rule(1), replace(ballot("kim@acme.example"), problem="its key is nobody's"), Ballot("it", None))
    assert whys(found) == ["its key is nobody's", "it holds no statement"]


def test_a_role_is_filled_by_who_has_it() -> None:
    rule = Rule(2, {"change-manager": 1})
    found = count(rule, ballot("pat@acme.example"), ballot("sam@acme.example"))
    assert found.missing == (Missing(1, "change-manager"),)
    assert count(rule, ballot("pat@acme.example"), ballot("omar@acme.example")).missing == ()
    assert count(rule, ballot("omar@acme.example")).missing == (Missing(1),)
    assert count(rule).missing == (Missing(1, "change-manager"), Missing(1))


def test_whoever_has_two_roles_leaves_the_one_to_who_has_no_other() -> None:
    rule = Rule(1, {"change-manager": 1, "voice": 1})
    for some in permutations([ballot("omar@acme.example"), ballot("kim@acme.example")]):
        found = count(rule, *some)
        assert {item.person: item.role for item in found.counted} == {"omar": "voice", "kim": "change-manager"}
        assert found.missing == ()
    assert count(rule, ballot("omar@acme.example")).missing == (Missing(1, "voice"),)


def test_who_names_a_role_fills_no_other() -> None:
    rule = Rule(0, {"voice": 1})
    found = count(rule, ballot("omar@acme.example", role="change-manager"))
    assert found.missing == (Missing(1, "voice"),)
    both = count(rule, ballot("omar@acme.example", role="change-manager"), ballot("omar@acme.example", role="voice"))
    assert both.missing == ()
    assert [item.role for item in both.counted] == ["voice"]


ROLES = ("a", "b", "c")
STAFF = st.dictionaries(st.sampled_from("uvwxyz"), st.sets(st.sampled_from(ROLES)), max_size=5)


@settings(max_examples=40)
@given(STAFF, st.dictionaries(st.sampled_from(ROLES), st.integers(1, 2), max_size=3), st.integers(0, 4))
def test_as_many_roles_are_filled_as_any_choice_fills(
    staff: Mapping[str, set[str]], roles: Mapping[str, int], required: int
) -> None:
    people = People({}, {role: [name for name in staff if role in staff[name]] for role in ROLES})
    rule = Rule(required, roles)
    ballots = [Ballot(name, STATEMENT, (name,), name) for name in staff]
    found = tally(rule, SUBJECT, ballots, people, NOW)
    slots = [role for role, number in roles.items() for _ in range(number)]
    # Whoever stands in no slot's place is a blank: every choice is a permutation of people and blanks.
    names = [*staff, *[""] * len(slots)]
    best = max(
        (sum(bool(name) and role in staff[name] for name, role in zip(some, slots, strict=False)))
        for some in permutations(names, len(slots))
    )
    assert len(slots) - sum(item.count for item in found.missing if item.role) == best
    assert len(found.counted) == len(staff)
    assert sum(item.count for item in found.missing) == max(len(slots) - best, required - len(staff))


def test_a_finding_says_who_is_missing_and_what_does_not_count() -> None:
    rule = Rule(3, {"change-manager": 2})
    found = count(rule, ballot("kim@acme.example"))
    item = approval_finding(rule, found, PEOPLE, note="Nobody can", details=["does not count: it"])
    assert item.message == (
        "the plan needs 3 approvals and has 1 (kim); missing: 1 by change-manager (omar, kim), 1 by anybody else. "
        "Nobody can"
    )
    assert (item.id, item.code, item.severity, item.overridable) == ("approval", "OD2027", "refuse", False)
    assert item.details == ("does not count: it",)
