"""Loading a site imports what it needs and no more."""

import json
import subprocess
import sys

import pytest

from tests.source.project_copy import ROOT

PROGRAM = """
import json, sys
from pathlib import Path
{body}
print(json.dumps(sorted(sys.modules)))
"""
LOAD = """
from oceana_dr.source.load import load_site
from oceana_dr.source.project import open_project
load_site(open_project(Path(sys.argv[1])), "acme")
"""
FIND = """
from oceana_dr.source.project import find_root
find_root(Path(sys.argv[1]))
from oceana_dr.diagnostics.codes import lookup
lookup("OD1042")
"""


def modules_after(body: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(body=body), str(ROOT)],
        capture_output=True,
        text=True,
        check=True,
        # As the command line sets it before anything is imported (cli/start.py).
        env={"PYTHONPATH": str(ROOT / "src"), "PYDANTIC_DISABLE_PLUGINS": "__all__"},
    )
    return set(json.loads(done.stdout))


@pytest.mark.parametrize("module", ["jsonschema", "oceana_dr.source.schema", "jinja2", "rich"])
def test_loading_a_site_does_not_import(module: str) -> None:
    assert module not in modules_after(LOAD)


@pytest.mark.parametrize("module", ["pydantic", "ruamel.yaml", "zoneinfo"])
def test_finding_the_project_and_explaining_a_code_does_not_import(module: str) -> None:
    assert module not in modules_after(FIND)
