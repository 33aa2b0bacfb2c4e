"""A site names a newer Omnichannel Database: planned, applied in the lab by its crew, and nothing is left to do."""

from pathlib import Path

import pytest

from tests.end_to_end.program import Program
from tests.planning import edit

NEW = "3.5.0.2"
MIRROR = {
    "acme": ("wan: {delay_ms: 12}", f"wan: {{delay_ms: 12}}\nmirror: {{omnichannel_version: {NEW}}}"),
    "globex": ("mirror:\n  tls: true", f"mirror:\n  omnichannel_version: {NEW}\n  tls: true"),
}


@pytest.mark.parametrize("site", MIRROR)
def test_the_database_is_upgraded(site: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
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
