"""The catalogue's records as types, still with their templates.

In: the compiled JSON. Out: frozen records whose predicates and values are JSON until they are bound.
Nothing here may decide anything: a record says what the manual says, and where.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from oceana_dr.estate.values import Json

if TYPE_CHECKING:
    from oceana_dr.catalogue.rules import Rule

Lines: TypeAlias = "tuple[tuple[int, int], ...]"

STEADY_STEP: Final = re.compile(r"A[0-9]{2,}")
"""Ids of steps that no scenario has: each plan numbers its own, one for each thing that differs."""


@dataclass(frozen=True, slots=True)
class AttributeType:
    """One attribute of a resource: its setting id, kind, desired value and a console's refusals.

    `kind`: config (declared and kept), lever (changes in a move), role (only a scenario may change
    it), observed (read only). `volatile` values move by themselves and make no plan stale. `words`
    are the literals a console shows for canonical values. `quiet` is what an unmanaged one reads in a quiet moment,
    where that is not the first of `allowed`; `{by_operational: …}` where it depends on the side in service.
    """

    label: str
    setting: str | None
    kind: str
    type: str
    allowed: tuple[Json, ...]
    desired: Json
    quiet: Json
    managed: bool
    readable: bool
    volatile: bool
    section: str
    words: Mapping[str, str]
    refuse: tuple[Json, ...]
    then: tuple[Json, ...]
    manual: Lines


@dataclass(frozen=True, slots=True)
class ResourceType:
    """What one console page commits at once, in one or both data centres.

    `write`: `auto`, by whichever driver serves it, or `operator`, by a person unless a site chooses otherwise. `off`:
    the attribute and value that mean switched off on purpose, and the condition under which not to answer is that.
    """

    id: str
    address: str
    title: str
    system: str
    write: str
    console: Mapping[str, str]
    select: Mapping[str, str]
    off: tuple[str, str, Json] | None
    attributes: tuple[AttributeType, ...]
    manual: Lines

    @property
    def driver(self) -> str:
        """Who acts on it where a site chooses nobody."""
        return "operator" if self.write == "operator" else "gateway"


@dataclass(frozen=True, slots=True)
class Procedure:
    """Something that can be run: refusals, the states passed through, and a person's clicks."""

    id: str
    title: str
    driver: str
    console: str
    clicks: tuple[str, ...]
    copy: tuple[tuple[str, str], ...]
    expect: str
    requires: tuple[Json, ...]
    moments: tuple[Json, ...]
    manual: Lines


