"""What an offline bundle is made of: for which machines, its list of digests, its archive.

In: a folder with everything that goes into a bundle. Out: the list of digests in it, and one archive of it.
The same folder and moment must always give the same bytes: no name, mode, owner or time of this machine enters.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

PYTHONS: Final = ("3.11", "3.12", "3.13", "3.14")
"""For each of these every package has a wheel; `ci.yml` tests on the same."""
MACHINES: Final = ("x86_64", "aarch64")
GLIBC: Final = ("2_28", "2_27", "2_26", "2_24", "2_17", "2_12", "2_5")
"""Of Linux with glibc 2.28 or newer: Debian 10, RHEL 8, Ubuntu 20.04 and what came after them."""
SUMS: Final = "SHA256SUMS"
NAMESPACE: Final = "oceana-dr-bundle"
"""What a signature is for: one that was made for something else is none."""
RUN: Final = frozenset({"install.py"})


def platforms(machine: str) -> tuple[str, ...]:
    """The tags of wheels that such a machine can run, as pip names them."""
    older = ("manylinux2014", "manylinux2010", "manylinux1") if machine == "x86_64" else ("manylinux2014",)
    return tuple(f"{name}_{machine}" for name in (*(f"manylinux_{version}" for version in GLIBC), *older, "linux"))


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_sums(folder: Path) -> None:
    """List every file of the folder with its digest, as `sha256sum --check` reads it."""
    lines = [f"{digest(path)}  {path.relative_to(folder).as_posix()}\n" for path in files(folder) if path.name != SUMS]
    (folder / SUMS).write_text("".join(lines), "utf-8")


def files(folder: Path) -> Iterator[Path]:
    """Every file below the folder, in one order everywhere."""
    yield from sorted((path for path in folder.rglob("*") if path.is_file()), key=lambda path: path.as_posix())


def write_archive(folder: Path, archive: Path, epoch: int) -> None:
    """One archive of the folder, as of that second. Not compressed: wheels are, and compressors differ."""
    with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as out:
        for path in files(folder):
            data = path.read_bytes()
            entry = tarfile.TarInfo(f"{folder.name}/{path.relative_to(folder).as_posix()}")
            entry.size, entry.mtime, entry.mode = len(data), epoch, 0o755 if path.name in RUN else 0o644
            out.addfile(entry, io.BytesIO(data))


def sign(archive: Path, key: Path) -> None:
    """Sign the archive with a private SSH key, beside it; a signature of an earlier one goes."""
    archive.with_name(f"{archive.name}.sig").unlink(missing_ok=True)
    subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", NAMESPACE, archive], check=True)
