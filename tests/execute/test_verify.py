"""Agreement: exact, typed, unknown never good, and the one rule for what is off."""

from __future__ import annotations

import pytest

from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import All, AnyOf, AtMost, Is, Not, Same
from oceana_dr.estate.values import Override, Unknown, Value
from oceana_dr.execute.verify import agrees, changed, holds, listed, unmet

UNREACHABLE, ABSENT = Unknown("unreachable"), Unknown("absent")


@pytest.mark.parametrize(
    ("expected", "found", "good"),
    [
        ("true", "true", True),
        ("true", Override(True, "true"), False),
        (Override(True, "true"), Override(True, "true"), True),
        (Override(False, None), Override(True, "true"), False),
        (1, 1, True),
        (1, True, False),
        (True, 1, False),
        ("shut down", UNREACHABLE, True),
        ("shut down", Unknown("never observed"), False),
        ("running", UNREACHABLE, False),
        (ABSENT, ABSENT, True),
        (UNREACHABLE, UNREACHABLE, False),
        (ABSENT, "x", False),
        (None, ABSENT, False),
    ],
)
def test_agreement(expected: Value, found: Value, good: bool) -> None:
    assert agrees(expected, found) is good


def test_what_was_dark_may_still_be_dark_and_what_was_known_may_not_be() -> None:
    known, dark = Ref("dc1/a#x"), Ref("dc1/b#y")
    estate = Estate({Address("dc1/a"): UNREACHABLE, Address("dc1/b"): UNREACHABLE})
    assert [wrong.ref for wrong in changed({known: "x", dark: Unknown("absent")}, estate)] == [known]


def test_conditions_by_the_off_rule() -> None:
    estate = Estate({Address("dc1/cm"): UNREACHABLE, Address("dc1/q"): {"voice": 3}})
    off, low = Is(Ref("dc1/cm#state"), ("shut down",)), AtMost(Ref("dc1/q#voice"), 3)
    assert holds(off, estate) is True
    assert holds(All((off, low)), estate) is True
    assert holds(AnyOf((AtMost(Ref("dc1/q#voice"), 1), off)), estate) is True
    assert holds(Is(Ref("dc1/cm#state"), ("running",)), estate) is None
    assert holds(Not(off), estate) is None
    assert holds(AtMost(Ref("dc1/q#chat"), 0), estate) is None


def test_what_is_not_so_yet_is_said_shortly() -> None:
    estate = Estate({Address("dc1/q"): {"voice": 3, "chat": 0, "a": "x", "b": "y"}})
    condition = All(
        (
            AtMost(Ref("dc1/q#voice"), 0),
            AtMost(Ref("dc1/q#chat"), 0),
            Same(Ref("dc1/q#a"), Ref("dc1/q#b")),
            Is(Ref("dc1/q#a"), ("y", "z")),
            Not(Is(Ref("dc1/q#b"), ("y",))),
        )
    )
    assert unmet(condition, estate) == (
        "dc1/q#voice 3 (to 0); dc1/q#a x, dc1/q#b y (to be the same); dc1/q#a x (to y or z); dc1/q#b y"
    )
    assert listed(list("abcdefg")) == "a; b; c; d; e; and 2 more"
