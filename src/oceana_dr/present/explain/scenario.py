"""A scenario as text: what it is for, when it fits, its steps, what holds, what it leaves, how it is planned.

In: a scenario as `operations.explaining.scenarios` tells it. Out: text.
A step that this site has not must never stand among those that it has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, Protocol

from oceana_dr.present.explain.text import Page, labelled, no_page
from oceana_dr.present.layout import Word, hanging, words, wrapped
from oceana_dr.present.phrases import counted
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

Named = tuple[str, str]
SIGNS: Final = {
    "set": Sign.CHANGE,
    "run": Sign.PROCEDURE,
    "wait": Sign.GATE,
    "confirm": Sign.GATE,
    "check": Sign.CHECK,
}
CLASSES: Final = (
    "Classes: I sets a value, R changes a role, N is done once, H is a person's, V waits or checks. The order within a"
    " phase: `oceana-dr catalogue rules --order {name}`."
)
_WIDEST_ID: Final = 22


class StepRecord(Protocol):
    """A step of a scenario, as a site has it."""

    @property
    def id(self) -> str: ...
    @property
    def phase(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def step_class(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def people(self) -> int: ...
    @property
    def irreversible(self) -> str: ...
    @property
    def manual(self) -> tuple[tuple[int, int], ...]: ...


class ScenarioRecord(Protocol):
    """A scenario, as it is told for a site."""

    @property
    def id(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def purpose(self) -> str: ...
    @property
    def from_side(self) -> str: ...
    @property
    def to_side(self) -> str: ...
    @property
    def fits(self) -> tuple[str, ...]: ...
    @property
    def at_rest(self) -> str: ...
    @property
    def barred(self) -> tuple[Named, ...]: ...
    @property
    def leaves(self) -> tuple[str, ...]: ...
    @property
    def dark(self) -> tuple[str, ...]: ...
    @property
    def phases(self) -> tuple[Named, ...]: ...
    @property
    def steps(self) -> Sequence[StepRecord]: ...
    @property
    def absent(self) -> tuple[Named, ...]: ...
    @property
    def proven(self) -> tuple[Named, ...]: ...
    @property
    def attested(self) -> tuple[Named, ...]: ...
    @property
    def changed_by(self) -> tuple[Named, ...]: ...
    @property
    def losses(self) -> tuple[Named, ...]: ...
    @property
    def owed(self) -> tuple[Named, ...]: ...
    @property
    def timers(self) -> tuple[Named, ...]: ...
    @property
    def commands(self) -> tuple[str, ...]: ...
    @property
    def point_of_no_return(self) -> StepRecord | None: ...


def render_scenario(
    found: ScenarioRecord,
    *,
    width: int = 100,
    page: Page = no_page,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """The whole of it; a part without anything to say is left out."""
    style = Style(ascii=ascii, color=colour)
    way = _way(found, style)
    title = f"{found.id}: {found.title}" if found.title != found.id.replace("-", " ") else found.id
    lines = hanging(words(style.text(f"{title}{way}"), style.strong), width)
    lines += wrapped(words(style.text(found.purpose)), width, 0)
    for heading, body in _parts(found, style, width, page):
        shown = list(body)
        if shown:
            lines += ["", style.strong(style.text(heading)), *shown]
    return "\n".join(lines) + "\n"


def _way(found: ScenarioRecord, style: Style) -> str:
    if not found.from_side:
        return ""
    dot, arrow = style.sign(Sign.DOT), style.sign(Sign.ARROW)
    if found.from_side == found.to_side:
        return f" {dot} {found.to_side} stays in service"
    return f" {dot} {found.from_side} {arrow} {found.to_side}"


def _parts(found: ScenarioRecord, style: Style, width: int, page: Page) -> Iterator[tuple[str, Iterable[str]]]:
    yield "When it fits", _rows(_when(found), style, width)
    yield f"Steps ({len(found.steps)})", _steps(found, style, width, page)
    yield f"Not for this site ({len(found.absent)})", _named(_together(found.absent), style, width)
    yield "No way back", _no_way_back(found, style, width)
    yield (
        f"Holds in every state that a plan can reach ({len(found.proven)})",
        _named(found.proven, style, width),
    )
    yield (
        f"Kept by people, checks before it, rules and timers ({len(found.attested)})",
        _named(found.attested, style, width),
    )
    yield f"Otherwise than the manual says ({len(found.changed_by)})", _named(found.changed_by, style, width)
    yield "What it loses", _named(found.losses, style, width)
    yield "What it leaves owed, and the step of recovery that does it", _named(found.owed, style, width)
    yield "What runs on afterwards", _named(found.timers, style, width)
    yield "How", (f"  {style.text(command)}" for command in found.commands)


def _when(found: ScenarioRecord) -> Iterator[tuple[str, str]]:
    for place, part in enumerate(found.fits):
        yield "" if place else "if", part
    if found.at_rest == "always":
        yield "also", "where everything is where it should be already"
    elif found.at_rest:
        yield "also", f"where everything is where it should be already, and {found.at_rest}"
    for rule, says in found.barred:
        yield "never", f"{says}: {rule}"
    if found.dark:
        yield "dark", f"{', '.join(found.dark)} need not answer"
    for place, ref in enumerate(found.leaves):
        yield "" if place else "leaves", f"{ref}{'' if place else ', as it is'}"


def _rows(rows: Iterable[tuple[str, str]], style: Style, width: int) -> Iterator[str]:
    for label, text in rows:
        yield from labelled(label, words(style.text(text)), style, width)


def _named(items: Iterable[Named], style: Style, width: int) -> Iterator[str]:
    for name, text in items:
        row = (*words(style.text(f"{name}:"), style.named), *words(style.text(text)))
        yield from _behind(row, width)


def _behind(row: tuple[Word, ...], width: int) -> Iterator[str]:
    first, *others = wrapped(row, width, 6, first=2)
    yield f"  {first}"
    yield from others


def _together(items: Sequence[Named]) -> Iterator[Named]:
    """The steps that are left out for one reason, in one line."""
    reasons: dict[str, list[str]] = {}
    for name, reason in items:
        reasons.setdefault(reason, []).append(name)
    for reason, names in reasons.items():
        yield ", ".join(dict.fromkeys(names)), reason


def _steps(found: ScenarioRecord, style: Style, width: int, page: Page) -> Iterator[str]:
    if not found.steps:
        return
    column = 8 + min(_WIDEST_ID, max(len(step.id) for step in found.steps))
    for name, title in found.phases:
        own = [step for step in found.steps if step.phase == name]
        if own:
            yield f"  {style.text(title)}"
        for step in own:
            yield from _step(step, column, style, width, page)
    yield from wrapped(words(CLASSES.format(name=found.id), style.faint), width, 2)


def _step(step: StepRecord, column: int, style: Style, width: int, page: Page) -> Iterator[str]:
    sign = style.sign(SIGNS[step.kind])
    head = f"    {sign:<2} {style.named(style.text(step.id))}"
    here = 7 + len(step.id)
    who = {0: step.by, 1: "a person", 2: "two people"}[step.people]
    facts = [step.step_class, who, *_pages(step.manual, page)]
    tail = [Word(style.text(f"{'' if place else '('}{fact},"), style.faint) for place, fact in enumerate(facts)]
    tail[-1] = Word(f"{tail[-1].text.removesuffix(',')})", style.faint)
    mark = (Word(style.text("[no way back]"), style.bad),) if step.irreversible else ()
    row = (*words(style.text(step.title)), *mark, *tail)
    start = max(column, here + 1)
    first, *others = wrapped(row, width, column, first=start)
    yield head + " " * (start - here) + first
    yield from others


def _pages(manual: Sequence[tuple[int, int]], page: Callable[[int], int | None]) -> Iterator[str]:
    pages = dict.fromkeys(where for first, _ in manual if (where := page(first)) is not None)
    if pages:
        yield f"p. {', '.join(map(str, pages))}"


def _no_way_back(found: ScenarioRecord, style: Style, width: int) -> Iterator[str]:
    first = found.point_of_no_return
    if first is None:
        if found.steps:
            yield "  every step can be undone, or leaves nothing to undo"
        return
    rest = [step.id for step in found.steps if step.irreversible and step.id != first.id]
    row = (
        *words(style.text(f"from {first.id} {first.title}:"), style.bad),
        *words(style.text(first.irreversible)),
    )
    yield from _behind(row, width)
    if rest:
        text = f"also not from {counted(len(rest), 'step')} behind it: {', '.join(rest)}"
        yield from _behind(words(style.text(text), style.faint), width)
