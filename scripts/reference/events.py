"""`events.md`: every line of `apply --json` and `--events`, from the types that the schema is made of.

In: the event types and their words. Out: one page.
A type or a field must never be left out: the schema has them all.
"""

from __future__ import annotations

from oceana_dr.execute.events import LAST, TYPES
from oceana_dr.operations.event_schema import HEAD, WORDS, own_fields, told
from scripts.reference.markdown import page, prose, table

_HEAD = """
`oceana-dr apply … --json` writes one JSON object a line on standard output, and nothing else; what people read goes to
standard error. `--events FILE` appends the same lines to a file while you watch the terminal. `oceana-dr schema events`
prints the JSON Schema of a line. [Follow a run](../how-to/follow-a-run.md) shows both at work.

- The first line, `called`, comes at once, before anything is read.
- Every call ends with exactly one of {ends}, unless its process is killed.
- Minor versions add types and fields: pass over what you do not know, and refuse another major version.
- A line tells what stands in the journal already. The journal is what a run goes on from; these lines are for who
  watches, and are never read by the program.
- The file is appended to, a whole line by one call of the system, and not synced to the disk. Several calls may write
  to one file: `called` begins each. If it is moved or removed, it is made anew with the next line.
- A full disk, a folder that is gone, a reader that is slow or has left never hold up or stop a run. That is told once
  on standard error; what could not be written is kept (10,000 lines) and tried again with the next line. Half a line
  that a full disk left stands alone: pass over a line that is no JSON.
"""


def events_page() -> str:
    """The whole page."""
    ends = [f"`{name}`" for name, kind in TYPES.items() if kind in LAST]
    listed = f"{', '.join(ends[:-1])} or {ends[-1]}"
    parts = [_HEAD.format(ends=listed).strip(), "## In every line"]
    parts.append(table(("field", "what it says"), [(f"`{name}`", prose(words)) for name, words in HEAD.items()]))
    for name, kind in TYPES.items():
        rows = [(f"`{item.name}`", _SHAPES[str(item.type)], prose(WORDS[item.name])) for item in own_fields(kind)]
        parts += [f"## `{name}`", prose(told(kind)), table(("field", "is", "what it says"), rows)]
    return page("Events of a run", *parts)


_SHAPES = {
    "str": "text",
    "int": "number",
    "bool": "true or false",
    "tuple[str, ...]": "list of texts",
    "Mapping[str, str]": "texts by id",
}
