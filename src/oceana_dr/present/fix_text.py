"""What `validate --fix` did and what it leaves to a person, as text.

In: files before and after, as data. Out: a summary of the fixes, and a unified diff of those that are not safe.
A line that holds a secret must never be shown: the same masks as in diagnostics lie over the diff.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.present.cells import show_text
from oceana_dr.present.masking import MASK, Masks, mask_suspect, masks_of
from oceana_dr.present.snippet import split_lines
from oceana_dr.present.style import Style

Shown = Callable[[str], str]


def render_fixed(done: Sequence[Diagnostic], style: Style, shown: Shown = str) -> str:
    """One line for each fix; empty text for none."""
    lines = []
    for item in done:
        if (fix := item.fix) is not None:
            place = f"{shown(fix.span.file)}:{fix.span.line}:{fix.span.column}"
            said = style.text(f"{place}: {item.message} → {fix.replacement}")
            lines.append(f"{style.good('fixed')}[{item.code}] {said}\n")
    return "".join(lines)


def render_proposed(
    changes: Iterable[tuple[str, str, str]], found: Iterable[Diagnostic], style: Style, shown: Shown = str
) -> str:
    """A unified diff of files (name, before, after); empty text for none."""
    changes = tuple(changes)
    texts = {file: split_lines(before) for file, before, _ in changes}
    masks = masks_of(found, lambda file: texts.get(file, ()))
    lines: list[str] = []
    for file, before, after in changes:
        plain = split_lines(before)
        old = _masked(file, plain, masks)
        new = _masked_after(plain, old, split_lines(after))
        name = shown(file)
        lines += _painted(difflib.unified_diff(old, new, name, name, n=1, lineterm=""), style)
    return "".join(f"{line}\n" for line in lines)


def _painted(diff: Iterable[str], style: Style) -> Iterator[str]:
    for line in diff:
        text = show_text(line, ascii_only=style.ascii)
        match line[:1]:
            case "+":
                yield style.good(text)
            case "-":
                yield style.bad(text)
            case _:
                yield text


def _masked(file: str, lines: Sequence[str], masks: Masks) -> list[str]:
    found = []
    for number, line in enumerate(lines, start=1):
        shown = line
        for start, end in reversed(masks.columns(file, number, line)):
            shown = shown[:start] + MASK + shown[end:]
        found.append(shown)
    return found


def _masked_after(before: Sequence[str], masked: Sequence[str], after: Sequence[str]) -> list[str]:
    """The lines as they would be: masked as before wherever they have moved to, and whole where one was changed."""
    shown = mask_suspect(after)
    found: list[str] = []
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for tag, first, last, start, end in matcher.get_opcodes():
        if tag == "equal":
            found += masked[first:last]
        elif before[first:last] != masked[first:last]:
            found += [MASK] * (end - start)
        else:
            found += shown[start:end]
    return found
