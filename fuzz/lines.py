"""How much of the code a set of inputs reaches, in lines.

In: a target and inputs. Out: for each module of interest, lines reached and lines there are.
It must never change what the target does: it only watches.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import oceana_dr

PACKAGE = Path(oceana_dr.__file__).parent


def reached(
    target: Callable[[bytes], None], inputs: Iterable[bytes], parts: Iterable[str]
) -> dict[str, tuple[int, int]]:
    """By module (`source/text.py`): lines of functions that were run, and all that there are."""
    files = {str(path): path for part in parts for path in sorted(PACKAGE.glob(part))}
    seen: dict[str, set[int]] = {name: set() for name in files}

    def watch(frame: FrameType, event: str, _: Any) -> Any:
        lines = seen.get(frame.f_code.co_filename)
        if lines is None:
            return None
        if event == "line":
            lines.add(frame.f_lineno)
        return watch

    for data in inputs:
        sys.settrace(watch)
        try:
            with suppress(Exception):  # a finding is reported by who looks for findings
                target(data)
        finally:
            sys.settrace(None)
    result = {}
    for name, path in files.items():
        there = _function_lines(compile(path.read_text("utf-8"), name, "exec"), inside=False)
        result[path.relative_to(PACKAGE).as_posix()] = (len(seen[name] & there), len(there))
    return result


def _function_lines(code: CodeType, *, inside: bool) -> set[int]:
    """Lines of functions; those of modules and class bodies run on import, whatever is fed."""
    lines = {line for _, _, line in code.co_lines() if line and line != code.co_firstlineno} if inside else set[int]()
    for part in code.co_consts:
        if isinstance(part, CodeType):
            is_function = bool(part.co_flags & 0x2)  # CO_NEWLOCALS without a class's form: functions only
            lines |= _function_lines(part, inside=inside or (is_function and part.co_flags & 0x1 != 0))
    return lines
