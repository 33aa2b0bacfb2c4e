"""What a run tells while it runs: one typed event for everything a person at the screen wants to know.

In: the runner's doings. Out: events, and their JSON form, one object each. The published schema is made of these
types: a field that is taken away or changes its meaning needs a new major `FORMAT`.
An event must never be needed to resume: the journal alone is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final, TypeAlias

from oceana_dr.estate.values import Json

FORMAT: Final = "1.0"
"""Version of the lines: a minor one adds types and fields, and readers pass over what they do not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Timed:
    """UTC time (ISO 8601), and seconds left along the critical path (median), both filled in by the runner."""

    at: str = ""
    left_s: int = 0


@dataclass(frozen=True, slots=True)
class Called(_Timed):
    """Somebody gave the command; nothing is known yet but what it was given. The first line of every call."""

    target: str
    operator: str
    tool: str


@dataclass(frozen=True, slots=True)
class NotBegun(_Timed):
    """The plan is not run: it is refused, stale or locked, or no window is open. The last line of a call."""

    reason: str
    hint: str
    exit_code: int
    findings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlreadyDone(_Timed):
    """The plan was run to its end by an earlier call, and the estate still agrees. The last line of a call."""

    total: int


@dataclass(frozen=True, slots=True)
class RunStarted(_Timed):
    """The run begins, or goes on: `done` of `total` steps are behind it."""

    run: str
    plan: str
    site: str
    done: int
    total: int
    resumed: bool


@dataclass(frozen=True, slots=True)
class StepStarted(_Timed):
    """A step is in hand; `attempt` counts from 1."""

    step: str
    title: str
    attempt: int


@dataclass(frozen=True, slots=True)
class StepWaiting(_Timed):
    """How a wait goes, in words: what is not so yet."""

    step: str
    text: str


@dataclass(frozen=True, slots=True)
class Asking(_Timed):
    """A person is asked."""

    step: str
    title: str
    console: str
    text: str
    second_person: bool


@dataclass(frozen=True, slots=True)
class StepClaimed(_Timed):
    """What people at other terminals do about a question: claimed, handed over, released, signed, answered.

    `to` is who gets it when it is handed over; `place` is the machine at which it was said.
    """

    step: str
    act: str
    by: str
    to: str
    place: str
    until: str


@dataclass(frozen=True, slots=True)
class StepAnswered(_Timed):
    """An answer counts: what was said, by whom, and who stood beside them."""

    step: str
    outcome: str
    by: str
    second: str


@dataclass(frozen=True, slots=True)
class WindowOverrun(_Timed):
    """The change window has ended, and the run goes on: its site says `window_end: finish`. `ended`: when it did."""

    ended: str


@dataclass(frozen=True, slots=True)
class StepDone(_Timed):
    """A step is done: how that is known, and how long it took on the estate's clock."""

    step: str
    title: str
    how: str
    duration_s: int
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class StepSkipped(_Timed):
    """Two people left a step out, and gave up these invariants for it; it is not done."""

    step: str
    title: str
    by: str
    second: str
    reason: str
    waived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StepFailed(_Timed):
    """A step was not done, or nobody knows; `in_doubt` tells which."""

    step: str
    title: str
    reason: str
    in_doubt: bool


@dataclass(frozen=True, slots=True)
class StopWished(_Timed):
    """A stop was asked for; these steps are finished first."""

    reason: str
    finishing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LeftInDoubt(_Timed):
    """The process leaves at once; nobody knows of these steps whether they are done."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stopped(_Timed):
    """The run stops. `resumable`: the same command goes on; else the estate has moved away from the plan.

    The last line of a call, as `finished` is.
    """

    run: str
    reason: str
    done: int
    total: int
    in_doubt: tuple[str, ...] = field(default=())
    resumable: bool = True
    exit_code: int = 4


@dataclass(frozen=True, slots=True)
class Finished(_Timed):
    """Every step is done, but for those that people skipped. The last line of a call."""

    run: str
    duration_s: int
    total: int
    skipped: tuple[str, ...] = field(default=())


Event: TypeAlias = (
    Called
    | NotBegun
    | AlreadyDone
    | RunStarted
    | StepStarted
    | StepWaiting
    | Asking
    | StepClaimed
    | StepAnswered
    | WindowOverrun
    | StepDone
    | StepSkipped
    | StepFailed
    | StopWished
    | LeftInDoubt
    | Stopped
    | Finished
)

TYPES: Final[Mapping[str, type[Event]]] = {
    "called": Called,
    "not-begun": NotBegun,
    "already-done": AlreadyDone,
    "run-started": RunStarted,
    "step-started": StepStarted,
    "step-waiting": StepWaiting,
    "asking": Asking,
    "step-claimed": StepClaimed,
    "step-answered": StepAnswered,
    "window-overrun": WindowOverrun,
    "step-done": StepDone,
    "step-skipped": StepSkipped,
    "step-failed": StepFailed,
    "stop-wished": StopWished,
    "left-in-doubt": LeftInDoubt,
    "stopped": Stopped,
    "finished": Finished,
}
"""Every type of line by its name, in the order in which people meet them."""

LAST: Final = (NotBegun, AlreadyDone, Stopped, Finished)
"""One of these ends every call, unless its process is killed."""

_NAMES: Final[dict[type, str]] = {kind: name for name, kind in TYPES.items()}


def event_to_json(event: Event) -> dict[str, Json]:
    """`{"type": name, "at": …}` and the event's fields; tuples as lists."""
    found: dict[str, Json] = {"type": _NAMES[type(event)]}
    for item in fields(event):
        value = getattr(event, item.name)
        found[item.name] = list(value) if isinstance(value, tuple) else value
    return found


def line_to_json(event: Event, seq: int, *, run: str | None, plan: str | None) -> dict[str, Json]:
    """A line of the stream: `seq` counts those of one call, from 1; `run` and `plan` are None before they are known."""
    told = event_to_json(event)
    head: dict[str, Json] = {"format_version": FORMAT, "seq": seq, "at": told.pop("at"), "type": told.pop("type")}
    return {**head, "run": run, "plan": plan, **{name: value for name, value in told.items() if name not in _HEAD}}


_HEAD: Final = {"run", "plan"}
