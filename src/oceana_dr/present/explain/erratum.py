"""A mistake of the manual as text: what is wrong, what is done instead, what does it, and where it is printed.

In: an erratum, or a limit of the solution, with the titles of what holds it. Out: text.
What a person has to do must never look as if the program did it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from oceana_dr.present.coverage_text import WORDS
from oceana_dr.present.explain.text import Page, labelled, no_page
from oceana_dr.present.layout import hanging, words
from oceana_dr.present.phrases import manual_text
from oceana_dr.present.style import Style

HARM: Final = {
    "high": "who follows the page does harm",
    "medium": "who follows the page may go wrong",
    "low": "a slip",
}


class HeldRecord(Protocol):
    """Something of the manual that this product answers for."""

    @property
    def id(self) -> str: ...
    @property
    def decision(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def manual(self) -> tuple[tuple[int, int], ...]: ...


class AnswerRecord(HeldRecord, Protocol):
    """What a limit of the solution, or a section that only explains, has to be shown."""

    @property
    def title(self) -> str: ...


class ErratumRecord(HeldRecord, Protocol):
    """What a mistake of the manual has to be shown."""

    @property
    def also(self) -> tuple[str, ...]: ...
    @property
    def kind(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def wrong(self) -> str: ...


def render_erratum(
    item: ErratumRecord,
    held: Sequence[tuple[str, str]],
    *,
    width: int = 100,
    page: Page = no_page,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """A mistake of the manual; `held`: ids of what carries the decision out, and what they are called."""
    style = Style(ascii=ascii, color=colour)
    also = f" ({', '.join(item.also)})" if item.also else ""
    rows = [("severity", f"{item.severity} ({HARM[item.severity]})"), ("kind", item.kind)]
    rows += [("here", item.decision), *_holding(held, item.state)]
    rows.append(_pages(item.manual, page))
    return _text(f"{item.id}{also}: {item.wrong}", rows, style, width)


def render_answer(
    kind: str,
    item: AnswerRecord,
    held: Sequence[tuple[str, str]],
    *,
    width: int = 100,
    page: Page = no_page,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """A limit of the solution, or a section of the manual that only explains."""
    style = Style(ascii=ascii, color=colour)
    rows = [("kind", kind), *([("here", item.decision)] if item.decision else [])]
    rows += _holding(held, item.state)
    rows.append(_pages(item.manual, page))
    return _text(f"{item.id}: {item.title}", rows, style, width)


def _holding(held: Sequence[tuple[str, str]], state: str) -> Iterator[tuple[str, str]]:
    for place, (name, title) in enumerate(held):
        yield "" if place else "held by", f"{name}: {title}" if title else name
    yield "state", f"{state}: {WORDS[state]}"


def _pages(manual: tuple[tuple[int, int], ...], page: Page) -> tuple[str, str]:
    return "manual", manual_text(manual, page).removeprefix("manual ")


def _text(heading: str, rows: Sequence[tuple[str, str]], style: Style, width: int) -> str:
    lines = hanging(words(style.text(heading), style.strong), width)
    for label, text in rows:
        lines += labelled(label, words(style.text(text)), style, width)
    return "\n".join(lines) + "\n"
