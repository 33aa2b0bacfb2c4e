"""`apply` proves a plan once: what may have changed by the time that the lock is in hand is asked again."""

import json
from pathlib import Path

import pytest

from oceana_dr.operations import clearing
from oceana_dr.operations.planfile import Verdict, verify_plan
from oceana_dr.plan.model import Plan
from tests.end_to_end.hostile import Inside, changed


def test_apply_proves_a_plan_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    proven: list[str] = []

    def counted(plan: Plan) -> Verdict:
        proven.append(plan.id)
        return verify_plan(plan)

    monkeypatch.setattr(clearing, "verify_plan", counted)
    inside = Inside(tmp_path, capsys, monkeypatch)
    edit = ("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    assert inside.call(*edit)[0] == 0
    assert inside.call("plan", "acme", "-o", "plan.json")[0] == 0
    plan = json.loads(Path("plan.json").read_text())
    assert proven == []
    inside.program.answers(plan)
    assert inside.call("apply", "plan.json", "--yes", "--answers", "answers.json")[0] == 0
    assert proven == [plan["id"]]
    inside.write(changed(plan, ("proof", "states"), 1))
    assert inside.call("apply", "bad.json", "--yes")[0] == 3
    assert len(proven) == 2
