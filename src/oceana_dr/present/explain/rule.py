"""A domain rule as text: what it checks, why it matters, wrong, right, and when one may silence it.

In: a rule's record and its page. Out: text.
A rule that may never be silenced must say so as plainly as one that may.
"""

from __future__ import annotations

from typing import Protocol

from oceana_dr.present.explain.text import Page, labelled, no_page
from oceana_dr.present.layout import words, wrapped
from oceana_dr.present.phrases import manual_text
from oceana_dr.present.style import Style

NEVER = "never"


class RuleRecord(Protocol):
    """What the catalogue says of a rule."""

    @property
    def id(self) -> str: ...
    @property
    def code(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def manual(self) -> tuple[tuple[int, int], ...]: ...


class RulePage(Protocol):
    """What a rule says about itself."""

    @property
    def checks(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def wrong(self) -> str: ...
    @property
    def right(self) -> str: ...
    @property
    def silence(self) -> str: ...


def render_rule(
    rule: RuleRecord,
    page: RulePage,
    *,
    width: int = 100,
    manual_page: Page = no_page,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """A rule with its page."""
    style = Style(ascii=ascii, color=colour)
    head = style.bad if rule.severity == "error" else style.doubtful
    title = head(style.text(f"{rule.severity}[{rule.code}]")) + style.strong(style.text(f": {rule.title}"))
    lines = [title, *labelled("rule", words(style.text(rule.id)), style, width), ""]
    lines += wrapped(words(style.text(" ".join(page.checks.split()))), width, 0)
    lines += ["", *wrapped(words(style.text(" ".join(page.why.split()))), width, 0)]
    for label, example in (("wrong", page.wrong), ("right", page.right)):
        lines += ["", style.strong(f"{label}:"), *(f"    {style.text(line)}" for line in example.rstrip().splitlines())]
    lines += ["", *labelled("silence", words(style.text(silence_text(page.silence, rule.code))), style, width)]
    if rule.manual:
        found = manual_text(rule.manual, manual_page).removeprefix("manual ")
        lines += labelled("manual", words(style.text(found)), style, width)
    return "\n".join(lines) + "\n"


def silence_text(silence: str, code: str) -> str:
    """Whether and when a rule may be silenced, as a sentence."""
    if silence == NEVER:
        return "never: no reason outweighs this rule."
    return f"{' '.join(silence.split())} Write `silences: [{{rule: {code}, reason: ...}}]`."
