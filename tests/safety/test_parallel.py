"""Steps that may run together: either order gives the same, or the pair is named with what comes of both."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import ABSENT
from oceana_dr.estate.predicate import AtMost, Is
from oceana_dr.estate.values import Value
from oceana_dr.operations.planfile import verify_plan
from oceana_dr.plan.codec import plan_id
from oceana_dr.safety.commute import Conflict, commute
from oceana_dr.safety.passage import Passage, close_order
from oceana_dr.safety.reading import Reading
from tests.planning import SITES, plan_case

X, Y = Ref("dc1/x#a"), Ref("dc1/y#a")
START: Mapping[Ref, Value] = {X: "old", Y: "old"}


def look(reference: Ref) -> Value:
    return START.get(reference, ABSENT)


def step(name: str, *moments: Mapping[Ref, Value], after: Iterable[str] = (), reads: Iterable[Reading] = ()) -> Passage:
    return Passage(name, moments, frozenset(), frozenset(after), tuple(reads))


def test_steps_that_meet_nowhere_commute() -> None:
    found = commute([step("a", {X: "new"}), step("b", {Y: "new"})], look)
    assert (found.pairs, found.conflicts) == (1, ())


def test_of_two_that_write_the_same_attribute_the_last_one_wins() -> None:
    found = commute([step("a", {X: "one"}), step("b", {X: "two"})], look)
    assert found.conflicts == (Conflict("a", "b", X, ("two", "one")),)


def test_two_that_write_the_same_value_commute() -> None:
    assert commute([step("a", {X: "new"}), step("b", {X: "new"})], look).conflicts == ()


def test_an_order_settles_it() -> None:
    found = commute([step("a", {X: "one"}), step("b", {X: "two"}, after=["a"])], look)
    assert (found.pairs, found.conflicts) == (0, ())


def test_a_step_that_changes_what_another_one_reads_does_not_commute_with_it() -> None:
    reading = Reading("expect", Is(X, ("old",)))
    found = commute([step("a", {X: "new"}), step("b", {Y: "new"}, reads=[reading])], look)
    assert found.conflicts == (Conflict("a", "b", X, ("does not hold", "holds"), "expect"),)


def test_a_change_that_a_condition_does_not_mind_is_no_conflict() -> None:
    reading = Reading("condition", Is(X, ("old", "new")), late=True)
    assert commute([step("a", {X: "new"}), step("b", reads=[reading])], look).conflicts == ()


def test_the_moments_inside_a_step_count() -> None:
    """Before and after it the condition holds; in the middle it does not."""
    reading = Reading("S-1", Is(X, ("old", "new")))
    (found,) = commute([step("a", {X: "between"}, {X: "new"}), step("b", {Y: "new"}, reads=[reading])], look).conflicts
    assert (found.ref, found.results) == (X, ("does not hold", "holds"))


def test_what_becomes_unknown_is_told() -> None:
    reading = Reading("condition", AtMost(X, 0), late=True)
    start: dict[Ref, Value] = {X: 0}
    (found,) = commute([step("a", {X: "dark"}), step("b", reads=[reading])], start.__getitem__).conflicts
    assert found.results == ("cannot be told", "holds")


def test_what_a_step_does_itself_is_part_of_what_it_reads_back() -> None:
    """A wait that empties a queue reads it empty, whatever was there before."""
    reading = Reading("condition", Is(X, ("done",)), late=True)
    assert commute([step("wait", {X: "done"}, reads=[reading]), step("b", {Y: "new"})], look).conflicts == ()


def test_a_state_in_which_the_reader_cannot_be_does_not_count() -> None:
    """`b` changes what `c` reads, but only after `d`, and `c` comes before that."""
    reading = Reading("expect", Is(X, ("old",)))
    steps = [step("c", {Y: "new"}, reads=[reading]), step("d", {X: "new"}, after=["c"])]
    assert commute(steps, look).conflicts == ()


@pytest.mark.parametrize("site", SITES)
def test_every_pair_of_the_planned_switchover_commutes(site: str) -> None:
    plan = plan_case(site, "dc2").plan
    closed = close_order({item.id: item.after for item in plan.steps})
    names = [item.id for item in plan.steps]
    pairs = sum(one not in closed[two] and two not in closed[one] for one in names for two in names if one < two)
    assert plan.proof.parallel == pairs > 100
    assert [item.code for item in plan.findings if item.code == "OD2014"] == []


def test_verifying_finds_the_missing_order_from_the_file_alone() -> None:
    """Whoever takes an edge out of a file and writes its digest anew is told which two steps are loose."""
    plan = plan_case("globex", "dc2").plan
    loose = replace(plan, steps=tuple(replace(item, after=()) if item.id == "P37" else item for item in plan.steps))
    problems = verify_plan(replace(loose, id=plan_id(loose))).problems
    (told,) = [text for text in problems if "P04 and P37 may run together" in text]
    assert "normal stays" in told
    assert "automatic response stays" in told
    assert "the proof gives other figures than the plan says" in problems


VALUES = st.sampled_from(["old", "one", "two"])
MOMENTS = st.lists(st.dictionaries(st.sampled_from([X, Y]), VALUES, min_size=1), max_size=2)
READS = st.lists(
    st.builds(
        lambda ref, values, late: Reading("expect", Is(ref, tuple(values)), late),
        st.sampled_from([X, Y]),
        st.lists(VALUES, min_size=1, max_size=2, unique=True),
        st.booleans(),
    ),
    max_size=2,
)


@st.composite
def plans(draw: st.DrawFn) -> list[Passage]:
    """Up to three steps, each after any of those listed before it."""
    names = ["a", "b", "c"][: draw(st.integers(2, 3))]
    direct = {
        name: draw(st.sets(st.sampled_from(names[:place]))) if place else set() for place, name in enumerate(names)
    }
    closed = close_order(direct)
    return [step(name, *draw(MOMENTS), after=closed[name], reads=draw(READS)) for name in names]


@given(plans())
def test_a_plan_without_conflicts_ends_alike_and_reads_alike_in_every_order(passages: list[Passage]) -> None:
    """The other way to see it: carry every allowed sequence of whole steps out, and compare."""
    outcomes: dict[str, set[object]] = {}
    for sequence in permutations(passages):
        done: list[str] = []
        values = dict(START)
        for passage in sequence:
            if not passage.before <= set(done):
                break
            outcomes.setdefault(passage.id, set()).add(
                tuple(reading.truth(values.__getitem__, passage.moments) for reading in passage.reads)
            )
            for moment in passage.moments:
                values.update(moment)
            done.append(passage.id)
        else:
            outcomes.setdefault("end", set()).add(tuple(values.items()))
    if not commute(passages, look).conflicts:
        assert [name for name, found in outcomes.items() if len(found) > 1] == []
