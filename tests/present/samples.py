"""Plans and journals for the renderers: real plans of the example sites, and runs made up around them."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json, Override, Unknown, Value
from oceana_dr.plan.model import Finding, Plan, Step
from oceana_dr.store import records
from oceana_dr.store.records import Record
from tests.planning import plan_case, seed

PLAN_ID = "sha256:" + "0a03a1fc" * 8
"""A plan's own id moves with every word of the catalogue."""
BEGAN = datetime(2026, 3, 14, 1, 40, tzinfo=UTC)
META: Mapping[str, Json] = {
    "created_at": "2026-03-14T01:38:00+00:00",
    "tool": "oceana-dr",
    "observed_at": {},
    "proof_ms": 41,
    "compared": 111,
}
EDITED: Mapping[Ref, Value] = {
    Ref("dc1/smgr/cluster3/WebTextConnector#MaintenanceMode"): Override(True, "true"),
    Ref("shared/acm/UCAServer#API URL"): "https://aoc1.dc9.acme.example/services/UCAStoreService/uca",
}


@cache
def switchover(site: str) -> Plan:
    return replace(plan_case(site, "dc2").plan, id=PLAN_ID, meta=META)


@cache
def refused() -> Plan:
    """A move that one finding forbids for good, one unless it is overridden, and one only warns about."""
    findings = (
        Finding("dark-dc1/cm", "OD2006", "refuse", "dc1/cm cannot be read: unreachable"),
        Finding("approvals", "OD2020", "refuse", "1 of 2 approvals are there", overridable=True),
        Finding("old-ess", "OD2005", "warning", "dc2/ess was seen 3 h ago by a person"),
    )
    plan = switchover("acme")
    dark = {**plan.initial.resources, Address("dc1/cm"): Unknown("unreachable")}
    return replace(plan, findings=findings, initial=Estate(dark))


@cache
def observed() -> Plan:
    """A move for which a person looked at Communication Manager three hours before."""
    plan = switchover("acme")
    live = tuple(replace(item, source="operator") if item.address == "dc1/cm" else item for item in plan.live)
    return replace(plan, live=live, meta={**META, "observed_at": {"dc1/cm": "2026-03-13T22:38:00+00:00"}})


@cache
def nothing() -> Plan:
    return replace(plan_case("acme", "dc1").plan, meta=META)


@cache
def steady() -> Plan:
    """One value drifted since the last apply; the other was applied like that, and the site has changed."""
    applied = {Ref("shared/acm/UCAServer#API URL"): EDITED[Ref("shared/acm/UCAServer#API URL")]}
    case = plan_case("acme", "dc1", live=EDITED, baseline=seed("acme").with_values(applied))
    return replace(case.plan, meta=META)


@dataclass(frozen=True, slots=True)
class Entry:
    """A record in its place."""

    at: str
    estate_ms: int
    record: Record
    number: int = 0
    digest: str = ""


def numbered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """As a journal keeps them: in their places, each under a hash."""
    return tuple(
        replace(entry, number=number, digest=hashlib.sha256(f"{number}".encode()).hexdigest())
        for number, entry in enumerate(entries, 1)
    )


def journal(plan: Plan, *, upto: str | None = None) -> tuple[Entry, ...]:
    """A run in which one step follows the other, each at nine tenths of its median; `upto` stays in hand."""
    return numbered(_entries(plan, upto))


def _entries(plan: Plan, upto: str | None) -> Iterator[Entry]:
    now = 0
    yield _entry(now, records.RunStarted("20260314-014000-0a03a1fc", plan.id, plan.site, plan.scenario, "alice"))
    for step in plan.steps:
        yield _entry(now, records.Intent(step.id, 1, f"run/{step.id}/1"))
        if step.needs_person:
            yield _entry(now + 1, records.Asked(step.id, "sha256:question"))
        if step.id == upto:
            return
        seconds = max(1, step.estimate.p50 * 9 // 10)
        now += seconds
        if step.needs_person:
            yield _entry(now, records.Answered(step.id, _answer(step)))
        yield _entry(now, _done(step, seconds))
    yield _entry(now, records.Finished())


def _done(step: Step, seconds: int) -> records.Done:
    answer = _answer(step) if step.needs_person else None
    how = "acted" if step.verify else "attested" if step.needs_person else "waited"
    return records.Done(step.id, how, answer=answer, duration_ms=seconds * 1000)


def _answer(step: Step) -> dict[str, str]:
    second = {"second": "carol"} if step.instructions is not None and step.instructions.second_person else {}
    return {"outcome": "confirm", "by": "bob", **second, "observed": "as it should be"}


def _entry(seconds: int, record: Record) -> Entry:
    at = (BEGAN + timedelta(seconds=seconds)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return Entry(at, seconds * 1000, record)
