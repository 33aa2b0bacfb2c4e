"""A folder kept in step with the artifacts of the last `compile`.

In: a folder and relative path → text. Out: exactly these files in it, and a manifest that lists them.
It must never write through a symbolic link, touch a file of other origin, or leave half a file, nor begin in a folder
that holds something else, such as a site's own.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from oceana_dr.compile.artifacts.folder import Folder, is_relative
from oceana_dr.diagnostics import Unreadable

MANIFEST: Final = "manifest.json"
"""Lists what was written, with digests; what it lists and is no longer produced is removed."""
FORMAT: Final = "oceana-dr/artifacts/v1"


def write_artifacts(path: Path, files: Mapping[str, str]) -> None:
    """Replace what an earlier call wrote there.

    A folder with a manifest is an earlier compile's, and what people added there since stays; any other must be empty.
    Raises `OutOfSpace` with nothing replaced when the disk is full, `Unreadable` for every other reason.
    """
    for name in files:
        if not is_relative(name) or name == MANIFEST:
            raise ValueError(f"not a path for an artifact: {name!r}")
    with Folder(path) as folder:
        earlier = _listed(folder)
        for name in sorted(files):
            if folder.exists(name) and name not in earlier:
                raise Unreadable(
                    f"{path / name} is there already, and not from an earlier compile",
                    hint="name another folder with -o, or move the file away",
                )
        if not folder.exists(MANIFEST) and (others := folder.entries()):
            raise Unreadable(
                f"{path} holds {_some(others)}, and nothing there is from an earlier compile: artifacts are not mixed "
                "with other files",
                hint="name an empty folder, or one that is not there yet, with -o",
            )
        both = {**earlier, **_digests(files)}
        # A crash in the middle leaves a manifest that lists old and new: the next call cleans up.
        _replace(folder, {MANIFEST: _manifest(both)})
        _replace(folder, files)
        for name in sorted(earlier.keys() - files.keys()):
            folder.remove(name)
        _replace(folder, {MANIFEST: _manifest(_digests(files))})


def _some(names: tuple[str, ...]) -> str:
    """The first few names."""
    shown = ", ".join(names[:3])
    return f"{shown} and {len(names) - 3} more" if len(names) > 3 else shown


def _replace(folder: Folder, files: Mapping[str, str]) -> None:
    """All of them beside their places first: a full disk is noticed before anything is replaced."""
    try:
        for name in sorted(files):
            folder.stage(name, files[name].encode())
        for name in sorted(files):
            folder.put(name)
    finally:
        for name in files:
            folder.discard(name)


def _digests(files: Mapping[str, str]) -> dict[str, str]:
    return {name: f"sha256:{hashlib.sha256(files[name].encode()).hexdigest()}" for name in sorted(files)}


def _manifest(digests: Mapping[str, str]) -> str:
    return json.dumps({"format": FORMAT, "files": digests}, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def _listed(folder: Folder) -> dict[str, str]:
    """What the manifest lists; raises `Unreadable` if a file of that name is not one of ours."""
    if not folder.exists(MANIFEST):
        return {}
    try:
        data = json.loads(folder.read(MANIFEST))
    except ValueError:
        data = None
    match data:
        case {"format": str() as form, "files": dict() as files} if form == FORMAT:
            return {name: str(value) for name, value in files.items() if is_relative(name) and name != MANIFEST}
        case _:
            raise Unreadable(
                f"{folder.path / MANIFEST} is not the manifest of an earlier compile",
                hint="name another folder with -o, or move the file away",
            )
