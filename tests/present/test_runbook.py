"""A runbook: nothing that a person needs is missing on paper, in either form."""

import re

import pytest
from hypothesis import given, settings

from oceana_dr.estate.in_words import condition_parts
from oceana_dr.plan.model import Plan
from oceana_dr.present.durations import whole
from oceana_dr.present.markdown import code, prose
from oceana_dr.present.runbook.markdown import render_runbook_markdown
from oceana_dr.present.runbook.model import before_you_begin, way_back
from oceana_dr.present.runbook.page import render_runbook_page
from tests.present.samples import refused, switchover
from tests.present.test_any_plan import plans
from tests.present.test_comment import tokens
from tests.present.test_page import Read


@pytest.mark.parametrize("site", ["acme", "globex"])
def test_every_click_value_and_condition_is_on_paper(site: str) -> None:
    plan = switchover(site)
    text, page = render_runbook_markdown(plan), Read(render_runbook_page(plan)).shown
    for step in plan.steps:
        assert f"**{prose(step.id)}** {prose(step.title)}" in text
        assert f"☐ {step.id} {step.title}" in page
        how = step.instructions
        for click in how.clicks if how else ():
            assert prose(click) in text
            assert click in page
        for _, value in how.copy if how else ():
            assert code(value) in text
            assert value in page
        if step.condition is not None:
            assert all(prose(part) in text and part in page for part in condition_parts(step.condition))
        for needed in step.requires:
            assert all(prose(part) in text and part in page for part in condition_parts(needed.condition))
        if step.irreversible is not None:
            assert f"No way back: {step.irreversible}" in page
    assert text.count("begun ..") == page.count("begun ..") == len(plan.steps)


def test_who_must_be_two_signs_twice() -> None:
    plan = switchover("acme")
    pairs = [step for step in plan.steps if step.instructions is not None and step.instructions.second_person]
    assert pairs
    assert render_runbook_markdown(plan).count("looked on by ..") == len(pairs)


def test_the_way_back_goes_backwards_and_stops_where_there_is_none() -> None:
    plan = switchover("acme")
    ids = [title.partition(" ")[0] for title, _ in way_back(plan)]
    order = [step.id for step in plan.steps]
    assert [order.index(name) for name in ids] == sorted(map(order.index, ids), reverse=True)
    assert max(map(order.index, ids)) < order.index("P23")
    assert ("P17 cluster group to STANDBY", ("set dc1/cluster-activity#status to ACTIVE",)) in way_back(plan)


def test_a_refused_plan_says_so_first() -> None:
    assert next(before_you_begin(refused())) == "Refused: 2 findings must be settled before this plan may run."
    assert "OD2006 dc1/cm cannot be read: unreachable" in list(before_you_begin(refused()))


@settings(max_examples=20, deadline=None)
@given(plans())
def test_nothing_that_a_stranger_wrote_is_markup(plan: Plan) -> None:
    for token in tokens(render_runbook_markdown(plan)):
        assert token.type not in {"link_open", "image", "html_block", "html_inline"}
        assert token.type != "heading_open" or token.tag in {"h1", "h2"}
    found = Read(render_runbook_page(plan))
    assert found.open == []
    assert not {"script", "img", "form"} & set(found.tags)
    assert len(found.attributes["id"]) == len(set(found.attributes["id"]))


def test_a_length_of_time_does_not_break() -> None:
    assert whole("takes 3 h 21 min (slow: 8 h)") == "takes 3\u00a0h\u00a021\u00a0min (slow: 8\u00a0h)"
    assert whole("41 steps, 12 minutes") == "41 steps, 12 minutes"
    assert re.search("takes 3\u00a0h\u00a021\u00a0min", render_runbook_markdown(switchover("acme")))
