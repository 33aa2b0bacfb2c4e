"""What a reviewer reads of a plan that is not safe: the way there in words, what is wrong, and what forbids it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import OrderRule
from oceana_dr.cli.main import run
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.predicate import All, AnyOf, Is
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.guard.counter_example import in_words
from oceana_dr.guard.proof import proof_findings
from oceana_dr.operations.planfile import verify_plan
from oceana_dr.plan.codec import read_plan, write_text
from oceana_dr.plan.model import Kind, Plan, Requirement
from oceana_dr.present.findings_text import finding_lines
from oceana_dr.present.style import Style
from oceana_dr.safety.invariant import Always, AtRest, BeforeChange, Check, Exclusive, Invariant, NeverBoth
from oceana_dr.safety.passage import Passage
from oceana_dr.safety.prove import Violation, prove
from tests.execute.plans import A_ROLE, C_ROLE, GROUP, plan_of, step
from tests.golden_files import Golden
from tests.planning import plan_case, without_order

HERE = Path(__file__).parent
LOOSE = ("shutdown-before-activation", "promote-before-demote")
PROMOTED, DEMOTED, ACTIVE = Is(C_ROLE, ("primary",)), Is(A_ROLE, ("async",)), Is(GROUP, ("ACTIVE",))
START: Mapping[Ref, Value] = {C_ROLE: "async", A_ROLE: "primary", GROUP: "STANDBY"}


def loose() -> Plan:
    """A plan that nobody may run: made without two rules of the order."""
    return plan_case("globex", "dc2", catalogue=without_order("planned-switchover", *LOOSE)).plan


def violation(check: Check, *passages: Passage, start: Mapping[Ref, Value] = START) -> Violation:
    (found,) = prove((Invariant("S-1", "one at a time", (), (check,)),), passages, start.__getitem__).broken
    return found


def passage(name: str, *moments: Mapping[Ref, Value], before: Sequence[str] = ()) -> Passage:
    return Passage(name, moments, frozenset(), frozenset(before))


def small(*requires: Requirement) -> Plan:
    return plan_of(
        step("P23", Kind.RUN, "N", {C_ROLE: "primary"}),
        step("P24", Kind.RUN, "N", {A_ROLE: "async"}),
        step("P31", Kind.RUN, "R", {GROUP: "ACTIVE"}, "P23", requires=requires),
    )


@pytest.mark.parametrize("width", [80, 100])
def test_a_plan_that_is_not_safe_shows_the_way_to_where_it_is_not(width: int, golden: Golden) -> None:
    proof = [item for item in loose().findings if item.code == "OD2010"]
    text = "\n".join(finding_lines(proof, Style(color=False, ascii=False), width))
    golden(HERE / "counter_example" / f"plan-{width}.txt", text + "\n")
    assert max(map(len, text.splitlines())) <= width


def test_verify_says_the_same_and_names_the_rule_that_forbids_it(
    tmp_path: Path, golden: Golden, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "plan.json").write_text(write_text(loose()), "utf-8")
    assert run(["verify", str(tmp_path / "plan.json")]) == 3
    told = capsys.readouterr().out.partition("  - S-")
    golden(HERE / "counter_example" / "verify-80.txt", told[1] + told[2])
    assert max(map(len, told[2].splitlines())) <= 80


def test_the_file_has_the_steps_by_id_and_in_words() -> None:
    plan = loose()
    (found,) = (item for item in plan.findings if item.id == "proof-S-56")
    assert found.way == ("P20.activate",)
    assert found.details[0].startswith("1. P20.activate, activate the secondary System Manager: dc2/smgr#state")
    again = read_plan(write_text(plan).encode(), "plan.json")
    assert again.findings == plan.findings
    assert {item.id: item.way for item in verify_plan(plan).refused}["proof-S-56"] == found.way


def test_a_step_that_a_crash_cuts_off_is_said_to_be() -> None:
    torn = violation(
        Always(AnyOf((Is(C_ROLE, ("async", "primary")), ACTIVE))), passage("P23", {C_ROLE: ""}, {C_ROLE: "primary"})
    )
    assert [leg.inside for leg in torn.legs] == [True]
    assert in_words(torn, small(), ()) == (
        f"1. crash inside P23, the step P23: {C_ROLE} async → ",
        f"then {C_ROLE}  (to async or primary); {GROUP} STANDBY (to ACTIVE)",
    )


def test_what_comes_back_as_it_died_is_said_to_be() -> None:
    dark = violation(
        NeverBoth((Is(A_ROLE, ("primary",)), PROMOTED)),
        passage("P23", {C_ROLE: "primary"}),
        start={**START, A_ROLE: Unknown("unreachable")},
    )
    assert in_words(dark, small(), ())[-1] == (
        f"then {A_ROLE} cannot be told, and may come back as it died; {C_ROLE} is primary"
    )


def test_a_part_behind_a_fence_is_not_blamed() -> None:
    fenced = violation(
        NeverBoth((Is(A_ROLE, ("primary",)), PROMOTED, ACTIVE), (ACTIVE, AnyOf(()), AnyOf(()))),
        passage("P31", {GROUP: "ACTIVE"}, before=["P23"]),
        passage("P23", {C_ROLE: "primary"}),
        start={**START, A_ROLE: "async"},
    )
    assert fenced.wrong == (f"{C_ROLE} is primary", f"{GROUP} is ACTIVE")


def test_what_must_be_so_before_a_change_is_told_as_it_was() -> None:
    early = violation(
        BeforeChange(GROUP, ("ACTIVE",), All((PROMOTED, DEMOTED))),
        passage("P23", {C_ROLE: "primary"}),
        passage("P31", {GROUP: "ACTIVE"}, before=["P23"]),
    )
    assert early.wrong == (f"{GROUP} becomes ACTIVE", f"before it: {A_ROLE} primary (to async)")


def test_what_is_wrong_at_the_end_is_told() -> None:
    left = violation(AtRest(DEMOTED), passage("P31", {A_ROLE: "backup"}))
    assert left.wrong == (f"{A_ROLE} backup (to async)",)


def test_steps_that_break_the_order_alone_have_no_values() -> None:
    between = violation(
        Exclusive("P23", "P24", (Address("dc2/cluster/1/state"),)),
        passage("P23"),
        Passage("P31", (), frozenset({Address("dc2/cluster/1/state")}), frozenset({"P23"})),
        passage("P24", before=["P23"]),
    )
    assert in_words(between, small(), ()) == (
        "1. P23, the step P23",
        "2. P31, the step P31",
        "3. P24, the step P24",
    )


def test_a_rule_is_named_only_where_the_plan_does_not_keep_it() -> None:
    rules = (
        OrderRule("demote-first", ("P24",), ("P31",), "the old primary steps down first", ()),
        OrderRule("promote-first", ("P23",), ("P31",), "data is there first", ()),
        OrderRule("elsewhere", ("P99",), ("P31",), "about what this plan lacks", ()),
    )
    found = Violation("S-1", "one at a time", ("P31",), ())
    assert in_words(found, small(), rules)[1:] == (
        "the order rule demote-first forbids it, P24 before P31: the old primary steps down first",
    )


def test_the_gate_that_stops_a_run_is_named() -> None:
    found = Violation("S-1", "one at a time", ("P31",), ())
    plan = small(Requirement("S-1", PROMOTED))
    assert in_words(found, plan, ())[1:] == ("a run stops right before P31, which asks for S-1",)


def test_what_something_dark_keeps_from_being_told_is_one_finding() -> None:
    live = {Ref("dc1/cluster-activity#status"): Unknown("unreachable")}
    case = plan_case("acme", "dc2", live=live)
    proof = prove((Invariant("S-1", "a", (), (Always(ACTIVE),)),), (), dict.fromkeys([GROUP], Unknown("x")).__getitem__)
    one = proof_findings(proof, case.plan, safe_start=False)
    assert [item.message for item in one] == [
        f"S-1 cannot be told now ({GROUP} unknown), and this plan leaves it so: a"
    ]
    told = [item for item in case.plan.findings if item.code == "OD2011"]
    assert len(told) == 1
    assert told[0].message.startswith(f"{len(told[0].details)} invariants cannot be told now: S-02, ")
    assert all("dc1/cluster-activity#status unknown" in line for line in told[0].details)
    assert load_catalogue().scenarios[case.plan.scenario].safe_start is False
