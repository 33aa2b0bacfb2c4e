"""Builds the offline bundle: the product, every package it needs as wheels, how to install them, what they are.

In: a commit of the repository, the lock of all extras, a package index. Out: `oceana-dr-VERSION-offline.tar` and its
digest, and a signature where a key is named. What is not committed must never get into it, nor what is not in the lock.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from scripts.bundle.bill import bill_of_materials, described_by, name_of
from scripts.bundle.layout import MACHINES, PYTHONS, digest, platforms, sign, write_archive, write_sums

ROOT = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>\S+?)(?P<marker> ; .*?)? \\$")


def main() -> int:
    """Build it from a commit; prints where it lies and its digest."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--commit", default="HEAD")
    asked.add_argument("--out", type=Path, default=ROOT / "dist")
    asked.add_argument("--sign", type=Path, help="a private SSH key")
    options = asked.parse_args()
    epoch = int(os.environ.get("SOURCE_DATE_EPOCH") or said("git", "log", "-1", "--format=%ct", options.commit))
    if said("git", "status", "--porcelain"):
        print(f"note: the bundle is that of {options.commit}; what is not committed stays out", file=sys.stderr)
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        source, place = Path(temporary) / "source", Path(temporary) / "built"
        export(options.commit, source)
        wheel, _ = build(source, place, epoch)
        version = str(described_by(wheel)["Version"])
        folder = Path(temporary) / f"oceana-dr-{version}-offline"
        fill(folder, source, place, epoch)
        archive = options.out / f"{folder.name}.tar"
        write_archive(folder, archive, epoch)
    archive.with_name(f"{archive.name}.sha256").write_text(f"{digest(archive)}  {archive.name}\n", "utf-8")
    if options.sign is not None:
        sign(archive, options.sign)
    print(f"{digest(archive)}  {archive}")
    return 0


def export(commit: str, folder: Path) -> None:
    """The files of a commit."""
    folder.mkdir()
    done = subprocess.run(["git", "archive", commit], cwd=ROOT, capture_output=True, check=True)
    subprocess.run(["tar", "-x", "-C", folder], input=done.stdout, check=True)


def build(source: Path, place: Path, epoch: int) -> tuple[Path, Path]:
    """The wheel and the source distribution of the product."""
    environment = {**os.environ, "SOURCE_DATE_EPOCH": str(epoch)}
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(place)]
    subprocess.run(command, cwd=source, env=environment, check=True, capture_output=True)
    (wheel,), (sources,) = place.glob("*.whl"), place.glob("*.tar.gz")
    return wheel, sources


def fill(folder: Path, source: Path, built: Path, epoch: int) -> None:
    """Everything of the bundle, the list of digests last."""
    wheels = folder / "wheels"
    wheels.mkdir(parents=True)
    lock = (source / "requirements-extras.lock").read_text("utf-8")
    for python in PYTHONS:
        for machine in MACHINES:
            download(lock, wheels, python, platforms(machine))
    for file in built.glob("*.whl"):
        (wheels / file.name).write_bytes(file.read_bytes())
    for file in built.glob("*.tar.gz"):
        (folder / file.name).write_bytes(file.read_bytes())
    for name in ("LICENSE", "CHANGELOG.md", "SECURITY.md"):
        (folder / name).write_bytes((source / name).read_bytes())
    (folder / "install.py").write_bytes((source / "scripts/bundle/install.py").read_bytes())
    for name in ("sites", "docs", "oceana-dr.yaml"):
        copy(source / name, folder / "example" / name if name != "docs" else folder / name)
    every = sorted(wheels.iterdir())
    (folder / "requirements.txt").write_text("".join(requirements(lock, every)), "utf-8")
    (folder / "sbom.cdx.json").write_text(bill_of_materials(every, epoch), "utf-8")
    write_sums(folder)


def download(lock: str, wheels: Path, python: str, tags: tuple[str, ...]) -> None:
    """Every locked package for one Python on one kind of machine.

    Without the markers: pip would judge them by the machine that it runs on. The installing machine judges them itself.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write(re.sub(r" ; [^\\\n]*(?= \\$)", "", lock, flags=re.MULTILINE))
        file.flush()
        command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "-qq", "--no-deps"]
        locked = ["--require-hashes", "--only-binary", ":all:", "-r", file.name, "-d", str(wheels)]
        where = [part for tag in tags for part in ("--platform", tag)]
        subprocess.run([*command, *locked, "--implementation", "cp", "--python-version", python, *where], check=True)


def requirements(lock: str, wheels: list[Path]) -> Iterator[str]:
    """What the installer hands to pip: the lock, with the digests of the files that are here and no others."""
    by_name: dict[str, list[Path]] = {}
    for path in wheels:
        by_name.setdefault(name_of(described_by(path)), []).append(path)
    (own,) = by_name.pop("oceana-dr")
    yield f"oceana-dr[postgres]=={described_by(own)['Version']} --hash=sha256:{digest(own)}\n"
    for line in lock.splitlines():
        if (pin := _PIN.match(line)) is not None:
            hashes = " ".join(f"--hash=sha256:{digest(path)}" for path in by_name.pop(pin["name"]))
            yield f"{pin['name']}=={pin['version']}{pin['marker'] or ''} {hashes}\n"
    if by_name:
        raise SystemExit(f"wheels that the lock does not name: {', '.join(by_name)}")


def copy(source: Path, target: Path) -> None:
    """A file, or a folder with all of its files."""
    for path in [source] if source.is_file() else [path for path in source.rglob("*") if path.is_file()]:
        place = target if source.is_file() else target / path.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())


def said(*command: str) -> str:
    """What a program prints."""
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
