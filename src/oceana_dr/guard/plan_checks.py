"""What a rule may ask of a plan's steps: selectors and a closed set of checks, read from the catalogue.

In: JSON of a rule's `check`. Out: typed checks, or `ValueError` for anything that is not in the set.
A selector must never name a step by its place in the list: plans grow, ids and procedures stay.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TypeAlias

from oceana_dr.catalogue.model import stands_for
from oceana_dr.estate.address import address_of, attribute_of
from oceana_dr.estate.values import Json, Override, Value, effective, from_json
from oceana_dr.plan.model import Step

_TEXTS = ("id", "procedure", "address", "sets", "kind", "driver", "reason", "says")
_OTHERS = ("to", "class", "override")


@dataclass(frozen=True, slots=True)
class Selector:
    """Steps by what they are; empty fields say nothing. `to` counts only with `sets`; `override` is true for steps
    that tick Override Default wherever they set an attribute, false for those that do not; `says` is one of the clicks.
    """

    id: str = ""
    procedure: str = ""
    address: str = ""
    sets: str = ""
    to: Value = None
    kind: str = ""
    step_class: str = ""
    driver: str = ""
    reason: str = ""
    says: str = ""
    override: bool | None = None

    def matches(self, step: Step) -> bool:
        """Whether the step is one of these; an id also names its parts (P12 names P12.ucm)."""
        return (
            (not self.id or stands_for(self.id, step.id))
            and (not self.procedure or fnmatchcase(step.procedure or "", self.procedure))
            and (not self.kind or step.kind.value == self.kind)
            and (not self.step_class or step.step_class.value == self.step_class)
            and (not self.driver or step.driver == self.driver)
            and (not self.reason or (step.change is not None and step.change.reason.value == self.reason))
            and (
                not self.says
                or any(self.says in click for click in (step.instructions.clicks if step.instructions else ()))
            )
            and (self.override is None or self.override is _overrides(step))
            and self._touches(step)
        )

    def _touches(self, step: Step) -> bool:
        if not self.sets:
            return not self.address or fnmatchcase(step.address or "", self.address)
        changed = [
            (step.address or "", label, value) for label, value in (step.change.after if step.change else {}).items()
        ]
        changed += [(address_of(name), attribute_of(name), value) for name, value in step.effects.items()]
        return any(
            label == self.sets
            and (not self.address or fnmatchcase(address, self.address))
            and (self.to is None or effective(value) == self.to)
            for address, label, value in changed
        )


Selectors: TypeAlias = "tuple[Selector, ...]"


@dataclass(frozen=True, slots=True)
class Precedes:
    """Every step of `first` has ended before any of `then` begins; by the order, not by the place in the list."""

    first: Selectors
    then: Selectors


@dataclass(frozen=True, slots=True)
class Needs:
    """For each step of `of` there is one of `some`, `before` it or after it."""

    of: Selectors
    some: Selectors
    before: bool


@dataclass(frozen=True, slots=True)
class Contains:
    """The plan has such a step."""

    some: Selectors


@dataclass(frozen=True, slots=True)
class Reaches:
    """The condition holds when every step is done: brought about by the plan, or so before it."""

    condition: Json


@dataclass(frozen=True, slots=True)
class Never:
    """The plan has no such step."""

    steps: Selectors


@dataclass(frozen=True, slots=True)
class Between:
    """Nothing of `never` can run after `start` has begun and before `end` has ended."""

    start: Selectors
    end: Selectors
    never: Selectors


@dataclass(frozen=True, slots=True)
class Amid:
    """Where a step of `start` comes before one of `end`, one of `some` comes between them."""

    start: Selectors
    end: Selectors
    some: Selectors


@dataclass(frozen=True, slots=True)
class Each:
    """Every step of `of` is also one of `are`, and waits at least `least_wait_s` seconds."""

    of: Selectors
    are: Selectors
    least_wait_s: int


@dataclass(frozen=True, slots=True)
class Notice:
    """Nothing is demanded: it is good to know of every such plan."""


@dataclass(frozen=True, slots=True)
class Only:
    """The check counts in this topology and in these scenarios only (empty: all)."""

    when: tuple[str, ...]
    scenarios: tuple[str, ...]
    check: PlanCheck


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[PlanCheck, ...]


PlanCheck: TypeAlias = "Precedes | Needs | Contains | Reaches | Never | Between | Amid | Each | Only | Notice | AllOf"


def check_from(data: object) -> PlanCheck:  # noqa: C901, PLR0911, PLR0912 - one case a check
    """Read a check; raises `ValueError` for one that is not in the set."""
    match data:
        case {"only": dict() as only, **check} if only and only.keys() <= {"when", "scenarios"}:
            return Only(tuple(only.get("when", ())), tuple(only.get("scenarios", ())), check_from(check))
        case {"precedes": {"first": first, "then": then}}:
            return Precedes(selectors(first), selectors(then))
        case {"needs": {"of": of, "before": some}}:
            return Needs(selectors(of), selectors(some), before=True)
        case {"needs": {"of": of, "after": some}}:
            return Needs(selectors(of), selectors(some), before=False)
        case {"contains": some}:
            return Contains(selectors(some))
        case {"reaches": condition}:
            return Reaches(condition)
        case {"never": steps}:
            return Never(selectors(steps))
        case {"between": {"start": start, "end": end, "never": never}}:
            return Between(selectors(start), selectors(end), selectors(never))
        case {"amid": {"start": start, "end": end, "some": some}}:
            return Amid(selectors(start), selectors(end), selectors(some))
        case {"each": {"of": of, **others}} if others.keys() <= {"are", "least_wait_s"} and others:
            least = others.get("least_wait_s", 0)
            assert isinstance(least, int)
            return Each(selectors(of), selectors(others["are"]) if "are" in others else (), least)
        case {"notice": True}:
            return Notice()
        case {"all": [*parts]} if parts:
            return AllOf(tuple(check_from(part) for part in parts))
        case _:
            raise ValueError(f"not a check of a plan: {data!r}")


def selectors(data: object) -> Selectors:
    """One selector or a list of them: an id (`P12`), or a mapping of what the step is."""
    items = data if isinstance(data, list) else [data]
    return tuple(_selector(item) for item in items)


def select(wanted: Selectors, steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps that one of the selectors matches."""
    return tuple(step for step in steps if any(selector.matches(step) for selector in wanted))


def _selector(data: object) -> Selector:
    match data:
        case str():
            return Selector(id=data)
        case dict() if data and data.keys() <= {*_TEXTS, *_OTHERS}:
            texts = {key: str(data.get(key, "")) for key in _TEXTS}
            return Selector(
                **texts,
                to=from_json(data.get("to")),
                step_class=str(data.get("class", "")),
                override=data.get("override"),
            )
        case _:
            raise ValueError(f"not a selector of steps: {data!r}")


def _overrides(step: Step) -> bool | None:
    """Whether every value that the step sets comes with its Override Default box ticked; None if it sets none."""
    if step.change is None:
        return None
    return all(isinstance(value, Override) and value.override for value in step.change.after.values())
