"""A rehearsal as text: the verdict, every stumbling stone in the order in which a run would meet it, and what stands.

In: a rehearsal as data. Out: text.
What is not known must never be shown as if it were good.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from typing import Final, Protocol

from oceana_dr.estate.values import Unknown, show
from oceana_dr.plan.model import Loss, Plan
from oceana_dr.present.drill_text import row, title
from oceana_dr.present.durations import about, age, clock, moment
from oceana_dr.present.layout import Word, hanging, placed, words, wrapped
from oceana_dr.present.pace import median_pace
from oceana_dr.present.phrases import counted
from oceana_dr.present.signs import Sign
from oceana_dr.present.standing_text import Standing, render_standing
from oceana_dr.present.style import Style

_INDENT: Final = 12
_MOST_REFUSED: Final = 3


class Stone(Protocol):
    """What a run would stumble over; `operations.rehearsing.Stone` is one."""

    @property
    def found_by(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def at_s(self) -> int: ...
    @property
    def pages(self) -> Sequence[int]: ...


class Rehearsal(Protocol):
    """A plan walked on paper; `operations.rehearsing.Rehearsal` is one."""

    @property
    def plan(self) -> Plan: ...
    @property
    def base(self) -> str: ...
    @property
    def says(self) -> Sequence[str]: ...
    @property
    def at(self) -> str: ...
    @property
    def stones(self) -> Sequence[Stone]: ...
    @property
    def looked(self) -> int: ...
    @property
    def checks(self) -> int: ...
    @property
    def standing(self) -> Standing: ...
    @property
    def copies(self) -> Sequence[Loss]: ...
    @property
    def oldest(self) -> str | None: ...


def render_rehearsal(found: Rehearsal, style: Style, width: int, zone: tzinfo) -> str:
    """The whole text."""
    return "\n".join(line.rstrip() for line in _lines(found, style, width, zone)) + "\n"


def _lines(found: Rehearsal, style: Style, width: int, zone: tzinfo) -> Iterator[str]:
    now, plan = moment(found.at), found.plan
    yield from hanging((*words("rehearsal of", style.strong), *title(plan, style)), width)
    then = moment(found.oldest or "")
    seen = f", oldest reading {age(max(0, int((now - then).total_seconds())))} ago" if now and then else ""
    yield from row("on", f"{found.base}, read only{seen}", style, width)
    if found.says:
        yield from row("supposed", "; ".join(found.says), style, width)
    yield ""
    walked = f"{counted(len(plan.steps), 'step')} walked, {counted(found.looked + found.checks, 'condition')} looked at"
    if found.stones:
        verdict = f"a run now would stumble over {counted(len(found.stones), 'thing')}: {walked}"
        yield from hanging(words(style.text(verdict), style.bad), width)
        yield ""
        shown, hidden = _shown(found.stones)
        for item in shown:
            yield from _stone(item, style, width)
        if hidden:
            text = f"and {counted(hidden, 'refusal')} of the plan more, most likely for the same reason"
            yield from wrapped(words(text, style.faint), width, _INDENT)
    else:
        verdict = f"rehearsal passed: {walked}, nothing to stumble over"
        yield from hanging(words(style.text(verdict), style.good), width)
    yield ""
    yield from row("time", f"{about(median_pace(plan).total)} on the critical path, as planned", style, width)
    if found.copies:
        yield from row("copies", "; ".join(map(_copy, found.copies)), style, width)
    if now is not None:
        stands = render_standing(found.standing, now=now, zone=zone, width=width, colour=style.color, ascii=style.ascii)
        if stands:
            yield stands


def _shown(stones: Sequence[Stone]) -> tuple[list[Stone], int]:
    """What is worth reading now, and how many refusals are left out: they follow from what reads wrong."""
    plain = [item for item in stones if item.found_by != "plan"]
    refused = [item for item in stones if item.found_by == "plan"]
    kept = refused[:_MOST_REFUSED] if any(item.found_by == "check" and item.pages for item in plain) else refused
    return [item for item in stones if item.found_by != "plan" or item in kept], len(refused) - len(kept)


def _stone(item: Stone, style: Style, width: int) -> Iterator[str]:
    when = clock(item.at_s) if item.found_by == "step" else "before"
    head, end = placed(
        ((2, Word(f"{when:>6}", style.faint)), (10, Word(style.sign(Sign.FAILED), style.bad)), (12, Word(item.name)))
    )
    pages = f" (manual p. {', '.join(map(str, item.pages))})" if item.pages else ""
    lines = wrapped(words(style.text(item.text + pages)), width, _INDENT, first=end + 2)
    yield f"{head}  {lines[0]}"
    yield from lines[1:]


def _copy(item: Loss) -> str:
    value = "unknown" if isinstance(item.value, Unknown) else f"{show(item.value)} {item.unit}"
    return f"{item.component} {value} old"
