"""Which sites a command is about: what changed since a revision, and one part of N."""

import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oceana_dr.diagnostics import RevisionUnknown
from oceana_dr.operations.selecting import Shard, changed_sites, sites_of_shard
from oceana_dr.source.project import list_sites, open_project
from tests.planning import copy_project, edit

BOTH = ("acme", "globex")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-c", "user.name=Test", "-c", "user.email=test@example.com", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "x")


@pytest.fixture(params=["", "deeper/project"], ids=["whole", "subfolder"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with two sites in a repository, or in a folder of one."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    repository = tmp_path / "repository"
    folder = repository / str(request.param)
    folder.mkdir(parents=True)
    git(repository, "init", "--quiet")
    copy_project(folder)
    commit(repository)
    return folder


def changed(root: Path, revision: str = "HEAD") -> tuple[str, ...]:
    project = open_project(root)
    return changed_sites(project, list_sites(project), revision)


def touch(root: Path, site: str = "acme") -> None:
    path = root / "sites" / site / "site.yaml"
    path.write_text(path.read_text("utf-8") + "# changed\n", "utf-8")


def test_nothing_has_changed(root: Path) -> None:
    assert changed(root) == ()
    os.utime(root / "sites/acme/site.yaml", (1, 1))
    assert changed(root) == (), "only content counts"


def test_a_file_that_differs_is_found_whether_staged_or_not(root: Path) -> None:
    touch(root)
    assert changed(root) == ("acme",)
    git(root, "add", "--all")
    assert changed(root) == ("acme",)
    commit(root)
    assert (changed(root), changed(root, "HEAD~1")) == ((), ("acme",))
    touch(root, "globex")
    assert changed(root, "HEAD~1") == BOTH


def test_a_change_that_was_taken_back_is_none(root: Path) -> None:
    path = root / "sites/acme/site.yaml"
    before = path.read_bytes()
    touch(root)
    commit(root)
    path.write_bytes(before)
    assert (changed(root), changed(root, "HEAD~1")) == (("acme",), ())


def test_new_moved_and_removed_sites(root: Path) -> None:
    new = root / "sites" / "initech"
    new.mkdir()
    (new / "site.yaml").write_text("name: initech\n")
    (root / "sites/globex").rename(root / "sites/hooli")
    assert changed(root) == ("hooli", "initech"), "untracked files count"
    commit(root)
    assert (changed(root), changed(root, "HEAD~1")) == ((), ("hooli", "initech"))


def test_what_git_does_not_look_at_counts_as_changed(root: Path) -> None:
    (root / ".gitignore").write_text("sites/initech/\n")
    (root / "sites/initech").mkdir()
    (root / "sites/initech/site.yaml").write_text("name: initech\n")
    git(root, "update-index", "--assume-unchanged", "sites/acme/site.yaml")
    touch(root)
    assert changed(root) == ("acme", "initech")


def test_what_a_link_leads_to_counts_as_changed(root: Path) -> None:
    site = root / "sites" / "acme" / "site.yaml"
    site.rename(root / "elsewhere.yaml")
    site.symlink_to(root / "elsewhere.yaml")
    commit(root)
    assert changed(root) == ("acme",)


@pytest.mark.parametrize("file", ["sites/defaults.yaml", "oceana-dr.yaml"])
def test_a_change_of_what_all_share_is_one_of_all(file: str, root: Path) -> None:
    (root / file).write_text((root / file).read_text("utf-8") + "# changed\n")
    assert changed(root) == BOTH
    commit(root)
    assert (changed(root), changed(root, "HEAD~1")) == ((), BOTH)


def test_defaults_that_came_or_went_count_for_all(root: Path) -> None:
    (root / "sites/defaults.yaml").unlink()
    assert changed(root) == BOTH
    commit(root)
    assert (changed(root), changed(root, "HEAD~1")) == ((), BOTH)


def test_a_file_elsewhere_is_no_change(root: Path) -> None:
    (root / "README.md").write_text("text")
    (root / "sites/acme/lab.seed.json").write_text("{}")
    assert changed(root) == ()


def test_tags_branches_and_ancestors_are_revisions(root: Path) -> None:
    git(root, "tag", "--annotate", "v1", "--message", "x")
    git(root, "branch", "a/b")
    touch(root)
    commit(root)
    assert [
        changed(root, name) for name in ("v1", "a/b", "HEAD^", git(root, "rev-parse", "--short", "v1^{commit}"))
    ] == [("acme",)] * 4


def test_a_name_that_is_no_site_stays(root: Path) -> None:
    project = open_project(root)
    assert changed_sites(project, ["acme", "acmee"], "HEAD") == ("acmee",)


@pytest.mark.parametrize(
    "revision",
    [
        "no-such-branch",
        "",
        "HEAD:sites",
        "HEAD..HEAD",
        "-",
        "--help",
        "--output=stolen",
        "-pstolen",
        "a b",
        "x\0y",
        "@{9}",
    ],
)
def test_a_revision_that_is_none_is_refused_and_does_nothing(revision: str, root: Path) -> None:
    before = sorted(root.rglob("*"))
    with pytest.raises(RevisionUnknown) as refused:
        changed(root, revision)
    assert refused.value.hint
    assert refused.value.exit_code == 1
    assert sorted(root.rglob("*")) == before


def test_a_project_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(RevisionUnknown, match="not a git repository"):
        changed(copy_project(tmp_path / "project"))


def test_a_machine_without_git(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RevisionUnknown, match="git is not installed"):
        changed(root)


def test_looking_writes_nothing(root: Path) -> None:
    git_folder = Path(git(root, "rev-parse", "--absolute-git-dir"))
    os.utime(root / "sites/acme/site.yaml", (1, 1))  # git would write this down
    before = {path: path.stat().st_mtime_ns for path in git_folder.rglob("*")}
    changed(root)
    assert {path: path.stat().st_mtime_ns for path in git_folder.rglob("*")} == before


@given(names=st.lists(st.text(min_size=1), max_size=40), of=st.integers(1, 12))
def test_shards_are_all_and_none_twice(names: list[str], of: int) -> None:
    shards = [sites_of_shard(names, Shard(number, of)) for number in range(1, of + 1)]
    together = [name for shard in shards for name in shard]
    assert sorted(together) == sorted(set(names))
    assert max(map(len, shards)) - min(map(len, shards)) <= 1
    assert shards == [sites_of_shard(reversed(names), Shard(number, of)) for number in range(1, of + 1)]


def test_a_shard_of_changed_sites(root: Path) -> None:
    edit(root / "sites/defaults.yaml", ("port: 2188", "port: 2188 # as printed"))
    assert sites_of_shard(changed(root), Shard(2, 2)) == ("globex",)
