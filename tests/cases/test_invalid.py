"""One folder for each diagnostic code: what a user does wrong, and exactly what the tool says.

A folder is named `<code>-<name>` and holds `expected.txt` and one of

- `site.yaml`, `defaults.yaml`, `oceana-dr.yaml`: files that stand in place of the example's, byte for byte;
- `change.yaml`: `site` (acme if absent), `ask` (the name asked for, if another one), and `changes`: a list of
  `{replace, with, file}` on the text of the example (`file` is site.yaml if absent), or of one action each:
  `{folder: …}`, `{pipe: …}`, `{loop: …}`, `{remove: …}`, `{rename: …, to: …}`, `{lock: …}`,
  `{fill: …, bytes: …}` on a path in the project;
- `plan.json`: a plan file to be read; `snapshot.json`: a snapshot of acme to be read; `lab.seed.json`: a seed;
- `case.json`: a plan to be made, as in `test_plan.py`; what is expected are its findings, and with `at` (a moment)
  also what keeps it from being run then: the time, and that nobody approved it.
  also what keeps it from being run then; with `unattended` (what is known of its project) where nobody is there.
"""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics import Diagnostic, InputRefused, Severity
from oceana_dr.diagnostics.codes import ALL, NEVER_ECHO
from oceana_dr.diagnostics.pack import pack, unpack
from oceana_dr.guard.timing import Need, timing_findings
from oceana_dr.guard.unattended import unattended_findings
from oceana_dr.lab.seed import read_seed
from oceana_dr.operations.approving import count
from oceana_dr.operations.drivers import check_drivers
from oceana_dr.operations.governing import control_of
from oceana_dr.operations.judging import open_judged
from oceana_dr.operations.live import read_snapshot
from oceana_dr.operations.planfile import load_plan
from oceana_dr.operations.validating import check_sites
from oceana_dr.plan.estimate import median, schedule, slow
from oceana_dr.plan.model import Finding, Plan
from oceana_dr.present.diagnostic import render_concise, render_text
from oceana_dr.present.diagnostic_machine import diagnostics_to_json, render_github
from oceana_dr.present.diagnostic_sarif import sarif_document
from oceana_dr.source.cache import Cache
from oceana_dr.source.document import read_document
from oceana_dr.source.load import load_site
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import open_project
from tests.cases.test_plan import run_case
from tests.drivers.packages import THIRD_PARTY, installed
from tests.golden_files import Golden

ROOT = Path(__file__).resolve().parents[2]
EVERY = sorted(path for path in (ROOT / "tests/cases/invalid").iterdir() if path.is_dir())
CASES = [path for path in EVERY if not (path / "case.json").exists()]
FINDINGS = [path for path in EVERY if (path / "case.json").exists()]
PROJECT_FILES = {"oceana-dr.yaml": "oceana-dr.yaml", "defaults.yaml": "sites/defaults.yaml"}
SECRET = "hunter2"


def code_of(case: Path) -> str:
    return case.name.partition("-")[0]


def change_of(case: Path) -> dict[str, Any]:
    if not (case / "change.yaml").exists():
        return {}
    document = read_document(case / "change.yaml", "change.yaml")
    assert document.root is not None, document.diagnostics
    data = merge_trees((document.root,)).data
    assert isinstance(data, dict)
    return data


def build_project(case: Path, root: Path) -> str:
    """A copy of the example project with the case's mistake in it; returns the name of the site to ask for."""
    change = change_of(case)
    site = change.get("site", "acme")
    site_dir = root / "sites" / site
    site_dir.mkdir(parents=True)
    places = {"site.yaml": site_dir / "site.yaml"}
    shutil.copy(ROOT / "sites" / site / "site.yaml", places["site.yaml"])
    for name, place in PROJECT_FILES.items():
        places[name] = root / place
        shutil.copy(ROOT / place, places[name])
    for name, path in places.items():
        if (case / name).exists():
            shutil.copy(case / name, path)
    for step in change.get("changes", ()):
        act(step, root, places)
    return str(change.get("ask", site))


def act(step: dict[str, Any], root: Path, places: dict[str, Path]) -> None:
    match step:
        case {"replace": old, "with": new}:
            path = places[step.get("file", "site.yaml")]
            text = path.read_text(encoding="utf-8")
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
            path.write_text(text.replace(old, new), encoding="utf-8")
        case {"folder": place}:
            (root / place).unlink()
            (root / place).mkdir()
        case {"pipe": place}:
            (root / place).unlink()
            os.mkfifo(root / place)
        case {"loop": place}:
            (root / place).unlink()
            (root / place).symlink_to(root / place)
        case {"rename": place, "to": other}:
            (root / place).rename(root / other)
        case {"remove": place}:
            (root / place).unlink()
        case {"fill": place, "bytes": size}:
            (root / place).write_bytes(b"#" * size)
        case _:
            raise AssertionError(f"unknown step {step}")


