"""`init`: whatever is answered, the new site is valid, laid out, at rest, and its switchover is proven."""

import json
from itertools import product
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from oceana_dr.cli.main import run
from oceana_dr.diagnostics import InputRefused, OceanaError
from oceana_dr.operations.access import baseline_of, live_reader
from oceana_dr.operations.drafting import Answers, draft
from oceana_dr.operations.formatting import lay_out_files
from oceana_dr.operations.judging import with_rules
from oceana_dr.operations.planning import make_plan
from oceana_dr.operations.starting import start_site
from oceana_dr.source.load import check_sites
from oceana_dr.source.project import open_project
from oceana_dr.source.schema import schema_document
from tests.planning import ROOT, copy_project

TOPOLOGIES = list(product((False, True), repeat=5))


def named(topology: tuple[bool, ...]) -> str:
    names = ("ha", "tls", "analytics", "web-voice", "automatic")
    return "+".join(name for name, holds in zip(names, topology, strict=True) if holds) or "plain"


def answers(topology: tuple[bool, ...], **more: Any) -> Answers:
    ha, tls, analytics, web_voice, automatic = topology
    return Answers(
        "umbrella",
        ha=ha,
        mirror_tls=tls,
        analytics=analytics,
        web_voice=web_voice,
        control_manager="automatic" if automatic else "manual",
        **more,
    )


@pytest.mark.parametrize("topology", TOPOLOGIES, ids=named)
def test_a_new_site_is_valid_laid_out_at_rest_and_its_switchover_is_proven(
    tmp_path: Path, topology: tuple[bool, ...]
) -> None:
    start_site(tmp_path, answers(topology))
    project = with_rules(open_project(tmp_path))
    assert check_sites(project, ("umbrella",)) == ()
    layouts = lay_out_files(project, ())
    assert len(layouts.files) == 3
    assert (layouts.different, layouts.diagnostics) == ((), ())
    still, moved = (
        make_plan(project, "umbrella", live_reader(project, None), baseline_of(project), operational=side).plan
        for side in (None, "dc2")
    )
    assert (still.steps, still.owed, still.refused) == ((), (), False)
    assert moved.scenario == "planned-switchover"
    assert moved.steps
    assert not moved.refused
    assert moved.proof.violations == 0
    assert {step.driver for step in moved.steps} == {"operator"}


def test_every_word_of_a_new_site_fits_the_schema() -> None:
    for topology in TOPOLOGIES:
        data = draft("site", answers(topology))
        jsonschema.Draft202012Validator(schema_document("site")).validate(data)


def test_in_a_project_the_defaults_that_are_there_are_not_said_again(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    written = start_site(root / "sites", answers(TOPOLOGIES[-1], driver="gateway"))
    assert sorted(written.files) == ["sites/umbrella/lab.seed.json", "sites/umbrella/site.yaml"]
    assert {path: path.read_bytes() for path in before} == before
    text = written.files["sites/umbrella/site.yaml"]
    assert "retained_copies" not in text
    assert "drivers:" not in text
    assert check_sites(with_rules(open_project(root)), ("umbrella",)) == ()


def test_addresses_and_names_are_for_documentation() -> None:
    from ipaddress import IPv4Address, ip_network

    ranges = [ip_network(text) for text in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24")]
    found: list[str] = []

    def walk(data: Any) -> None:
        if isinstance(data, dict):
            for value in data.values():
                walk(value)
        elif isinstance(data, list):
            for value in data:
                walk(value)
        else:
            found.append(str(data))

    walk(draft("site", answers(TOPOLOGIES[-1])))
    addresses = [text for text in found if text.count(".") == 3 and text.replace(".", "").isdigit()]
    assert len(addresses) > 30
    assert len(set(addresses)) == len(addresses)
    assert all(any(IPv4Address(text) in net for net in ranges) for text in addresses)
    assert all(".example" in text for text in found if "://" in text or "@" in text)


@pytest.mark.parametrize("name", ["site.yaml", "lab.seed.json"])
def test_nothing_is_overwritten(tmp_path: Path, name: str) -> None:
    root = copy_project(tmp_path)
    path = root / "sites/umbrella" / name
    path.parent.mkdir()
    path.write_text("mine")
    with pytest.raises(OceanaError, match="is there already: nothing was written"):
        start_site(root, answers(TOPOLOGIES[0]))
    assert [item.name for item in path.parent.iterdir()] == [name]
    assert path.read_text() == "mine"


def test_what_would_not_be_valid_here_is_not_written(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    settings = root / "oceana-dr.yaml"
    settings.write_text(settings.read_text("utf-8").replace("  operator: {}\n", ""), "utf-8")
    with pytest.raises(InputRefused) as refused:
        start_site(root, answers(TOPOLOGIES[0]))
    assert {item.code for item in refused.value.diagnostics} == {"OD1136"}
    assert not (root / "sites/umbrella").exists()


@pytest.mark.parametrize(("name", "code"), [("Umbrella", "OD1114"), ("../x", "OD1114"), ("", "OD1114")])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str, code: str) -> None:
    with pytest.raises(InputRefused) as refused:
        start_site(tmp_path, Answers(name))
    assert [item.code for item in refused.value.diagnostics] == [code]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [{"domain": "no domain"}, {"time_zone": "Mars/Base"}, {"dc1_name": "x" * 300}])
def test_a_wrong_answer_is_a_diagnostic(tmp_path: Path, words: dict[str, str]) -> None:
    with pytest.raises(InputRefused):
        start_site(tmp_path, answers(TOPOLOGIES[0], **words))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a {brace}", 'say "x": #1', "Zürich 東京"])
def test_a_name_is_taken_as_it_is(tmp_path: Path, name: str) -> None:
    written = start_site(tmp_path, answers(TOPOLOGIES[0], dc1_name=name))
    seed = json.loads(written.files["sites/umbrella/lab.seed.json"])
    assert seed["bindings"]["name.dc1"] == name


def test_the_command_says_what_it_wrote_and_what_it_assumed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["init", "acme", "--ha", "--no-analytics"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "oceana-dr.yaml",
        "sites/defaults.yaml",
        "sites/acme/site.yaml",
        "sites/acme/lab.seed.json",
    ]
    assert "--web-voice, --mirror-tls" in said.err
    assert "--ha" not in said.err
    for command in (["validate"], ["fmt", "--check"], ["plan", "acme", "--detailed-exitcode"], ["drift", "acme"]):
        assert run(command) == 0
    assert run(["init", "acme"]) == 1
    assert run(["plan", "acme", "--operational", "dc2", "--detailed-exitcode"]) == 2


def test_the_new_seed_follows_its_schema(tmp_path: Path) -> None:
    written = start_site(tmp_path, answers(TOPOLOGIES[-1]))
    schema = json.loads((ROOT / "schemas" / "lab-seed.schema.json").read_text("utf-8"))
    jsonschema.validate(json.loads(written.files["sites/umbrella/lab.seed.json"]), schema)
