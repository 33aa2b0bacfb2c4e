"""Edges by what breaks without them: on handfuls of steps made by hand, on any small plan, on the examples."""

from collections.abc import Iterable, Mapping

from hypothesis import given
from hypothesis import strategies as st

from oceana_dr.catalogue.model import OrderRule
from oceana_dr.estate.address import Ref
from oceana_dr.estate.predicate import All, AnyOf, Is, Not, Predicate, conjuncts, evaluate, refs_of
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.plan.build import passages
from oceana_dr.plan.candidate import fill_scenario
from oceana_dr.plan.edge_report import breach_text, breach_texts, figures_text, report_edges
from oceana_dr.plan.edges import Breach, EdgeClass, Edges, Judged, Proven, judge_edges
from oceana_dr.plan.order import close_rules, pairs
from oceana_dr.safety.invariant import BeforeChange, Invariant, NeverBoth, bind_invariants
from oceana_dr.safety.passage import Passage
from oceana_dr.safety.prove import prove
from oceana_dr.safety.reading import Reading
from tests.planning import plan_case

LEFT, RIGHT, X = Ref("dc1/site#on"), Ref("dc2/site#on"), Ref("shared/x#a")
START: Mapping[Ref, Value] = {LEFT: True, RIGHT: False, X: "old"}
ONE_ON = Invariant("S-1", "never both on", (), (NeverBoth((Is(LEFT, (True,)), Is(RIGHT, (True,)))),))


def rule(name: str, first: str, then: str) -> OrderRule:
    return OrderRule(name, tuple(first.split()), tuple(then.split()), "because", ())


def judged(
    moments: Mapping[str, Mapping[Ref, Value]],
    rules: Iterable[OrderRule],
    *,
    reads: Mapping[str, Reading] | None = None,
    absent: Iterable[str] = (),
    invariants: tuple[Invariant, ...] = (ONE_ON,),
) -> Edges:
    return judge_edges(proven(moments, tuple(rules), reads or {}, frozenset(absent), invariants))


def proven(
    moments: Mapping[str, Mapping[Ref, Value]],
    rules: tuple[OrderRule, ...],
    reads: Mapping[str, Reading],
    absent: frozenset[str],
    invariants: tuple[Invariant, ...],
) -> Proven:
    listed = tuple(moments)
    closed = close_rules(pairs(listed, rules))
    steps = tuple(
        Passage(
            name,
            (values,) if values else (),
            frozenset(),
            closed[name] - absent,
            (reads[name],) if name in reads else (),
        )
        for name, values in moments.items()
        if name not in absent
    )
    return Proven(listed, rules, steps, invariants, START.__getitem__)


OFF_THEN_ON: Mapping[str, Mapping[Ref, Value]] = {"off": {LEFT: False}, "wait": {}, "on": {RIGHT: True}}


def test_an_edge_without_which_an_invariant_breaks_is_guarding() -> None:
    found = judged(OFF_THEN_ON, [rule("r", "off", "on")])
    told = Judged(EdgeClass.GUARDING, (Breach("S-1", None, ("on",)),))
    assert (found.rules, found.pairs) == ({"r": told}, {("off", "on"): told})
    assert breach_text(told.breaches[0]) == "S-1: on"


def test_an_edge_that_follows_from_others_is_implied() -> None:
    found = judged(OFF_THEN_ON, [rule("long", "off", "on"), rule("one", "off", "wait"), rule("two", "wait", "on")])
    assert {name: item.kind.value for name, item in found.rules.items()} == {
        "long": "implied",
        "one": "convenience",
        "two": "convenience",
    }


def test_a_chain_guards_what_nothing_else_says() -> None:
    found = judged(OFF_THEN_ON, [rule("one", "off", "wait"), rule("two", "wait", "on")])
    assert {item.kind for item in found.rules.values()} == {EdgeClass.GUARDING}


def test_an_edge_that_nothing_needs_is_a_convenience() -> None:
    found = judged(OFF_THEN_ON, [rule("guard", "off", "on"), rule("habit", "off", "wait")])
    assert found.rules["habit"] == Judged(EdgeClass.CONVENIENCE)


def test_a_rule_that_says_what_another_one_says_is_implied_and_its_edge_is_not() -> None:
    found = judged(OFF_THEN_ON, [rule("one", "off", "on"), rule("same", "off", "on")])
    assert {item.kind for item in found.rules.values()} == {EdgeClass.IMPLIED}
    assert found.pairs["off", "on"].kind is EdgeClass.GUARDING


def test_an_edge_guards_what_a_step_reads() -> None:
    steps: Mapping[str, Mapping[Ref, Value]] = {"a": {X: "new"}, "b": {RIGHT: False}}
    found = judged(steps, [rule("r", "a", "b")], reads={"b": Reading("condition", Is(X, ("new",)), late=True)})
    assert found.rules["r"] == Judged(EdgeClass.GUARDING, (Breach("condition", "b", ("b",)),))


def test_an_edge_between_two_that_set_the_same_attribute_guards_what_stays() -> None:
    found = judged({"a": {X: "one"}, "b": {X: "two"}}, [rule("r", "a", "b")])
    assert found.rules["r"] == Judged(EdgeClass.GUARDING, (Breach(X, "b", ("b", "a")),))


def test_what_is_broken_with_the_whole_order_is_no_edges_doing() -> None:
    steps: Mapping[str, Mapping[Ref, Value]] = {"on": {RIGHT: True}, "off": {LEFT: False}}
    assert judged(steps, [rule("r", "on", "off")]).rules["r"].kind is EdgeClass.CONVENIENCE


