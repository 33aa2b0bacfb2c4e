"""Bars over time as inline SVG: outages, phases, planned beside actual.

In: bars in seconds, and marks. Out: one `svg` as wide as its place, with letters of the same size at any width.
A bar must never speak by its colour alone: its label and what it says stand beside it, and again in the description.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from markupsafe import Markup

from oceana_dr.present.durations import about, clock
from oceana_dr.present.page import Tone, element

_ROW, _PAIRED, _BAR, _TEXT, _FOOT, _HEAD = 40, 32, 12, 15, 22, 18
_LEAST: Final = 0.6
"""Percent of the width that the shortest bar takes, so that it can be seen."""
_STEPS: Final = (60, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 21_600, 43_200, 86_400)
_MOST_TICKS: Final = 5


@dataclass(frozen=True, slots=True)
class Bar:
    """A row: what it is, what it says, from where to where in seconds; `late` is how far it may reach if all is slow.

    `name` goes in front of a bar under the same label, as `planned` and `actual` do.
    """

    label: str
    said: str
    start: int
    end: int
    tone: Tone = "info"
    late: int | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment that all rows share, as a line from top to bottom with its words above."""

    at: int
    said: str


def timeline(title: str, name: str, bars: Sequence[Bar], marks: Sequence[Mark] = ()) -> Markup:
    """The bars under one another on one scale; `name` is unique on the page."""
    total = max([1, *(bar.late or bar.end for bar in bars), *(bar.end for bar in bars), *(mark.at for mark in marks)])
    top = _HEAD * len(marks)
    tops = list(accumulate(map(_advance, bars, [*bars[1:], None]), initial=top))
    height = tops[-1] + _FOOT
    told = "; ".join(
        [*(f"{bar.label}: {bar.said}, from {clock(bar.start)} to {clock(bar.end)}" for bar in bars)]
        + [f"{clock(mark.at)} {mark.said}" for mark in marks]
    )
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", told, id=f"{name}-desc"),
        *_axis(total, top, height),
        *(part for place, mark in enumerate(marks) for part in _mark(mark, place, total, height)),
        *(_row(bar, at, total) for bar, at in zip(bars, tops, strict=False)),
        class_="timeline",
        role="img",
        width="100%",
        height=height,
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
    )


def _advance(bar: Bar, below: Bar | None) -> int:
    """How far below a bar the next one stands: one without a label of its own belongs to the one above it."""
    return _PAIRED if below is not None and not below.label else _ROW if bar.label else _ROW + _ROW - _PAIRED


def _row(bar: Bar, top: int, total: int) -> Markup:
    base = top + _TEXT + 3
    start, end = _percent(bar.start, total), _percent(bar.end, total)
    width = max(_LEAST, end - start)
    start = min(start, 100 - width)
    late = None
    if bar.late is not None and bar.late > bar.end:
        far = _percent(bar.late, total) - start - width
        if far > 0:
            late = element("rect", x=_p(start + width), y=base, width=_p(far), height=_BAR, class_=f"late {bar.tone}")
    return element(
        "g",
        element("title", f"{bar.label}: {bar.said}"),
        element("text", bar.label, x=0, y=top + _TEXT - 2, class_="label"),
        element("text", bar.said, x="100%", y=top + _TEXT - 2, class_="said"),
        element("rect", x=0, y=base, width="100%", height=_BAR, class_="track"),
        element("rect", x=_p(start), y=base, width=_p(width), height=_BAR, rx=2, class_=f"bar {bar.tone}"),
        late,
    )


def _mark(mark: Mark, place: int, total: int, height: int) -> Iterator[Markup]:
    at = _percent(mark.at, total)
    side = "end" if at > 50 else "start"
    y = place * _HEAD
    yield element("line", x1=_p(at), x2=_p(at), y1=y, y2=height - _FOOT, class_="mark")
    yield element("text", mark.said, x=_p(at), y=y + 11, dx=-5 if side == "end" else 5, class_=f"mark {side}")


def _axis(total: int, top: int, height: int) -> Iterator[Markup]:
    step = next((step for step in _STEPS if total / step <= _MOST_TICKS), max(_STEPS[-1], total // _MOST_TICKS))
    base = height - _FOOT
    yield element("line", x1=0, x2="100%", y1=base, y2=base, class_="axis")
    for at in range(0, total + 1, step):
        x = _percent(at, total)
        side = "start" if x < 4 else "end" if x > 92 else "middle"
        yield element("line", x1=_p(x), x2=_p(x), y1=top, y2=base + 4, class_="tick")
        yield element("text", clock(at) if step >= 60 else about(at), x=_p(x), y=height - 5, class_=f"tick {side}")


def _percent(seconds: int, total: int) -> float:
    return round(100 * min(max(0, seconds), total) / total, 2)


def _p(value: float) -> str:
    return f"{round(value, 2):g}%"
