"""Loading sites: values, where they come from, and every error of every file in one run."""

import errno
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from oceana_dr.diagnostics import InputRefused
from oceana_dr.operations.validating import check_sites
from oceana_dr.source.files import refused
from oceana_dr.source.load import load_site
from oceana_dr.source.project import Project, find_root, list_sites, open_project
from tests.source.project_copy import ROOT, copy_project, edit


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return copy_project(tmp_path)


@pytest.fixture(scope="module")
def examples() -> Project:
    return open_project(ROOT)


def places(project: Project, name: str, path: str) -> list[str]:
    """`file:line:` and the text that the span covers, for every contributor."""
    found = []
    for span in load_site(project, name).contributors(path):
        line = (project.source_text(span.file) or "").splitlines()[span.line - 1]
        assert span.line == span.end_line
        found.append(f"{span.file}:{span.line}:{line[span.column - 1 : span.end_column - 1]}")
    return found


def test_both_examples_are_without_a_word(examples: Project) -> None:
    assert list_sites(examples) == ("acme", "globex")
    assert check_sites(examples) == ()


def test_a_value_of_the_site_a_default_and_an_optional_one(examples: Project) -> None:
    site = load_site(examples, "acme")
    assert site.value("data_centers.dc1.system_manager.fqdn") == "smgr1.acme.example"
    assert site.value("data_centers.dc1.clusters.cluster1.nodes.2.address") == "10.11.1.13"
    assert site.value("data_centers.dc2.omnichannel.async.fqdn") == "ocdb-c.acme.example"
    assert site.value("mirror.port") == 2188
    assert site.value("mirror.tls") is False
    assert site.value("schema") == "oceana-dr/site/v1"
    assert site.value("data_centers.dc1.omnichannel.standby") is None
    assert site.value("dns.names.web_gateway") is None
    assert site.model.data_centers.dc1.omnichannel.standby is None


@pytest.mark.parametrize("path", ["nope", "dns.zon", "name.x", "mirror.databases.9", "data_centers.dc3", ""])
def test_a_path_that_no_site_can_have_is_refused(examples: Project, path: str) -> None:
    with pytest.raises(KeyError):
        load_site(examples, "acme").value(path)


def test_contributors_name_every_file_the_winner_first(examples: Project) -> None:
    assert places(examples, "globex", "mirror.tls") == [
        "sites/globex/site.yaml:109:true",
        "sites/defaults.yaml:14:false",
    ]
    assert places(examples, "globex", "time_zone") == [
        "sites/globex/site.yaml:7:Europe/London",
        "sites/defaults.yaml:5:Europe/Berlin",
    ]
    assert places(examples, "acme", "mirror.tls") == ["sites/defaults.yaml:14:false"]
    assert places(examples, "globex", "mirror") == [
        "sites/globex/site.yaml:108:mirror",
        "sites/defaults.yaml:12:mirror",
    ]


def test_a_value_of_the_model_alone_is_placed_at_what_is_written_around_it(examples: Project) -> None:
    assert load_site(examples, "acme").value("experience_portal.voice_flag.normal") == "false"
    assert places(examples, "acme", "experience_portal.voice_flag.normal") == [
        "sites/acme/site.yaml:71:experience_portal",
        "sites/defaults.yaml:27:experience_portal",
    ]


def test_a_list_is_replaced_as_a_whole(root: Path) -> None:
    edit(
        root / "sites/defaults.yaml",
        "approvals:\n",
        'change_windows:\n  - {start: "2026-01-01T00:00", duration: 1h}\napprovals:\n',
    )
    site = load_site(open_project(root), "acme")
    assert len(site.model.change_windows) == 2
    assert site.value("change_windows.0.duration") == "4h"
    assert [span.file for span in site.contributors("change_windows")] == [
        "sites/acme/site.yaml",
        "sites/defaults.yaml",
    ]
    assert [span.file for span in site.contributors("change_windows.0.duration")] == ["sites/acme/site.yaml"]


def test_what_if_replaces_the_side_and_not_the_digest(examples: Project) -> None:
    real, other = load_site(examples, "acme"), load_site(examples, "acme", operational="dc2")
    assert (real.model.operational, other.model.operational) == ("dc1", "dc2")
    assert other.value("operational") == "dc2"
    assert other.digest == real.digest
    assert other.contributors("operational") == real.contributors("operational")


def test_the_digest_follows_the_bytes_of_both_files(root: Path) -> None:
    project = open_project(root)
    digests = {load_site(project, "acme").digest}
    for name in ("sites/acme/site.yaml", "sites/defaults.yaml"):
        (root / name).write_bytes((root / name).read_bytes() + b"# more\n")
        digests.add(load_site(project, "acme").digest)
    assert len(digests) == 3
    assert all(digest.startswith("sha256:") for digest in digests)


def test_a_site_that_says_everything_needs_no_defaults(root: Path) -> None:
    merged = load_site(open_project(root), "globex")
    (root / "sites/defaults.yaml").unlink()
    (root / "sites/globex/site.yaml").write_text(json.dumps(merged.data, indent=1), encoding="utf-8")
    alone = load_site(open_project(root), "globex")
    assert alone.model == merged.model
    assert alone.digest != merged.digest


