"""What the crash matrix found, for people: counts by scenario and by goal, and every broken promise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.crash.runs import Figures
from tests.crash.tasks import Result

MOST_SHOWN = 20


def text(results: Sequence[Result]) -> str:
    """Everything."""
    return "\n".join(str(item.figures) for item in results[:3])


def of(results: Iterable[Result], goal: str) -> list[Result]:
    """The results of a goal."""
    return [item for item in results if item.task.goal == goal]


def together(results: Iterable[Result]) -> Figures:
    """All of them as one."""
    return sum((item.figures for item in results), Figures())


def verdict(results: Sequence[Result]) -> list[str]:
    """Everything that is not as it should be, a line each."""
    found = [line for item in results for line in item.figures.wrong]
    shown = found[:MOST_SHOWN]
    return [*shown, *([f"and {len(found) - MOST_SHOWN} more"] if len(found) > MOST_SHOWN else [])]
