"""The runs of a site, one line each, newest last.

In: rows of the index of runs, the site's zone. Out: text.
A run that was not finished must never look like one that was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from functools import partial
from typing import Final

from oceana_dr.present.durations import exact, moment
from oceana_dr.present.layout import Word, dotted, hanging, placed, words, wrapped
from oceana_dr.present.shapes import RunRow
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

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
