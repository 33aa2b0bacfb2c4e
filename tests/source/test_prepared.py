"""A remembered site is the site: same values, same places, and never another one's."""

import json
from pathlib import Path

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import compile_site
from oceana_dr.diagnostics import InputRefused
from oceana_dr.source.cache import MOST_ENTRIES, Cache, user_cache
from oceana_dr.source.load import load_site
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import open_project
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


def test_an_entry_that_was_touched_is_not_believed(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("kind", {"a": 1}, b"x")
    (entry,) = tmp_path.iterdir()
    assert cache.get("kind", b"x") == {"a": 1}
    assert cache.get("kind", b"y") is None
    text = entry.read_bytes()
    entry.write_bytes(text.replace(b'"a":1', b'"a":2'))
    assert cache.get("kind", b"x") is None
    entry.write_bytes(text)
    entry.chmod(0o666)
    assert cache.get("kind", b"x") is None, "others could have written it"


def test_parts_cannot_run_into_each_other(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    cache.put("kind", "ab", b"a", b"b")
    assert cache.get("kind", b"ab", b"") is None
    assert cache.get("kind", b"", b"ab") is None


def test_the_oldest_entries_make_room(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    for number in range(MOST_ENTRIES + 20):
        cache.put("kind", number, str(number).encode())
    assert len(list(tmp_path.iterdir())) <= MOST_ENTRIES


def test_nothing_is_kept_where_it_is_not_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    user_cache().put("kind", 1)
    monkeypatch.delenv("OCEANA_DR_NO_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "also-relative")
    user_cache().put("kind", 1)
    assert list(tmp_path.iterdir()) == []


def test_no_secret_is_in_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_BACKUP_PASSWORD", "canary-5bd1")
    root, cache = copy_project(tmp_path / "project"), Cache(tmp_path / "cache")
    prepare_site(open_project(root, cache), "acme", None, cache)
    for entry in (tmp_path / "cache").iterdir():
        assert b"canary-5bd1" not in entry.read_bytes()
        json.loads(entry.read_bytes().partition(b"\n")[2])
