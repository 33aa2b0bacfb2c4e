"""One byte string for one document, and its digest (RFC 8785, the JSON Canonicalization Scheme).

In: JSON data without floating-point numbers (nothing we digest has any). Out: bytes, `sha256:…`.
Two documents that mean the same must never have two digests.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Final, cast

from oceana_dr.estate.values import Json

_PLAIN: Final = frozenset({str, int, bool, type(None)})
"""Most of a document: these are as they should be."""


def canonical(data: Json) -> bytes:
    """RFC 8785 form of `data`; raises `TypeError` on a float."""
    return json.dumps(_ordered(data), ensure_ascii=False, separators=(",", ":")).encode()


def digest(data: Json) -> str:
    """`sha256:` and the hexadecimal SHA-256 of the canonical form."""
    return f"sha256:{hashlib.sha256(canonical(data)).hexdigest()}"


def _ordered(data: Json) -> Json:
    match data:
        case dict():
            # RFC 8785, 3.2.3: keys are sorted by their UTF-16 code units.
            keys = data if len(data) < 2 else sorted(data, key=None if all(map(str.isascii, data)) else _utf16)
            return {key: data[key] if type(data[key]) in _PLAIN else _ordered(data[key]) for key in keys}
        case list():
            return [item if type(item) in _PLAIN else _ordered(item) for item in data]
        case float():
            raise TypeError("canonical JSON of a floating-point number is not supported")
        case _:
            return data


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def as_json(data: Mapping[str, object]) -> dict[str, Json]:
    """Narrow a mapping that is known to hold JSON only."""
    return cast("dict[str, Json]", dict(data))
