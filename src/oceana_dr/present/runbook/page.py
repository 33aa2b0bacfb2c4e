"""A runbook as a page that is made to be printed: boxes to tick, lines to sign, no step torn between two sheets.

In: a plan. Out: one HTML file, self-contained.
It must say what the Markdown says: both are made of the same sheets.
"""

from __future__ import annotations

from markupsafe import Markup

from oceana_dr.plan.model import Plan
from oceana_dr.present.explain.text import Page, no_page
from oceana_dr.present.page import (
    Content,
    banner,
    bullets,
    code,
    element,
    facts,
    joined,
    page,
    paragraph,
    section,
    spoken,
)
from oceana_dr.present.plan_verdict import headline, refusal
from oceana_dr.present.runbook.model import Line, Sheet, before_you_begin, chapters, way_back

_BOX = "☐ "


def render_runbook_page(plan: Plan, *, manual_page: Page = no_page) -> str:
    """The whole document."""
    title = f"Runbook: {headline(plan)}"
    refused = refusal(plan)
    undone = way_back(plan)
    main = [
        banner("bad", paragraph(refused)) if refused else None,
        section("begin", "Before you begin", bullets(spoken(text) for text in before_you_begin(plan))),
        *(
            section(f"chapter-{place}", chapter.title, *(_sheet(sheet) for sheet in chapter.sheets))
            for place, chapter in enumerate(chapters(plan, manual_page), 1)
        ),
        section(
            "way-back",
            "The way back",
            paragraph("What was done is undone in this order; what was not done is passed over."),
            *(_undo(name, texts) for name, texts in undone),
        )
        if undone
        else None,
    ]
    return page(title, [element("h1", title), paragraph("Plan ", code(plan.id), class_="faint")], main)


def _sheet(sheet: Sheet) -> Markup:
    return element(
        "article",
        element("h3", _BOX, code(sheet.id), f" {sheet.title}"),
        *(paragraph(text, class_="warning") for text in sheet.warnings),
        facts((line.label, _line(line)) for line in sheet.lines),
        paragraph(sheet.signed, class_="signed"),
        class_="sheet",
    )


def _line(line: Line) -> Content:
    said: list[Content] = [code(text) if line.copied else text for text in line.texts]
    if line.numbered:
        return element("ol", *(element("li", part) for part in said))
    return said[0] if len(said) == 1 else bullets(said)


def _undo(title: str, texts: tuple[str, ...]) -> Markup:
    return element("article", element("h3", joined([_BOX, title])), bullets(texts), class_="sheet")
