"""JSON that others wrote, read so that nobody can read it otherwise.

In: bytes or text. Out: the document, or `ValueError`.
A key that stands twice must never be accepted: readers differ in which of the two counts, and a reviewer sees one.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any


class DuplicateKey(ValueError):
    """A mapping has the same key twice."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the key {key!r:.60} stands twice in one mapping")


def load_json(data: bytes | str) -> Any:  # Any: a document of unknown origin, which the caller checks
    """The document; raises `DuplicateKey`, or the `ValueError` or `RecursionError` of `json`. NaN is no JSON."""
    return json.loads(data, object_pairs_hook=_unique, parse_constant=_no_constant)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        counts = Counter(key for key, _ in pairs)
        raise DuplicateKey(next(key for key, count in counts.items() if count > 1))
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
