"""Diagnostics as text for people, in the contract's form, and as one line each.

In: diagnostics and a way to get the text of a file. Out: text.
It must never show a secret: stretches that a never-echo code points at are masked in every line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from textwrap import wrap

from oceana_dr.diagnostics import Diagnostic, Severity
from oceana_dr.present.cells import show_text
from oceana_dr.present.masking import Masks, masks_of
from oceana_dr.present.snippet import Marked, draw_snippet, lines_shown, split_lines
from oceana_dr.present.style import Style

Sources = Callable[[str], str | None]
Shown = Callable[[str], str]


def render_text(
    diagnostics: Sequence[Diagnostic],
    sources: Sources,
    *,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
    color: bool = False,
    columns: int = 0,
    shown: Shown = str,
) -> str:
    """All diagnostics with their lines, a blank line between them; empty text for none.

    `sources` gives a file's text by the name that spans carry, or None; `shown` turns that name into
    the one to print (relative to the current folder). Lines of files are cut at `columns`, sentences are
    broken there; 0 for any width.
    """
    lines_of = cache(lambda file: _lines(sources(file)))  # each file once, however many problems it has
    style, masks = Style(ascii=ascii, color=color, columns=columns), masks_of(diagnostics, lines_of)
    blocks = ["\n".join(_block(item, lines_of, masks, style, shown)) for item in diagnostics]
    return "\n\n".join(blocks) + "\n" if blocks else ""


def render_concise(diagnostics: Sequence[Diagnostic], *, ascii: bool = False, shown: Shown = str) -> str:  # noqa: A002
    """One line each: `file:line:column: error[OD1101]: message`."""
    lines = []
    for item in diagnostics:
        place = f"{shown(item.span.file)}:{item.span.line}:{item.span.column}: " if item.span else ""
        lines.append(show_text(f"{place}{item.severity}[{item.code}]: {item.message}", ascii_only=ascii))
    return "".join(f"{line}\n" for line in lines)


def count_severities(diagnostics: Sequence[Diagnostic]) -> str:
    """`2 errors, 1 warning`; empty text for none."""
    parts = []
    for severity in Severity:
        number = sum(item.severity is severity for item in diagnostics)
        if number:
            parts.append(f"{number} {severity}{'' if number == 1 else 's'}")
    return ", ".join(parts)


def _lines(text: str | None) -> list[str]:
    return [] if text is None else split_lines(text)


def _block(
    item: Diagnostic, lines_of: Callable[[str], list[str]], masks: Masks, style: Style, shown: Shown
) -> Iterator[str]:
    paint = style.bad if item.severity is Severity.ERROR else style.doubtful
    head = paint(f"{item.severity}[{item.code}]")
    yield f"{head}{style.strong(show_text(f': {item.message}', ascii_only=style.ascii))}"
    files = _by_file(item)
    texts = {file: lines_of(file) for file in files}
    gutter = _gutter(files, texts)
    for file, marks in files.items():
        span = marks[0].label.span
        place = show_text(f"{shown(file)}:{span.line}:{span.column}", ascii_only=style.ascii)
        yield f"{style.dim(' ' * gutter + style.corner)} {place}"
        yield from draw_snippet(marks, texts[file], masks, style, gutter)
    for note in item.notes:
        yield from _sentence("", note, gutter, style)
    if item.help is not None:
        yield from _sentence("help", item.help, gutter, style)


def _sentence(word: str, text: str, gutter: int, style: Style) -> Iterator[str]:
    """A note or a help below the lines, broken between words where the terminal ends."""
    shown = show_text(f"{word}: {text}" if word else text, ascii_only=style.ascii)
    room = max(style.columns - gutter - 3, 20)
    lines = wrap(shown, room, break_long_words=False, break_on_hyphens=False) if style.columns else [shown]
    for index, line in enumerate(lines or [""]):
        sign = style.dim(f"{'':>{gutter}} =") if index == 0 else " " * (gutter + 2)
        said = style.strong(word) + line.removeprefix(word) if word and index == 0 else line
        yield f"{sign} {said}"


def _by_file(item: Diagnostic) -> dict[str, list[Marked]]:
    """Labels by file, the primary one's file first."""
    files: dict[str, list[Marked]] = {}
    for index, label in enumerate(item.labels):
        files.setdefault(label.span.file, []).append(Marked(label, index == 0))
    return files


def _gutter(files: dict[str, list[Marked]], texts: dict[str, list[str]]) -> int:
    """Width of the longest line number shown; two at least."""
    numbers = [number for file, marks in files.items() for number in lines_shown(marks, texts[file])]
    return max(2, len(str(max(numbers, default=0))))
