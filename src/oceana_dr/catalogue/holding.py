"""What holds an answer to the manual: the records that it names, and the state that follows from them.

In: the records of the source folder. Out: a state for each id that may be named, and for each answer; or a
`ValueError` with everything that does not fit. An answer must never say itself how far it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from oceana_dr.diagnostics.codes import ALL
from oceana_dr.diagnostics.diagnostic import Severity

OPEN: Final = "open"
# The strongest of what holds an answer counts: a refusal needs nobody's attention, a warning needs it most.
STRONGEST: Final = ("refused", "done", "operator", "warned")

Record = Mapping[str, Any]  # Any: YAML


@dataclass(frozen=True, slots=True)
class Records:
    """Whatever may hold an answer, as it stands in the source folder. `root` is where files are looked for."""

    settings: Sequence[Record]
    procedures: Sequence[Record]
    scenarios: Sequence[Record]
    orders: Sequence[Record]
    rules: Sequence[Record]
    invariants: Sequence[Record]
    observances: Sequence[Record]
    roots: Sequence[Path]

    @property
    def steps(self) -> Iterator[Record]:
        """The steps of all scenarios."""
        for scenario in self.scenarios:
            yield from scenario["steps"]


def holders(records: Records) -> dict[str, str]:
    """The state that each id gives to what it holds; one that stands for several steps (`P12`) has the strongest."""
    found: dict[str, str] = {}
    for name, state in _states(records):
        found[name] = strongest((state, *((found[name],) if name in found else ())))
    return found


def strongest(states: Iterable[str]) -> str:
    """The state of what is held by several."""
    return min(states, key=STRONGEST.index)


def state_of(answer: Record, known: Mapping[str, str], roots: Sequence[Path]) -> str:
    """The strongest of what holds it. A file of the product is `done`."""
    return strongest(known.get(name, "done") for name in answer["held_by"] if name in known or _is_file(name, roots))


def check_answers(answers: Iterable[Record], known: Mapping[str, str], roots: Sequence[Path]) -> None:
    """Raises `ValueError` that lists what holds an answer and is not there."""
    wrong = []
    for item in answers:
        missing = [name for name in item["held_by"] if name not in known and not _is_file(name, roots)]
        if missing:
            wrong.append(f"{item['id']} is held by what is not there: {', '.join(missing)}")
        if not item["held_by"]:
            wrong.append(f"{item['id']} is held by nothing")
    if wrong:
        raise ValueError("\n".join(wrong))


def procedure_state(item: Record) -> str:
    """Who carries a procedure out: a program, or a person."""
    return "operator" if item.get("driver") == "operator" else "done"


def rule_state(item: Record) -> str:
    """What a rule does with that which breaks it."""
    return "refused" if item["severity"] == "error" else "warned"


def _states(records: Records) -> Iterator[tuple[str, str]]:
    for item in records.settings:
        yield item["id"], "operator" if item["write"] == "operator" else "done"
    by_procedure = {item["id"]: procedure_state(item) for item in records.procedures}
    yield from by_procedure.items()
    for scenario in records.scenarios:
        yield scenario["id"], "done"
    for step in records.steps:
        by_person = "operator" if step["kind"] == "confirm" else "done"
        state = by_procedure.get(step.get("procedure", ""), by_person)
        yield from {(step["id"], state), (step["id"].partition(".")[0], state)}
        if "procedure" in step:
            yield step["procedure"], state
    for order in records.orders:
        yield from ((rule["id"], "done") for rule in order["rules"])
    for info in ALL.values():
        yield info.code, "refused" if info.severity is Severity.ERROR else "warned"
    for item in records.rules:
        yield from ((name, rule_state(item)) for name in (item["id"], item["code"]))
    for item in records.invariants:
        yield item["id"], "refused"
    for item in records.observances:
        yield item["id"], "operator" if item.get("ask") else "done"


def _is_file(name: str, roots: Sequence[Path]) -> bool:
    return "/" in name and any((root / name).is_file() for root in roots)
