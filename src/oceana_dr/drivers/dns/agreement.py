"""What all servers of all views say together of one name, in the words of the catalogue.

In: what each server has. Out: `A` and `TTL` of a name, or `Unknown` with who says what.
A server that does not answer, or says otherwise, must never be outvoted: its clients get what it says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from oceana_dr.drivers.dns.contract import (
    ADDRESSES,
    NONE,
    TTL,
    Alias,
    Found,
    NoRecords,
    Records,
    Seen,
    Silent,
    View,
)
from oceana_dr.drivers.dns.look import Sight
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown, Value


def agreed(sights: Mapping[str, tuple[View, Sequence[Sight]]], name: str) -> Attributes | Unknown:
    """The name as every server of every view has it; `sights` by the view's name."""
    trouble = [text for view, seen in sights.values() for text in _trouble(view, seen)]
    trouble += [text for view, seen in sights.values() for text in _of_another_view(view, seen, name)]
    if trouble:
        return Unknown("; ".join(dict.fromkeys(trouble)))
    said: dict[str, list[str]] = {}
    found: list[Found] = []
    for view, seen in sights.values():
        for item in seen:
            assert isinstance(item, Seen)
            own = _outside(view, item.names[name])
            if own not in found:
                found.append(own)
            said.setdefault(str(own), []).append(_who(view, item, several=len(sights) > 1))
    if len(found) > 1:
        return Unknown(
            "the servers disagree: " + "; ".join(f"{text} on {', '.join(who)}" for text, who in said.items())
        )
    return attributes(found[0])


def attributes(found: Found) -> Attributes | Unknown:
    """One finding as attributes; several addresses are several values of one."""
    match found:
        case Records(addresses=addresses, ttl=ttl):
            value: Value = addresses[0] if len(addresses) == 1 else addresses
            return {ADDRESSES: value, TTL: ttl}
        case NoRecords():
            return {ADDRESSES: NONE}
        case Alias(target=target):
            return Unknown(f"it is a CNAME to {target}, which has to be moved where it leads")
        case _:
            assert_never(found)


def unlisted(view: View, seen: Seen) -> tuple[str, ...]:
    """Name servers of the zone, as this server has them, that nobody would ask."""
    known = {server.name.lower() for server in view.everyone} | {name.lower() for name in view.not_asked}
    return tuple(name for name in seen.name_servers if name not in known)


def _trouble(view: View, sights: Iterable[Sight]) -> Iterable[str]:
    for item in sights:
        match item:
            case Silent():
                yield str(item)
            case Seen():
                if missing := unlisted(view, item):
                    yield (
                        f"the NS records of {view.zone} on {item.server} name {', '.join(missing)}, which "
                        "`drivers.dns` does not: it would not be asked"
                    )
                    return
            case _:
                assert_never(item)


def _of_another_view(view: View, sights: Iterable[Sight], name: str) -> Iterable[str]:
    """Where a server has the site's address for a name, and this view should have one of its own."""
    for item in sights:
        found = item.names[name] if isinstance(item, Seen) else NoRecords()
        for address in found.addresses if isinstance(found, Records) else ():
            if view.inside(address) != address and view.outside(address) == address:
                yield f"{item.server} has {address} in view {view.name}, where it should be {view.inside(address)}"


def _outside(view: View, found: Found) -> Found:
    if isinstance(found, Records):
        return Records(tuple(sorted(view.outside(item) for item in found.addresses)), found.ttl)
    return found


def _who(view: View, seen: Seen, *, several: bool) -> str:
    return f"{seen.server} in view {view.name}" if several else str(seen.server)
