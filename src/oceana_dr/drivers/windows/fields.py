"""Services as the catalogue's fields: what was found in its words, or why that cannot be told.

In: the places of an address, what their host told. Out: attributes, or `Unknown` with the reason.
A service of which several fit must never be one of them, and none that fits a guessed name must not be `not installed`.
"""

from __future__ import annotations

from collections.abc import Sequence

from oceana_dr.drivers.windows.contract import (
    DELAYED,
    NONE,
    NOT_INSTALLED,
    RUNNING,
    STARTS,
    STATES,
    STOPPED,
    Files,
    Match,
    Place,
    Raw,
    Seen,
    Service,
    Sight,
    Silent,
)
from oceana_dr.drivers.windows.nav360 import connected_to
from oceana_dr.drivers.windows.recovery import Unclear, Unit, fields_of, recovery_of
from oceana_dr.estate.estate import ABSENT, Attributes
from oceana_dr.estate.values import Unknown, Value

_MSSQL = ("MSSQLSERVER", "MSSQL$")


class NotTold(Exception):
    """What was found does not say which service it is."""


def attributes(places: Sequence[Place], sight: Sight, unit: Unit) -> Attributes | Unknown:
    """The attributes of one address."""
    if isinstance(sight, Silent):
        return Unknown("unreachable" if sight.off else f"not read: {sight.why}")
    found: dict[str, Value] = {}
    try:
        for place in places:
            if isinstance(place, Files):
                value = connected_to(place, sight)
                if isinstance(value, Unknown):
                    return value
                found[place.label] = value
            else:
                raw = the_one(place, sight)
                if raw is None and place.recovery:
                    return ABSENT
                found |= service_fields(place, raw, unit)
    except (NotTold, Unclear) as error:
        return Unknown(f"not read: {error}")
    return found


def the_one(place: Service, seen: Seen) -> Raw | None:
    """The service that fits, or None where it is certain that there is none; raises `NotTold`."""
    fitting = [item for item in seen.services.get(place.key, ()) if _may_be(place.match, item)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = ", ".join(sorted(item.name for item in fitting))
        raise NotTold(f"several services on {place.host} fit {place.match.text}: {names}; {_ADVICE}")
    if place.match.sure:
        return None
    raise NotTold(f"no service on {place.host} has a display name like {place.match.text}; {_ADVICE}")


_ADVICE = "name the one in `drivers.windows.services`"


def _may_be(match: Match, found: Raw) -> bool:
    """`MSSQL*` fits other services of SQL Server too: full text search, launchpads."""
    name = found.name.upper()
    return match.by != "names" or name == _MSSQL[0] or name.startswith(_MSSQL[1])


def service_fields(place: Service, raw: Raw | None, unit: Unit) -> dict[str, Value]:
    """The fields of one service."""
    if raw is None:
        return {place.state: NOT_INSTALLED, **({place.start: NONE} if place.start else {})}
    found: dict[str, Value] = {place.state: state_word(place, raw.status)}
    if place.start:
        found[place.start] = DELAYED if raw.delayed and raw.start == 2 else STARTS.get(raw.start, f"start {raw.start}")
    if place.recovery:
        found |= fields_of(recovery_of(raw.actions), unit)
    return found


def state_word(place: Service, status: int) -> str:
    """The catalogue's word for a state."""
    return place.stopped if status == STOPPED else STATES.get(status, f"state {status}")


def state_number(place: Service, word: Value) -> int | None:
    """The state that can be asked for by this word."""
    return {place.stopped: STOPPED, STATES[RUNNING]: RUNNING}.get(word) if isinstance(word, str) else None
