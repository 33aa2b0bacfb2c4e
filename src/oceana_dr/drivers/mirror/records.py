"""Records that a script prints on a server: each with a checksum, all of them counted.

In: what a program has said, a word that was made up for this question. Out: values by key, or `Garbled`.
Whatever else stands there (prompts, echoes, banners) is passed over; a record that is not whole must never count.
"""

from __future__ import annotations

import re
import secrets
import zlib
from collections.abc import Mapping
from typing import Final

MARK: Final = "ODR"
END: Final = "end"
_MOST: Final = 2000
# A prompt may stand before a record: `%SYS>`, `%SYS 2d0>`.
_RECORD: Final = re.compile(r"(?:%?[A-Za-z0-9_-]+(?: [0-9a-z]+)?>)*ODR\|([0-9a-f]+)\|([^|]*)\|([^|]*)\|([0-9]+)\|\.")
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|x[0-9A-Fa-f]{2}|.)")
_LETTERS: Final = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v"}


class Garbled(Exception):
    """What was said is not all that was to be said."""


def new_word() -> str:
    """A word that no earlier answer holds."""
    return secrets.token_hex(8)


def checksum(word: str, key: str, value: str) -> int:
    """CRC-32 of a record, as `$zcrc(…,7)` makes it."""
    return zlib.crc32(f"{word}|{key}|{value}".encode("latin-1", "replace"))


def record(word: str, key: str, value: str) -> str:
    """A record as it is printed; for whoever stands in for a server."""
    return f"{MARK}|{word}|{key}|{value}|{checksum(word, key, value)}|."


def read_records(output: bytes, word: str) -> Mapping[str, str]:
    """Every record of this question; raises `Garbled` unless all that were counted are there, once each."""
    found: dict[str, str] = {}
    for line in output.decode("latin-1").splitlines():
        match = _RECORD.fullmatch(line.strip())
        if match is None or match[1] != word:
            continue
        _, key, value, sum_ = match.groups()
        if checksum(word, key, value) != int(sum_):
            raise Garbled("a line of its answer is not what was sent")
        if key in found or len(found) >= _MOST:
            raise Garbled("its answer has a line twice, or too many")
        found[key] = _plain(value)
    count = found.pop(END, None)
    if count is None:
        raise Garbled("its answer has no end")
    if count != str(len(found)):
        raise Garbled(f"its answer has {len(found)} values, and should have {count[:6]}")
    return found


def _plain(value: str) -> str:
    """A value without the escapes of JavaScript, that is what Caché writes."""
    return _ESCAPE.sub(_unescaped, value)


def _unescaped(match: re.Match[str]) -> str:
    body = match[1]
    return chr(int(body[1:], 16)) if len(body) > 1 else _LETTERS.get(body, body)
