"""The key by which secrets have fingerprints: one for each state folder, made when it is first needed.

In: the state folder. Out: 32 bytes.
Without the key a fingerprint tells nothing: it is for its owner alone, and never leaves the folder.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

KEY_FILE: Final = "fingerprint.key"
_BYTES: Final = 32


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
