"""What is done about the manual, counted: a line for each kind, then what is open.

In: rows of kind, id, state, where. Out: text.
What is open must never be left out of the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, Protocol

STATES: Final = ("done", "refused", "warned", "operator", "open")
WORDS: Final = {
    "done": "done or read back by the program",
    "refused": "a rule refuses what breaks it",
    "warned": "a rule warns of what breaks it",
    "operator": "a person does or confirms it",
    "open": "nothing yet",
}
MOST_OPEN: Final = 12


class Covered(Protocol):
    """One item of the manual; a row of `catalogue.observances` is one."""

    @property
    def kind(self) -> str:
        """`setting`, `procedure`, `constraint`, `limitation` or `defect`."""
        ...

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def state(self) -> str:
        """One of `STATES`."""
        ...


def render_coverage(rows: Sequence[Covered]) -> str:
    """A table of counts, the meaning of the states, and the first of what is open, by kind."""
    kinds = sorted({row.kind for row in rows})
    counts = Counter((row.kind, row.state) for row in rows)
    lines = ["kind        " + "".join(f"{state:>9}" for state in (*STATES, "all"))]
    for kind in kinds:
        each = [counts[kind, state] for state in STATES]
        lines.append(f"{kind:<12}" + "".join(f"{number:>9}" for number in (*each, sum(each))))
    lines += ["", *(f"{state:<9} {words}" for state, words in WORDS.items())]
    for kind in kinds:
        names = [row.id for row in rows if row.kind == kind and row.state == "open"]
        if names:
            more = f", and {len(names) - MOST_OPEN} more" if len(names) > MOST_OPEN else ""
            lines += ["", f"{kind}s that are open: {', '.join(names[:MOST_OPEN])}{more}"]
    return "\n".join(lines) + "\n"
