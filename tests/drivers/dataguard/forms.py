"""The answers of dgmgrl that lie in `forms/`, as text.

In: a file's name. Out: what dgmgrl printed, without the lines that name its source.
Each file begins with such lines; a test holds that.
"""

from __future__ import annotations

from pathlib import Path

FORMS = Path(__file__).with_name("forms")
NAMES = tuple(sorted(path.stem for path in FORMS.glob("*.txt")))


def heading(name: str) -> tuple[str, ...]:
    """The lines that say what it is, and from where."""
    lines = (FORMS / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line.startswith("# "))


def form(name: str) -> str:
    """The answer."""
    lines = (FORMS / f"{name}.txt").read_text("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("# "))
