"""The order of a zone's serials (RFC 1982): they wrap, so that a smaller number may be the newer one.

In: two serials. Out: whether one is at least as new as the other.
Serials exactly half the circle apart have no order: neither is at least the other.
"""

from __future__ import annotations

from typing import Final

_CIRCLE: Final = 1 << 32
_HALF: Final = 1 << 31


def at_least(serial: int, other: int) -> bool:
    """Whether `serial` is `other` or came after it."""
    return (serial - other) % _CIRCLE < _HALF