def test_errors_of_all_files_come_in_one_run_sorted(root: Path) -> None:
    edit(root / "sites/defaults.yaml", "port: 2188", "port: 0")
    edit(root / "sites/acme/site.yaml", "operational: dc1 ", "operational: [")
    edit(root / "sites/globex/site.yaml", "switchover_ttl: 60", "switchover_ttl: yes")
    edit(root / "sites/globex/site.yaml", "aawg.globex.example", "aawg.acme.example")
    found = check_sites(open_project(root))
    assert [(item.code, item.span.file) for item in found if item.span] == [
        ("OD1006", "sites/acme/site.yaml"),
        ("OD1107", "sites/defaults.yaml"),
        ("OD1103", "sites/globex/site.yaml"),
        ("OD1127", "sites/globex/site.yaml"),
    ]
    assert list(found) == sorted(found, key=lambda item: item.sort_key)


def test_broken_defaults_do_not_hide_a_sites_errors(root: Path) -> None:
    edit(root / "sites/defaults.yaml", "channels:", "channels: {")
    edit(root / "sites/acme/site.yaml", "address: 10.11.0.10", "address: 10.11.0.400")
    with pytest.raises(InputRefused) as caught:
        load_site(open_project(root), "acme")
    assert [item.code for item in caught.value.diagnostics] == ["OD1106", "OD1006"]


def test_an_error_that_a_site_overrides_is_found_by_validate_only(root: Path) -> None:
    edit(root / "sites/defaults.yaml", "time_zone: Europe/Berlin", "time_zone: 7")
    edit(root / "sites/acme/site.yaml", "name: acme", "name: acme\ntime_zone: Europe/Berlin")
    project = open_project(root)
    assert load_site(project, "acme").value("time_zone") == "Europe/Berlin"
    assert [item.code for item in check_sites(project, ["acme"])] == ["OD1103"]


def test_a_warning_does_not_stop_a_site(root: Path) -> None:
    edit(root / "sites/defaults.yaml", "port: 2188", "port: 2189")
    project = open_project(root)
    assert [(item.code, item.severity.value) for item in check_sites(project, ["acme"])] == [("OD1151", "warning")]
    assert load_site(project, "acme").value("mirror.port") == 2189


def test_the_project_is_found_upward(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OCEANA_DR_STATE", raising=False)
    project = open_project(root / "sites" / "acme")
    assert project.root == root
    assert project.state_dir == root / ".oceana-dr"
    assert project.time_scale == 600
    assert project.drivers == {"gateway": {"endpoint": "lab"}, "operator": {}}
    assert project.policy.required_approvals == 1


def test_the_state_can_lie_elsewhere(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCEANA_DR_STATE", str(tmp_path / "state"))
    assert open_project(root).state_dir == tmp_path / "state"


def test_a_project_file_that_is_a_folder_is_refused_where_it_stands(root: Path) -> None:
    inner = root / "sites" / "acme"
    (inner / "oceana-dr.yaml").mkdir()
    assert find_root(inner) == inner
    with pytest.raises(InputRefused) as caught:
        open_project(inner)
    assert [item.code for item in caught.value.diagnostics] == ["OD1002"]


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.EIO, errno.ENAMETOOLONG, errno.ESTALE])
def test_what_the_system_refuses_is_explained(number: int) -> None:
    found = refused(OSError(number, "text"), "sites/acme/site.yaml")
    assert found.code == "OD1002"
    assert found.message.startswith("`sites/acme/site.yaml` cannot be read: ")


@pytest.mark.parametrize("name", ["", ".", "..", "../acme", "/etc", "acme/", "ACME", "a\0b", "x" * 5_000, "-"])
def test_no_name_leaves_the_sites_folder(examples: Project, name: str) -> None:
    assert [item.code for item in check_sites(examples, [name])] == ["OD1001"]
    with pytest.raises(InputRefused):
        load_site(examples, name)


def test_a_missing_sites_folder_is_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "oceana-dr.yaml").write_text("schema: oceana-dr/project/v1\n", encoding="utf-8")
    with pytest.raises(InputRefused):
        check_sites(open_project(tmp_path))
    assert [item.code for item in check_sites(open_project(tmp_path), ["acme"])] == ["OD1001"]


LINES = (ROOT / "sites/acme/site.yaml").read_text(encoding="utf-8").splitlines(keepends=True)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_to_a_site_ends_in_an_exception(tmp_path: Path, data: st.DataObject) -> None:
    copy_project(tmp_path)
    lines = list(LINES)
    for _ in range(data.draw(st.integers(1, 4))):
        index = data.draw(st.integers(0, len(lines) - 1))
        junk = data.draw(st.sampled_from(["", "x\n", "  - a\n", "[]\n", "  null\n", "name: 3\n", "\t\n", "dns: {}\n"]))
        match data.draw(st.sampled_from(["drop", "insert", "cut", "value"])):
            case "drop":
                lines[index] = ""
            case "insert":
                lines.insert(index, junk)
            case "cut":
                lines[index] = lines[index][: data.draw(st.integers(0, 40))]
            case _:
                lines[index] = f"{lines[index].partition(':')[0]}: {junk}\n"
    (tmp_path / "sites/acme/site.yaml").write_text("".join(lines), encoding="utf-8")
    project = open_project(tmp_path)
    found = check_sites(project, ["acme"])
    for item in found:
        assert item.span is not None
        text = (project.source_text(item.span.file) or "").split("\n")
        assert item.span.line <= len(text)
        assert item.span.column <= len(text[item.span.line - 1]) + 1


def test_the_three_public_names_of_a_data_centre_may_share_an_address(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    for last in ("11", "12"):
        edit(root / "sites/globex/site.yaml", f" 192.0.2.{last}", " 192.0.2.10")
    assert load_site(open_project(root), "globex").name == "globex"
