"""Approvals in a state: each document once, of its plan, in both databases, and brought from one to the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from oceana_dr.store import schema
from oceana_dr.store.approvals import Approvals, Row
from oceana_dr.store.baseline import Baseline, read_baseline, write_baseline
from oceana_dr.store.handover import Brought, hand_over
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.state import State, local_state
from tests.store.test_database import ESTATE
from tests.store.test_refusals import RECORD

AT = "2026-11-29T01:40:00Z"
ONE = Row("sha256:01", b'{"a": 1}', AT)
TWO = Row("sha256:01", b'{"a": 2}', "2026-11-29T01:41:00Z")
ELSE = Row("sha256:02", b'{"a": 1}', AT)


def test_asking_creates_nothing(tmp_path: Path) -> None:
    approvals = Approvals(local_state(tmp_path / "state").database)
    assert approvals.of_plan("acme", "sha256:01") == ()
    assert approvals.plan_before("acme", "sha256:01") is None
    approvals.bring("acme", ())
    assert not (tmp_path / "state").exists()


def test_each_is_kept_once_and_seen_by_every_machine(make_state: Callable[[str], State]) -> None:
    for name in ("ops1", "ops2"):
        Approvals(make_state(name).database).bring("acme", (TWO, ONE, ELSE))
    approvals = Approvals(make_state("ops3").database)
    assert approvals.of_plan("acme", "sha256:01") == (ONE, TWO)
    assert approvals.of_plan("acme", "sha256:02") == (ELSE,)
    assert approvals.of_plan("globex", "sha256:01") == ()


def test_they_pass_between_a_machine_and_its_team(state: State, tmp_path: Path) -> None:
    here = local_state(tmp_path / "alone").database
    Approvals(here).bring("acme", (ONE,))
    Approvals(state.database).bring("acme", (TWO,))
    Approvals(here).keep_plan("acme", ONE.plan, b"a plan", AT)
    assert hand_over(here, state.database, "acme", frozenset()) == Brought(
        baseline=False, observations=0, approvals=1, refusals=0
    )
    assert not hand_over(here, state.database, "acme", frozenset()).anything, "a second time nothing is new"
    hand_over(state.database, here, "acme", frozenset())
    assert Approvals(state.database).plan_before("acme", "sha256:03") == b"a plan"
    assert Approvals(here).rows("acme") == Approvals(state.database).rows("acme") == (ONE, TWO)


def test_the_plan_that_was_approved_before_this_one(state: State) -> None:
    approvals = Approvals(state.database)
    for number, plan in enumerate(("sha256:01", "sha256:02", "sha256:01")):
        approvals.keep_plan("acme", plan, f"file of {plan}".encode(), f"2026-11-29T01:4{number}:00Z")
    assert approvals.plan_before("acme", "sha256:03") == b"file of sha256:01"
    assert approvals.plan_before("acme", "sha256:01") == b"file of sha256:02"
    assert approvals.plan_before("globex", "sha256:03") is None


@pytest.mark.parametrize("reads_first", [True, False])
def test_a_state_of_before_approvals_gets_its_tables(
    state: State, monkeypatch: pytest.MonkeyPatch, reads_first: bool
) -> None:
    with monkeypatch.context() as older:
        older.setattr(schema, "VERSION", 2)
        older.setattr(schema, "_PARTS", schema._PARTS[:1])
        write_baseline(state.database, "acme", Baseline(ESTATE, None, AT))
        with state.database.reading() as connection:
            assert connection is not None
            assert schema.version_of(connection, "it") == 2
    if reads_first:
        assert Approvals(state.database).rows("acme") == ()
    Refusals(state.database).add("acme", RECORD, at=AT)
    Approvals(state.database).bring("acme", (ONE,))
    assert [entry.record for entry in Refusals(state.database).all("acme")] == [RECORD]
    assert Approvals(state.database).rows("acme") == (ONE,)
    assert read_baseline(state.database, "acme") == Baseline(ESTATE, None, AT)
