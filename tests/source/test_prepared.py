"""A remembered site is the site: same values, same places, and never another one's."""

import json
from pathlib import Path

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import compile_site
from oceana_dr.diagnostics import Diagnostic, InputRefused
from oceana_dr.source import prepared
from oceana_dr.source.cache import Cache
from oceana_dr.source.inputs import read_site_bytes
from oceana_dr.source.load import load_site
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project, open_project
from tests.planning import SITES, copy_project, edit


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("operational", [None, "dc2"])
def test_what_is_remembered_compiles_to_the_same(site: str, operational: str | None, tmp_path: Path) -> None:
    root, cache = copy_project(tmp_path / "project"), Cache(tmp_path / "cache")
    project = open_project(root, cache)
    first = prepare_site(project, site, operational, cache)
    again = prepare_site(open_project(root, cache), site, operational, cache)
    loaded = load_site(project, site, operational)
    compiled = [compile_site(item, load_catalogue()) for item in (first, again, loaded)]
    assert compiled[0].estate == compiled[1].estate == compiled[2].estate
    for reference in compiled[0].estate.refs():
        assert compiled[0].provenance(reference) == compiled[1].provenance(reference), reference
        assert compiled[0].provenance(reference).lines == compiled[2].provenance(reference).lines, reference


def test_a_change_of_any_file_that_decides_is_seen(tmp_path: Path) -> None:
    root, cache = copy_project(tmp_path / "project"), Cache(tmp_path / "cache")
    before = prepare_site(open_project(root, cache), "acme", None, cache)
    edit(root / "sites/defaults.yaml", ("ssh_port: 22", "ssh_port: 2222"))
    after = prepare_site(open_project(root, cache), "acme", None, cache)
    assert (before.value("backup.storage.ssh_port"), after.value("backup.storage.ssh_port")) == (22, 2222)
    edit(root / "sites/acme/site.yaml", ("operational: dc1 ", "operational: dc7 "))
    with pytest.raises(InputRefused):
        prepare_site(open_project(root, cache), "acme", None, cache)


def test_a_site_with_errors_is_never_remembered(tmp_path: Path) -> None:
    root, cache = copy_project(tmp_path / "project"), Cache(tmp_path / "cache")
    edit(root / "sites/acme/site.yaml", ("operational: dc1 ", "operational: dc7 "))
    for _ in range(2):
        with pytest.raises(InputRefused):
            prepare_site(open_project(root, cache), "acme", None, cache)


def test_a_site_that_was_saved_while_it_was_read_is_not_remembered_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, cache = copy_project(tmp_path / "project"), Cache(tmp_path / "cache")
    site = root / "sites/acme/site.yaml"
    before = site.read_text("utf-8")

    def read_and_save(project: Project, name: str) -> bytes | Diagnostic:
        found = read_site_bytes(project, name)
        edit(site, ("directory: /srv/backup/acme", "directory: /srv/elsewhere"))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(prepared, "read_site_bytes", read_and_save)
        saved = prepare_site(open_project(root), "acme", None, cache)
    site.write_text(before, "utf-8")
    again = prepare_site(open_project(root), "acme", None, cache)
    values = [item.value("backup.storage.directory") for item in (saved, again)]
    assert values == ["/srv/elsewhere", "/srv/backup/acme"]


def test_a_copy_of_the_project_shares_what_is_remembered(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    sites = [prepare_site(open_project(copy_project(tmp_path / name)), "acme", None, cache) for name in ("a", "b")]
    assert len([path for path in (tmp_path / "cache").rglob("*") if path.is_file()]) == 1
    assert [site.path.parents[2].name for site in sites] == ["a", "b"]
    assert sites[0].data == sites[1].data


def test_no_secret_is_in_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_BACKUP_PASSWORD", "canary-5bd1")
    root, cache = copy_project(tmp_path / "project"), Cache(tmp_path / "cache")
    prepare_site(open_project(root, cache), "acme", None, cache)
    entries = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert entries
    for entry in entries:
        assert b"canary-5bd1" not in entry.read_bytes()
        json.loads(entry.read_bytes().partition(b"\n")[2])
