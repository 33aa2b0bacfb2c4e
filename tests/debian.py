"""Programs of Debian that tests start for real: a name server, an SSH server, a browser.

A name goes in, a program with the environment it needs comes out: from the machine, else from what
`scripts/debian_root.sh` unpacked. A test whose program is nowhere is skipped and says so.
Nothing stands in for one.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(sys.prefix) / ".servers" / "root"
_SYSTEM = ("/usr/sbin", "/usr/lib/chromium")


@dataclass(frozen=True, slots=True)
class Program:
    """What to start, and what its environment has besides ours."""

    path: Path
    environment: dict[str, str]


def program(name: str) -> Program:
    """The program `name`; the test is skipped where the machine has none."""
    found = _find(name)
    if found is None:
        pytest.skip(f"{name} is not on this machine and could not be fetched: see scripts/debian_root.sh")
    return found


@contextmanager
def on_path(name: str) -> Iterator[None]:
    """What starts `name` itself finds the one that tests use, for as long as this is entered."""
    found = program(name)
    if name == "sshd" and os.getuid() == 0 and not _may_run_sshd():
        pytest.skip("as root, sshd needs a folder and a user that this machine neither has nor lets us show it")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{found.path.parent}")
        for variable, value in found.environment.items():
            patch.setenv(variable, value)
        yield


@cache
def _may_run_sshd() -> bool:
    """Whether the machine is made for it, or lets root give it a view of the file system of its own."""
    alone = ["unshare", "-m", "true"]
    return Path("/run/sshd").is_dir() or subprocess.run(alone, capture_output=True, check=False).returncode == 0


@cache
def _find(name: str) -> Program | None:
    installed = shutil.which(name, path=os.pathsep.join((os.environ.get("PATH", ""), *_SYSTEM)))
    if installed:
        return Program(Path(installed), {})
    for folder in ("usr/lib/chromium", "usr/sbin", "usr/bin"):
        if (ROOT / folder / name).is_file():
            return Program(ROOT / folder / name, _environment())
    return None


@cache
def _environment() -> dict[str, str]:
    """Where the loader finds what was unpacked, and fonts where the machine has no configuration for them."""
    folders = sorted({str(path.parent) for path in ROOT.rglob("lib*.so*") if "chromium" not in path.parts})
    found = {"LD_LIBRARY_PATH": os.pathsep.join(folders)}
    if not Path("/etc/fonts/fonts.conf").exists():
        fonts = ROOT.parent / "fonts.conf"
        fonts.write_text(
            f"<fontconfig><dir>{ROOT}/usr/share/fonts</dir><cachedir>{ROOT}/fontcache</cachedir></fontconfig>"
        )
        found["FONTCONFIG_FILE"] = str(fonts)
    return found
