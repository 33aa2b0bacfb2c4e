"""Which revision of the source a plan is made from.

In: the project's root and the site's files. Out: `Source`: commit, whether the files differ from it, digest.
Without git, or outside a repository, the commit is unknown: that must never stop a plan.
"""

from __future__ import annotations

from pathlib import Path

from oceana_dr.plan.model import Source

TIMEOUT_S = 10


def read_source(root: Path, files: tuple[str, ...], digest: str) -> Source:
    """Ask git once for the commit and for changes of these files."""
    if not any((folder / ".git").exists() for folder in (root, *root.parents)):
        return Source(None, True, digest)
    import subprocess  # only where there is a repository

    command = ["git", "-C", str(root), "status", "--porcelain=v2", "--branch", "--untracked-files=normal", "--", *files]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT_S, check=True)
    except (OSError, subprocess.SubprocessError):
        return Source(None, True, digest)
    lines = done.stdout.splitlines()
    commit = next((line.split()[2] for line in lines if line.startswith("# branch.oid ")), "(initial)")
    dirty = any(not line.startswith("#") for line in lines)
    return Source(None if commit == "(initial)" else commit, dirty or commit == "(initial)", digest)
