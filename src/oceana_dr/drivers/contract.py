"""What every driver offers: reading, acting, and the estate's clock.

In: addresses, or a request that holds one action of a plan. Out: readings and outcomes as data.
A driver must never retry an act by itself, and never call something done that it did not verify.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias, runtime_checkable

from oceana_dr.estate.action import Action
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Json, Unknown, Value
from oceana_dr.plan.model import Skipping


@dataclass(frozen=True, slots=True)
class Reading:
    """One resource as it was found: canonical values or why it is dark, by whom, when (ISO 8601, UTC)."""

    address: Address
    resource: Attributes | Unknown
    source: str
    observed_at: str


@dataclass(frozen=True, slots=True)
class ActRequest:
    """One action to carry out. `key` is `<run>/<step>/<attempt>`; a target that knows keys does a key once.

    `token` is the fencing token of the lock it is done under: a target that checks it refuses a smaller one than it
    has seen. `before` is what the plan found there: a target that can compare and set refuses where it is otherwise.
    """

    key: str
    step: str
    action: Action
    actor: str
    token: int | None = None
    before: Mapping[Ref, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Done:
    """The target says that it is done; the runner still reads back."""

    evidence: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Declined:
    """The console refused; nothing was changed."""

    message: str
    rule: str = ""


class Denied(Exception):
    """On the way to an act: it is not done, nothing was changed, and why. A writer makes a `Declined` of it."""

    def __init__(self, message: str, rule: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule

    @property
    def declined(self) -> Declined:
        """What the runner is told."""
        return Declined(self.message, self.rule)


@dataclass(frozen=True, slots=True)
class InDoubt:
    """It was sent and no answer came, or the answer says neither: read back before anything else."""

    reason: str


Outcome: TypeAlias = Done | Declined | InDoubt


class Reader(Protocol):
    """Reads resources; never writes. Unreachable is an answer (`Unknown`), not an exception."""

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        """The resources named, or every resource of the site; raises `SystemUnavailable` when the
        endpoint itself does not answer."""
        ...


class Writer(Protocol):
    """Carries out one action and says how it went."""

    def act(self, request: ActRequest) -> Outcome:
        """Blocks until the target has settled; raises nothing for a refusal or a lost answer."""
        ...


@runtime_checkable
class Settling(Writer, Protocol):
    """A writer that can look up an earlier act by its key."""

    def settle(self, key: str) -> Outcome | None:
        """How that act ended, waited for while the target works on it; None if it never arrived."""
        ...


class EstateClock(Protocol):
    """The time of the estate, which in a lab runs faster than ours."""

    def now(self) -> float:
        """Seconds of the estate's clock since its epoch."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait so many seconds of the estate's clock; returns early when a stop was asked for."""
        ...


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file that somebody keeps as evidence: where they have it, its SHA-256 in hexadecimal, its size in bytes.

    What stands in it stays where it is.
    """

    path: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person said: `confirm`, `fail`, `cannot` or `skip`, who, who else, what was seen.

    Who skips says why, as `reason`, and signs for the invariants given up, as `waiver`. `done_at`: that it was done
    before it was asked for, from the paper runbook, at this time (in their words); `done_by`, by whom.
    """

    outcome: str
    by: str
    second: str | None = None
    observed: str = ""
    evidence: str = ""
    reason: str = ""
    waiver: tuple[str, ...] = ()
    files: tuple[EvidenceFile, ...] = ()
    done_by: str = ""
    done_at: str = ""


class Elsewhere(Protocol):
    """The desk at which people of other terminals and machines see the question, claim it and answer it."""

    def look(self) -> Answer | None:
        """The answer that somebody gave there. The first look puts the question there."""
        ...

    @property
    def claimed(self) -> str:
        """Who works on it there, since the last look, in words; nothing if nobody does."""
        ...

    def settle(self, answer: Answer) -> Answer:
        """The answer that counts: this one, or one given there before it; raises `Claimed` while it is another's."""
        ...

    def offer(self, answer: Answer) -> str | None:
        """Put an answer there for a second person to sign: how they do that, or None where it cannot be put there.

        Raises `Claimed` while it is another's.
        """
        ...


class Claimed(Exception):
    """Somebody else has claimed the question and answers it: an answer from here does not count."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked at a step: where, what to click, what to copy, what to see.

    `waives`: confirming gives up these invariants for this step; such an answer needs its reason in `observed`.
    `apart_from`: by step, who has confirmed it and may not confirm here. `skip`: what leaving the step out would mean,
    worked out when somebody wants to; None where there is nothing to be left out. `elsewhere`: where others may answer
    while somebody is asked here. `pages`: of the manual. `unread`: nothing reads back what this leads to, so that the
    answer is all there is. `away`: the run stood still during this time, and the paper runbook may have been used.
    `note`: takes a remark, by whom, and keeps it with the step; None where nothing can be kept.
    """

    step: str
    title: str
    text: str
    console: str
    clicks: tuple[str, ...]
    copy: tuple[tuple[str, str], ...]
    expect: str
    second_person: bool
    read_back: Mapping[str, str] = field(default_factory=dict)
    waives: tuple[str, ...] = ()
    apart_from: Mapping[str, str] = field(default_factory=dict)
    skip: Callable[[], Skipping] | None = field(default=None, compare=False)
    elsewhere: Elsewhere | None = field(default=None, compare=False)
    pages: str = ""
    unread: bool = False
    away: str = ""
    note: Callable[[str, str], object] | None = field(default=None, compare=False)


class QuestionLeft(Exception):
    """The person saw the question and left it without an answer: a stop came, or the terminal is gone."""


class People(Protocol):
    """Whoever answers: a file, a lab's crew, a terminal. None means nobody can answer here."""

    def ask(self, question: Question) -> Answer | None:
        """The answer; None if nobody saw the question; raises `QuestionLeft` if somebody did and left."""
        ...


class Hands(Protocol):
    """A lab's person at a console: does what was confirmed. Real estates have none: people do it."""

    def perform(self, action: Action, by: str) -> Outcome:
        """Carry out the action as this person."""
        ...
