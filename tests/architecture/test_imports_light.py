"""Start-up stays light: what a command does not need, it does not import."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"jinja2", "rich", "deepdiff", "jsonschema", "httpx", "dateutil", "playwright", "psycopg"}
IMPORT_TIME = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+(?P<module>\S+)$", re.MULTILINE)


def imported_by(state: Path, *arguments: str) -> set[str]:
    """The top-level packages that a Python process with these arguments imports; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        cwd=ROOT,
        env={**os.environ, "OCEANA_DR_STATE": str(state)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    messages = "\n".join(line for line in done.stderr.splitlines() if not line.startswith("import time:"))
    assert done.returncode == 0, f"exit {done.returncode}\n{done.stdout}\n{messages}"
    modules = {match["module"].partition(".")[0] for match in IMPORT_TIME.finditer(done.stderr)}
    assert "oceana_dr" in modules
    return modules


def test_the_entry_point_imports_no_click(tmp_path: Path) -> None:
    assert "click" not in imported_by(tmp_path, "-c", "import oceana_dr.cli.start")


@pytest.mark.parametrize("package", ["click", "pydantic", "ruamel"])
def test_version_is_answered_before_anything_is_imported(tmp_path: Path, package: str) -> None:
    assert package not in imported_by(tmp_path, "-m", "oceana_dr", "--version")


def test_help_reads_no_site(tmp_path: Path) -> None:
    assert not {*HEAVY, "pydantic", "ruamel"} & imported_by(tmp_path, "-m", "oceana_dr", "--help")


def test_a_text_plan_imports_nothing_that_it_does_not_show(tmp_path: Path) -> None:
    assert not HEAVY & imported_by(tmp_path, "-m", "oceana_dr", "plan", "acme")
