"""Who made the change that a plan was made from, as git has it.

In: a repository, the plan's source, the files of its site, what was applied before. Out: every name, or why unknown.
Whoever is not known to be somebody else must not approve: what git cannot tell is said, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from oceana_dr.plan.model import Source

_LIMIT_S: Final = 20
_PEOPLE: Final = "--format=%an%n%ae%n%aN%n%aE%n%cn%n%ce%n%cN%n%cE%n%(trailers:key=Co-authored-by,valueonly)"
_BESIDE: Final = re.compile(r"^(?P<name>.*?)\s*<(?P<mail>[^<>]*)>\s*$")


@dataclass(frozen=True, slots=True)
class Authors:
    """Everybody who made the change, by names and mail addresses; `unknown`: why they are not known."""

    names: frozenset[str] = frozenset()
    unknown: str = ""


def authors_of(root: Path, source: Source, files: Sequence[str], applied: Callable[[], str | None]) -> Authors:
    """Authors, committers and co-authors of the plan's commit, of all that it merged, and of the last commit that
    changed each of the site's files, there and at HEAD; where it is known from which commit they were `applied`
    last, of every one since.

    At HEAD, because a plan only claims from which commit it was made: whoever makes one may name another's.
    """
    if source.commit is None:
        return Authors(unknown="the plan was not made from a git repository")
    if source.dirty:
        return Authors(unknown="the plan was made from files with changes that are not committed")
    commit = source.commit
    header = ask_git(root, "cat-file", "commit", commit)
    if header is None:
        return Authors(unknown=f"git does not have the commit of the plan here; fetch it: git fetch origin {commit}")
    if (ask_git(root, "rev-parse", "--is-shallow-repository") or "").strip() != "false":
        return Authors(unknown="this clone does not have the whole history; fetch it: git fetch --unshallow")
    parents = [line.split()[1] for line in header.partition("\n\n")[0].splitlines() if line.startswith("parent ")]
    ranges = [[f"{commit}^!" if len(parents) < 2 else f"{parents[0]}..{commit}"]]
    ranges += [["-1", head, "--", file] for head in (commit, "HEAD") for file in files]
    before = applied()
    if before is not None and ask_git(root, "merge-base", "--is-ancestor", before, commit) is not None:
        ranges.append([f"{before}..{commit}", "--", *files])
    said = [ask_git(root, "log", "--no-show-signature", _PEOPLE, *some) for some in ranges]
    if any(text is None for text in said):
        return Authors(unknown=f"git does not say who made {commit[:12]}")
    return Authors(frozenset(name for text in said for line in (text or "").splitlines() for name in _names(line)))


def uncommitted(root: Path, files: Sequence[str]) -> tuple[str, ...]:
    """Those of the files that are not as the last commit has them; all of them where git cannot say.

    Compared by content: `git status` leaves out what somebody told git not to look at.
    """
    return tuple(file for file in files if not _is_committed(root, file))


def _is_committed(root: Path, file: str) -> bool:
    kept = ask_git(root, "rev-parse", "--verify", "--quiet", f"HEAD:./{file}")
    return kept is not None and kept == ask_git(root, "hash-object", "--", file)


def _names(line: str) -> tuple[str, ...]:
    """A name, a mail address, or both as a trailer has them."""
    both = _BESIDE.match(line)
    found = (line,) if both is None else (both["name"], both["mail"])
    return tuple(name.strip() for name in found if name.strip())


def ask_git(root: Path, *arguments: str) -> str | None:
    """What git says; None where it fails. What replaces a commit in a clone does not count."""
    import subprocess

    command = ["git", "--no-replace-objects", "-C", str(root), *arguments]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=_LIMIT_S,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return None if done.returncode else done.stdout.decode("utf-8", "replace")
