"""Which revision of the source a plan is made from.

In: the project's root and the site's files. Out: `Source`: commit, whether the files differ from it, digest.
Without git, or outside a repository, the commit is unknown: that must never stop a plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from oceana_dr.operations.surroundings import surroundings
from oceana_dr.plan.model import Source

TIMEOUT_S = 10

Answer = Callable[[str], Source]
"""The source, once the digest of its files is known."""


@contextmanager
def asking_git(root: Path, files: tuple[str, ...]) -> Iterator[Answer]:
    """Ask git once for the commit and for changes of these files; it works while the caller does."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        yield _unknown
        return
    import subprocess  # only where there is a repository

    command = ["git", "-C", str(root), "status", "--porcelain=v2", "--branch", "--untracked-files=normal", "--", *files]
    try:
        asked = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=surroundings(),
        )
    except OSError:
        yield _unknown
        return

    def answer(digest: str) -> Source:
        try:
            said, _ = asked.communicate(timeout=TIMEOUT_S)
        except (OSError, ValueError, subprocess.SubprocessError):
            return _unknown(digest)
        return _unknown(digest) if asked.returncode else _source(said, digest)

    with asked:
        try:
            yield answer
        finally:
            if asked.poll() is None:
                asked.kill()


def _unknown(digest: str) -> Source:
    return Source(None, True, digest)


def _source(said: str, digest: str) -> Source:
    lines = said.splitlines()
    commit = next((line.split()[2] for line in lines if line.startswith("# branch.oid ")), "(initial)")
    dirty = any(not line.startswith("#") for line in lines)
    return Source(None if commit == "(initial)" else commit, dirty or commit == "(initial)", digest)
