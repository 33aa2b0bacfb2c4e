"""A graph to be drawn: boxes in lanes and bands, arrows between them; and the two graphs that there are.

In: a plan, or the systems of a site. Out: a `Graph`, from which SVG, Mermaid and DOT are written.
Everything that a box means must stand in its words: a renderer may add colour, never take it for the meaning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

from oceana_dr.estate.address import SIDES, side_of
from oceana_dr.plan.model import Plan, Step
from oceana_dr.present.durations import about
from oceana_dr.present.pace import median, median_pace
from oceana_dr.present.page import harmless
from oceana_dr.present.phrases import counted, side_title
from oceana_dr.present.plan_topology import SHARED, role, systems
from oceana_dr.present.plan_verdict import headline
from oceana_dr.present.style import Style

LANES: Final = (SIDES[0], SHARED, SIDES[1])
_PLAIN: Final = Style()
Mark = Literal["plain", "critical", "fatal"]


@dataclass(frozen=True, slots=True)
class Box:
    """One thing: its id in the graph, what stands in it line by line, the lane and the band that it is in.

    `row` is its place in the band where the arrows do not give it one.
    """

    id: str
    lines: tuple[str, ...]
    lane: str
    band: str
    mark: Mark = "plain"
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Arrow:
    """From one box to another, by their ids; `strong` is on the critical path."""

    start: str
    end: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Boxes in the order in which they may be drawn: an arrow leads to a later one. Lanes and bands by id, titled."""

    title: str
    lanes: Mapping[str, str]
    bands: Mapping[str, str]
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def step_graph(plan: Plan) -> Graph:
    """What waits for what: a lane for each data centre, a band for each phase."""
    critical = median_pace(plan).critical
    links = frozenset(pairwise(critical))
    names = {step.id: f"s{place}" for place, step in enumerate(plan.steps)}
    bands = {step: phase.id for phase in plan.phases for step in phase.steps}
    return Graph(
        _text(headline(plan)),
        {**{side: side_title(plan, side, _PLAIN) for side in SIDES}, SHARED: "shared"},
        {phase.id: _text(phase.title) for phase in plan.phases},
        tuple(_step(step, names[step.id], bands[step.id], step.id in critical) for step in plan.steps),
        tuple(
            Arrow(names[before], names[step.id], (before, step.id) in links)
            for step in plan.steps
            for before in step.after
        ),
    )


def _step(step: Step, name: str, band: str, on_path: bool) -> Box:
    who = "a person" if step.needs_person else step.driver
    marks = [who, about(median(step))]
    if on_path:
        marks.append("critical")
    if step.irreversible is not None:
        marks.append("no way back")
    lane = SHARED if step.address is None else side_of(step.address)
    mark: Mark = "fatal" if step.irreversible is not None else "critical" if on_path else "plain"
    return Box(name, (_text(f"{step.id} {step.title}"), _text(" · ".join(marks))), lane, band, mark)


def plan_topology(plan: Plan) -> Graph:
    """Both data centres with the systems that the plan has steps at, before and after."""
    lanes = {
        side: f"{side_title(plan, side, _PLAIN)}: {role(plan, side, after=False)} → {role(plan, side, after=True)}"
        for side in SIDES
    }
    moves = {plan.from_side: plan.to_side} if plan.from_side != plan.to_side else {}
    return _topology(headline(plan), lanes, systems(plan), "step", moves)


def site_topology(title: str, lanes: Mapping[str, str], found: Mapping[str, Mapping[str, int]]) -> Graph:
    """Both data centres with the systems that the site has, and how many resources of each the product knows."""
    return _topology(title, lanes, found, "resource", {})


def _topology(
    title: str,
    lanes: Mapping[str, str],
    found: Mapping[str, Mapping[str, int]],
    unit: str,
    moves: Mapping[str, str],
) -> Graph:
    both = sorted({name for side in SIDES for name in found.get(side, {})})
    boxes = [
        Box(f"{side}-{place}", (_text(name), counted(number, unit)), side, "sides", row=both.index(name))
        for side in SIDES
        for place, (name, number) in enumerate(sorted(found.get(side, {}).items()))
    ]
    boxes += [
        Box(f"{SHARED}-{place}", (_text(name), counted(number, unit)), SHARED, SHARED, row=place // 2)
        for place, (name, number) in enumerate(sorted(found.get(SHARED, {}).items()))
    ]
    twins = {(box.lane, box.lines[0]): box.id for box in boxes}
    arrows = [
        Arrow(box.id, twins[end, box.lines[0]], strong=True)
        for start, end in moves.items()
        for box in boxes
        if box.lane == start and (end, box.lines[0]) in twins
    ]
    named = {lane: _text(lanes.get(lane, lane)) for lane in LANES}
    return Graph(_text(title), named, {"sides": "In a data centre", SHARED: "Shared"}, tuple(boxes), tuple(arrows))


def _text(text: str) -> str:
    return " ".join(harmless(text).split())
