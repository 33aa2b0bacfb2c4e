"""`import`: whatever an estate is like, the site file that is made of it plans to nothing."""

import json
from dataclasses import replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.cli.main import run
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.diagnostics import OceanaError
from oceana_dr.estate.address import SIDES, Ref
from oceana_dr.operations.access import baseline_of, live_reader
from oceana_dr.operations.drafting import Answers, draft
from oceana_dr.operations.formatting import lay_out_files
from oceana_dr.operations.importing import NOT_READ, Imported, import_site
from oceana_dr.operations.judging import with_rules
from oceana_dr.operations.planning import make_plan
from oceana_dr.operations.recognising import in_memory
from oceana_dr.operations.starting import at_rest, seed_text
from oceana_dr.operations.validating import check_sites
from oceana_dr.plan.model import Plan
from oceana_dr.source.prepared import PreparedSite
from oceana_dr.source.project import Project, open_project
from tests.planning import ROOT, copy_project, edit

SITE = "umbrella"


def project_with_lab(root: Path, compiled: Compiled) -> Project:
    """A project whose only site has a lab and no file."""
    (root / "sites" / SITE).mkdir(parents=True)
    (root / "sites" / SITE / "lab.seed.json").write_text(seed_text(compiled, at_rest(compiled)), "utf-8")
    (root / "oceana-dr.yaml").write_text((ROOT / "oceana-dr.yaml").read_text("utf-8"), "utf-8")
    return with_rules(open_project(root))


def plan_of(project: Project, site: str = SITE) -> Plan:
    return make_plan(project, site, live_reader(project, None), baseline_of(project)).plan


def random_estate(random: Random) -> tuple[PreparedSite, Answers]:
    """A site of any topology, with its own names, addresses, words and channel states."""

    def yes() -> bool:
        return random.random() < 0.5

    answers = Answers(
        SITE,
        ha=yes(),
        analytics=yes(),
        web_voice=yes(),
        mirror_tls=yes(),
        control_manager=random.choice(("automatic", "manual")),
        domain=random.choice(("acme.example", "a-b.c.example", "x.test")),
        dc1_name=random.choice(("Frankfurt", "A {b}", "東京")),
    )
    taken: set[str] = set()

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: changed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [changed(item) for item in value]
        if isinstance(value, str) and value.count(".") == 3 and value.replace(".", "").isdigit():
            while (text := f"10.{random.randrange(4)}.{random.randrange(250)}.{random.randrange(1, 255)}") in taken:
                pass
            taken.add(text)
            return random.choice((text, value))
        return value

    data = changed(draft("site", answers))
    data["operational"] = random.choice(SIDES)
    data["channels"] = {name: random.choice(("open", "draining")) for name in data["channels"]}
    if answers.web_voice:
        data["channels"]["web_video"] = data["channels"]["web_voice"]  # they are moved together
    both = ["MULTIMEDIA_DATA", "COBROWSE_DATA"]
    data["mirror"] |= {"port": random.randrange(1, 65536), "databases": random.sample(both, len(both))}
    data["context_store"] |= {"space_datagrid": random.choice(("4,1", "8", "true")), "edm_persistence": yes()}
    data["backup"]["storage"] |= {"ssh_port": random.randrange(1, 65536), "login": random.choice(("b", "3.5", "no"))}
    if answers.web_voice:
        data["dns"]["ttl"] = random.randrange(60, 604_800)
        data["dns"]["names"] = {
            key: f"{label}.{answers.domain}"
            for key, label in zip(data["dns"]["names"], random.sample("abcdefgh", 3), strict=True)
        }
    return in_memory(SITE, data), answers


