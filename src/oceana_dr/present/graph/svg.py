"""A graph as an SVG file for a wall screen: a lane for each data centre, a band for each phase, arrows downwards.

In: a graph. Out: one SVG, self-contained; the same bytes for the same graph.
It must never let two boxes lie upon each other, and never cut the beginning of an id.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from oceana_dr.present.cells import display_width
from oceana_dr.present.graph.model import LANES, Arrow, Box, Graph
from oceana_dr.present.page import element

_WIDE, _HIGH, _GAP, _ROW = 248, 42, 14, 70
_ACROSS: Final = 2
"""Boxes side by side in a lane."""
_LEFT, _TOP, _BAND_TOP, _BAND_END = 150, 90, 12, 16
_LETTERS: Final = 31
_TITLE: Final = 10
"""How wide a letter of a lane's title may be."""
_STYLE: Final = """
svg { color-scheme: light dark; background: Canvas; }
text { font: 12.5px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: #1b1f24; }
.title { font-size: 20px; font-weight: 600; } .lane { font-size: 15px; font-weight: 600; }
.band-title { font-weight: 600; } .small { font-size: 11.5px; fill: #57606a; }
.band { fill: #f6f8fa; } .box { fill: #ffffff; stroke: #8c959f; }
.critical { stroke: #0969da; stroke-width: 2.5; } .fatal { stroke: #cf222e; stroke-width: 3; }
.arrow { fill: none; stroke: #8c959f; stroke-width: 1; } .strong { stroke: #0969da; stroke-width: 2.5; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .small { fill: #9ba3ad; } .band { fill: #151b23; } .box { fill: #0d1117; }
  .critical, .strong { stroke: #58a6ff; } .fatal { stroke: #f85149; }
}
"""


@dataclass(frozen=True, slots=True)
class _Place:
    x: int
    y: int


def svg(graph: Graph) -> str:
    """The whole picture."""
    levels = {
        band: list(_levels([box for box in graph.boxes if box.band == band], graph.arrows)) for band in graph.bands
    }
    lanes, width = _lanes(graph, [level for found in levels.values() for level in found])
    places, bands, height = _lay_out(levels, lanes)
    known = {box.id: box for box in graph.boxes}
    drawn = element(
        "svg",
        element("title", graph.title, id="title"),
        element("desc", _told(graph, known), id="desc"),
        element("style", Markup(_STYLE)),  # noqa: S704 - the text above, in which nothing is filled in
        element("text", graph.title, x=_GAP, y=34, class_="title"),
        *(element("text", graph.lanes.get(lane, lane), x=lanes[lane], y=70, class_="lane") for lane in LANES),
        *(part for name, (top, end) in bands.items() for part in _band(graph.bands[name], top, end, width)),
        *(_arrow(arrow, places) for arrow in sorted(graph.arrows, key=lambda one: one.strong)),
        *(_box(box, places[box.id]) for box in graph.boxes),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_labelledby="title desc",
    )
    return f"{drawn}\n".encode("ascii", "xmlcharrefreplace").decode()


def _lanes(graph: Graph, levels: Sequence[Sequence[Box]]) -> tuple[Mapping[str, int], int]:
    """Where each lane begins, as wide as its boxes and its title need, and how wide all of it is."""
    found, x = dict[str, int](), _LEFT + _GAP
    for lane in LANES:
        found[lane] = x
        most = max((sum(box.lane == lane for box in level) for level in levels), default=0)
        half = (_WIDE + _GAP) // 2 if most > _ACROSS else 0
        boxes = max(1, min(most, _ACROSS)) * (_WIDE + _GAP) + half
        x += max(boxes, display_width(graph.lanes.get(lane, lane)) * _TITLE) + _GAP * 2
    return found, x


