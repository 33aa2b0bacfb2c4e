"""Why a value, why a step here, what a code or a setting means: the answers of `explain` as text.

In: an address with its attributes, a setting's facts, or a code. Out: text.
Every answer must end at something a person can open: a line of the site, a rule, lines of the manual.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from oceana_dr.diagnostics.codes import CodeInfo
from oceana_dr.estate.values import Value
from oceana_dr.present.layout import Word, hanging, words, wrapped
from oceana_dr.present.phrases import manual_text, value_text
from oceana_dr.present.shapes import Attribute, Explained, Origin, Told
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

Page = Callable[[int], int | None]
LABEL = 12


def no_page(_line: int) -> int | None:
    """Where no table of pages is at hand."""
    return None


def render_address(
    found: Explained,
    *,
    width: int = 100,
    page: Page = no_page,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """An address with the attributes asked for."""
    style = Style(ascii=ascii, color=colour)
    dot = style.sign(Sign.DOT)
    lines = hanging(words(style.text(f"{found.address} {dot} {found.title}"), style.strong), width)
    if found.console:
        lines += labelled("console", words(style.text(found.console)), style, width)
    eyes = "as people observe it" if found.read_by == "operator" else f"by {found.read_by}"
    hands = "a person" if found.set_by == "operator" else found.set_by
    lines += labelled("access", words(style.text(f"read {eyes}, set by {hands}")), style, width)
    for item in found.attributes:
        lines += ["", style.strong(style.text(item.label))]
        for label, row in _attribute(item, found.operational, style, page):
            lines += labelled(label, row, style, width)
    return "\n".join(lines) + "\n"


def render_code(
    info: CodeInfo,
    *,
    width: int = 100,
    page: Page = no_page,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """A diagnostic code: what it means, an example that is wrong and one that is right."""
    style = Style(ascii=ascii, color=colour)
    head = style.bad if info.severity.value == "error" else style.doubtful
    lines = [head(style.text(f"{info.severity.value}[{info.code}]")) + style.strong(style.text(f": {info.title}")), ""]
    for part in info.explanation.split("\n\n"):
        lines += wrapped(words(style.text(" ".join(part.split()))), width, 0)
    for label, example in (("wrong", info.wrong), ("right", info.right)):
        if example.strip():
            lines += [
                "",
                style.strong(f"{label}:"),
                *(f"    {style.text(line)}" for line in example.rstrip().splitlines()),
            ]
    if info.manual:
        lines += ["", manual_text(info.manual, page)]
    return "\n".join(lines) + "\n"


def render_setting(
    name: str,
    note: str,
    facts: Iterable[tuple[str, str]],
    *,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """A setting of the manual: its name, what is special about it, and facts with their names."""
    style = Style(ascii=ascii, color=colour)
    lines = [style.strong(style.text(name))]
    lines += wrapped(words(style.text(note)), width, 0) if note else []
    for label, text in facts:
        lines += labelled(label, words(style.text(text)), style, width)
    return "\n".join(lines) + "\n"


def render_told(
    found: Told,
    *,
    width: int = 100,
    page: Page = no_page,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """An invariant, an order rule, a procedure or a refusal of the catalogue."""
    style = Style(ascii=ascii, color=colour)
    lines = hanging(words(style.text(found.heading), style.strong), width)
    for label, text in found.rows:
        lines += labelled(label, words(style.text(text)), style, width)
    if found.manual:
        lines += labelled("manual", words(manual_text(found.manual, page).removeprefix("manual ")), style, width)
    return "\n".join(lines) + "\n"


def labelled(label: str, row: tuple[Word, ...], style: Style, width: int) -> list[str]:
    """`  label     text …`, the text wrapped under itself."""
    head = f"  {label:<{LABEL - 2}}"
    first, *others = wrapped(row, width, LABEL, first=LABEL)
    return [style.faint(head) + first, *others]


def _attribute(item: Attribute, operational: str, style: Style, page: Page) -> Iterator[tuple[str, tuple[Word, ...]]]:
    yield "should be", _desired(item.desired, operational, style)
    if item.live is not None:
        agrees = item.live == item.desired.get(operational)
        verdict = "as it should be" if agrees else "differs"
        yield "is", (Word(value_text(item.live, style), style.good if agrees else style.moved), Word(f"({verdict})"))
    yield from _origin(item.origin, style)
    if item.rule:
        yield "rule", words(style.text(item.rule))
    if item.origin.setting:
        yield "setting", words(style.text(item.origin.setting))
    if item.origin.manual:
        yield "manual", words(manual_text(item.origin.manual, page).removeprefix("manual "))


def _desired(values: Mapping[str, Value], operational: str, style: Style) -> tuple[Word, ...]:
    """One value if it is the same on either side, else one for each side that may be operational."""
    shown = {side: value_text(value, style) for side, value in values.items()}
    if len(set(shown.values())) == 1:
        return (Word(next(iter(shown.values())), style.strong), Word("(whichever data centre is operational)"))
    first = sorted(shown, key=lambda side: side != operational)
    row = []
    for side in first:
        now = " (now)" if side == operational else ""
        row.append(Word(f"{shown[side]}", style.strong if now else str))
        row += words(f"while {side} is operational{now}" + ("" if side == first[-1] else ";"))
    return tuple(row)


def _origin(origin: Origin, style: Style) -> Iterator[tuple[str, tuple[Word, ...]]]:
    for item in origin.contributions:
        if not item.spans:
            yield "from", words(style.text(f"{item.path}: not in the site's files, the catalogue's default holds"))
            continue
        winner, *overridden = item.spans
        yield "from", (Word(style.text(f"{winner.file}:{winner.line}"), style.strong), Word(style.text(item.path)))
        for span in overridden:
            yield "", words(style.text(f"overrides {span.file}:{span.line}"), style.faint)
