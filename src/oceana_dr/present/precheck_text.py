"""A precheck as text: the verdict, then what fails, what is unknown, and what passes, compactly.

In: named checks with what was found and how. Out: text.
What is unknown must never be shown among what passes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Protocol

from oceana_dr.present.durations import age, moment
from oceana_dr.present.layout import Word, dotted, hanging, words, wrapped
from oceana_dr.present.phrases import counted
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

INDENT: Final = 4
GROUPS: Final[Mapping[str, str]] = {
    "step": "conditions of check steps",
    "requirement": "requirements of other steps",
    "invariant": "invariants",
    "rule": "rules",
    "question": "questions to people",
    "attested": "invariants that people answer for",
    "readiness": "facts of readiness that people signed",
}


class Check(Protocol):
    """One named check; `operations.prechecking.Check` is one."""

    @property
    def group(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def refs(self) -> Sequence[str]: ...
    @property
    def found(self) -> str: ...
    @property
    def wanted(self) -> str: ...
    @property
    def result(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def observed_at(self) -> str | None: ...
    @property
    def pages(self) -> Sequence[int]: ...


class Precheck(Protocol):
    """All checks of a scenario; `operations.prechecking.Precheck` is one."""

    @property
    def site(self) -> str: ...
    @property
    def scenario(self) -> str: ...
    @property
    def from_side(self) -> str: ...
    @property
    def to_side(self) -> str: ...
    @property
    def at(self) -> str: ...
    @property
    def steps(self) -> int: ...
    @property
    def checks(self) -> Sequence[Check]: ...
    @property
    def later(self) -> int: ...
    @property
    def notes(self) -> Sequence[str]: ...
    @property
    def ready(self) -> bool: ...


def render_precheck(
    found: Precheck,
    *,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """The verdict line first; failures and unknowns with everything, what passes in a line each."""
    style = Style(ascii=ascii, color=colour)
    groups = {
        result: [item for item in found.checks if item.result == result] for result in ("fail", "unknown", "pass")
    }
    lines = hanging(words(_verdict(found, groups, style), style.good if found.ready else style.bad), width)
    lines.append(style.faint(f"{counted(len(found.checks), 'check')}, read only: nothing was changed"))
    for result, title, sign, paint in (
        ("fail", "Fails", Sign.FAILED, style.bad),
        ("unknown", "Unknown", Sign.WARNING, style.doubtful),
    ):
        if groups[result]:
            lines += ["", style.strong(f"{title} ({len(groups[result])})")]
            lines += [
                line for item in groups[result] for line in _full(found, item, paint, style.sign(sign), style, width)
            ]
    if groups["pass"]:
        lines += ["", style.strong(f"Passes ({len(groups['pass'])})"), *_passed(found, groups["pass"], style, width)]
    if found.later:
        text = f"{counted(found.later, 'condition')} more: the plan's own steps see to them first, and read them then."
        lines += ["", *hanging(words(text, style.faint), width)]
    for note in found.notes:
        lines += wrapped(words(style.text(f"{style.sign(Sign.DOT)} {note}"), style.faint), width, 2, first=0)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _verdict(found: Precheck, groups: Mapping[str, Sequence[Check]], style: Style) -> str:
    counts = [f"{len(groups[result])} {result}" for result in ("fail", "unknown") if groups[result]]
    verdict = "ready" if found.ready else f"not ready: {', '.join(counts)}"
    way = (
        f"{found.from_side} {style.sign(Sign.ARROW)} {found.to_side}"
        if found.from_side != found.to_side
        else found.to_side
    )
    dot = style.sign(Sign.DOT)
    return style.text(f"{verdict} {dot} {found.site} {dot} {found.scenario} {way}")


def _full(  # noqa: PLR0917 - what to show, and how this terminal shows it
    found: Precheck, item: Check, paint: Callable[[str], str], sign: str, style: Style, width: int
) -> Iterator[str]:
    head = (Word(sign, paint), Word(style.text(item.by), style.named), *words(style.text(item.text), style.strong))
    yield from _indented(wrapped(head, width, INDENT, first=2))
    parts = [Word(style.text(f"found {item.found}"), paint)]
    if item.group in {"step", "requirement"}:
        parts.append(Word(style.text(f"wanted {item.wanted}")))
    yield from wrapped(dotted(parts, style), width, INDENT)
    yield from wrapped(words(style.text(_origin(found, item)), style.faint), width, INDENT)


def _indented(lines: Sequence[str]) -> Iterator[str]:
    yield "  " + lines[0]
    yield from lines[1:]


def _origin(found: Precheck, item: Check) -> str:
    seen = _age(found.at, item.observed_at)
    pages = f"manual p. {', '.join(map(str, item.pages))}" if item.pages else ""
    return ", ".join(part for part in (f"from {item.source}", seen, pages) if part)


def _age(at: str, observed_at: str | None) -> str:
    now, then = moment(at), moment(observed_at or "")
    if now is None or then is None:
        return ""
    return f"read {age(max(0, int((now - then).total_seconds())))} ago"


def _passed(found: Precheck, items: Sequence[Check], style: Style, width: int) -> Iterator[str]:
    """By group; the oldest reading of a group stands for it."""
    for group, title in GROUPS.items():
        members = [item for item in items if item.group == group]
        if not members:
            continue
        oldest = min((item.observed_at for item in members if item.observed_at), default=None)
        sources = ", ".join(dict.fromkeys(item.source for item in members if item.source != "plan"))
        seen = _age(found.at, oldest)
        tail = ", ".join(
            part for part in (f"from {sources}" if sources else "", f"oldest {seen}" if seen else "") if part
        )
        named = ", ".join(dict.fromkeys(item.by.partition(" ")[0] for item in members))
        head = f"{style.sign(Sign.DONE)} {len(members)} {title}"
        text = f"{head}: {named}" + (f" ({tail})" if tail else "")
        yield from _indented(wrapped(words(style.text(text)), width, INDENT, first=2))