@settings(max_examples=15)
@given(st.integers(0, 2**32))
def test_what_is_imported_plans_to_nothing(number: int) -> None:
    site, answers = random_estate(Random(number))
    with TemporaryDirectory() as folder:
        project = project_with_lab(Path(folder), compile_site(site, load_catalogue()))
        done = import_site(project, Answers(SITE), frozenset(), None)
        assert (done.left, done.dark, done.operational) == ((), (), site.value("operational"))
        assert [item for item in check_sites(project, (SITE,)) if item.stops] == []
        assert lay_out_files(project, (SITE,)).different == ()
        plan = plan_of(project)
        assert (plan.steps, plan.owed, plan.findings) == ((), (), ())
        facts = make_plan(project, SITE, live_reader(project, None), baseline_of(project)).compiled.bound.bindings
        for fact in ("ha", "analytics", "web_voice", "tls"):
            assert facts[f"topology.{fact}"] == answers.facts[f"topology.{fact}"]
        assert not plan_of_switchover(project, str(site.value("operational"))).refused


def plan_of_switchover(project: Project, operational: str) -> Plan:
    """The way to Data Center 2, from where there is one; else the plan as it stands."""
    side = "dc2" if operational == "dc1" else None
    return make_plan(project, SITE, live_reader(project, None), baseline_of(project), operational=side).plan


# ------------------------------------------------------------------------------------------------- the examples


def without_file(root: Path, site: str) -> Project:
    copy_project(root)
    (root / "sites" / site / "site.yaml").unlink()
    return with_rules(open_project(root))


@pytest.mark.parametrize("site", ["acme", "globex"])
def test_an_example_is_read_back(tmp_path: Path, site: str) -> None:
    project = without_file(tmp_path, site)
    done = import_site(project, Answers(site), frozenset(), None)
    assert (done.left, done.dark) == ((), ())
    assert plan_of(project, site).steps == ()
    own = draft("site", Answers(site))["data_centers"]["dc1"]["clusters"]["cluster1"]["address"]
    assert own not in done.text


def imported(tmp_path: Path, site: str = "globex", **words: Any) -> tuple[Project, Imported]:
    project = without_file(tmp_path, site)
    return project, import_site(project, replace(Answers(site), **words), frozenset(words), None)


def test_what_no_system_shows_is_marked_and_what_a_flag_says_is_not(tmp_path: Path) -> None:
    _, done = imported(tmp_path, dc1_name="Ulm", time_zone="Europe/Rome", control_manager="manual")
    lines = {line.strip() for line in done.text.splitlines()}
    assert {"name: Ulm", "time_zone: Europe/Rome", "switchover: manual"} <= lines
    assert f"name: Data Center 2  # {NOT_READ}" in lines
    assert f"nodes:  # {NOT_READ}" in lines
    assert f"password: env:GLOBEX_BACKUP_PASSWORD  # {NOT_READ}" in lines
    assert "authorization_token: token.globex.example  # told apart by its name: check" in lines
    assert "address: 10.21.1.10" in lines
    assert done.open == frozenset()


def test_what_the_estate_leaves_open_is_said(tmp_path: Path) -> None:
    _, done = imported(tmp_path)
    assert done.open == {"control_manager"}


def test_names_for_documentation_give_way_to_real_ones(tmp_path: Path) -> None:
    project = without_file(tmp_path, "acme")
    edit(tmp_path / "sites/acme/lab.seed.json", ('"CM IP Address": "10.11.5.10"', '"CM IP Address": "192.0.2.10"'))
    done = import_site(project, Answers("acme"), frozenset(), None)
    assert done.text.count("192.0.2.10}") == 1
    assert "communication_manager: {address: 192.0.2.10}" in done.text


def test_the_import_counts_as_applied(tmp_path: Path) -> None:
    project, _ = imported(tmp_path, "acme")
    baseline = baseline_of(project)("acme")
    assert baseline is not None
    planned = make_plan(project, "acme", live_reader(project, None), baseline_of(project))
    assert baseline.to_json() == planned.compiled.estate.to_json()


