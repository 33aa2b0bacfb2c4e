"""The lock of a site and the journal of a run, for as long as a plan is run.

In: a state, a plan with the bytes of its file, who runs it. Out: what a run holds, given back at the end.
The lock is taken before anything is looked at, and kept alive until everything is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from oceana_dr.diagnostics import OceanaError
from oceana_dr.operations.earlier import open_doubts
from oceana_dr.plan.model import Plan
from oceana_dr.store.database import Database
from oceana_dr.store.journal import Journal
from oceana_dr.store.lease import Lease
from oceana_dr.store.lock import LEASE
from oceana_dr.store.locks import acquire
from oceana_dr.store.records import Finished, Inherited
from oceana_dr.store.runs import RunFiles, digest_of_plan
from oceana_dr.store.state import State


@dataclass(frozen=True, slots=True)
class Held:
    """What a run holds while it lasts; `database` takes writes only while the lock is ours."""

    database: Database
    place: RunFiles
    journal: Journal
    lease: Lease
    inherited: tuple[Inherited, ...]

    @property
    def is_finished(self) -> bool:
        """Whether the run has come to its end."""
        return any(isinstance(entry.record, Finished) for entry in self.journal.entries)


@contextmanager
def lock(state: State, plan: Plan, operator: str, *, length: timedelta = LEASE) -> Iterator[Lease]:
    """Take the lock of the plan's site, and keep it alive; raises `StateLocked`."""
    lease = acquire(state.database, plan.site, who=operator, why=f"apply {plan.id[:19]}", lease=length)
    with lease.kept(), _given_back(lease):
        yield lease


@contextmanager
def open_run(state: State, plan: Plan, plan_file: bytes, lease: Lease) -> Iterator[Held]:
    """The plan's unfinished run, or a new one, under a lock."""
    runs = state.runs
    earlier = runs.of_plan(plan.site, plan.id, digest_of_plan(plan_file))
    place = earlier.files if earlier else runs.begin(plan.site, plan.id, plan_file, datetime.now(UTC))
    lease.name_run(place.run)
    journal = runs.open(place, lease)
    try:
        yield Held(lease.fenced, place, journal, lease, open_doubts(runs, plan.site, place.run))
    finally:
        journal.close()


@contextmanager
def _given_back(lease: Lease) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(OceanaError):  # a lock that is left behind runs out: nobody waits for it for long
            lease.release()