def diagnose(case: Path, root: Path) -> tuple[tuple[Diagnostic, ...], dict[str, str]]:
    """All diagnostics of a case, and the text of the files they name."""
    if (case / "snapshot.json").exists():
        with pytest.raises(InputRefused) as refused:
            read_snapshot(case / "snapshot.json", "acme")
        return refused.value.diagnostics, {}
    if (case / "lab.seed.json").exists():
        with pytest.raises(InputRefused) as refused:
            read_seed(case / "lab.seed.json")
        seed = case / "lab.seed.json"
        return refused.value.diagnostics, {str(seed): seed.read_text(encoding="utf-8")}
    if (case / "plan.json").exists():
        with pytest.raises(InputRefused) as refused:
            load_plan(case / "plan.json")
        plan = case / "plan.json"
        return refused.value.diagnostics, {str(plan): plan.read_text(encoding="utf-8")} if plan.is_file() else {}
    site = build_project(case, root)
    texts: dict[str, str] = {}
    try:
        project = check_drivers(open_judged(root))
        found = check_sites(project, [site])
    except InputRefused as error:
        found = error.diagnostics
        texts = {name: path.read_text(encoding="utf-8") for name in PROJECT_FILES if (path := root / name).is_file()}
    else:
        files = {label.span.file for item in found for label in item.labels}
        texts = {file: project.source_text(file) or "" for file in files}
        if any(item.severity is Severity.ERROR for item in found):
            with pytest.raises(InputRefused):
                load_site(project, site)
        else:
            assert load_site(project, site).name == site
    return found, texts


@pytest.fixture(autouse=True, scope="module")
def packages() -> Iterator[None]:
    """A package with a driver that serves names only: what is wrong with it can be wrong with no built-in one."""
    with pytest.MonkeyPatch.context() as patch:
        installed(THIRD_PARTY, patch)
        yield


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_mistake_is_explained(case: Path, tmp_path: Path, golden: Golden) -> None:
    found, texts = diagnose(case, tmp_path)
    assert code_of(case) in {item.code for item in found}
    assert unpack(json.loads(json.dumps(pack(found)))) == found, "nothing may be lost where it is remembered"
    text = render_text(found, texts.get)
    text = text.replace(str(tmp_path), "<project>").replace(str(case), "<case>")
    golden(case / "expected.txt", text)
    assert render_text(found, texts.get, ascii=True).isascii()


@pytest.mark.parametrize("case", [case for case in CASES if code_of(case) in NEVER_ECHO], ids=lambda case: case.name)
def test_a_secret_is_never_shown(case: Path, tmp_path: Path) -> None:
    found, texts = diagnose(case, tmp_path)
    assert any(SECRET in text or "Oceana16" in text or "Avaya123" in text for text in texts.values())
    outputs = [
        render_text(found, texts.get),
        render_concise(found),
        render_github(found),
        json.dumps(diagnostics_to_json(found)),
        json.dumps(sarif_document(found, version="1")),
        repr(found),
    ]
    for output in outputs:
        assert SECRET not in output
        assert "oceana16" not in output.lower()
        assert "avaya123" not in output.lower()


def alone(plan: Plan, case: dict[str, Any]) -> tuple[Finding, ...]:
    return unattended_findings(plan, **case["unattended"]) if "unattended" in case else ()


def timed(plan: Plan, case: dict[str, Any], root: Path) -> tuple[Finding, ...]:
    if "at" not in case:
        return ()
    project = open_project(root)
    site, at = prepare_site(project, case["site"], None, Cache(None)), datetime.fromisoformat(case["at"])
    need = Need(plan.scenario, schedule(plan.steps, median).total, schedule(plan.steps, slow).total)
    unapproved = count(project, site, plan, at, ())
    approvals = () if unapproved.approved else (unapproved.finding(),)
    return (*timing_findings(control_of(project, site), need, at), *approvals)


@pytest.mark.parametrize("case", FINDINGS, ids=lambda case: case.name)
def test_a_finding_of_a_plan_is_explained(case: Path, tmp_path: Path, golden: Golden) -> None:
    plan = run_case(case / "case.json", tmp_path)
    told = json.loads((case / "case.json").read_text("utf-8"))
    found = (*plan.findings, *timed(plan, told, tmp_path), *alone(plan, told))
    assert code_of(case) in {item.code for item in found}
    assert {item.code for item in found} <= {*ALL, *(rule.code for rule in load_catalogue().rules)}
    golden(case / "expected.txt", "".join(f"{item.severity}[{item.code}]: {item.message}\n" for item in found))


def test_every_code_has_a_case() -> None:
    assert sorted(set(ALL) - {code_of(case) for case in EVERY}) == []


def test_every_case_is_of_a_code() -> None:
    assert sorted({code_of(case) for case in EVERY} - set(ALL)) == []


def test_every_case_has_a_code() -> None:
    assert sorted({code_of(case) for case in CASES} - set(ALL)) == []


def test_every_case_is_named_after_its_code() -> None:
    wrong = [case.name for case in CASES if not case.name.startswith(f"{code_of(case)}-{ALL[code_of(case)].name}")]
    assert wrong == []


@pytest.mark.parametrize("code", sorted(ALL))
def test_every_code_is_explained(code: str) -> None:
    info = ALL[code]
    assert info.title[0].islower() or info.title[0].isupper()
    assert info.explanation.endswith(".")
    assert info.wrong != info.right
    assert all(first <= last for first, last in info.manual)
