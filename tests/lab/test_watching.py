"""Invariants are held against every state as it comes: what was broken before is told apart from what breaks."""

import pytest

from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import AnyOf, Is
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.lab.watching import Watch
from oceana_dr.safety.invariant import Always, AtRest, BeforeChange, Check, Exclusive, Held, Invariant, NeverBoth

ONE, TWO, GATE = Ref("dc1/x#state"), Ref("dc2/x#state"), Ref("shared/y#gate")
OFF: dict[Ref, Value] = {ONE: "off", TWO: "off", GATE: "shut"}


def on(reference: Ref) -> Is:
    return Is(reference, ("on",))


def state(**changes: Value) -> Estate:
    names = {"one": ONE, "two": TWO, "gate": GATE}
    return Estate().with_values(OFF | {names[name]: value for name, value in changes.items()})


def watching(check: Check, start: Estate | None = None) -> Watch:
    return Watch((Invariant("S-1", "it holds", (), (check,)), Invariant("S-2", "no check", (), ())), start or state())


def broken(watch: Watch, *states: Estate) -> list[bool]:
    return [bool(watch.look(estate)) for estate in states]


def test_what_breaks_is_told_once_with_its_values_and_again_when_it_has_held() -> None:
    watch = watching(Always(Is(GATE, ("shut",))))
    open_, shut = state(gate="open"), state()
    assert broken(watch, shut, open_, state(gate="open", one="on"), state(), state(gate="ajar")) == [
        False,
        True,
        False,
        False,
        True,
    ]
    assert watch.states == 6
    assert watch.checked == 1
    (breach,) = watching(Always(Is(GATE, ("shut",)))).look(open_)
    assert (breach.invariant, breach.title, breach.values) == ("S-1", "it holds", ((GATE, "open"),))


def test_what_was_broken_before_the_first_step_is_no_news() -> None:
    watch = watching(Always(Is(GATE, ("shut",))), state(gate="open"))
    assert broken(watch, state(gate="ajar"), state(), state(gate="open")) == [False, False, True]


def test_what_cannot_be_told_counts_as_broken() -> None:
    dark = Estate({**state().resources, Address("shared/y"): Unknown("unreachable")})
    assert broken(watching(Always(Is(GATE, ("shut",)))), dark) == [True]


@pytest.mark.parametrize(("gone", "found"), [((), True), ((AnyOf(()), Is(GATE, ("fenced",))), False)])
def test_two_at_once_are_one_too_many_unless_one_lies_behind_a_fence(gone: tuple[Is | AnyOf, ...], found: bool) -> None:
    watch = watching(NeverBoth((on(ONE), on(TWO)), gone))
    assert broken(watch, state(one="on", gate="fenced"), state(one="on", two="on", gate="fenced")) == [False, found]


def test_what_must_hold_just_before_a_change_is_looked_at_in_the_state_before_it() -> None:
    check = BeforeChange(ONE, ("on",), Is(GATE, ("open",)))
    assert broken(watching(check), state(one="on")) == [True]
    # Both at once is too late; open before is in time, and nothing is asked of what does not become so.
    assert broken(watching(check), state(one="on", gate="open")) == [True]
    assert broken(watching(check), state(gate="open"), state(one="on", gate="open"), state(one="on")) == [False] * 3
    assert broken(watching(check), state(one="on"), state(), state(one="on")) == [True, False, True]


def test_what_holds_at_rest_is_asked_for_at_the_end() -> None:
    watch = watching(AtRest(on(ONE)))
    assert broken(watch, state(two="on")) == [False]
    assert [breach.invariant for breach in watch.at_the_end()] == ["S-1"]
    watch.look(state(one="on"))
    assert watch.at_the_end() == ()


def spans(text: str) -> list[tuple[str, bool]]:
    """`+A -A`: A begins, A ends."""
    return [(part[1:], part[0] == "+") for part in text.split()]


TOUCHED = {"A": frozenset({"dc1/x"}), "B": frozenset({"dc1/x"}), "C": frozenset({"dc1/x"}), "D": frozenset({"dc2/x"})}


def titles(watch: Watch, order: str) -> list[str]:
    return [breach.title for breach in watch.in_order(spans(order), TOUCHED)]


@pytest.mark.parametrize(
    ("order", "wrong"),
    [
        ("+A -A +B -B +C -C", ""),
        ("+A -A +D -D +B -B", ""),
        ("+A -A +C -C +B -B", "C came between A and B"),
        ("+A +C -A -C +B -B", "C came between A and B"),
    ],
)
def test_nothing_else_touches_what_a_pair_has_in_hand(order: str, wrong: str) -> None:
    watch = watching(Exclusive("A", "B", (Address("dc1/x"),)))
    assert [breach.title for breach in watch.in_order(spans(order), TOUCHED)] == (
        [f"it holds ({wrong})"] if wrong else []
    )


@pytest.mark.parametrize(
    ("order", "wrong"),
    [("+A -A +B -B +C -C", ""), ("+A -A +C -C +B -B", "C did not wait for B"), ("+C -C +A -A +B -B", "")],
)
def test_who_has_to_wait_has_waited(order: str, wrong: str) -> None:
    watch = watching(Held("A", "B", ("C",)))
    assert [breach.title for breach in watch.in_order(spans(order), TOUCHED)] == (
        [f"it holds ({wrong})"] if wrong else []
    )
    assert watching(Always(on(ONE))).in_order(spans(order), TOUCHED) == ()
