"""Seals that a forger can make too: the id of a plan's content, the frames of a journal's records.

In: bytes. Out: the same content with seals that fit, so that fuzzing gets behind them.
What cannot be sealed must come back as it was.
"""

from __future__ import annotations

import json
from typing import Final

from oceana_dr.estate.canonical import digest
from oceana_dr.store.frame import GENESIS, digest_of, frame

_HEAD_BYTES: Final = 96


def signed(data: bytes) -> bytes:
    """A plan with the id of its content."""
    try:
        document = json.loads(data)
        content = {key: value for key, value in document.items() if key not in {"id", "meta"}}
        return json.dumps({**document, "id": digest(content)}).encode()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return data


def resealed(data: bytes) -> bytes:
    """A journal with the frame of every line written anew."""
    made, previous = b"", GENESIS
    for line in data.split(b"\n"):
        if payload := line[_HEAD_BYTES:]:
            made += frame(payload, previous)
            previous = digest_of(made[made.rfind(b"OJ1 ") :])
    return made
