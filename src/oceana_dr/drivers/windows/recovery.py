"""Recovery options of a service: the registry's FailureActions, and the fields of the Recovery tab.

In: the registry's bytes, or fields. Out: fields, or what `sc.exe failure` takes.
Days must never be taken for seconds: the tab counts the reset in days and the delay in minutes, Windows in seconds
and milliseconds; what is no whole number of the tab's units is told with its own.
"""

from __future__ import annotations

import struct
from base64 import b64decode
from binascii import Error
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from oceana_dr.estate.values import Value

Unit = Literal["days", "seconds"]

FIRST: Final = "First failure"
SECOND: Final = "Second failure"
LATER: Final = "Subsequent failures"
RESET: Final = "Reset fail count after"
DELAY: Final = "Restart service after"
FIELDS: Final = (FIRST, SECOND, LATER, RESET, DELAY)

SECONDS_A_DAY: Final = 86_400
MILLISECONDS_A_MINUTE: Final = 60_000
_NEVER: Final = 0xFFFFFFFF
_HEAD: Final = struct.Struct("<5I")
_ACTION: Final = struct.Struct("<2I")
_MOST: Final = 64
_NONE, _RESTART = "Take No Action", "Restart the Service"
# SC_ACTION_TYPE in the words of the tab.
_WORDS: Final = {0: _NONE, 1: _RESTART, 2: "Restart the Computer", 3: "Run a Program"}


@dataclass(frozen=True, slots=True)
class Recovery:
    """SERVICE_FAILURE_ACTIONS: seconds until the count is reset, and each action with its delay in milliseconds."""

    reset_s: int
    actions: tuple[tuple[int, int], ...]


class Unclear(Exception):
    """The registry's value is none that Windows writes, or the fields are none that can be set from here."""


def recovery_of(data: str | None) -> Recovery:
    """The registry's value, in base64; None where the service has none, and Windows takes no action."""
    if data is None:
        return Recovery(0, ())
    try:
        raw = b64decode(data, validate=True)
        reset, _, _, count, _ = _HEAD.unpack_from(raw)
        if count > _MOST:
            raise Unclear(f"{count} recovery actions")
        actions = tuple(_ACTION.unpack_from(raw, _HEAD.size + place * _ACTION.size) for place in range(count))
    except (struct.error, Error, ValueError):
        raise Unclear("recovery options of an unknown form") from None
    return Recovery(reset, tuple((int(kind), int(delay)) for kind, delay in actions))


def fields_of(found: Recovery, unit: Unit) -> dict[str, Value]:
    """The fields of the tab."""
    words = [_WORDS.get(kind, f"action {kind}") for kind, _ in found.actions] or [_NONE]
    last = words[-1]  # with fewer than three, the last one goes for all that follow
    return {
        FIRST: words[0],
        SECOND: words[1] if len(words) > 1 else last,
        LATER: words[2] if len(words) > 2 else last,
        RESET: _reset(found.reset_s, unit),
        DELAY: _delay(found),
    }


def failure_words(fields: Mapping[str, Value], unit: Unit) -> dict[str, str | int]:
    """What `sc.exe failure` takes for these fields, all five; raises `Unclear`."""
    if any(fields.get(label) != _RESTART for label in (FIRST, SECOND, LATER)):
        raise Unclear(f"only `{_RESTART}` after every failure can be set from here: sc.exe has no word for the rest")
    reset, delay = fields.get(RESET), fields.get(DELAY)
    if not _counts(reset) or not _counts(delay):
        raise Unclear(f"`{RESET}` and `{DELAY}` are numbers, not {reset!r} and {delay!r}")
    assert isinstance(reset, int)
    assert isinstance(delay, int)
    seconds = reset * SECONDS_A_DAY if unit == "days" else reset
    milliseconds = delay * MILLISECONDS_A_MINUTE
    if seconds >= _NEVER or milliseconds >= _NEVER:
        raise Unclear(f"`{RESET}` or `{DELAY}` is more than Windows can count")
    return {"reset": seconds, "actions": "/".join([f"restart/{milliseconds}"] * 3)}


def _counts(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _reset(seconds: int, unit: Unit) -> Value:
    if seconds == _NEVER:
        return "never"
    if unit == "seconds":
        return seconds
    days, rest = divmod(seconds, SECONDS_A_DAY)
    return f"{seconds} seconds" if rest else days


def _delay(found: Recovery) -> Value:
    delays = sorted({delay for _, delay in found.actions})
    if len(delays) > 1:
        return ", ".join(f"{delay} ms" for _, delay in found.actions)
    minutes, rest = divmod(delays[0] if delays else 0, MILLISECONDS_A_MINUTE)
    return f"{delays[0]} ms" if rest else minutes
