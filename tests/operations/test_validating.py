"""What is wrong with a fleet is the same, however it was found out."""

import json
from pathlib import Path

import pytest

from benchmarks.fleet import site_file, site_name, write_fleet
from oceana_dr.diagnostics import Diagnostic, Severity
from oceana_dr.diagnostics.pack import pack, unpack
from oceana_dr.operations import validating
from oceana_dr.operations.validating import Verdict, check_sites
from oceana_dr.source.cache import Cache
from oceana_dr.source.document import Document
from oceana_dr.source.inputs import read_default_bytes, read_site_bytes
from oceana_dr.source.project import Project, open_project
from tests.planning import edit

SITES = 8


@pytest.fixture
def fleet(tmp_path: Path) -> Path:
    return write_fleet(tmp_path / "fleet", SITES)


def break_fleet(root: Path) -> None:
    """An error of every kind of file, and a warning."""
    edit(site_file(root, 1), ("operational: dc1", "operational: dc7"))
    edit(site_file(root, 3), ("schema: oceana-dr/site/v1", "schema: oceana-dr/site/v1\nschema: again"))
    site_file(root, 4).write_text("a: [", "utf-8")
    site_file(root, 5).write_text("", "utf-8")
    edit(root / "sites/defaults.yaml", ("port: 2188", "port: 2189"), ("retained_copies: 7", "retained_copies: 0"))


def kept(folder: Path) -> int:
    return sum(path.is_file() for path in folder.rglob("*"))


def test_the_fleet_of_the_benchmark_is_valid_and_as_long_as_it_says(fleet: Path) -> None:
    assert check_sites(open_project(fleet)) == ()
    texts = [site_file(fleet, number).read_text("utf-8") for number in range(SITES)]
    assert all(580 <= text.count("\n") <= 600 for text in texts)
    assert not {word for word in ("acme", "globex") if any(f"{word}." in text for text in texts)}


def test_what_was_remembered_is_what_was_found(fleet: Path, tmp_path: Path) -> None:
    break_fleet(fleet)
    project, cache = open_project(fleet), Cache(tmp_path / "cache")
    plain = check_sites(project)
    assert {item.severity for item in plain} == set(Severity)
    assert {item.span.file.split("/")[1] for item in plain if item.span} >= {"defaults.yaml", "site-0001", "site-0005"}
    first, again = (check_sites(project, cache=cache) for _ in range(2))
    assert plain == first == again
    assert kept(tmp_path / "cache") == SITES  # each site but the empty file, and the defaults


def test_unchanged_sites_are_not_checked_again(fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project, cache = open_project(fleet), Cache(tmp_path / "cache")
    check_sites(project, cache=cache)
    checked: list[str] = []
    verdict = validating.verdict

    def counted(project: Project, name: str, defaults: Document | None) -> Verdict:
        checked.append(name)
        return verdict(project, name, defaults)

    monkeypatch.setattr(validating, "verdict", counted)
    assert (check_sites(project, cache=cache), checked) == ((), [])
    edit(site_file(fleet, 2), ("operational: dc1", "operational: dc7"))
    assert [item.code for item in check_sites(project, cache=cache)] == ["OD1104"]
    assert checked == [site_name(2)]


@pytest.mark.parametrize(
    ("file", "change", "code"),
    [
        ("sites/defaults.yaml", ("port: 2188", "port: 2189"), "OD1151"),
        ("oceana-dr.yaml", ("approvals: {required: 1}", "approvals: {required: 3}"), "OD1135"),
        ("oceana-dr.yaml", ("  operator: {}\n", ""), None),
    ],
)
def test_what_all_sites_share_counts_for_each(
    file: str, change: tuple[str, str], code: str | None, fleet: Path, tmp_path: Path
) -> None:
    cache = Cache(tmp_path / "cache")
    assert check_sites(open_project(fleet), cache=cache) == ()
    before = kept(tmp_path / "cache")
    edit(fleet / file, change)
    found = check_sites(open_project(fleet), cache=cache)
    assert found == check_sites(open_project(fleet))
    assert {item.code for item in found} == ({code} if code else set())
    assert kept(tmp_path / "cache") == before + SITES + 1, "all of them were checked anew, and the defaults"


def test_a_tampered_entry_is_checked_again(fleet: Path, tmp_path: Path) -> None:
    edit(site_file(fleet, 0), ("operational: dc1", "operational: dc7"))
    project, cache = open_project(fleet), Cache(tmp_path / "cache")
    found = check_sites(project, cache=cache)
    assert len(found) == 1
    for path in (tmp_path / "cache").rglob("*-*"):
        path.write_bytes(path.read_bytes().partition(b"\n")[0] + b"\n[]")
    assert check_sites(project, cache=cache) == found


def test_a_site_that_was_saved_meanwhile_is_not_remembered_as_it_was(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, cache, path = open_project(fleet), Cache(tmp_path / "cache"), site_file(fleet, 0)
    before = path.read_text("utf-8")

    def read_and_save(project: Project, name: str) -> bytes | Diagnostic:
        found = read_site_bytes(project, name)
        edit(path, ("operational: dc1", "operational: dc7"))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(validating, "read_site_bytes", read_and_save)
        assert [item.code for item in check_sites(project, [site_name(0)], cache=cache)] == ["OD1104"]
    path.write_text(before, "utf-8")
    assert check_sites(project, [site_name(0)], cache=cache) == ()


def test_defaults_that_were_saved_meanwhile_count_for_all(
    fleet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path / "cache")
    check_sites(open_project(fleet), cache=cache)
    site_file(fleet, 0).write_text("", "utf-8")  # so that not all of them are known

    def read_and_save(project: Project) -> bytes | Diagnostic | None:
        found = read_default_bytes(project)
        edit(fleet / "sites/defaults.yaml", ("port: 2188", "port: 2189"))
        return found

    monkeypatch.setattr(validating, "read_default_bytes", read_and_save)
    found = check_sites(open_project(fleet), cache=cache)
    monkeypatch.undo()
    assert "OD1151" in {item.code for item in found}
    assert found == check_sites(open_project(fleet)) == check_sites(open_project(fleet), cache=cache)


@pytest.mark.parametrize(
    ("edits", "code"),
    [
        ((("time_zone: Europe/London\nchannels", "time_zone: Europe/Londinium\nchannels"),), "OD1109"),
        ((), "OD1002"),
    ],
)
def test_what_the_files_alone_do_not_decide_is_not_remembered(
    edits: tuple[tuple[str, str], ...], code: str, fleet: Path, tmp_path: Path
) -> None:
    path = site_file(fleet, 1)
    if edits:
        edit(path, *edits)
    else:
        path.unlink()
        path.mkdir()
    cache = Cache(tmp_path / "cache")
    found = check_sites(open_project(fleet), [site_name(1)], cache=cache)
    assert [item.code for item in found] == [code]
    assert kept(tmp_path / "cache") == 1  # the defaults


def test_a_name_that_is_given_twice_is_checked_once(fleet: Path) -> None:
    seen: list[tuple[int, int]] = []
    names = [site_name(1), site_name(0), site_name(1)]
    check_sites(open_project(fleet), names, notice=lambda done, of: seen.append((done, of)))
    assert seen == [(1, 2), (2, 2)]


def test_a_diagnostic_with_more_than_json_can_hold_is_refused() -> None:
    with pytest.raises(TypeError):
        pack([Diagnostic("OD1101", b"bytes")])  # type: ignore[arg-type]
    assert unpack(json.loads(json.dumps(pack([Diagnostic("OD1101", "text")])))) == (Diagnostic("OD1101", "text"),)
