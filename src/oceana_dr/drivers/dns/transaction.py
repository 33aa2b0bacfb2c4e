"""One update of a zone (RFC 2136): the old records of every name as its condition, then the new ones.

In: what a step sets and expects, what the primary has. Out: the edits, and the message that makes all or none of them.
It must never be sent without a condition on each of its names, nor say anything of a name that is a CNAME.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from oceana_dr.drivers.contract import Denied
from oceana_dr.drivers.dns.contract import (
    ADDRESSES,
    NONE,
    TTL,
    Alias,
    NoRecords,
    Records,
    Seen,
    View,
)
from oceana_dr.drivers.dns.reader import name_of
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.values import Unknown, Value, show

if TYPE_CHECKING:
    import dns.update


@dataclass(frozen=True, slots=True)
class Part:
    """What is said of one name: its addresses (none of them: no record), its time to live; None where nothing is."""

    addresses: tuple[str, ...] | None = None
    ttl: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """One name on the primary, before and after."""

    name: str
    before: Records | NoRecords
    after: Records | NoRecords


def parts_of(values: Mapping[Ref, Value]) -> dict[str, Part]:
    """What a step says of each name; raises `Denied` for what no record can hold."""
    said: dict[str, dict[str, Value]] = {}
    for reference, value in values.items():
        said.setdefault(name_of(address_of(reference)), {})[attribute_of(reference)] = value
    return {name: Part(_addresses(name, found), _ttl(name, found)) for name, found in sorted(said.items())}


def edits_of(view: View, seen: Seen, wanted: Mapping[str, Part], expected: Mapping[str, Part]) -> tuple[Edit, ...]:
    """What is left to change on this primary; raises `Denied` where it has neither the old nor the new records."""
    edits: list[Edit] = []
    for name, part in wanted.items():
        before = seen.names[name]
        if isinstance(before, Alias):
            raise Denied(
                f"{name} is {before} on {seen.server}: a name with a CNAME has no address of its own",
                rule="CNAME",
            )
        after = _after(view, name, before, part)
        if after == before:
            continue
        if (drift := _drift(view, before, expected.get(name, Part()))) is not None:
            raise Denied(f"{name} has {before} on {seen.server}, and {drift} was expected", rule="drift")
        edits.append(Edit(name, before, after))
    return tuple(edits)


def reversed_edits(edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """What takes these edits back, under the condition that they stand."""
    return tuple(Edit(edit.name, edit.after, edit.before) for edit in edits)


def update_of(view: View, edits: Sequence[Edit], keys: Any, *, only_ask: bool = False) -> dns.update.UpdateMessage:
    """The signed message; `only_ask`: one that leaves all as it is, and is refused where the other would be."""
    import dns.update

    message = dns.update.UpdateMessage(f"{view.zone}.")
    message.use_tsig(keys, f"{view.key.name}.", algorithm=view.key.algorithm)
    for edit in edits:
        match edit.before:
            case Records(addresses=addresses):
                message.present(f"{edit.name}.", "A", *addresses)
            case NoRecords():
                message.absent(f"{edit.name}.", "A")
        message.absent(f"{edit.name}.", "CNAME")
    for edit in edits:
        match edit.before if only_ask else edit.after:
            case Records(addresses=addresses, ttl=ttl) if only_ask:
                message.add(f"{edit.name}.", ttl, "A", *addresses)  # what is there already is ignored (3.4.2.2)
            case Records(addresses=addresses, ttl=ttl):
                message.replace(f"{edit.name}.", ttl, "A", *addresses)
            case NoRecords():
                message.delete(f"{edit.name}.", "A")
    return message


def _after(view: View, name: str, before: Records | NoRecords, part: Part) -> Records | NoRecords:
    kept = before if isinstance(before, Records) else None
    if part.addresses is None:
        if kept is None:
            raise Denied(f"{name} has no address, so that there is no time to live to set", rule="drift")
        return Records(kept.addresses, part.ttl if part.ttl is not None else kept.ttl)
    if not part.addresses:
        return NoRecords()
    ttl = part.ttl if part.ttl is not None else kept.ttl if kept is not None else None
    if ttl is None:
        raise Denied(f"{name} has no record whose time to live could be kept, and the step sets none", rule="no-ttl")
    return Records(_inside(view, part.addresses), ttl)


def _drift(view: View, before: Records | NoRecords, expected: Part) -> str | None:
    """What was expected in the place of what is there; None if it is as expected."""
    addresses = before.addresses if isinstance(before, Records) else ()
    if expected.addresses is not None and addresses != _inside(view, expected.addresses):
        return ", ".join(_inside(view, expected.addresses)) or "no address"
    if expected.ttl is not None and isinstance(before, Records) and before.ttl != expected.ttl:
        return f"TTL {expected.ttl}"
    return None


def _inside(view: View, addresses: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(view.inside(item) for item in addresses))


def _addresses(name: str, said: Mapping[str, Value]) -> tuple[str, ...] | None:
    match said.get(ADDRESSES):
        case None | Unknown():  # nothing was found, so that nothing is said
            return None
        case str() as text:
            return () if text == NONE else (text,)
        case tuple() as several if all(isinstance(item, str) for item in several):
            return tuple(sorted(str(item) for item in several))
        case other:
            raise Denied(f"{name}: {show(other)} is no address", rule="value")


def _ttl(name: str, said: Mapping[str, Value]) -> int | None:
    match said.get(TTL):
        case None | Unknown():
            return None
        case bool() as other:
            raise Denied(f"{name}: {show(other)} is no time to live", rule="value")
        case int() as seconds:
            return seconds
        case other:
            raise Denied(f"{name}: {show(other)} is no time to live", rule="value")
