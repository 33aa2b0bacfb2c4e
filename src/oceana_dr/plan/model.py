"""What a plan file holds, as types: the one list that reviewer, runbook, drill and run all read.

In: built by `plan.build`, read back by `plan.codec`. Out: frozen data.
A field here is part of the contract: minor versions add, nothing is renamed, secrets never enter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from oceana_dr.diff.reason import Reason
from oceana_dr.estate.action import Action, Moment
from oceana_dr.estate.address import SIDES, Address, Ref, address_of, side_of
from oceana_dr.estate.estate import ABSENT, Estate
from oceana_dr.estate.predicate import Predicate
from oceana_dr.estate.values import Json, Unknown, Value

FORMAT_VERSION = "1.0"


SCENARIOS = (
    "initial-deployment",
    "planned-switchover",
    "unplanned-outage",
    "oceana-outage",
    "cm-outage",
    "split-wan",
    "recovery",
    "database-upgrade",
    "steady",
)
PHASES = ("prepare", "drain", "save", "stop", "management", "data", "start", "reopen", "verify")
OWN_DRIVERS = ("gateway", "operator")
"""Those that need not be chosen; every other one stands in `Plan.drivers`."""
SEVERITIES = ("refuse", "warning", "info")


class Kind(StrEnum):
    """What a step is; everything that reads steps matches over these five."""

    SET = "set"
    RUN = "run"
    WAIT = "wait"
    CONFIRM = "confirm"
    CHECK = "check"


class StepClass(StrEnum):
    """What resume may do with a step in doubt.

    I: idempotent. R: role change with read-back. N: not repeatable. H: a person's. V: verify, wait.
    """

    IDEMPOTENT = "I"
    ROLE = "R"
    ONCE = "N"
    HUMAN = "H"
    VERIFY = "V"


@dataclass(frozen=True, slots=True)
class Cause:
    """A line of the site's source that a step or value comes from."""

    file: str
    line: int


@dataclass(frozen=True, slots=True)
class Change:
    """Attributes of the step's address before and after, and why."""

    before: Mapping[str, Value]
    after: Mapping[str, Value]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds, at the median and at the 95th percentile."""

    p50: int
    p95: int


@dataclass(frozen=True, slots=True)
class Instructions:
    """What a person does at a console: where, the clicks, the values to copy, what to see then.

    `apart_from`: steps whose people may not confirm this one: they must not have seen the same with the same eyes.
    """

    console: str
    clicks: tuple[str, ...]
    copy: tuple[tuple[str, str], ...] = ()
    expect: str = ""
    second_person: bool = False
    apart_from: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """What must be so right before a step, also where it moves by itself, and the invariant that says it.

    `waivable`: two people may let the step go on without it, with a reason.
    """

    rule: str
    condition: Predicate
    waivable: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do or to wait for.

    `expect` must read back before the step, `verify` after it (waits and checks: `condition`).
    `requires` is read right before the step, whatever was seen when the plan was made or earlier in it.
    Without a way to undo it, `irreversible` says why there is no way back from here, `no_inverse` why a
    rollback has nothing to do about it. `moments` are the states the estate passes through, which the
    proof walks; `effects` are their sum without the step's own change. `pair` names the step that this
    one must follow without a stop. `attested`: what of `verify` no driver can read back, and what of `condition` and
    `requires` none reads: a person's word is all there is of it.
    """

    id: str
    kind: Kind
    step_class: StepClass
    title: str
    address: Address | None
    driver: str
    estimate: Estimate
    after: tuple[str, ...] = ()
    change: Change | None = None
    effects: Mapping[Ref, Value] = field(default_factory=dict)
    action: Action | None = None
    procedure: str | None = None
    manual: tuple[tuple[int, int], ...] = ()
    expect: Mapping[Ref, Value] = field(default_factory=dict)
    verify: Mapping[Ref, Value] = field(default_factory=dict)
    condition: Predicate | None = None
    requires: tuple[Requirement, ...] = ()
    timeout_s: int = 3600
    irreversible: str | None = None
    inverse: tuple[Action, ...] = ()
    no_inverse: str | None = None
    cause: tuple[Cause, ...] = ()
    rules: tuple[str, ...] = ()
    moments: tuple[Moment, ...] = ()
    pair: str | None = None
    instructions: Instructions | None = None
    attested: tuple[Ref, ...] = ()

    @property
    def touches(self) -> frozenset[Address]:
        """Every address that the step changes or must read back."""
        references = {*self.effects, *self.expect, *self.verify}
        own = frozenset({self.address}) if self.address else frozenset()
        return own | frozenset(address_of(reference) for reference in references)

    @property
    def proven(self) -> Mapping[Ref, Value]:
        """What of `verify` has to read back."""
        word = self.attested
        return {name: value for name, value in self.verify.items() if name not in word} if word else self.verify

    @property
    def needs_person(self) -> bool:
        """Whether a person has to act or answer for this step."""
        return self.kind is Kind.CONFIRM or self.driver == "operator"


