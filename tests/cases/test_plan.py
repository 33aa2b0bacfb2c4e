"""One folder a case: what the site says, what is live, and the plan that comes of it.

`case.json`: `site`, `operational`, and optionally `edits` of the site file, `start` (`nothing` or dc1 `alone`, in place
of the seed), `live` values that differ from it, `baseline` (`seed`, or nothing), `done` (steps of the whole switchover
done already), `scenario`, `without` (order rules that the catalogue shall not have), `dark` (addresses or what they
begin with, and why), `lost`.
`plan.json`: the plan file, without `meta`, `id` and `catalogue`; `outline.txt`: the same at a glance.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.estate.address import Address, Ref, below
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, from_json, show
from oceana_dr.plan.codec import encode_plan, read_plan, write_text
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import open_project
from oceana_dr.twin.transitions import after
from tests.golden_files import Golden
from tests.planning import copy_project, edit, plan_case, seed, without_order
from tests.scenarios.blank import alone, nothing

FOLDER = Path(__file__).parent / "plan"
NOISE = {"meta", "id", "catalogue"}  # they change with every word of the catalogue
STARTS = {"nothing": nothing, "alone": alone}
CASES = sorted(path.name for path in FOLDER.iterdir())


def run_case(file: Path, folder: Path) -> Plan:
    case = json.loads(file.read_text("utf-8"))
    root = copy_project(folder)
    edit(root / "sites" / case["site"] / "site.yaml", *[(old, new) for old, new in case.get("edits", [])])
    site = prepare_site(open_project(root), case["site"], case.get("operational"), Cache(None))
    begin = STARTS[case["start"]](plan_case(case["site"], "dc1").compiled) if "start" in case else seed(case["site"])
    live = begin.with_values({Ref(name): from_json(value) for name, value in case.get("live", {}).items()})
    whole = plan_case(case["site"], "dc2")
    for step in whole.plan.steps:
        if step.id in case.get("done", []):
            live = after(live, step.moments)
    live = darken(live, case.get("dark", {}))
    baseline = seed(case["site"]) if case.get("baseline") == "seed" else None
    found = plan_case(
        case["site"],
        case.get("operational", "dc1"),
        live=live,
        baseline=baseline,
        scenario=case.get("scenario"),
        site_files=site,
        catalogue=without_order("planned-switchover", *case["without"]) if "without" in case else None,
        lost=tuple(case.get("lost", [])),
    )
    return found.plan


def darken(live: Estate, dark: dict[str, str]) -> Estate:
    gone = {
        address: Unknown(reason)
        for prefix, reason in dark.items()
        for address in (*live.resources, Address(prefix))
        if below(address, (prefix,))
    }
    gone = {address: reason for address, reason in gone.items() if "/" in address}
    return Estate({**live.resources, **gone})


def outline(plan: Plan) -> str:
    lines = [f"{plan.site} {plan.scenario} {plan.from_side} → {plan.to_side}: {len(plan.steps)} steps"]
    for step in plan.steps:
        change = step.change
        what = (
            ", ".join(f"{label} {show(change.before[label])} → {show(value)}" for label, value in change.after.items())
            if change
            else step.title
        )
        why = f" [{change.reason}]" if change and change.reason != "transition" else ""
        lines.append(f"  {step.id} {step.kind} {step.address}: {what}{why} after {', '.join(step.after) or 'nothing'}")
    lines += [f"  ! {item.severity} {item.code} {item.message}" for item in plan.findings]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, tmp_path: Path, golden: Golden) -> None:
    plan = run_case(FOLDER / name / "case.json", tmp_path)
    document: dict[str, Any] = {key: value for key, value in encode_plan(plan).items() if key not in NOISE}
    golden(FOLDER / name / "outline.txt", outline(plan))
    if plan.scenario == "planned-switchover" and not plan.refused and "done" not in name:
        golden(FOLDER / name / "plan.json", json.dumps(document, ensure_ascii=False, indent=1) + "\n")
    text = write_text(plan)
    assert read_plan(text.encode(), "plan.json") == plan
