"""What is done about the manual, counted: a line for each kind, then what is open.

In: rows of kind, id, state, where. Out: text.
What is open must never be left out of the counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Protocol, TypeVar

from oceana_dr.present.layout import words, wrapped

STATES: Final = ("done", "refused", "warned", "operator", "open")
WORDS: Final = {
    "done": "done or read back by the program",
    "refused": "a rule refuses what breaks it",
    "warned": "a rule warns of what breaks it",
    "operator": "a person does or confirms it",
    "open": "nothing yet",
}
MOST_OPEN: Final = 12
WIDTH: Final = 80
SEVERITIES: Final = ("high", "medium", "low")


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


Row = TypeVar("Row", bound=Covered)


def render_coverage(rows: Sequence[Covered], severities: Mapping[str, str]) -> str:
    """A table of counts, the meaning of the states, and the first of what is open, by kind.

    `severities`: how severe each defect is, by id; defects are counted by it, too.
    """
    kinds = sorted({row.kind for row in rows})
    lines = ["kind        " + "".join(f"{state:>9}" for state in (*STATES, "all"))]
    for kind in kinds:
        of_kind = [row for row in rows if row.kind == kind]
        lines.append(_counted(kind, of_kind))
        if kind == "defect":
            lines += [_counted(f"  {name}", found) for name, found in by_severity(of_kind, severities)]
    lines += [
        "",
        *(f"{state:<9} {words}" for state, words in WORDS.items()),
        "",
        *wrapped(words(_summary(rows, severities)), WIDTH, 0),
    ]
    for kind in kinds:
        names = [row.id for row in rows if row.kind == kind and row.state == "open"]
        if names:
            more = f", and {len(names) - MOST_OPEN} more" if len(names) > MOST_OPEN else ""
            lines += ["", f"{kind}s that are open: {', '.join(names[:MOST_OPEN])}{more}"]
    return "\n".join(lines) + "\n"


def _summary(rows: Sequence[Covered], severities: Mapping[str, str]) -> str:
    """How much of the manual is answered: the low mistakes, aliases and spellings, are counted apart."""
    found = Counter(row.kind for row in rows)
    low = sum(row.kind == "defect" and severities[row.id] == "low" for row in rows)
    kinds = [f"{found[kind]} {kind}s" for kind in sorted(found) if kind != "defect"]
    kinds.append(f"{found['defect'] - low} defects of high and medium severity and {low} low ones (aliases, spellings)")
    still = sum(row.state == "open" for row in rows)
    return f"{f'{still} open' if still else 'Nothing is open'} of {', '.join(kinds)}."


def by_severity(rows: Sequence[Row], severities: Mapping[str, str]) -> Iterator[tuple[str, list[Row]]]:
    """The defects of each severity, the gravest first."""
    for name in SEVERITIES:
        yield name, [row for row in rows if severities[row.id] == name]


def counts(rows: Sequence[Covered]) -> list[int]:
    """How many are in each state, and how many there are."""
    found = Counter(row.state for row in rows)
    return [*(found[state] for state in STATES), len(rows)]


def _counted(head: str, rows: Sequence[Covered]) -> str:
    return f"{head:<12}" + "".join(f"{number:>9}" for number in counts(rows))
