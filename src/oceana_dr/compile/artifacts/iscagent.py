"""The Windows side of a mirror member: the ISCAgent service in the units that Windows takes.

In: the desired fields of its Properties dialog, in the dialog's units. Out: the same with seconds and milliseconds.
The units must never be mixed up: the dialog counts the reset in days and the delay in minutes, `sc.exe failure`
in seconds and milliseconds, so that the dialog's 120 is not `reset= 120`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeVar

from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.compile.artifacts.subject import Subject, in_words
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Value

T = TypeVar("T")

SECONDS_A_DAY: Final = 86_400
MILLISECONDS_A_MINUTE: Final = 60_000

_FAILURES: Final = ("First failure", "Second failure", "Subsequent failures")
# What the dialog shows → the word of `sc.exe` and the number in the registry.
_ACTIONS: Final = {"Take No Action": ("", 0), "Restart the Service": ("restart", 1)}
_STARTS: Final = {"Automatic": "Auto", "Manual": "Manual", "Disabled": "Disabled"}


def agent_settings(subject: Subject, address: Address) -> dict[str, object]:
    """The service's fields as desired, and what `Set-Service` and `sc.exe failure` take for them."""
    fields = subject.desired.attributes(address)
    resource = subject.bound.resources[address]
    days, minutes = _number(fields, "Reset fail count after"), _number(fields, "Restart service after")
    actions = [_known(_ACTIONS, fields, label) for label in _FAILURES]
    delay = minutes * MILLISECONDS_A_MINUTE
    start = str(fields["Startup type"])
    return {
        "fields": {label: fields[label] for label in sorted(fields)},
        "console": resource.console,
        "manual": in_words(resource.type.manual),
        "startup": start,
        "start_mode": _known(_STARTS, fields, "Startup type"),
        "running": fields["Service status"] == "running",
        "days": days,
        "minutes": minutes,
        "reset_s": days * SECONDS_A_DAY,
        "delay_ms": delay,
        "actions": "/".join(f"{word}/{delay}" for word, _ in actions),
        "types": [number for _, number in actions],
    }


def _number(fields: Mapping[str, Value], label: str) -> int:
    value = fields[label]
    if not isinstance(value, int):
        raise CatalogueError(f"{label} of the ISCAgent is a number, not {value!r}")
    return value


def _known(words: Mapping[str, T], fields: Mapping[str, Value], label: str) -> T:
    value = fields[label]
    if not isinstance(value, str) or value not in words:
        raise CatalogueError(f"nothing is known of {label}: {value!r}")
    return words[value]
