"""What the guards say about a plan, refusals first, each with its code and the way past it.

In: findings. Out: lines of text.
A refusal must never look like a warning, and an override never as if it were free.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from oceana_dr.plan.model import Finding
from oceana_dr.present.layout import Word, words, wrapped
from oceana_dr.present.phrases import APPLY_FILE, counted
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

REFUSE = "refuse"
INFO = "info"
INDENT = 4
OUTSIDE = "outside-window"


def finding_lines(findings: Sequence[Finding], style: Style, width: int, command: str | None = None) -> Iterator[str]:
    """A heading and each finding, refusals first; nothing for none. `command` runs the plan, as far as its file."""
    again = command or f"oceana-dr apply {APPLY_FILE}"
    refusals = [item for item in findings if item.severity == REFUSE]
    others = [item for item in findings if item.severity not in {REFUSE, INFO}]
    known = [item for item in findings if item.severity == INFO]
    if refusals:
        yield style.bad(f"Refused: {counted(len(refusals), 'finding')} must be settled before this plan may run.")
        for item in refusals:
            yield from _finding(item, style, width, again)
    if others:
        if refusals:
            yield ""
        yield style.doubtful(f"{counted(len(others), 'warning')}:")
        for item in others:
            yield from _finding(item, style, width, again)
    if known:
        if refusals or others:
            yield ""
        yield style.strong("Good to know:")
        for item in known:
            yield from _heading(item, style, width)
        # One line for them all: what is good to know must not take more room than what must be known.
        yield from wrapped(words(style.text(f"more: oceana-dr explain {known[0].code}"), style.faint), width, INDENT)


def _finding(item: Finding, style: Style, width: int, again: str) -> Iterator[str]:
    yield from _heading(item, style, width)
    if item.severity == REFUSE:  # of a warning the message is enough; JSON has the rest
        for text in item.details:
            lines = wrapped(words(style.text(text)), width - INDENT, 2, first=0)
            yield from (f"{' ' * INDENT}{line}" for line in lines)
    yield from wrapped(_way_past(item, style, again), width, INDENT)


def _heading(item: Finding, style: Style, width: int) -> Iterator[str]:
    refused = item.severity == REFUSE
    sign, paint = (Sign.FAILED, style.bad) if refused else (Sign.WARNING, style.doubtful)
    if item.severity == INFO:
        sign, paint = Sign.DOT, style.strong
    row = [Word(style.sign(sign), paint), Word(style.text(item.code), paint), *words(style.text(item.message))]
    head = wrapped(row, width - 2, INDENT - 2, first=0)
    yield from (f"  {line}" for line in head)


def _way_past(item: Finding, style: Style, again: str) -> tuple[Word, ...]:
    explain = f"oceana-dr explain {item.code}"
    if item.severity != REFUSE:
        return words(style.text(f"more: {explain}"), style.faint)
    if not item.overridable:
        return words(style.text(f"no override; what to do: {explain}"), style.faint)
    option = "--outside-window" if item.id == OUTSIDE else f"--override {item.id}"
    # Whole, however long: it is copied from the terminal.
    return (*words("to run it all the same:", style.faint), Word(style.text(f'{again} {option} --reason "..."')))