def _lay_out(
    levels: Mapping[str, Sequence[Sequence[Box]]], lanes: Mapping[str, int]
) -> tuple[Mapping[str, _Place], Mapping[str, tuple[int, int]], int]:
    """Where each box stands, from where to where each band goes, and how high all of it is."""
    places: dict[str, _Place] = {}
    bands: dict[str, tuple[int, int]] = {}
    top = _TOP
    for name, rows in levels.items():
        if not rows:
            continue
        row = top + _BAND_TOP
        for level in rows:
            lines = 1
            for lane in LANES:
                mine = [box for box in level if box.lane == lane]
                lines = max(lines, -(-len(mine) // _ACROSS))
                for number, box in enumerate(mine):
                    line, column = divmod(number, _ACROSS)
                    # Every other line stands between the boxes above it, so that arrows come in through the gaps.
                    x = lanes[lane] + column * (_WIDE + _GAP) + line % 2 * (_WIDE + _GAP) // 2
                    places[box.id] = _Place(x, row + line * _ROW)
            row += lines * _ROW
        bands[name] = (top, row - _ROW + _HIGH + _BAND_END)
        top = bands[name][1] + _GAP
    return places, bands, top + _GAP


def _levels(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> list[list[Box]]:
    """Boxes of one band by their row, or by how many others of it come one after another before them."""
    names = {box.id for box in boxes}
    before: dict[str, list[str]] = {}
    for arrow in arrows:
        if arrow.start in names:
            before.setdefault(arrow.end, []).append(arrow.start)
    depth: dict[str, int] = {}
    for box in boxes:  # an arrow leads to a later box
        last = max((depth[name] + 1 for name in before.get(box.id, ()) if name in depth), default=0)
        depth[box.id] = last if box.row is None else box.row
    found: dict[int, list[Box]] = {}
    for box in boxes:
        found.setdefault(depth[box.id], []).append(box)
    return [found[number] for number in sorted(found)]


def _band(title: str, top: int, end: int, width: int) -> Iterator[Markup]:
    yield element("rect", x=0, y=top, width=width, height=end - top, class_="band")
    if title:
        words, line, lines = title.split(), "", list[str]()
        for word in words:
            if line and len(f"{line} {word}") > 17:
                lines.append(line)
                line = word
            else:
                line = f"{line} {word}".strip()
        for place, text in enumerate([*lines, line]):
            yield element("text", text, x=_GAP, y=top + 30 + place * 17, class_="band-title")


def _box(box: Box, place: _Place) -> Markup:
    first, *rest = box.lines
    return element(
        "g",
        element("title", " · ".join(box.lines)),
        element("rect", x=place.x, y=place.y, width=_WIDE, height=_HIGH, rx=5, class_=f"box {box.mark}"),
        element("text", _short(first), x=place.x + 8, y=place.y + 17),
        *(
            element("text", text, x=place.x + 8, y=place.y + 33 + number * 15, class_="small")
            for number, text in enumerate(rest)
        ),
    )


def _arrow(arrow: Arrow, places: Mapping[str, _Place]) -> Markup:
    """From the middle below to the middle above; between boxes of one row from side to side."""
    start, end = places[arrow.start], places[arrow.end]
    kind = "arrow strong" if arrow.strong else "arrow"
    if start.y == end.y:
        right = end.x > start.x
        x1, x2 = (start.x + _WIDE, end.x) if right else (start.x, end.x + _WIDE)
        y, back = start.y + _HIGH // 2, -6 if right else 6
        return element("path", d=f"M{x1},{y}L{x2},{y}m{back},-4L{x2},{y}l{back},4", class_=kind)
    x1, y1, x2, y2 = start.x + _WIDE // 2, start.y + _HIGH, end.x + _WIDE // 2, end.y
    bend = max(14, min(60, (y2 - y1) // 2))
    curve = f"M{x1},{y1}C{x1},{y1 + bend} {x2},{y2 - bend} {x2},{y2}l-4,-6M{x2},{y2}l4,-6"
    return element("path", d=curve, class_=kind)


def _told(graph: Graph, known: Mapping[str, Box]) -> str:
    """The graph in words, for who cannot see it."""
    before: dict[str, list[str]] = {}
    for arrow in graph.arrows:
        before.setdefault(arrow.end, []).append(known[arrow.start].lines[0].partition(" ")[0])
    return "; ".join(
        ", ".join(box.lines) + (f", after {', '.join(before[box.id])}" if box.id in before else "")
        for box in graph.boxes
    )


def _short(text: str) -> str:
    while display_width(text) > _LETTERS:
        text = f"{text[:-2].rstrip()}…"
    return text
