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
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        return _kept(path)
    except OSError:
        return b""
    key = secrets.token_bytes(_BYTES)
    with os.fdopen(handle, "wb") as stream:
        stream.write(key)
    return key


def _kept(path: Path) -> bytes:
    try:
        key = path.read_bytes()
    except OSError:
        return b""
    return key if len(key) == _BYTES else b""