def test_a_rule_orders_across_a_step_that_the_plan_does_not_need() -> None:
    found = judged(OFF_THEN_ON, [rule("one", "off", "wait"), rule("two", "wait", "on")], absent=["wait"])
    assert {item.kind for item in found.rules.values()} == {EdgeClass.GUARDING}
    assert found.pairs == {}


def test_a_rule_about_no_step_of_the_plan_is_not_judged() -> None:
    found = judged(OFF_THEN_ON, [rule("r", "off", "on"), rule("idle", "nothing", "on")])
    assert set(found.rules) == {"r"}


def test_the_strongest_class_of_any_topology_wins_with_the_shortest_way() -> None:
    long = Judged(EdgeClass.GUARDING, (Breach("S-1", None, ("a", "b")), Breach("expect", "b", ("b",))))
    short = Judged(EdgeClass.GUARDING, (Breach("S-1", None, ("b",)),))
    weak = Judged(EdgeClass.CONVENIENCE)
    report = report_edges([Edges({("a", "b"): item}, {"r": item}) for item in (weak, long, short)])
    standing = report.rules["r"]
    assert (standing.kind, standing.topologies, standing.present) == (EdgeClass.GUARDING, 2, 3)
    assert breach_texts(standing) == ("S-1: b", "b expects other values: b")
    assert figures_text(report) == "1 edges: 1 guarding, 0 convenience, 0 implied (3 topologies)"


NAMES = ("a", "b", "c", "d")
PLANS = st.fixed_dictionaries(
    {name: st.dictionaries(st.sampled_from([LEFT, RIGHT]), st.booleans(), max_size=2) for name in NAMES}
)
ORDERS = st.sets(st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda pair: pair[0] < pair[1]), min_size=1)
BOTH = Invariant("S-2", "on before off", (), (BeforeChange(LEFT, (False,), Is(RIGHT, (False,))),))


@given(PLANS, ORDERS)
def test_the_class_is_what_the_whole_proof_says_without_the_edge(
    moments: Mapping[str, Mapping[Ref, Value]], order: set[tuple[int, int]]
) -> None:
    """The judge looks only at what an edge can touch; the proof of the whole plan must come to the same."""
    rules = tuple(rule(f"{one}{two}", NAMES[one], NAMES[two]) for one, two in sorted(order))
    plan = proven(moments, rules, {}, frozenset(), (ONE_ON, BOTH))
    before = {item.invariant for item in prove(plan.invariants, plan.passages, plan.start).broken}
    for name, found in judge_edges(plan).rules.items():
        kept = [item for item in rules if item.id != name]
        loose = proven(moments, tuple(kept), {}, frozenset(), plan.invariants)
        proof = prove(loose.invariants, loose.passages, loose.start)
        if [item.before for item in loose.passages] == [item.before for item in plan.passages]:
            assert found.kind is EdgeClass.IMPLIED
            continue
        assert found.kind is not EdgeClass.IMPLIED
        broken = {item.invariant for item in proof.broken} - before
        assert {item.source for item in found.breaches if item.step is None} == broken
        assert (found.kind is EdgeClass.GUARDING) >= bool(broken)


LEAVES = st.sampled_from([Is(LEFT, (True,)), Is(RIGHT, (True,)), Is(X, ("old",))])
CONDITIONS: st.SearchStrategy[Predicate] = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)
TRUTHS = st.fixed_dictionaries(
    {name: st.sampled_from([True, False, "old", Unknown("dark")]) for name in (LEFT, RIGHT, X)}
)


@given(CONDITIONS, TRUTHS)
def test_the_parts_of_a_condition_hold_where_it_does(condition: Predicate, values: Mapping[Ref, Value]) -> None:
    parts = conjuncts(condition)
    assert evaluate(All(parts), values.__getitem__) is evaluate(condition, values.__getitem__)
    assert refs_of(All(parts)) <= refs_of(condition)


def test_an_exception_to_a_long_condition_is_one_to_each_part_of_it() -> None:
    both, fence = All((Is(LEFT, (True,)), Is(RIGHT, (True,)))), Is(X, ("old",))
    assert conjuncts(AnyOf((both, fence))) == (AnyOf((both.parts[0], fence)), AnyOf((both.parts[1], fence)))
    assert conjuncts(AnyOf((both, both))) == (AnyOf((both, both)),)
    assert conjuncts(Not(AnyOf(both.parts))) == (Not(both.parts[0]), Not(both.parts[1]))


def test_the_rules_that_keep_the_switchover_safe_are_guarding() -> None:
    case = plan_case("globex", "dc2")
    catalogue = case.context.bound.catalogue
    listed = tuple(fill_scenario(case.context, catalogue.scenarios["planned-switchover"]))
    bound = case.context.bound
    plan = Proven(
        listed,
        catalogue.orders["planned-switchover"],
        passages(bound, case.plan.steps),
        bind_invariants(bound, "planned-switchover"),
        case.live.get,
    )
    rules = judge_edges(plan).rules
    told = {name: {item.source for item in rules[name].breaches} for name in rules}
    assert "S-23" in told["b-before-c"]
    assert "S-56" in told["shutdown-before-activation"]
    assert "S-21" in told["promote-before-demote"]
    assert rules["reversible-first"].kind is EdgeClass.CONVENIENCE
    assert rules["ess-before-portal"].kind is EdgeClass.IMPLIED
