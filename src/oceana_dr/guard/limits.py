"""How much a plan may change, and what it may not touch: every limit that it breaks, at once.

In: a plan, the addresses that its site can set, the limits that bind it. Out: findings, each to be overridden by name.
Counted are addresses: what one console page or one DNS name commits. A way back is never limited, and a move only by
what the site says of its scenario.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, address_of, attribute_of, below
from oceana_dr.guard.findings import REFUSE
from oceana_dr.plan.model import Finding, Kind, Plan, Step

LIMIT, PROTECTED, LOCKOUT = "OD2020", "OD2021", "OD2022"
FEWEST: Final = 10
"""A percentage says nothing about a handful."""
_DNS: Final = "shared/dns/"
_KEPT: Final = "TTL"
"""How long a name is remembered: another value leads nowhere else."""
_MOST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class KindLimit:
    """Most addresses, and most percent of those that can be set; None for no limit."""

    changes: int | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What binds one plan. `ways`: names under which a system is managed, with the key of the site that says so.

    `where`: what sets each limit, by `changes`, `percent-dns`, `protected`; for the message.
    """

    total: KindLimit = KindLimit()
    kinds: Mapping[str, KindLimit] = field(default_factory=dict)
    protected: tuple[str, ...] = ()
    ways: Mapping[str, str] = field(default_factory=dict)
    where: Mapping[str, str] = field(default_factory=dict)


def limit_findings(plan: Plan, settable: Collection[Address], limits: Limits) -> tuple[Finding, ...]:
    """Every limit that the plan breaks, each with what it counts; nothing for a plan that takes a run back."""
    if plan.undoes is not None:
        return ()
    changed = changed_addresses(plan.steps)
    return (
        *_counted(changed, settable, limits),
        *_protected(changed, limits),
        *_locked_out(plan.steps, limits),
    )


def changed_addresses(steps: Iterable[Step]) -> tuple[Address, ...]:
    """The addresses that steps set by themselves, in order: what follows from a step is not counted again."""
    found: dict[Address, None] = {}
    for step in steps:
        for address in _set_by(step):
            found.setdefault(address)
    return tuple(found)


def _set_by(step: Step) -> tuple[Address, ...]:
    if step.kind is not Kind.SET:
        return ()
    if isinstance(step.action, SetValues):
        return tuple(dict.fromkeys(address_of(reference) for reference in step.action.values))
    return () if step.address is None else (step.address,)


def kind_of(address: Address) -> str:
    """The part behind the side: what is counted together."""
    return address.split("/")[1] if "/" in address else address


def _counted(changed: tuple[Address, ...], settable: Collection[Address], limits: Limits) -> Iterator[Finding]:
    yield from _over("", changed, settable, limits.total, limits.where)
    for kind, limit in limits.kinds.items():
        mine = tuple(address for address in changed if kind_of(address) == kind)
        yield from _over(kind, mine, [item for item in settable if kind_of(item) == kind], limit, limits.where)


def _over(
    kind: str, changed: tuple[Address, ...], settable: Collection[Address], limit: KindLimit, where: Mapping[str, str]
) -> Iterator[Finding]:
    of, suffix = (f"{kind} ", f"-{kind}") if kind else ("", "")
    some = ", ".join(changed[:_MOST_NAMED]) + (" …" if len(changed) > _MOST_NAMED else "")
    if limit.changes is not None and len(changed) > limit.changes:
        yield _finding(
            f"limit-changes{suffix}",
            LIMIT,
            f"the plan changes {len(changed)} {of}addresses ({some}); at most {limit.changes} may be changed",
            where.get(f"changes{suffix}"),
        )
    share = 100 * len(changed) / len(settable) if settable else 0
    if limit.percent is not None and len(settable) >= FEWEST and share > limit.percent:
        yield _finding(
            f"limit-percent{suffix}",
            LIMIT,
            f"the plan changes {len(changed)} of {len(settable)} {of}addresses, {share:.0f} %; at most "
            f"{limit.percent} % may be changed",
            where.get(f"percent{suffix}"),
        )


def _protected(changed: tuple[Address, ...], limits: Limits) -> Iterator[Finding]:
    for address in changed:
        prefix = next((item for item in limits.protected if below(address, (item,))), None)
        if prefix is not None:
            by = "" if prefix == address else f" (all of {prefix} is)"
            yield _finding(
                f"protected-{address}",
                PROTECTED,
                f"{address} is protected{by}, and the plan changes it",
                limits.where.get("protected"),
            )


def _locked_out(steps: Iterable[Step], limits: Limits) -> Iterator[Finding]:
    """A DNS name is the way to what is managed under it: what it leads to after the change may not be there."""
    told: set[str] = set()
    for step in steps:
        values = step.action.values if isinstance(step.action, SetValues) and step.kind is Kind.SET else {}
        for reference in values:
            name = address_of(reference).removeprefix(_DNS)
            behind = limits.ways.get(name)
            leads = address_of(reference).startswith(_DNS) and attribute_of(reference) != _KEPT
            if behind is None or not leads or name in told:
                continue
            told.add(name)
            yield _finding(
                f"lockout-{_DNS}{name}",
                LOCKOUT,
                f"{step.id} changes the DNS name {name}, under which a system is managed ({behind}): after a mistake "
                "there nobody reaches it to mend it",
                None,
            )


def _finding(name: str, code: str, text: str, where: str | None) -> Finding:
    return Finding(name, code, REFUSE, f"{text} ({where})" if where else text, overridable=True)