def test_what_a_site_cannot_say_is_left_to_a_plan(tmp_path: Path) -> None:
    project = without_file(tmp_path, "acme")
    seed = tmp_path / "sites/acme/lab.seed.json"
    data = json.loads(seed.read_text("utf-8"))
    page = data["estate"]["dc2/smgr/backup-storage"]
    page["Login"] = "somebody-else"
    seed.write_text(json.dumps(data), "utf-8")
    done = import_site(project, Answers("acme"), frozenset(), None)
    assert done.left == (Ref("dc2/smgr/backup-storage#Login"),)
    (step,) = plan_of(project, "acme").steps
    assert step.address == "dc2/smgr/backup-storage"


def test_an_estate_that_breaks_a_rule_is_written_as_it_is_and_the_rule_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = without_file(tmp_path, "acme")
    seed = tmp_path / "sites/acme/lab.seed.json"
    data = json.loads(seed.read_text("utf-8"))
    data["estate"]["shared/mirror/AOCMIRROR"]["Databases"] = ["MULTIMEDIA_DATA"]
    seed.write_text(json.dumps(data), "utf-8")
    assert run(["-C", str(tmp_path), "import", "acme"]) == 1
    assert "OD1138" in capsys.readouterr().err
    assert "databases: [MULTIMEDIA_DATA]" in project.site_file("acme").read_text("utf-8")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    project = with_rules(open_project(copy_project(tmp_path)))
    before = (tmp_path / "sites/acme/site.yaml").read_bytes()
    with pytest.raises(OceanaError, match="is there already"):
        import_site(project, Answers("acme"), frozenset(), None)
    assert (tmp_path / "sites/acme/site.yaml").read_bytes() == before
    assert baseline_of(project)("acme") is None


def test_an_estate_that_is_shown_in_part_is_imported_in_part(tmp_path: Path) -> None:
    project = without_file(tmp_path, "acme")
    seed = tmp_path / "sites/acme/lab.seed.json"
    data = json.loads(seed.read_text("utf-8"))
    shown = ("dc1/smgr/", "dc1/cluster", "shared/mirror", "shared/acm")
    data["estate"] = {address: page for address, page in data["estate"].items() if address.startswith(shown)}
    seed.write_text(json.dumps(data), "utf-8")
    done = import_site(project, Answers("acme"), frozenset(), None)
    assert done.operational == "dc1"
    assert done.left == ()
    assert "dc2/cluster-activity" in done.dark
    assert "communication_manager: {address: 10.11.5.10}" in done.text


def test_an_estate_that_is_none_is_refused(tmp_path: Path) -> None:
    project = without_file(tmp_path, "acme")
    seed = tmp_path / "sites/acme/lab.seed.json"
    seed.write_text(json.dumps({**json.loads(seed.read_text("utf-8")), "estate": {"dc1/coffee": {"state": "hot"}}}))
    with pytest.raises(OceanaError, match="no estate of Oceana"):
        import_site(project, Answers("acme"), frozenset(), None)


def test_the_command_from_a_snapshot(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = ["-C", str(copy_project(tmp_path))]
    snapshot = tmp_path / "live.json"
    assert run([*root, "snapshot", "globex", "-o", str(snapshot)]) == 0
    (tmp_path / "sites/globex/site.yaml").unlink()
    capsys.readouterr()
    assert run([*root, "import", "globex", "--live", str(snapshot), "--control-manager", "manual"]) == 0
    said = capsys.readouterr()
    assert said.out.strip().endswith("sites/globex/site.yaml")
    assert "dc1 takes contacts" in said.err
    assert run([*root, "plan", "globex", "--detailed-exitcode"]) == 0
    assert run([*root, "drift", "globex"]) == 0
    assert run([*root, "import", "globex"]) == 1


def test_printing_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = copy_project(tmp_path)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    assert run(["-C", str(root), "import", "acme", "--print"]) == 0
    assert "operational: dc1" in capsys.readouterr().out.splitlines()
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_the_command_without_a_lab(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["-C", str(copy_project(tmp_path)), "import", "initech"]) == 1
    assert "there is no lab for this site" in capsys.readouterr().err