@dataclass(frozen=True, slots=True)
class Phase:
    """A stretch of the plan that people talk about; the phases partition the steps."""

    id: str
    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a guard says about a plan. A `refuse` without an override means exit 3.

    `way`: the steps that lead to what is wrong, by id; `details`: line by line, what the message has no room for.
    """

    id: str
    code: str
    severity: str
    message: str
    overridable: bool = False
    way: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outage:
    """How long a channel turns contacts away: the steps that close and open it, and seconds.

    No closing step: it is closed already when the plan begins. No opening step: it stays closed when
    the plan has ended, and the seconds are those up to then.
    """

    closed_by: str | None
    opened_by: str | None
    p50_s: int
    p95_s: int


@dataclass(frozen=True, slots=True)
class Behind:
    """A step that cannot be undone and was done before this plan was made, and why there is no way back from it."""

    step: str
    irreversible: str


@dataclass(frozen=True, slots=True)
class Owed:
    """What still has to be done where a fence is in force, and the step of recovery that does it."""

    id: str
    title: str
    address: Address
    step: str
    manual: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Timer:
    """A time that runs from the end of a step: `limit_s` (None: the site does not say), warnings before it.

    `bounded_by`: a reading in hours that can make it shorter. `stopped_by`: the steps that end it, also of another
    scenario.
    """

    id: str
    title: str
    started_by: str
    limit_s: int | None
    warn_s: tuple[int, ...]
    bounded_by: Ref | None
    stopped_by: tuple[str, ...]
    manual: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Loss:
    """What of one component is lost by a failover: everything newer than a copy, by what its age or lag reads."""

    id: str
    component: str
    ref: Ref
    value: Value
    unit: str
    means: str


@dataclass(frozen=True, slots=True)
class Skipping:
    """What it means to leave a step out: the invariants that it touches, by id with their titles; `barred` says why it
    must not be, and is empty where it may."""

    touches: Mapping[str, str]
    barred: str = ""


@dataclass(frozen=True, slots=True)
class LiveRead:
    """How one resource was read for this plan; `attributes` are those that must not have moved since."""

    address: Address
    fingerprint: str
    source: str
    attributes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProofRecord:
    """The proof's figures: `checked` invariants over `states` states; ids of what was not checkable.

    `violations` counts the invariants that the plan breaks; `inherited` names those that do not hold
    before its first step. All others hold in every reachable state. `parallel` counts the pairs of steps
    that may run together and for which it makes no difference which one is first.
    """

    checked: int
    not_applicable: tuple[str, ...]
    attested: tuple[str, ...]
    states: int
    violations: int
    inherited: tuple[str, ...] = ()
    parallel: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where the desired state came from: commit if any, whether changed since, digest of the files."""

    commit: str | None
    dirty: bool
    digest: str


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole plan. `id` is over everything but itself and `meta`; `undoes` names the run it takes back.

    `behind`: what was done already and cannot be undone, the first one first. `lost`: what people declared lost, by
    address or what it begins with. `losses`: what a failover costs in data. `drivers`: the site's choice of drivers, by
    address or what it begins with.
    """

    id: str
    catalogue: str
    source: Source
    site: str
    scenario: str
    from_side: str
    to_side: str
    desired_digest: str
    bindings: Mapping[str, str]
    initial: Estate
    live: tuple[LiveRead, ...]
    phases: tuple[Phase, ...]
    steps: tuple[Step, ...]
    findings: tuple[Finding, ...]
    outage: Mapping[str, Outage]
    contacts_rejected_s: int
    proof: ProofRecord
    owed: tuple[Owed, ...] = ()
    timers: tuple[Timer, ...] = ()
    losses: tuple[Loss, ...] = ()
    lost: tuple[str, ...] = ()
    undoes: str | None = None
    behind: tuple[Behind, ...] = ()
    drivers: Mapping[str, str] = field(default_factory=dict)
    meta: Mapping[str, Json] = field(default_factory=dict)

    def step(self, step_id: str) -> Step:
        """The step of this id; raises `KeyError`."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    @property
    def collectable(self) -> tuple[Owed, ...]:
        """What is owed in a data centre, where it can be done now: its system answers again."""
        resources = self.initial.resources
        return tuple(
            item
            for item in self.owed
            if side_of(item.address) in SIDES and not isinstance(resources.get(item.address, ABSENT), Unknown)
        )

    @property
    def refused(self) -> bool:
        """Whether a finding forbids to run this plan as it is."""
        return any(finding.severity == "refuse" for finding in self.findings)
