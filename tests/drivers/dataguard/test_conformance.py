"""The eight faults of a provider at a failover and a reinstatement; `tests/conformance` has the kit itself."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.conformance.acting import RULES as ACTING
from oceana_dr.conformance.bench import Bench
from oceana_dr.conformance.faulting import RULES
from oceana_dr.drivers.contract import ActRequest, Done, Outcome
from oceana_dr.drivers.dataguard.stand_in import StandIn, make_stand_in
from oceana_dr.drivers.dataguard.trial import dataguard_trial
from oceana_dr.drivers.dataguard.writer import DataGuardWriter, open_writer
from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.registry import find_driver
from oceana_dr.drivers.trial import Attempt
from oceana_dr.estate.action import RunProcedure
from oceana_dr.estate.address import Ref
from tests.dataguard_fixtures import FAILOVER, REINSTATE, setting

DC1, DC2 = Ref("dc1/oracle#Role"), Ref("dc2/oracle#Role")
BACK = RunProcedure("back-to-the-beginning", {})


class Once:
    """A trial of an act that may not be repeated; what undoes it is the test's own, no act of the driver."""

    secrets = ()
    against = "a stand-in that replays dialogues"

    def __init__(self, stand_in: StandIn, begins: str, attempt: Attempt) -> None:
        stand_in.state = begins
        self.setting: Setting[Any] = setting(stand_in)
        self.attempts = (attempt,)
        self.begins, self.stand_in = begins, stand_in

    def arrived(self) -> int | None:
        return len(self.stand_in.sent)

    def silence(self) -> AbstractContextManager[None] | None:
        return None

    def lock_out(self) -> AbstractContextManager[None] | None:
        return None


class _Undoing:
    def __init__(self, trial: Once, writer: DataGuardWriter) -> None:
        self._trial, self._writer = trial, writer

    def act(self, request: ActRequest) -> Outcome:
        if request.action == BACK:
            self._trial.stand_in.state = self._trial.begins
            return Done()
        return self._writer.act(request)


@contextmanager
def once(begins: str, attempt: Attempt) -> Iterator[Bench]:
    with tempfile.TemporaryDirectory() as folder:
        trial = Once(make_stand_in(Path(folder)), begins, attempt)
        bench = Bench(replace(find_driver("dataguard"), writer=None), trial)
        bench.writer = _Undoing(trial, open_writer(trial.setting))
        yield bench


FAILING_OVER = Attempt(
    "fail over", FAILOVER, before={DC2: "PHYSICAL STANDBY"}, after={DC2: "PRIMARY"}, undo=BACK, repeatable=False
)
REINSTATING = Attempt(
    "reinstate", REINSTATE, before={DC1: "PRIMARY"}, after={DC1: "PHYSICAL STANDBY"}, undo=BACK, repeatable=False
)


@pytest.mark.parametrize(("begins", "attempt"), [("lost", FAILING_OVER), ("mounted", REINSTATING)])
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.title.rpartition(": ")[2])
def test_a_fault_at_an_act_that_may_not_be_repeated_is_never_answered_by_sending_blindly(
    rule: Any, begins: str, attempt: Attempt
) -> None:
    with once(begins, attempt) as bench:
        assert "done in the end" in rule.test(bench)


def test_a_pair_of_ones_own_is_tested_by_its_own_names_and_never_silenced(tmp_path: Path) -> None:
    stand_in = make_stand_in(tmp_path / "oracle")
    dialogues = stand_in.folder / "dialogues.txt"
    text = dialogues.read_text("utf-8").replace("orcl_stby", "other").replace("orcl", "one").replace("other", "two")
    dialogues.write_text(text, "utf-8")
    databases: dict[str, Any] = {"one": {}, "two": {}}
    with dataguard_trial(setting(stand_in, databases=databases).options) as trial:
        assert (trial.against, trial.arrived(), trial.silence(), trial.lock_out()) == (
            "two databases of yours",
            None,
            None,
            None,
        )
        bench = Bench(find_driver("dataguard"), trial)
        assert {rule.id: rule.test(bench) for rule in ACTING[:1]} == {"W1": "1 acts read back, and back again"}
    assert stand_in.sent == ("one\tSWITCHOVER TO two", "two\tSWITCHOVER TO one")
