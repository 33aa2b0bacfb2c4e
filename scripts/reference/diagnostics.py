"""`diagnostics.md`: every diagnostic code, as `explain` shows it, and diagnostics as JSON.

In: the codes. Out: one page.
A code must never be left out: whoever meets it looks for it here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from oceana_dr.diagnostics.codes import ALL, CodeInfo
from scripts.reference.markdown import fence, manual, page, prose, table

JSON_FIELDS: Final[Sequence[tuple[str, str]]] = (
    ("`code`, `name`", "the code, and its name for people"),
    ("`severity`", "`error` or `warning`"),
    ("`message`", "what is wrong, in one sentence"),
    (
        "`file`, `line`, `column`, `end_line`, `end_column`",
        "the place, the file from the project's root; null if it has none",
    ),
    ("`labels`", "list of places with a `text`: first the same place, then those it has to do with"),
    ("`notes`", "list of sentences that say why it matters"),
    ("`help`", "what to write instead, or null"),
    ("`fix`", "a place, its `replacement`, and whether it is `safe` (`--fix` writes it); or null"),
)


def diagnostics_page() -> str:
    """Every diagnostic code."""
    return page(
        "Diagnostics",
        f"The {len(ALL)} codes that `validate` and `plan` know. `oceana-dr explain CODE` shows the same on the "
        "terminal. A code never changes its meaning. Line numbers are those of the manual's text.",
        "## As JSON",
        "`validate --format json` prints a list with an object for each diagnostic. Fields are added in time; none "
        "changes its meaning or goes away. Lines and columns count from 1, columns in code points; the end "
        "column is the one behind the last character. There is never a line of a file in it.",
        table(("field", "is"), JSON_FIELDS),
        *(_diagnostic(info) for info in ALL.values()),
    )


def _diagnostic(info: CodeInfo) -> str:
    parts = [f"## {info.code}: {prose(info.title)}", f"*{info.severity.value}* · `{info.name}`"]
    parts += [prose(part) for part in info.explanation.split("\n\n")]
    parts += [
        f"{label}:\n\n{fence(example)}" for label, example in (("Wrong", info.wrong), ("Right", info.right)) if example
    ]
    if info.manual:
        parts.append(f"Manual: lines {manual(info.manual)}")
    return "\n\n".join(parts)
