"""Laws of every plan: order, phases, expectations, the file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from oceana_dr.catalogue.model import OrderRule
from oceana_dr.diagnostics import InputRefused
from oceana_dr.estate.address import Ref
from oceana_dr.estate.canonical import canonical, digest
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import predicate_from_json, predicate_to_json
from oceana_dr.estate.values import Json
from oceana_dr.plan.codec import encode_plan, plan_id, read_plan, write_text
from oceana_dr.plan.model import Kind, Plan, StepClass
from oceana_dr.plan.order import close_rules, pairs, reduce_order, sort_steps
from oceana_dr.twin.transitions import after
from tests.planning import ROOT, SITES, plan_case

PLANS = [plan_case(site, "dc2").plan for site in SITES]
SCHEMA = Draft202012Validator(json.loads((ROOT / "schemas/plan.schema.json").read_text("utf-8")))


@pytest.fixture(params=PLANS, ids=SITES)
def plan(request: pytest.FixtureRequest) -> Plan:
    found: Plan = request.param
    return found


def test_steps_are_listed_after_their_predecessors_and_phases_partition_them(plan: Plan) -> None:
    seen: set[str] = set()
    for step in plan.steps:
        assert set(step.after) <= seen, step.id
        seen.add(step.id)
    assert [step for phase in plan.phases for step in phase.steps] == [step.id for step in plan.steps]
    names = ["prepare", "drain", "save", "stop", "management", "data", "start", "reopen", "verify"]
    assert [phase.id for phase in plan.phases] == names


def test_after_is_a_transitive_reduction(plan: Plan) -> None:
    direct = {step.id: set(step.after) for step in plan.steps}
    closed = close_rules({step: {other: ["x"] for other in before} for step, before in direct.items()})
    for step, before in direct.items():
        for other in before:
            assert not any(other in closed[between] for between in before - {other}), f"{other} → {step} is implied"


def test_the_plan_leads_to_what_the_site_says(plan: Plan) -> None:
    case = plan_case(plan.site, "dc2")
    end: Estate = case.live
    for step in plan.steps:
        end = after(end, step.moments)
    for reference in case.compiled.estate.refs():
        if not reference.endswith("#Password"):
            assert end.get(reference) == case.compiled.estate.get(reference), reference


def test_only_sets_have_a_change_and_all_of_them_lie_at_their_address(plan: Plan) -> None:
    for step in plan.steps:
        assert (step.change is not None) is (step.kind is Kind.SET)
        assert step.manual or step.id in {"P16", "P29", "P37", "P40.sms", "P40.social"}, step.id
        if step.step_class is StepClass.ONCE and step.kind is Kind.RUN:
            assert step.verify, f"{step.id}: what is done once must be provable by reading back"


def test_a_step_for_a_value_that_the_topology_decides_names_the_line_behind_it() -> None:
    (step,) = plan_case("globex", "dc1", live={Ref("shared/mirror/AOCMIRROR#Use SSL/TLS"): "cleared"}).plan.steps
    (cause,) = step.cause
    assert (ROOT / cause.file).read_text("utf-8").splitlines()[cause.line - 1] == "  tls: true"


def test_after_the_point_of_no_return_nothing_undoable_is_waiting_before_it(plan: Plan) -> None:
    """Reversible first: no step that can be undone, and that the plan lets run before, comes later."""
    first = next(step for step in plan.steps if step.irreversible)
    assert first.id == ("P22" if plan.site == "globex" else "P23")
    before = {"P14.registered", "P20.nodes"}
    assert before <= set(first.after)


def test_the_supervised_pair_stays_together(plan: Plan) -> None:
    (demote,) = [step for step in plan.steps if step.pair]
    assert (demote.id, demote.pair, demote.after) == ("P24", "P23", ("P23",))


def test_outage_counts_from_closing_to_opening(plan: Plan) -> None:
    assert plan.contacts_rejected_s == max(item.p50_s for item in plan.outage.values())
    assert "email" not in plan.outage, "mail is queued, nobody is turned away"
    assert all(0 < item.p50_s <= item.p95_s for item in plan.outage.values())


def test_the_file_fits_its_schema_and_comes_back_the_same(plan: Plan) -> None:
    text = write_text(plan)
    assert [error.message for error in SCHEMA.iter_errors(json.loads(text))] == []
    assert read_plan(text.encode(), "plan.json") == plan
    assert plan.id == plan_id(plan)


def test_initial_holds_everything_a_step_touches(plan: Plan) -> None:
    known = set(plan.initial.refs())
    for step in plan.steps:
        for reference in (*step.expect, *step.verify, *step.effects):
            assert reference in known, f"{step.id}: {reference}"


@given(st.data())
def test_an_edited_or_cut_file_is_no_plan(data: st.DataObject) -> None:
    text = write_text(PLANS[0]).encode()
    cut = data.draw(st.integers(0, len(text) - 2))
    with pytest.raises(InputRefused) as refused:
        read_plan(text[:cut], "plan.json")
    assert refused.value.diagnostics[0].code in {"OD1501", "OD1504"}
    document = json.loads(text)
    place = data.draw(st.sampled_from(["steps", "findings", "initial", "site", "proof", "catalogue", "bindings"]))
    document[place] = data.draw(st.sampled_from([[], {}, "x", 1, None]))
    if document[place] != encode_plan(PLANS[0])[place]:
        with pytest.raises(InputRefused) as refused:
            read_plan(json.dumps(document).encode(), "plan.json")
        assert refused.value.diagnostics[0].code == "OD1502"


def test_an_unknown_minor_field_is_ignored_and_an_unknown_major_refused() -> None:
    document = encode_plan(PLANS[0])
    newer: dict[str, Json] = {**document, "format_version": "1.7", "news": {"a": 1}}
    newer["id"] = digest({key: value for key, value in newer.items() if key not in {"id", "meta"}})
    assert read_plan(json.dumps(newer).encode(), "plan.json").site == "acme"
    with pytest.raises(InputRefused) as refused:
        read_plan(json.dumps({**document, "format_version": "2.0"}).encode(), "plan.json")
    assert refused.value.diagnostics[0].code == "OD1503"


def test_canonical_json_is_that_of_rfc_8785() -> None:
    assert canonical({"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}) == (
        '{"\\r":2,"1":4,"\u0080":6,"\u00f6":7,"\u20ac":1,"\U0001f600":5,"\ufb33":3}'.encode()
    )


def test_predicates_come_back_the_same(plan: Plan) -> None:
    for step in plan.steps:
        if step.condition is not None:
            assert predicate_from_json(predicate_to_json(step.condition)) == step.condition


steps = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=2, max_size=8)


@given(steps, st.data())
def test_any_order_is_kept_by_its_reduction(names: list[str], data: st.DataObject) -> None:
    edges = data.draw(st.lists(st.tuples(st.integers(0, len(names) - 1), st.integers(0, len(names) - 1)), max_size=15))
    rules = [
        OrderRule(f"r{number}", (names[min(pair)],), (names[max(pair)],), "because", ())
        for number, pair in enumerate(edges)
        if pair[0] != pair[1]
    ]
    closed = close_rules(pairs(names, rules))
    reduced = reduce_order(closed, names)
    again = close_rules({step: {other: ["r"] for other in before} for step, before in reduced.items()})
    assert again == closed
    ordered = sort_steps(closed, names)
    assert sorted(ordered) == sorted(names)
    for place, step in enumerate(ordered):
        assert closed[step] <= set(ordered[:place])


def test_a_cycle_is_named() -> None:
    rules = [OrderRule("x", ("a",), ("b",), "r", ()), OrderRule("y", ("b",), ("a",), "r", ())]
    with pytest.raises(ValueError, match="cycle"):
        close_rules(pairs(["a", "b"], rules))
