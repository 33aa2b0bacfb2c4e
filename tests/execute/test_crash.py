"""A crash at every file operation and around every call, one and two in a row, then the same command again."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from oceana_dr.execute.doubt import Doubts, Go
from oceana_dr.execute.log import RunLog
from oceana_dr.execute.ports import Ports, RunJournal
from oceana_dr.plan.model import Kind, Plan
from oceana_dr.store.journal import Entry
from oceana_dr.store.records import Intent, Record
from tests.execute.matrix import NewProcess, crash_matrix, torn_write
from tests.execute.plans import A_ROLE, BACKUP, C_ROLE, DARK, EMAIL, REACTIONS, plan_of, step, switchover
from tests.execute.world import in_world
from tests.store.memory_files import MemoryFiles


def estate_of(plan: Plan) -> NewProcess:
    setting = in_world(plan, REACTIONS, DARK)

    def process(journal: RunJournal) -> Ports:
        return setting.again().ports(journal)

    return process


KINDS = ("file-before", "file-torn", "file-after", "call-before", "call-after")


@pytest.mark.parametrize("kind", KINDS)
def test_after_any_crash_the_run_ends_as_without_it_and_nothing_is_done_twice(kind: str) -> None:
    plan = switchover()
    figures = crash_matrix(plan, lambda: estate_of(plan), only=lambda cut: cut.kind == kind)
    assert figures.wrong == []
    assert figures.crashes == figures.cases == figures.struck[kind] > 0


def test_nor_after_a_crash_while_going_on_from_a_crash() -> None:
    plan = plan_of(
        step("P05", Kind.SET, "I", {EMAIL: "x"}),
        step("P12", Kind.RUN, "N", ({BACKUP: "being written"}, {BACKUP: "current"}), "P05"),
        step("P23", Kind.RUN, "N", {C_ROLE: "primary"}, "P12", driver="operator"),
        step("P24", Kind.RUN, "N", {A_ROLE: "async"}, "P23", driver="operator", pair="P23"),
    )
    figures = crash_matrix(plan, lambda: estate_of(plan), part=(0, 3), twice=400)
    assert figures.wrong == []
    assert figures.crashes > figures.cases


def test_every_journal_write_cut_short_is_one_case_of_its_own() -> None:
    plan = plan_of(step("P05", Kind.SET, "I", {EMAIL: "x"}), step("P23", Kind.RUN, "N", {C_ROLE: "primary"}))
    figures = crash_matrix(plan, lambda: estate_of(plan), only=torn_write)
    assert figures.wrong == []
    assert figures.cases == 1 + 2 * 2 + 1, "run-started, intent and done of each step, finished"


def blind(*_: object) -> Go:
    return Go()


def forgetful(self: RunLog, record: Record, now_s: float | None = None) -> Entry | None:
    return None if isinstance(record, Intent) else WHOLE(self, record, now_s)


def unsynced(self: MemoryFiles, handle: int) -> None:
    self.operations.append(f"no fsync of {handle}")


WHOLE = RunLog.record
MUTANTS: list[tuple[type, str, Callable[..., object], str]] = [
    (Doubts, "_once", blind, "done 2 times"),
    (RunLog, "record", forgetful, "Stale|done 2 times"),
    (MemoryFiles, "fsync", unsynced, "done 2 times|Stale|is not done"),
]


@pytest.mark.parametrize(("kind", "name", "mutant", "found"), MUTANTS, ids=["no question", "no intent", "no fsync"])
def test_the_matrix_finds_a_runner_that_is_careless(
    monkeypatch: pytest.MonkeyPatch, kind: type, name: str, mutant: Callable[..., object], found: str
) -> None:
    plan = plan_of(step("P12", Kind.RUN, "N", {BACKUP: "current"}), step("P05", Kind.SET, "I", {EMAIL: "x"}, "P12"))
    monkeypatch.setattr(kind, name, mutant)
    figures = crash_matrix(plan, lambda: careless_estate(plan))
    assert any(re.search(found, wrong) for wrong in figures.wrong), figures


def careless_estate(plan: Plan) -> NewProcess:
    """An estate whose backup may be begun again: only the runner keeps it from that."""
    setting = in_world(plan)
    setting.gateway.hook = str

    def process(journal: RunJournal) -> Ports:
        ports = setting.again().ports(journal)
        setting.world.edit({BACKUP: "outdated"} if setting.world.performed["P05"] == 0 else {})
        return ports

    return process
