"""Who made the change, from real repositories; and what is said where git cannot tell."""

from __future__ import annotations

from pathlib import Path

from oceana_dr.operations.authors import Authors, authors_of, uncommitted
from oceana_dr.plan.model import Source
from tests.signers import commit, git

FILES = ("sites/acme/site.yaml", "sites/defaults.yaml")


def write(root: Path, text: str, file: str = FILES[0]) -> None:
    (root / file).parent.mkdir(parents=True, exist_ok=True)
    (root / file).write_text(text)


def authors(root: Path, made_from: str | None, *, dirty: bool = False, applied: str | None = None) -> Authors:
    return authors_of(root, Source(made_from, dirty, "sha256:0"), FILES, lambda: applied)


def mails(root: Path, made_from: str, applied: str | None = None) -> set[str]:
    found = authors(root, made_from, applied=applied)
    assert found.unknown == ""
    return {name.partition("@")[0] for name in found.names if "@" in name}


def test_author_committer_and_whoever_is_named_beside_them(tmp_path: Path) -> None:
    write(tmp_path, "one")
    message = "move\n\nCo-authored-by: Omar <omar@acme.example>\nCo-Authored-By: Lee <lee@acme.example>\n"
    made = commit(tmp_path, message, by="jane", GIT_COMMITTER_EMAIL="kim@acme.example", GIT_COMMITTER_NAME="K. Im")
    assert mails(tmp_path, made) == {"jane", "kim", "omar", "lee"}
    assert {"Jane", "K. Im", "Omar", "Lee"} <= authors(tmp_path, made).names


def test_a_later_commit_of_somebody_else_hides_nobody(tmp_path: Path) -> None:
    write(tmp_path, "one")
    write(tmp_path, "shared", FILES[1])
    commit(tmp_path, by="pat")
    write(tmp_path, "two")
    commit(tmp_path, by="jane")
    write(tmp_path, "read me", "README.md")
    made = commit(tmp_path, by="omar")
    assert mails(tmp_path, made) == {"omar", "jane", "pat"}  # pat was the last one at defaults.yaml


def test_who_names_anothers_commit_in_their_plan_is_not_hidden_by_it(tmp_path: Path) -> None:
    write(tmp_path, "one")
    anothers = commit(tmp_path, by="pat")
    write(tmp_path, "two")
    commit(tmp_path, by="jane")
    assert mails(tmp_path, anothers) == {"pat", "jane"}


def test_everybody_since_what_was_applied_last(tmp_path: Path) -> None:
    write(tmp_path, "one")
    write(tmp_path, "shared", FILES[1])
    applied = commit(tmp_path, by="pat")
    for text, who in (("two", "jane"), ("three", "kim")):
        write(tmp_path, text)
        commit(tmp_path, by=who)
    write(tmp_path, "four")
    made = commit(tmp_path, by="omar")
    assert mails(tmp_path, made) == {"omar", "pat"}
    assert mails(tmp_path, made, applied) == {"omar", "kim", "jane", "pat"}
    assert mails(tmp_path, made, "0" * 40) == {"omar", "pat"}, "a commit that is gone adds nobody"


def test_all_that_a_merge_brought(tmp_path: Path) -> None:
    write(tmp_path, "one")
    commit(tmp_path, by="pat")
    git(tmp_path, "switch", "-q", "-c", "topic")
    for text, who in (("two", "jane"), ("three", "kim")):
        write(tmp_path, text)
        commit(tmp_path, by=who)
    git(tmp_path, "switch", "-q", "main")
    git(tmp_path, "merge", "-q", "--no-ff", "-m", "merge", "topic", by="omar")
    made = git(tmp_path, "rev-parse", "HEAD").strip()
    assert mails(tmp_path, made) == {"omar", "jane", "kim"}
    for depth in ("1", "2"):  # with two, only the last commit of the topic would be seen
        shallow = tmp_path / f"shallow{depth}"
        git(tmp_path, "clone", "-q", "--depth", depth, f"file://{tmp_path}", str(shallow))
        said = authors(shallow, made)
        assert said.names == frozenset()
        assert "does not have the whole history; fetch it: git fetch --unshallow" in said.unknown


def test_what_replaces_a_commit_in_a_clone_does_not_count(tmp_path: Path) -> None:
    write(tmp_path, "one")
    other = commit(tmp_path, by="omar")
    write(tmp_path, "two")
    made = commit(tmp_path, by="jane")
    git(tmp_path, "replace", made, other)
    assert mails(tmp_path, made) == {"jane"}


def test_what_git_cannot_tell_is_said(tmp_path: Path) -> None:
    assert "not made from a git repository" in authors(tmp_path, None).unknown
    assert f"git fetch origin {'0' * 40}" in authors(tmp_path, "0" * 40).unknown
    write(tmp_path, "one")
    made = commit(tmp_path)
    assert "not committed" in authors(tmp_path, made, dirty=True).unknown


def test_files_that_are_not_committed_as_they_are(tmp_path: Path) -> None:
    below = tmp_path / "projects" / "dr"
    for file in ("a", "b", "c"):
        write(below, file, file)
    assert uncommitted(below, ["a", "b"]) == ("a", "b"), "there is no repository"
    commit(tmp_path)
    assert uncommitted(below, ["a", "b"]) == ()
    write(below, "other", "b")
    write(below, "new", "d")
    assert uncommitted(below, ["a", "b", "c", "d", "gone"]) == ("b", "d", "gone")
    git(tmp_path, "add", "-A")
    assert uncommitted(below, ["a", "b", "d"]) == ("b", "d"), "what is only staged nobody has reviewed"
    git(tmp_path, "update-index", "--assume-unchanged", "projects/dr/a")
    write(below, "other", "a")
    assert uncommitted(below, ["a", "c"]) == ("a",)
