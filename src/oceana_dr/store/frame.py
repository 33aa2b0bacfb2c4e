"""Records as bytes: length, checksum and the chain, one line each.

In: payloads, or the bytes of a journal. Out: lines, or payloads with how many bytes of them are whole.
Only an incomplete last line may be dropped; any other byte that is wrong is damage and is named.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from typing import Final

GENESIS: Final = "0" * 64
"""What stands in the first record where the others have their predecessor's hash."""

_MARK: Final = b"OJ1"
_HEAD_BYTES: Final = 96
_HEAD: Final = re.compile(rb"OJ1 ([0-9a-f]{8}) ([0-9a-f]{8}) ([0-9a-f]{64}) ([0-9a-f]{8}) ")
_SHAPE: Final = b"OJ1 " + b"h" * 8 + b" " + b"h" * 8 + b" " + b"h" * 64 + b" " + b"h" * 8 + b" "
_HEX: Final = frozenset(b"0123456789abcdef")


class Damaged(Exception):
    """A record is not what was written: which one (from 1), at which byte, and why it cannot be."""

    def __init__(self, record: int, offset: int, why: str) -> None:
        super().__init__(f"record {record} at byte {offset}: {why}")
        self.record = record
        self.offset = offset
        self.why = why


@dataclass(frozen=True, slots=True)
class Line:
    """One whole record: its payload, where its line begins, and the line's hash."""

    payload: bytes
    offset: int
    digest: str

    @property
    def end(self) -> int:
        """Where the next record's line begins."""
        return self.offset + _HEAD_BYTES + len(self.payload) + 1


@dataclass(frozen=True, slots=True)
class Scan:
    """All whole records, where they end, and how many bytes of an incomplete one follow."""

    lines: tuple[Line, ...]
    end: int
    torn: int

    @property
    def head(self) -> str:
        """The last record's hash: what the next one must name."""
        return self.lines[-1].digest if self.lines else GENESIS


def frame(payload: bytes, previous: str) -> bytes:
    """The line for a payload that follows the record with this hash."""
    start = b"%b %08x %08x %b" % (_MARK, len(payload), zlib.crc32(payload), previous.encode())
    return b"%b %08x %b\n" % (start, zlib.crc32(start), payload)


def digest_of(line: bytes) -> str:
    """The hash by which the next record names this line."""
    return hashlib.sha256(line).hexdigest()


def scan(data: bytes) -> Scan:
    """Read a journal's bytes; raises `Damaged` for anything but an incomplete end."""
    lines: list[Line] = []
    offset, previous = 0, GENESIS
    while offset < len(data):
        number = len(lines) + 1
        payload_end = _payload_end(data, offset, previous, number)
        if payload_end is None or _is_hole(data, offset, payload_end):
            return Scan(tuple(lines), offset, len(data) - offset)
        payload = data[offset + _HEAD_BYTES : payload_end]
        if zlib.crc32(payload) != int(data[offset + 13 : offset + 21], 16):
            raise Damaged(number, offset, "its checksum does not fit its content")
        if data[payload_end : payload_end + 1] != b"\n":
            raise Damaged(number, payload_end, "its end is not where its length says")
        line = data[offset : payload_end + 1]
        previous = digest_of(line)
        lines.append(Line(payload, offset, previous))
        offset = payload_end + 1
    return Scan(tuple(lines), offset, 0)


def _payload_end(data: bytes, offset: int, previous: str, number: int) -> int | None:
    """Where the record's payload ends; None if the file ends before the record does."""
    head = data[offset : offset + _HEAD_BYTES]
    if not head.strip(b"\0"):
        return None  # the system had made room for the record, but written none of it
    if len(head) < _HEAD_BYTES:
        if not _begins_record(head, previous):
            raise Damaged(number, offset, "it does not begin like a record")
        return None
    match = _HEAD.fullmatch(head)
    if match is None or zlib.crc32(head[: _HEAD_BYTES - 10]) != int(match[4], 16):
        hole = head.find(b"\0")
        if hole >= 0 and not data[offset + hole :].strip(b"\0") and _begins_record(head, previous):
            return None
        raise Damaged(number, offset, "its header is not what was written")
    if match[3].decode() != previous:
        raise Damaged(number, offset, "it does not follow the record before it: a record is missing or was changed")
    end = offset + _HEAD_BYTES + int(match[1], 16)
    return end if end < len(data) else None


def _begins_record(part: bytes, previous: str) -> bool:
    """Whether these bytes can be the beginning of a record's header (zero bytes may fill the rest)."""
    written = part.partition(b"\0")[0]
    shape = zip(written, _SHAPE, strict=False)
    if any(byte != wanted if wanted != ord("h") else byte not in _HEX for byte, wanted in shape):
        return False
    return previous.encode().startswith(written[22:86])


def _is_hole(data: bytes, offset: int, payload_end: int) -> bool:
    """Whether the record's content was never written: zero bytes (JSON has none) up to the file's end."""
    content = data[offset + _HEAD_BYTES : payload_end]
    first = content.find(b"\0")
    return first >= 0 and not data[offset + _HEAD_BYTES + first :].strip(b"\0")
