"""What a value plainly was, when it misses the form it needs by a hair.

In: a pattern of the site language, and text that does not match it. Out: text that does, and whether anybody would
read the one as the other (`safe`). It must never turn a value into another one: where two readings are possible
(a leading zero may be octal, a missing scheme http) the rewriting is not safe; where none is sure there is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final
from urllib.parse import urlsplit

from oceana_dr.source.site import types

Reading = tuple[str, bool]

_UNITS: Final = {
    "d": "d",
    "day": "d",
    "days": "d",
    "h": "h",
    "hr": "h",
    "hrs": "h",
    "hour": "h",
    "hours": "h",
    "m": "m",
    "min": "m",
    "mins": "m",
    "minute": "m",
    "minutes": "m",
    "s": "s",
    "sec": "s",
    "secs": "s",
    "second": "s",
    "seconds": "s",
}
_PART: Final = re.compile(r"([1-9][0-9]{0,5})\s*([A-Za-z]+)\s*(?:,|and)?\s*")
_LONGEST: Final = 400


def plainly(pattern: str, text: str) -> Reading | None:
    """The first reading of the text that has the form; None if there is none."""
    if len(text) > _LONGEST:
        return None
    for found, safe in _readings(pattern, text):
        if found != text and re.fullmatch(pattern, found):
            return found, safe
    return None


def _readings(pattern: str, text: str) -> Iterator[Reading]:
    bare = text.strip()
    yield bare, True
    if pattern in _READINGS:
        yield from _READINGS[pattern](bare)


def _fqdn(text: str) -> Iterator[Reading]:
    yield text.removesuffix("."), True  # the root's dot, as zone files have it
    yield text.replace(",", "."), False
    yield _host(text), False


def _ipv4(text: str) -> Iterator[Reading]:
    yield text.replace(",", "."), False
    yield text.partition("/")[0], False
    parts = text.split(".")
    if all(part.isascii() and part.isdigit() for part in parts):
        yield ".".join(str(int(part)) for part in parts if len(part) <= 3), False  # or octal: nobody can tell
    yield _host(text), False


def _duration(text: str) -> Iterator[Reading]:
    parts, end = [], 0
    while (found := _PART.match(text, end)) is not None and found[2].lower() in _UNITS:
        parts.append(found[1] + _UNITS[found[2].lower()])
        end = found.end()
    if parts and end == len(text):
        yield "".join(parts), True


def _recurrence(text: str) -> Iterator[Reading]:
    upper = re.sub(r"\s+", "", text.upper())
    yield upper.removeprefix("RRULE:").strip(";"), True  # RFC 5545, 2: names and values in any case


def _url(text: str) -> Iterator[Reading]:
    scheme, sign, rest = text.partition("://")
    yield scheme.lower() + sign + rest, True
    if not sign:
        yield f"https://{text}", False


def _drive(text: str) -> Iterator[Reading]:
    yield text.upper().rstrip(":\\/"), True


def _windows(text: str) -> Iterator[Reading]:
    yield text.replace("/", "\\"), True


def _local_time(text: str) -> Iterator[Reading]:
    yield re.sub(r"[ t]+", "T", text, count=1), True


def _name(text: str) -> Iterator[Reading]:
    yield re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-"), False


def _mail(text: str) -> Iterator[Reading]:
    yield text.removeprefix("mailto:"), True


def _step(text: str) -> Iterator[Reading]:
    yield text[:1].upper() + text[1:].lower(), True


def _prefix(text: str) -> Iterator[Reading]:
    yield text.strip("/"), True
    head, sign, rest = text.partition("/")
    yield head.lower() + sign + rest, True


def _host(text: str) -> str:
    try:
        return urlsplit(text).hostname or "" if "://" in text else ""
    except ValueError:
        return ""


_READINGS: Final[dict[str, Callable[[str], Iterator[Reading]]]] = {
    types.FQDN_PATTERN: _fqdn,
    types.IPV4_PATTERN: _ipv4,
    types.DURATION_PATTERN: _duration,
    types.RECURRENCE_PATTERN: _recurrence,
    types.URL_PATTERN: _url,
    types.ENDPOINT_PATTERN: _url,
    types.DRIVE_PATTERN: _drive,
    types.WINDOWS_PATTERN: _windows,
    types.LOCAL_TIME_PATTERN: _local_time,
    types.NAME_PATTERN: _name,
    types.MAIL_PATTERN: _mail,
    types.STEP_PATTERN: _step,
    types.PREFIX_PATTERN: _prefix,
}
