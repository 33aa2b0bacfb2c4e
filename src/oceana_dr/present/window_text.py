"""Whether plans may be applied at a site, when next, and who may act all the same.

In: the state of a window. Out: text.
The verdict comes first: who asks at night wants one word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from oceana_dr.plan.model import Finding
from oceana_dr.present.findings_text import finding_lines
from oceana_dr.present.layout import paragraph, words, wrapped
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style


class Opening(Protocol):
    """From when to when plans may be applied, and for how long."""

    @property
    def opens(self) -> str: ...
    @property
    def closes(self) -> str: ...
    @property
    def lasts(self) -> str: ...


class WindowState(Protocol):
    """The state of a site's window, in words."""

    @property
    def site(self) -> str: ...
    @property
    def scenario(self) -> str: ...
    @property
    def open(self) -> bool: ...
    @property
    def says(self) -> str: ...
    @property
    def openings(self) -> Sequence[Opening]: ...
    @property
    def at_end(self) -> str: ...
    @property
    def override(self) -> str: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...


def render_window(
    state: WindowState,
    *,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """`✔ acme is open for steady plans: it is …`, the next openings, the end, and who may act outside."""
    style = Style(ascii=ascii, color=colour)
    sign, paint = (Sign.DONE, style.good) if state.open else (Sign.FAILED, style.bad)
    verdict = f"{style.sign(sign)} {state.site} is {'open' if state.open else 'closed'} for {state.scenario} plans:"
    lines = wrapped((*words(style.text(verdict), paint), *words(style.text(state.says))), width, 2, first=0)
    if state.findings:
        lines += ["", *finding_lines(state.findings, style, width)]
    if state.openings:
        lines += ["", style.strong("Opens next:")]
        lines += [f"  {style.text(_opening(item))}" for item in state.openings]
    lines.append("")
    lines += paragraph("At the end of a window:", words(style.text(f"{state.at_end}.")), width, style)
    if not state.open:
        lines += paragraph("May act all the same:", words(style.text(f"{state.override}.")), width, style)
    return "\n".join(lines) + "\n"


def _opening(item: Opening) -> str:
    return f"{item.opens} to {item.closes}, {item.lasts}" if item.closes else f"{item.opens}, without an end"
