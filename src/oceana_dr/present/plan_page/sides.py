"""Both data centres side by side on the page of a plan: what they are and what they have, before and after.

In: a plan. Out: a section with a picture and a table.
Which data centre takes contacts must be readable without the picture.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from oceana_dr.estate.address import SIDES
from oceana_dr.plan.model import Plan
from oceana_dr.present.page import Content, element, folded, joined, section, table
from oceana_dr.present.phrases import counted, side_title, value_text
from oceana_dr.present.plan_topology import SHARED, Difference, differences, role, systems
from oceana_dr.present.style import Style

_PLAIN = Style()
_LINE, _TOP = 20, 76
_SIDE = 45
"""Percent of the width that one data centre takes."""
_OPEN = 12
"""So many rows are read at a glance; a longer table is folded."""


def before_and_after(plan: Plan) -> Markup:
    """The picture, then every attribute that differs when the plan is done."""
    by_name: dict[tuple[str, str], dict[str, Difference]] = {}
    for found in differences(plan):
        by_name.setdefault((found.local, found.label), {})[found.side] = found
    names = [side_title(plan, side, _PLAIN) for side in SIDES]
    tables = [
        table(caption, ["What", *headings], rows)
        for caption, headings, sides in (
            ("In the data centres, before → after", names, SIDES),
            ("Shared by both, before → after", ["Before → after"], (SHARED,)),
        )
        if (rows := list(_rows(by_name, sides)))
    ]
    body = (
        tables if len(by_name) <= _OPEN else [folded(f"What differs when the plan is done ({len(by_name)})", *tables)]
    )
    return section("sides", "Before and after", _picture(plan), *body)


def _rows(by_name: Mapping[tuple[str, str], Mapping[str, Difference]], sides: Sequence[str]) -> Iterator[list[Content]]:
    """The same attribute of both data centres in one row."""
    for (local, label), found in by_name.items():
        if any(side in found for side in sides):
            yield [f"{local} {label}", *(_cell(found.get(side)) for side in sides)]


def _cell(found: Difference | None) -> Content:
    if found is None:
        return None
    after = element("strong", value_text(found.after, _PLAIN))
    return joined([value_text(found.before, _PLAIN), " → ", after])


def _picture(plan: Plan) -> Markup:
    """Two boxes with the systems that have steps; an arrow where contacts move from one to the other."""
    found = systems(plan)
    lines = max((len(found[side]) for side in SIDES), default=0)
    height = _TOP + _LINE * lines + 8
    moves = plan.from_side != plan.to_side
    told = "; ".join(
        f"{side_title(plan, side, _PLAIN)} is {role(plan, side, after=False)} before"
        f" and {role(plan, side, after=True)} after"
        for side in SIDES
    )
    parts = [_side(plan, side, found[side], place * (100 - _SIDE), height) for place, side in enumerate(SIDES)]
    if moves:
        parts.append(_arrow(plan, height))
    return element(
        "svg",
        element("title", "Both data centres, before and after", id="picture-title"),
        element("desc", told, id="picture-desc"),
        *parts,
        class_="sides",
        role="img",
        width="100%",
        height=height,
        aria_labelledby="picture-title",
        aria_describedby="picture-desc",
    )


def _side(plan: Plan, side: str, found: Mapping[str, int], left: int, height: int) -> Markup:
    text, edge = f"{left + 2}%", f"{left + _SIDE - 2}%"
    after = role(plan, side, after=True)
    kind = "serving" if after == "operational" else "idle"
    rows = [
        element(
            "g",
            element("text", name, x=text, y=_TOP + 12 + place * _LINE, class_="label"),
            element("text", counted(number, "step"), x=edge, y=_TOP + 12 + place * _LINE, class_="said"),
        )
        for place, (name, number) in enumerate(sorted(found.items()))
    ]
    return element(
        "g",
        element("rect", x=f"{left}%", y=1, width=f"{_SIDE}%", height=height - 2, rx=6, class_=f"box {kind}"),
        element("text", side_title(plan, side, _PLAIN), x=text, y=22, class_="name"),
        element("text", f"before: {role(plan, side, after=False)}", x=text, y=42, class_="said start"),
        element("text", f"after: {after}", x=text, y=60, class_="after"),
        *rows,
    )


def _arrow(plan: Plan, height: int) -> Markup:
    """From the data centre that is operational now to the other one."""
    right = plan.to_side == SIDES[1]
    start, end = (_SIDE + 1, 100 - _SIDE - 1) if right else (100 - _SIDE - 1, _SIDE + 1)
    y, back = height // 2, -9 if right else 9
    tip = element(
        "svg",
        element("path", d=f"M0,0l{back},-7v14z", class_="arrow-head"),
        x=f"{end}%",
        y=y,
        overflow="visible",
    )
    return element("g", element("line", x1=f"{start}%", x2=f"{end}%", y1=y, y2=y, class_="arrow"), tip)
