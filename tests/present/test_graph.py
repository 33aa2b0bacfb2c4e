"""A site and a plan as graphs: every step and every order is drawn, nothing lies upon anything else."""

import re
from collections import Counter
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings

from oceana_dr.plan.model import Plan
from oceana_dr.present.graph.model import Graph, plan_topology, site_topology, step_graph
from oceana_dr.present.graph.svg import svg
from oceana_dr.present.graph.text import dot, mermaid
from oceana_dr.present.pace import median_pace
from tests.present.samples import nothing, steady, switchover
from tests.present.test_any_plan import plans

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("site", ["acme", "globex"])
def test_every_step_and_every_order_is_drawn(site: str) -> None:
    plan = switchover(site)
    edges = sum(len(step.after) for step in plan.steps)
    picture = ET.fromstring(svg(step_graph(plan)))
    titles = [found.text or "" for found in picture.iter(f"{SVG}title")]
    assert all(any(text.startswith(f"{step.id} {step.title}") for text in titles) for step in plan.steps)
    assert len(list(picture.iter(f"{SVG}path"))) == edges
    assert mermaid(step_graph(plan)).count("-->") + mermaid(step_graph(plan)).count("==>") == edges
    assert dot(step_graph(plan)).count(" -> ") == edges


def test_the_critical_path_is_a_path_of_strong_arrows() -> None:
    plan = switchover("acme")
    graph = step_graph(plan)
    assert sum(arrow.strong for arrow in graph.arrows) == len(median_pace(plan).critical) - 1
    promotion = next(box for box in graph.boxes if box.lines[0].startswith("P23 "))
    assert promotion.lines[1] == "a person · 2 min · critical · no way back"
    assert (promotion.lane, promotion.band, promotion.mark) == ("dc2", "data", "fatal")


def test_both_data_centres_stand_side_by_side() -> None:
    graph = plan_topology(switchover("acme"))
    assert graph.lanes["dc1"] == "dc1 Frankfurt: operational → stands by"
    assert graph.lanes["dc2"] == "dc2 Leipzig: stands by → operational"
    rows = {(box.lane, box.lines[0]): box.row for box in graph.boxes}
    assert rows["dc1", "smgr"] == rows["dc2", "smgr"]
    assert any(arrow.start.startswith("dc1-") and arrow.end.startswith("dc2-") for arrow in graph.arrows)
    assert not plan_topology(steady()).arrows
    assert not step_graph(nothing()).boxes
    ET.fromstring(svg(step_graph(nothing())))


def test_a_site_shows_what_each_data_centre_has() -> None:
    graph = site_topology(
        "acme", {"dc1": "dc1: operational", "dc2": "dc2: stands by"}, {"dc1": {"cm": 1}, "dc2": {"ess": 2}}
    )
    assert [(box.lane, box.lines) for box in graph.boxes] == [
        ("dc1", ("cm", "1 resource")),
        ("dc2", ("ess", "2 resources")),
    ]
    assert 'subgraph f_0["dc1: operational"]' in mermaid(graph)


@settings(max_examples=20, deadline=None)
@given(plans())
def test_a_text_ends_no_quotes_and_boxes_do_not_touch(plan: Plan) -> None:
    graph = step_graph(plan)
    picture = ET.fromstring(svg(graph))
    assert {found.tag.removeprefix(SVG) for found in picture.iter()} <= {
        "svg", "title", "desc", "style", "text", "rect", "path", "g",
    }  # fmt: skip
    boxes = [found for found in picture.iter(f"{SVG}rect") if (found.get("class") or "").startswith("box ")]
    assert len(boxes) == len(plan.steps)
    corners = [(int(box.get("x") or 0), int(box.get("y") or 0)) for box in boxes]
    for place, (x, y) in enumerate(corners):
        assert not any(abs(x - left) < 248 and abs(y - top) < 42 for left, top in corners[:place])
    assert_quotes(graph)


def assert_quotes(graph: Graph) -> None:
    """Every line of text has the one pair of quotes that is ours; DOT's own may be escaped inside."""
    for line in mermaid(graph).splitlines()[2:]:
        assert line.count('"') in {0, 2}
    for line in dot(graph).splitlines():
        assert Counter(re.sub(r"\\.", "", line))['"'] in {0, 2}


def test_markup_of_a_title_stays_text() -> None:
    plan = switchover("acme")
    bad = replace(plan.steps[0], title='x"]; click s0 "javascript:1" <b> %% \\" ]')
    graph = step_graph(replace(plan, steps=(bad, *plan.steps[1:])))
    assert "#34;#93;#59; click s0 #34;javascript:1#34; #60;b#62;" in mermaid(graph)
    assert "&lt;b&gt;" in svg(graph)
    assert '\\"]; click s0 \\"javascript:1\\" <b> %% \\\\\\" ]' in dot(graph)
