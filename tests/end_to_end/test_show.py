"""`show` says since when a saved plan is stale, and by what, with no look at the estate."""

import json
import re
from pathlib import Path

from oceana_dr.estate.canonical import digest
from tests.end_to_end.program import Program

WHEN = r"stale since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d \S+ \((\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d UTC\): "


def stale(program: Program, plan: str) -> str:
    """What `show` says, without line breaks; empty if the plan is not stale."""
    text = " ".join(program.run("show", plan).stdout.split())
    found = re.search(WHEN + r".*? live state", text)
    return found[0] if found else ""


def test_a_plan_is_stale_since_its_site_or_the_estate_was_changed(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    program.run("plan", "acme", "-o", "first.json")
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/WebTextConnector", "MaintenanceMode=true")
    program.run("plan", "acme", "-o", "second.json")
    assert (stale(program, "first.json"), stale(program, "second.json")) == ("", "")

    program.run("apply", "second.json", "--yes")
    (run,) = [row["run"] for row in program.json("history", "acme", "--format", "json")]
    assert f"run {run} has run it to its end" in stale(program, "second.json")
    assert re.search(rf"run {run} \(steady\) has changed the estate, A0\d first", stale(program, "first.json"))
    program.run("plan", "acme", "-o", "third.json")
    assert stale(program, "third.json") == "", "what was before the plan does not make it stale"


def test_a_plan_whose_run_found_the_estate_changed_says_so(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    program.run("plan", "acme", "-o", "plan.json")
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=false")
    program.run("apply", "plan.json", "--yes", code=5)
    assert "stopped: the estate has changed since this plan was made" in stale(program, "plan.json")


def test_a_plan_whose_site_was_changed_says_when(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    program.run("plan", "acme", "-o", "plan.json")
    program.move("acme")
    assert "sites/acme/site.yaml or its defaults were changed" in stale(program, "plan.json")


def test_a_plan_with_fields_of_a_later_version_is_shown_whole(tmp_path: Path) -> None:
    """Minor versions add: whoever does not know a field still shows everything that it does know."""
    program = Program(tmp_path)
    program.move("acme")
    program.run("plan", "acme", "-o", "plan.json")
    now = program.run("show", "plan.json").stdout
    plan = json.loads((program.root / "plan.json").read_text("utf-8"))
    plan["format_version"] = "1.9"
    plan["forecast"] = {"of": "a later version"}
    plan["steps"][0]["colour"] = "blue"
    del plan["id"]
    unsigned = {key: value for key, value in plan.items() if key != "meta"}
    (program.root / "later.json").write_text(json.dumps({**plan, "id": digest(unsigned)}), "utf-8")
    later = program.run("show", "later.json").stdout
    assert later.splitlines()[1:] == now.splitlines()[1:]


def test_a_page_is_the_same_bytes_in_any_locale_and_pictures_need_only_the_file(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    page = program.run("plan", "acme", "-o", "plan.json", "--format", "html", LC_ALL="C.UTF-8").stdout
    (program.root / "sites" / "acme" / "site.yaml").unlink()
    assert program.run("show", "plan.json", "--format", "html", LC_ALL="C").stdout == page
    assert page.isascii()
    for form in ("svg", "mermaid", "dot"):
        assert "P23" in program.run("graph", "plan.json", "--format", form).stdout
    assert "P23" in program.run("runbook", "plan.json").stdout
