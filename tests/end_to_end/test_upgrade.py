"""A site names a newer Omnichannel Database: planned, applied in the lab by its crew, and nothing is left to do."""

from pathlib import Path

from tests.end_to_end.program import Program
from tests.planning import edit

NEW = "3.5.0.2"
MIRROR = {
    "acme": ("wan: {delay_ms: 12}", f"wan: {{delay_ms: 12}}\nmirror: {{omnichannel_version: {NEW}}}"),
    "globex": ("mirror:\n  tls: true", f"mirror:\n  omnichannel_version: {NEW}\n  tls: true"),
}


def test_the_database_is_upgraded(tmp_path: Path) -> None:
    program, site = Program(tmp_path), "globex"
    assert program.json("plan", site, "--format", "json")["steps"] == []
    edit(program.root / "sites" / site / "site.yaml", MIRROR[site])
    program.run("validate", site)
    plan = program.json("plan", site, "--format", "json", "-o", "plan.json")
    assert plan["scenario"] == "database-upgrade"
    assert [item for item in plan["findings"] if item["severity"] == "refuse"] == []
    program.run("verify", "plan.json")
    program.run("lab", "crew", site, "on")
    program.run("apply", "plan.json", "--yes")
    again = program.json("plan", site, "--format", "json")
    assert (again["scenario"], again["steps"], again["findings"]) == ("steady", [], [])


def test_what_was_stopped_half_way_is_gone_on_with(tmp_path: Path) -> None:
    program = Program(tmp_path)
    edit(program.root / "sites/globex/site.yaml", MIRROR["globex"])
    plan = program.json("plan", "globex", "--format", "json", "-o", "plan.json")
    stop = {"outcome": "cannot", "by": "ann", "observed": "the installer is not there"}
    answers = program.answers(plan, **{"V12_install-c": stop})
    program.run("apply", "plan.json", "--yes", "--answers", str(answers), code=4)
    rest = program.json("plan", "globex", "--format", "json", "-o", "rest.json")
    ids = [step["id"] for step in rest["steps"]]
    assert rest["scenario"] == "database-upgrade"
    assert "V12.install-c" in ids
    assert not {"V03", "V05", "V09", "V12.uninstall-c"} & set(ids)
    program.run("apply", "rest.json", "--yes", "--answers", str(program.answers(rest)))
    assert program.json("plan", "globex", "--format", "json")["steps"] == []


def test_before_the_mirror_is_taken_apart_it_is_taken_back(tmp_path: Path) -> None:
    program = Program(tmp_path)
    site = program.root / "sites/acme/site.yaml"
    before = site.read_text("utf-8")
    edit(site, MIRROR["acme"])
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    stop = {"outcome": "cannot", "by": "ann", "observed": "Server C does not answer"}
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan, V03=stop)), code=4)
    run = program.json("history", "acme", "--format", "json")[0]["run"]
    undo = program.json("rollback", run, "-o", "undo.json", "--format", "json")
    assert {"undo.V00", "undo.V01.email", "undo.P11"} <= {step["id"] for step in undo["steps"]}
    assert undo["proof"]["violations"] == 0
    program.run("apply", "undo.json", "--yes", "--answers", str(program.answers(undo)))
    site.write_text(before, "utf-8")
    assert program.json("plan", "acme", "--format", "json")["steps"] == []


def test_behind_it_there_is_no_way_back(tmp_path: Path) -> None:
    program = Program(tmp_path)
    edit(program.root / "sites/acme/site.yaml", MIRROR["acme"])
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    stop = {"outcome": "cannot", "by": "ann", "observed": "the portal does not answer"}
    program.run("apply", "plan.json", "--yes", "--answers", str(program.answers(plan, V05=stop)), code=4)
    run = program.json("history", "acme", "--format", "json")[0]["run"]
    assert "V03" in program.run("rollback", run, code=3).stderr
