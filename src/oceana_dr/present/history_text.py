"""The runs of a site, one line each, newest last.

In: rows of the index of runs, the site's zone. Out: text.
A run that was not finished must never look like one that was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import Final

from oceana_dr.present.durations import both, exact, moment
from oceana_dr.present.layout import Word, dotted, hanging, placed, words, wrapped
from oceana_dr.present.run_view import Logged
from oceana_dr.present.shapes import RunRow
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style
from oceana_dr.store.records import Turned

SIGNS: Final[Mapping[str, tuple[Sign, Callable[[Style, str], str]]]] = {
    "finished": (Sign.DONE, Style.good),
    "incomplete": (Sign.WARNING, Style.doubtful),
    "running": (Sign.PROCEDURE, Style.strong),
    "waiting": (Sign.GATE, Style.doubtful),
    "stopped": (Sign.FAILED, Style.bad),
    "interrupted": (Sign.FAILED, Style.bad),
    "taken back": (Sign.DOT, Style.faint),
}
NARROW: Final = 80


def render_history(
    rows: Sequence[RunRow],
    *,
    site: str,
    zone: tzinfo,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """Run, scenario, state, when it began (site's zone), how long it took, who; two lines each where it is narrow."""
    style = Style(ascii=ascii, color=colour)
    if not rows:
        return style.text(f"{site}: no runs yet") + "\n"
    lines = [line for row in rows for line in _row(row, style, zone, width)]
    last = rows[-1].run
    lines += [
        "",
        *hanging((*words("Next:", style.strong), Word(style.text(f"oceana-dr report {last}"), style.strong)), width),
    ]
    return "\n".join(lines) + "\n"


def render_tabletops(
    rows: Sequence[RunRow],
    *,
    site: str,
    zone: tzinfo,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """The tabletops of a site under a heading, so that none is taken for a run."""
    style = Style(ascii=ascii, color=colour)
    if not rows:
        return style.text(f"{site}: no tabletops yet") + "\n"
    head = style.strong("Tabletops (nothing was touched)")
    return "\n".join([head, *(line for row in rows for line in _row(row, style, zone, width))]) + "\n"


def render_refusals(
    entries: Sequence[Logged],
    *,
    site: str,
    zone: tzinfo,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """When, which scenario, who, and every finding with its words; what they wanted to override, and why."""
    style = Style(ascii=ascii, color=colour)
    turned = [(entry.at, entry.record) for entry in entries if isinstance(entry.record, Turned)]
    if not turned:
        return style.text(f"{site}: nobody was turned away") + "\n"
    lines: list[str] = []
    for at, record in turned:
        when = moment(at)
        shown = both(when, zone) if when else at
        lines += wrapped(
            (
                Word(style.sign(Sign.FAILED), style.bad),
                *dotted((Word(style.text(text)) for text in (shown, record.scenario, record.by)), style),
            ),
            width,
            2,
            first=0,
        )
        for said in [str(text) for text in record.findings.values()] or [record.reason]:
            lines += wrapped(words(style.text(said)), width, 4)
        if reason := record.asked.get("reason"):
            lines += wrapped(words(style.text(f"their reason: {reason}"), style.faint), width, 4)
    return "\n".join(lines) + "\n"


def _row(row: RunRow, style: Style, zone: tzinfo, width: int) -> list[str]:
    sign, paint = SIGNS.get(row.state, (Sign.WARNING, Style.doubtful))
    began, ended = moment(row.started), moment(row.finished or "")
    when = f"{began.astimezone(zone):%Y-%m-%d %H:%M %Z}" if began else row.started
    took = exact(int((ended - began).total_seconds())) if began and ended else ""
    first = [(0, Word(style.sign(sign), partial(paint, style))), (3, Word(style.text(row.run), style.named))]
    rest = [Word(style.text(text)) for text in (row.scenario, row.state, when, took, row.operator)]
    if width < NARROW:
        return [placed(first)[0], *wrapped(dotted((word for word in rest if word.text), style), width, 3)]
    columns = (30, 50, 60, 82, 98)
    return [placed((*first, *zip(columns, rest, strict=True)), gap=2)[0]]
