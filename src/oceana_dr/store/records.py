"""What a journal tells: one typed record for everything that matters in a run.

In: what the runner does. Out: JSON payloads of version 1, and the records again.
A record must never hold a secret's text; a reader ignores what a later minor version added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Any, Final, TypeAlias

from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Json, Value, from_json, to_json

VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run begins: which plan (its id, and the digest of the copy beside the journal), by whom.

    `undoes` is the run that a rollback takes back; nothing goes on with that one once this is finished. `previous` is
    the run of the site before this one, `previous_head` the last hash of its journal then: one head stands for all.
    """

    run: str
    plan: str
    site: str
    scenario: str
    operator: str
    plan_copy: str = ""
    undoes: str = ""
    previous: str = ""
    previous_head: str = ""


@dataclass(frozen=True, slots=True)
class Resumed:
    """A process took the run up again."""

    operator: str


@dataclass(frozen=True, slots=True)
class Override:
    """A person accepted a finding, or a time outside the window, with a reason."""

    finding: str
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Approved:
    """An approval that counted when the run was begun or gone on with: whose, in which role, by which key, until when.

    `digest` is that of the approval as the state keeps it.
    """

    by: str
    role: str
    principal: str
    key: str
    expires: str
    digest: str


@dataclass(frozen=True, slots=True)
class Turned:
    """A person was kept from running a plan: why, by which findings, and what they asked to have overridden.

    `asked` holds the findings named, whether the window was among them, and the reason given. A run takes along what
    was refused before it: `refused_at` is when that was, `origin` the number and hash of its record among the refusals.
    """

    plan: str
    scenario: str
    by: str
    reason: str
    exit_code: int
    findings: Mapping[str, Json] = field(default_factory=dict)
    asked: Mapping[str, Json] = field(default_factory=dict)
    refused_at: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Inherited:
    """An earlier run of the site was interrupted in this step, and nobody knows whether it was done.

    `key` is that of its last attempt there: a target that still works on it can be asked.
    """

    step: str
    run: str
    key: str

    @property
    def reason(self) -> str:
        """Why it is in doubt."""
        return f"run {self.run} was interrupted in it"


@dataclass(frozen=True, slots=True)
class Intent:
    """The step is about to be done; durable before anything is sent or asked."""

    step: str
    attempt: int
    key: str


@dataclass(frozen=True, slots=True)
class Done:
    """The step is done: how that is known, what read back, and how long it took on the estate's clock."""

    step: str
    how: str
    values: Mapping[Ref, Value] = field(default_factory=dict)
    answer: Mapping[str, Json] | None = None
    evidence: Mapping[str, Json] = field(default_factory=dict)
    duration_ms: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """The step was not done; `clean` when it is known that nothing was changed."""

    step: str
    reason: str
    clean: bool


