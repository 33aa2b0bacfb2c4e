"""Installs oceana-dr from the offline bundle that this file lies in: `python3 install.py FOLDER`.

In: the bundle, a folder that does not exist yet. Out: a virtual environment in it; 0, or 1 with what is wrong.
Nothing of the bundle is run or unpacked before every file of it has the digest that it should have, pip then checks
each wheel once more, and no package index is ever asked. Whatever fails must leave no half of an environment behind.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUMS = "SHA256SUMS"
LOWEST = (3, 11)


def main() -> int:
    """Check the bundle, make the environment, install into it."""
    asked = argparse.ArgumentParser(description="Install oceana-dr from this bundle; no network is needed.")
    asked.add_argument("folder", type=Path, help="where to; it must not exist yet")
    asked.add_argument("--check", action="store_true", help="only check that the bundle is whole")
    options = asked.parse_args()
    problems = [*unfit(), *damage(HERE)]
    if options.folder.exists() and not options.check:
        problems.append(f"{options.folder} exists already: name another folder, or remove it")
    if problems:
        for problem in problems:
            print(f"error: {problem}", file=sys.stderr)
        print("nothing was installed", file=sys.stderr)
        return 1
    if options.check:
        print("every file is as it was built")
        return 0
    return install(options.folder)


def unfit() -> Iterator[str]:
    """Why this machine cannot run it."""
    if sys.version_info < LOWEST:
        yield f"this is Python {platform.python_version()}; 3.11 or newer is needed: python3.11 install.py ..."
    if sys.platform != "linux":
        yield f"this is {platform.system()}; oceana-dr runs on Linux (on Windows: in WSL 2)"


def damage(bundle: Path) -> Iterator[str]:
    """Each file that is not as it was built, is missing, or was not in the bundle."""
    listed: dict[str, str] = {}
    try:
        for line in (bundle / SUMS).read_text("utf-8").splitlines():
            value, _, name = line.partition("  ")
            listed[name] = value
    except (OSError, ValueError) as error:
        yield f"{SUMS} cannot be read: {type(error).__name__}"
        return
    there = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file() or path.is_symlink()}
    for name in sorted(there - listed.keys() - {SUMS}):
        yield f"{name} does not belong to the bundle"
    for name, value in sorted(listed.items()):
        path = bundle / name
        if name not in there or path.is_symlink():
            yield f"{name} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != value:
            yield f"{name} is not as it was built"


def install(folder: Path) -> int:
    """A new environment with exactly what `requirements.txt` names."""
    python = folder / "bin" / "python"
    pip = [python, "-I", "-m", "pip", "--isolated", "--disable-pip-version-check", "-q", "install"]
    offline = ["--no-index", "--find-links", HERE / "wheels", "--no-cache-dir"]
    locked = ["--require-hashes", "--only-binary", ":all:", "-r", HERE / "requirements.txt"]
    steps = (
        ([sys.executable, "-I", "-m", "venv", folder], "no environment can be made; Debian: apt install python3-venv"),
        ([*pip, *offline, *locked], "pip refuses the packages"),
        ([folder / "bin" / "oceana-dr", "--version"], "it was installed and does not run"),
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    for command, trouble in steps:
        if subprocess.run([str(part) for part in command], env=environment, check=False).returncode:
            print(f"error: {trouble}\nnothing was installed", file=sys.stderr)
            shutil.rmtree(folder, ignore_errors=True)
            return 1
    print(f"installed: {folder / 'bin' / 'oceana-dr'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
