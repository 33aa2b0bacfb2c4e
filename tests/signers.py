"""People with SSH keys and a repository with their names in it, for tests of approvals.

In: a folder. Out: keys made by the real ssh-keygen, an allowed signers file, commits of whoever is named.
Where ssh-keygen is not installed, what needs it is skipped and says so: git does not bring it along.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

NEEDS_SSH_KEYGEN = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None,
    reason="ssh-keygen is not installed (Debian: openssh-client): nothing can be signed or verified",
)


@cache
def key_of(name: str) -> Path:
    """A private key of that name, its public one beside it; made once for all tests of this process."""
    path = Path(_keys()) / name
    made = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)]
    subprocess.run(made, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    return path


@cache
def _keys() -> str:
    import atexit

    folder = mkdtemp(prefix="oceana-dr-keys-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def public(name: str) -> str:
    """Type and key, as they stand in an allowed signers file."""
    return " ".join(key_of(name).with_name(f"{name}.pub").read_text("ascii").split()[:2])


def line(name: str, options: str = "", *, principals: str = "") -> str:
    """A line of an allowed signers file."""
    return " ".join(part for part in (principals or f"{name}@acme.example", options, public(name)) if part) + "\n"


def git(root: Path, *arguments: str, by: str = "jane", **names: str) -> str:
    """Run git as somebody, with no settings but the repository's."""
    mail = f"{by}@acme.example"
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(root / "home"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": by.title(),
        "GIT_AUTHOR_EMAIL": mail,
        "GIT_COMMITTER_NAME": by.title(),
        "GIT_COMMITTER_EMAIL": mail,
        **names,
    }
    done = subprocess.run(["git", *arguments], cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"git {' '.join(arguments)}: {done.stderr}"
    return done.stdout


def commit(root: Path, message: str = "change", *, by: str = "jane", **names: str) -> str:
    """Commit everything as somebody; returns the commit."""
    if not (root / ".git").exists():
        git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", message, by=by, **names)
    return git(root, "rev-parse", "HEAD").strip()
