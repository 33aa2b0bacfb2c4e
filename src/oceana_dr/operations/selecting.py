"""Which of a project's sites a command is about: those that changed, those of one shard.

In: names, a revision, a shard. Out: names, in order. Raises `RevisionUnknown` where git cannot answer.
Bytes are compared with git's own digests, no index and no ignore list asked: a site must never be left out because
git does not see that it changed.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from oceana_dr.diagnostics import Diagnostic, RevisionUnknown
from oceana_dr.operations.surroundings import surroundings
from oceana_dr.source.files import read_file
from oceana_dr.source.project import DEFAULTS_FILE, PROJECT_FILE, Project

if TYPE_CHECKING:
    import subprocess

TIMEOUT_S: Final = 60


@dataclass(frozen=True, slots=True)
class Shard:
    """Part `number` of `of`, from 1."""

    number: int
    of: int

    def __str__(self) -> str:
        return f"{self.number}/{self.of}"


def sites_of_shard(names: Iterable[str], shard: Shard) -> tuple[str, ...]:
    """Every N-th name in alphabetical order: shards differ by one site at most, and together they are all."""
    return tuple(sorted(set(names)))[shard.number - 1 :: shard.of]


def changed_sites(project: Project, names: Sequence[str], revision: str) -> tuple[str, ...]:
    """Those whose result can differ from that of a revision: their own file differs, or one that all share."""
    blobs = _blobs(project.root, _commit(project.root, revision))
    shared = (project.root / PROJECT_FILE, project.sites_dir / DEFAULTS_FILE)
    if any(_differs(project, path, blobs) for path in shared):
        return tuple(names)
    # A name without a file is an error that must be seen, whatever git says of it.
    return tuple(
        name
        for name in names
        if not os.path.lexists(project.site_file(name)) or _differs(project, project.site_file(name), blobs)
    )


def _differs(project: Project, path: Path, blobs: Mapping[str, str]) -> bool:
    """Whether a file's bytes are others than the revision's; links and what git does not keep always are."""
    shown = project.shown(path)
    blob, data = blobs.get(shown), read_file(path, shown)
    if isinstance(data, Diagnostic):
        return blob is not None or os.path.lexists(path)  # in neither of the two: the same
    if blob is None:
        return True
    make = hashlib.sha256 if len(blob) == hashlib.sha256().digest_size * 2 else _sha1
    return make(b"blob %d\0" % len(data) + data).hexdigest() != blob


def _sha1(data: bytes) -> hashlib._Hash:
    return hashlib.sha1(data, usedforsecurity=False)


def _blobs(root: Path, commit: str) -> dict[str, str]:
    """The revision's files by their path from the root, which may be a folder of a larger repository."""
    listed = _git(root, "ls-tree", "-r", "-z", commit, "--", PROJECT_FILE, "sites")
    if listed.returncode != 0:
        raise _refused(listed)
    entries = (entry.partition(b"\t") for entry in listed.stdout.split(b"\0") if entry)
    return {os.fsdecode(path): about.split()[2].decode() for about, _, path in entries if about.startswith(b"100")}


def _commit(root: Path, revision: str) -> str:
    # No revision begins with a hyphen; an older git might take it for an option all the same.
    if revision and not revision.startswith("-") and "\0" not in revision:
        found = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
        if found.returncode == 0:
            return found.stdout.decode("ascii").split()[-1]
        if found.stderr:
            raise _refused(found)
    raise RevisionUnknown(
        f"git knows no revision `{revision}` here",
        hint="name a commit, tag or branch; a shallow clone has to fetch it first (`fetch-depth: 0` on GitHub)",
    )


def _refused(done: subprocess.CompletedProcess[bytes]) -> RevisionUnknown:
    said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0].removeprefix("fatal: ")
    return RevisionUnknown(
        f"git cannot compare: {said}", hint="leave --changed-since out: unchanged sites are remembered anyway"
    )


def _git(root: Path, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    import subprocess  # only for who compares

    variables = surroundings(GIT_OPTIONAL_LOCKS="0", LC_ALL="C")  # looking never writes
    try:
        return subprocess.run(
            ["git", "-C", root, *arguments],  # noqa: S607 - the git that its user has, wherever it is
            capture_output=True,
            timeout=TIMEOUT_S,
            check=False,
            stdin=subprocess.DEVNULL,
            env=variables,
        )
    except FileNotFoundError:
        raise RevisionUnknown("git is not installed", hint="install git, or leave --changed-since out") from None
    except (OSError, subprocess.SubprocessError) as error:
        raise RevisionUnknown(f"git did not answer: {error}", hint="try the same with git itself") from None
