"""What a run tells while it runs: one typed event for everything a person at the screen wants to know.

In: the runner's doings. Out: events, and their JSON form, one object each.
An event must never be needed to resume: the journal alone is.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final, TypeAlias

from oceana_dr.estate.values import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class _Timed:
    """UTC time (ISO 8601), and seconds left along the critical path (median), both filled in by the runner."""

    at: str = ""
    left_s: int = 0


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
    """The run stops. `resumable`: the same command goes on; else the estate has moved away from the plan."""

    run: str
    reason: str
    done: int
    total: int
    in_doubt: tuple[str, ...] = field(default=())
    resumable: bool = True


@dataclass(frozen=True, slots=True)
class Finished(_Timed):
    """Every step is done, but for those that people skipped."""

    run: str
    duration_s: int
    total: int
    skipped: tuple[str, ...] = field(default=())


Event: TypeAlias = (
    RunStarted
    | StepStarted
    | StepWaiting
    | Asking
    | StepDone
    | StepSkipped
    | StepFailed
    | StopWished
    | LeftInDoubt
    | Stopped
    | Finished
)

_NAMES: Final[dict[type, str]] = {
    RunStarted: "run-started",
    StepStarted: "step-started",
    StepWaiting: "step-waiting",
    Asking: "asking",
    StepDone: "step-done",
    StepSkipped: "step-skipped",
    StepFailed: "step-failed",
    StopWished: "stop-wished",
    LeftInDoubt: "left-in-doubt",
    Stopped: "stopped",
    Finished: "finished",
}


def event_to_json(event: Event) -> dict[str, Json]:
    """`{"event": name, "at": …}` and the event's fields; tuples as lists."""
    found: dict[str, Json] = {"event": _NAMES[type(event)]}
    for item in fields(event):
        value = getattr(event, item.name)
        found[item.name] = list(value) if isinstance(value, tuple) else value
    return found