@dataclass(frozen=True, slots=True)
class OrderRule:
    """Every step of `first` comes before every step of `then`, for this reason.

    `convenience`: the author knows that no invariant and no reading needs it; what it is good for, no state shows.
    """

    id: str
    first: tuple[str, ...]
    then: tuple[str, ...]
    reason: str
    manual: Lines
    convenience: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario's phases and steps (as data: `plan.transition` makes typed steps of them).

    `fits`: the condition on the live estate under which it is the one to choose; `at_rest`: whether, or under which
    further condition, also where every role is as it should be. `dark`: what need not answer, by address or what it
    begins with. `leaves`: attributes that stay as they are although the other side is in service.
    `barred`: conditions under which it must not be, with the reason and the rule. `undeclared`: not where people have
    declared something lost. `safe_start`: it may begin only on an estate on which every invariant holds.
    `unplanned`: nobody chose the moment, so it does not wait for a change window.
    """

    id: str
    title: str
    from_side: str
    to_side: str
    phases: tuple[tuple[str, str], ...]
    steps: tuple[Mapping[str, Json], ...]
    safe_start: bool
    unplanned: bool
    fits: Json = None
    at_rest: Json = False
    dark: tuple[str, ...] = ()
    undeclared: bool = False
    leaves: tuple[Json, ...] = ()
    barred: tuple[Mapping[str, Json], ...] = ()

    @property
    def moves(self) -> bool:
        """Whether contacts are taken by another data centre when it has ended."""
        return self.from_side != self.to_side

    def moves_from(self, side: str) -> bool:
        """Whether it is this data centre that another one takes contacts from."""
        return self.moves and self.from_side == side


@dataclass(frozen=True, slots=True)
class InvariantType:
    """An invariant as data: `safety.invariant` makes typed checks of it."""

    id: str
    title: str
    manual: Lines
    scenarios: tuple[str, ...]
    data: Mapping[str, Json]


@dataclass(frozen=True, slots=True, eq=False)  # one object each, so that what is made of it can be kept by it
class Catalogue:
    """A release: its id with the digest of its data, and every record by id.

    `mirrors` gives by scenario, for steps that put a side into service, the step whose undoing does so for the other.
    """

    id: str
    release: str
    topology: Mapping[str, str]
    channels: Mapping[str, str]
    resources: tuple[Mapping[str, Json], ...]
    procedures: Mapping[str, Mapping[str, Json]]
    scenarios: Mapping[str, Scenario]
    orders: Mapping[str, tuple[OrderRule, ...]]
    mirrors: Mapping[str, Mapping[str, str]]
    invariants: tuple[InvariantType, ...]
    dynamics: Mapping[str, Json]
    pages: Lines
    rules: tuple[Rule, ...] = ()
    fences: tuple[Mapping[str, Json], ...] = ()
    owed: tuple[Mapping[str, Json], ...] = ()
    timers: tuple[Mapping[str, Json], ...] = ()
    losses: tuple[Mapping[str, Json], ...] = ()

    def page(self, line: int) -> int:
        """The page of the manual that a line of its text stands on (that of the heading above it)."""
        return max((page for first, page in self.pages if first <= line), default=1)


def stands_for(name: str, step_id: str) -> bool:
    """Whether a name means this step: its id, or what its id begins with before a dot (`P12` is `P12.ucm`)."""
    return step_id == name or step_id.startswith(f"{name}.")


def lines(data: Any) -> Lines:  # Any: JSON that the catalogue build has checked
    """`[[from, to], …]` as tuples of line numbers of the manual."""
    return tuple((int(first), int(last)) for first, last in data or ())


def attribute_type(label: str, data: Mapping[str, Any]) -> AttributeType:  # Any: checked at build
    """Read one attribute record."""
    return AttributeType(
        label=label,
        setting=data.get("setting"),
        kind=data["kind"],
        type=data["type"],
        allowed=tuple(data.get("allowed", ())),
        desired=_without_when(data.get("desired")),
        quiet=data.get("quiet"),
        managed="desired" in data,
        readable=data.get("read", "auto") != "none",
        volatile=data.get("volatile", False),
        section=data.get("section", ""),
        words=data.get("words", {}),
        refuse=tuple(data.get("refuse", ())),
        then=tuple(data.get("then", ())),
        manual=lines(data.get("manual")),
    )


def _without_when(desired: Json) -> Json:
    """The value without the condition under which there is one: that was looked at when the record was pruned."""
    return {key: item for key, item in desired.items() if key != "when"} if isinstance(desired, dict) else desired


def resource_type(data: Mapping[str, Any]) -> ResourceType:  # Any: checked at build
    """Read one resource record (already pruned for a topology)."""
    off = data.get("off")
    return ResourceType(
        id=data["id"],
        address=data["address"],
        title=data["title"],
        system=data["system"],
        write=data.get("write", "auto"),
        console=data["console"],
        select=data.get("select", {}),
        off=(off["attribute"], off["value"], off.get("if")) if off else None,
        attributes=tuple(attribute_type(label, item) for label, item in data["attributes"].items()),
        manual=lines(data.get("manual")),
    )


def procedure(data: Mapping[str, Any]) -> Procedure:  # Any: checked at build
    """Read one procedure record (already pruned and expanded)."""
    return Procedure(
        id=data["id"],
        title=data["title"],
        driver=data["driver"],
        console=data["console"],
        clicks=tuple(data["clicks"]),
        copy=tuple((label, value) for label, value in data.get("copy", ())),
        expect=data.get("expect", ""),
        requires=tuple(data.get("requires", ())),
        moments=tuple(data["moments"]),
        manual=lines(data.get("manual")),
    )


def scenario(data: Mapping[str, Any]) -> Scenario:  # Any: checked at build
    """Read a scenario."""
    return Scenario(
        id=data["id"],
        title=data["title"],
        from_side=data["from"],
        to_side=data["to"],
        phases=tuple((phase["id"], phase["title"]) for phase in data["phases"]),
        steps=tuple(data["steps"]),
        safe_start=data.get("safe_start", False),
        unplanned=data.get("unplanned", False),
        fits=data.get("fits"),
        at_rest=data.get("at_rest", False),
        dark=tuple(data.get("dark", ())),
        undeclared=data.get("undeclared", False),
        leaves=tuple(data.get("leaves", ())),
        barred=tuple(data.get("barred", ())),
    )


def order_rule(data: Mapping[str, Any]) -> OrderRule:  # Any: checked at build
    """Read one pair rule."""
    return OrderRule(
        id=data["id"],
        first=tuple(data["first"]),
        then=tuple(data["then"]),
        reason=data["reason"],
        manual=lines(data.get("manual")),
        convenience=data.get("convenience", False),
    )


def invariant_type(data: Mapping[str, Any]) -> InvariantType:  # Any: checked at build
    """Read one invariant record."""
    return InvariantType(data["id"], data["title"], lines(data.get("manual")), tuple(data.get("scenarios", ())), data)
