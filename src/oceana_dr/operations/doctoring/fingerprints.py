"""The key by which secrets have fingerprints, one for each state folder, and the fingerprints that were seen last.

In: the state folder. Out: 32 bytes; by reference, what a secret's fingerprint was, and since when.
Without the key a fingerprint tells nothing: both are for their owner alone, and never leave the folder.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

KEY_FILE: Final = "fingerprint.key"
SEEN_FILE: Final = "fingerprints.json"
_BYTES: Final = 32
_MOST: Final = 1 << 20


def fingerprint_key(folder: Path) -> bytes:
    """The key; empty where it can be neither read nor made, and no fingerprint is shown then."""
    path = folder / KEY_FILE
    if path.exists():
        return _kept(path)
    key = secrets.token_bytes(_BYTES)
    beside = folder / f"{KEY_FILE}.{secrets.token_hex(8)}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(key)
        try:
            path.hardlink_to(beside)  # whole, or not at all: another process may be doing the same
        finally:
            beside.unlink()
    except FileExistsError:
        return _kept(path)
    except OSError:
        return b""
    return key


def _kept(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError:
        return b""
    return key if len(key) == _BYTES else b""


def seen_before(folder: Path) -> dict[str, tuple[str, str]]:
    """By a secret's reference: its fingerprint, and since which day. What cannot be read was not seen."""
    with suppress(OSError, ValueError, AttributeError):
        with (folder / SEEN_FILE).open("rb") as stream:
            found = json.loads(stream.read(_MOST))
        return {str(name): (str(item["mark"]), str(item["since"])) for name, item in found.items()}
    return {}


def remember(folder: Path, found: Mapping[str, str], day: str) -> None:
    """Keep what was seen this day; a fingerprint that stays keeps its day. It is left where nothing can be written."""
    before = seen_before(folder)
    now = {name: before[name] if before.get(name, ("", ""))[0] == mark else (mark, day) for name, mark in found.items()}
    if all(before.get(name) == item for name, item in now.items()):
        return
    kept = {name: {"mark": mark, "since": since} for name, (mark, since) in sorted({**before, **now}.items())}
    beside = folder / f"{SEEN_FILE}.{secrets.token_hex(8)}"
    with suppress(OSError):
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
            json.dump(kept, stream, indent=1)
        beside.replace(folder / SEEN_FILE)
