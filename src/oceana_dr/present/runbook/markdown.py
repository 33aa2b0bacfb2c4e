"""A runbook as Markdown: to be kept beside the plan file, read anywhere, ticked off.

In: a plan. Out: Markdown in which no text of a user is markup.
It must say what the HTML says: both are made of the same sheets.
"""

from __future__ import annotations

from collections.abc import Iterator

from oceana_dr.plan.model import Plan
from oceana_dr.present.explain.text import Page, no_page
from oceana_dr.present.markdown import code, prose
from oceana_dr.present.plan_verdict import headline
from oceana_dr.present.runbook.model import Line, Sheet, before_you_begin, chapters, way_back

_UNDER = "      "


def render_runbook_markdown(plan: Plan, *, manual_page: Page = no_page) -> str:
    """The whole document."""
    lines = [f"# Runbook: {prose(headline(plan))}", "", f"Plan {code(plan.id)}", "", "## Before you begin", ""]
    lines += [f"- {_spoken(text)}" for text in before_you_begin(plan)]
    for chapter in chapters(plan, manual_page):
        lines += ["", f"## {prose(chapter.title)}", ""]
        for sheet in chapter.sheets:
            lines += _sheet(sheet)
    undone = way_back(plan)
    if undone:
        lines += [
            "",
            "## The way back",
            "",
            "What was done is undone in this order; what was not done is passed over.",
            "",
        ]
        for title, texts in undone:
            lines += [f"- [ ] {prose(title)}", *(f"{_UNDER}- {prose(text)}" for text in texts)]
    return "\n".join(lines) + "\n"


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield f"- [ ] **{prose(sheet.id)}** {prose(sheet.title)}"
    yield from (f"{_UNDER}- **{prose(text)}**" for text in sheet.warnings)
    for line in sheet.lines:
        yield from _line(line)
    yield f"{_UNDER}- {prose(sheet.signed)}"


def _line(line: Line) -> Iterator[str]:
    said = [code(text) if line.copied else prose(text) for text in line.texts]
    if len(said) == 1 and not line.numbered:
        yield f"{_UNDER}- {prose(line.label)}: {said[0]}"
        return
    yield f"{_UNDER}- {prose(line.label)}:"
    for place, text in enumerate(said, 1):
        yield f"{_UNDER}  {f'{place}.' if line.numbered else '-'} {text}"


def _spoken(text: str) -> str:
    """A sentence of ours; what it has between backticks is a command."""
    return "".join(code(part) if place % 2 else _part(part) for place, part in enumerate(text.split("`")))


def _part(text: str) -> str:
    inside = prose(text)
    left = " " if text[:1] == " " else ""
    right = " " if text[-1:] == " " and inside else ""
    return f"{left}{inside}{right}" if inside else left
