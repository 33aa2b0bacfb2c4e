"""A run is found by its id; what was probably meant is offered only where it is one run."""

from pathlib import Path

import pytest

from oceana_dr.diagnostics import OceanaError
from oceana_dr.operations.runs import find_run
from oceana_dr.source.project import open_project
from tests.source.project_copy import copy_project

RUNS = ("20260104-020000-1a2b3c4d", "20260104-030000-5e6f7a8b", "20260105-020000-9c0d1e2f")


@pytest.mark.parametrize(
    ("asked", "hint"),
    [
        ("5e6f7a8b", "did you mean 20260104-030000-5e6f7a8b?"),
        ("20260105", "did you mean 20260105-020000-9c0d1e2f?"),
        ("20260104-020000-1a2b3c4e", "did you mean 20260104-020000-1a2b3c4d?"),
        ("20260104", "oceana-dr history SITE lists the runs"),
        ("20260104-020000", "did you mean 20260104-020000-1a2b3c4d?"),
        ("nothing-like-it", "oceana-dr history SITE lists the runs"),
    ],
)
def test_a_part_of_an_id_or_a_slip_in_it_names_one_run_or_none(tmp_path: Path, asked: str, hint: str) -> None:
    project = open_project(copy_project(tmp_path))
    folder = project.state_dir / "runs" / "acme"
    folder.mkdir(parents=True)
    for run in RUNS:
        (folder / f"{run}.journal").touch()
        (folder / f"{run}.plan.json").touch()
    with pytest.raises(OceanaError, match="there is no run") as caught:
        find_run(project, asked)
    assert caught.value.hint == hint