@dataclass(frozen=True, slots=True)
class InDoubt:
    """Nobody knows whether the step was done."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nobody was there to answer; `clean` when nobody can have acted on the question."""

    step: str
    reason: str
    clean: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A person is being asked; the digest is over the whole question."""

    step: str
    question: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What the person said."""

    step: str
    answer: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody at another terminal did about a question: claimed, handed over, released, signed, answered.

    `to` is who gets it; `place` is the machine at which it was said, `said` when (by the state's clock).
    """

    step: str
    act: str
    by: str
    to: str = ""
    place: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A remark of a person at a step; it changes nothing.

    At another terminal: `place` is its machine, `said` when (by the state's clock).
    """

    step: str
    by: str
    text: str
    place: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Overran:
    """The change window ended at this time, and the run went on, as its site says."""

    ended: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Two people left the step out, with a reason, and gave up these invariants for it. It is not done."""

    step: str
    by: str
    second: str
    reason: str
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """A person decided about a step in doubt: `run` it again, or `verify` what they finished by hand."""

    step: str
    choice: str
    by: str
    second: str | None = None
    read_back: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stopped:
    """The process leaves the run; it can be resumed. `exit_code` is the command's."""

    reason: str
    exit_code: int


@dataclass(frozen=True, slots=True)
class Finished:
    """Every step is done; what the plan's attributes read at the end."""

    values: Mapping[Ref, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A record of a later minor version: kept, and ignored."""

    type: str


Record: TypeAlias = (
    RunStarted
    | Resumed
    | Override
    | Approved
    | Turned
    | Inherited
    | Intent
    | Done
    | Failed
    | InDoubt
    | Waiting
    | Asked
    | Answered
    | Claim
    | Note
    | Overran
    | Skipped
    | Decision
    | Stopped
    | Finished
    | Unrecognised
)

_TYPES: Final[Mapping[str, type[Any]]] = {
    "run-started": RunStarted,
    "resumed": Resumed,
    "override": Override,
    "approved": Approved,
    "turned-away": Turned,
    "inherited": Inherited,
    "intent": Intent,
    "done": Done,
    "failed": Failed,
    "unknown": InDoubt,
    "waiting": Waiting,
    "asked": Asked,
    "answered": Answered,
    "claim": Claim,
    "note": Note,
    "overran": Overran,
    "skipped": Skipped,
    "decision": Decision,
    "stopped": Stopped,
    "finished": Finished,
}
_NAMES: Final = {kind: name for name, kind in _TYPES.items()}
_SHAPES: Final[Mapping[str, tuple[type, ...]]] = {
    "str": (str,),
    "int": (int,),
    "bool": (bool,),
    "str | None": (str, type(None)),
    "Mapping[str, Json]": (dict,),
    "Mapping[str, Json] | None": (dict, type(None)),
    "Mapping[Ref, Value]": (dict,),
    "tuple[str, ...]": (list,),
}


def type_of(record: Record) -> str:
    """By which name a record of this kind is written."""
    return record.type if isinstance(record, Unrecognised) else _NAMES[type(record)]


def record_to_json(record: Record) -> dict[str, Json]:
    """`{"v": 1, "type": …}` and the record's fields."""
    found: dict[str, Json] = {"v": VERSION, "type": _NAMES[type(record)]}
    for item in fields(record):
        value = getattr(record, item.name)
        if item.type == "Mapping[Ref, Value]":
            found[item.name] = {reference: to_json(value[reference]) for reference in sorted(value)}
        else:
            found[item.name] = plain(value)
    return found


def record_from_json(data: object) -> Record:
    """The inverse of `record_to_json`; raises `ValueError` for what no version 1 writes."""
    match data:
        case {"v": 1, "type": str() as name} if isinstance(data, dict):
            kind = _TYPES.get(name)
            return Unrecognised(name) if kind is None else _read(kind, name, data)
        case {"v": version}:
            raise ValueError(f"it is of version {version!r}; this program reads version {VERSION}")
        case _:
            raise ValueError("it is not a record")


def _read(kind: type[Any], name: str, data: Mapping[str, Any]) -> Record:
    values: dict[str, Any] = {}
    for item in fields(kind):
        if item.name not in data:
            if item.default is MISSING and item.default_factory is MISSING:
                raise ValueError(f"a `{name}` record has no `{item.name}`")
            continue
        value = data[item.name]
        if not isinstance(value, _SHAPES[str(item.type)]) or (item.type == "int" and isinstance(value, bool)):
            raise ValueError(f"`{item.name}` of a `{name}` record is a {type(value).__name__}")
        if item.type == "Mapping[Ref, Value]":
            values[item.name] = {Ref(reference): from_json(inner) for reference, inner in data[item.name].items()}
        elif item.type == "tuple[str, ...]":
            values[item.name] = tuple(str(inner) for inner in data[item.name])
        else:
            values[item.name] = value
    record: Record = kind(**values)
    return record


def plain(data: object) -> Json:
    """Anything a driver or a person handed in, as JSON that has one canonical form."""
    match data:
        case None | bool() | int():
            return data
        case str():
            # A lone surrogate (undecodable input of a terminal) has no UTF-8 form.
            return data.encode("utf-8", "replace").decode()
        case Mapping():
            return {str(plain(str(key))): plain(value) for key, value in data.items()}
        case list() | tuple():
            return [plain(item) for item in data]
        case _:
            return str(data)
