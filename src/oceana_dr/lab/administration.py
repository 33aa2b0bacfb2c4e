"""What `oceana-dr lab` does, callable without a terminal.

In: a lab, and texts as a person types them. Out: results as data, or an `OceanaError` to show.
Only what belongs to the lab is touched: a site's baseline and runs are cleared by `operations`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import AttributeType
from oceana_dr.diagnostics import OceanaError, Refused
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.drivers.gateway.canonical import canonical_value
from oceana_dr.estate.address import BadAddress, Ref, address_of, attribute_of, parse_ref
from oceana_dr.estate.values import Override, SecretRef, Value
from oceana_dr.lab.endpoints import status as _status
from oceana_dr.lab.faults import KINDS, Fault, FaultKind, UnknownFault, parse_fault
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.records import Busy


@dataclass(frozen=True, slots=True)
class Edited:
    """A console edit: what was set, what stood there, and seconds of the lab's clock until it is so."""

    ref: Ref
    before: Value
    after: Value
    settles_in_s: float


def status(lab: Lab) -> Mapping[str, Any]:
    """Clock, crew, faults, operations under way, the last events (JSON)."""
    return _status(lab)


def reset(lab: Lab) -> None:
    """The lab begins anew with its seed."""
    lab.reset()


def crew(lab: Lab, *, on: bool) -> None:
    """Send people to their consoles, or home."""
    lab.change("lab", "crew", {"on": on}, lambda world: replace(world, crew=on))


def list_faults() -> tuple[FaultKind, ...]:
    """Every fault there is."""
    return tuple(KINDS.values())


def break_(lab: Lab, text: str, *, once: bool = False) -> Fault:
    """Break something: `name` or `name:target`."""
    try:
        fault = parse_fault(text, once, lab.channels)
    except UnknownFault as error:
        raise OceanaError(str(error), hint="oceana-dr lab break --list") from None
    others = tuple(item for item in lab.faults() if item.text != fault.text)
    lab.change("lab", "fault", {"fault": fault.text, "once": once}, lambda w: replace(w, faults=(*others, fault)))
    return fault


def mend(lab: Lab, names: Iterable[str] = ()) -> tuple[Fault, ...]:
    """Remove these faults (`name` or `name:target`), or all; returns those removed."""
    wanted = set(names)
    gone = tuple(fault for fault in lab.faults() if not wanted or {fault.text, fault.name} & wanted)
    if gone:
        detail = {"faults": [fault.text for fault in gone]}
        lab.change("lab", "mended", detail, lambda w: replace(w, faults=tuple(f for f in w.faults if f not in gone)))
    return gone


def set_value(lab: Lab, reference: str, text: str, as_name: str, *, force: bool = False) -> Edited:
    """Somebody's console edit, `text` as typed. Raises `Refused` when the console does not take it."""
    name = find_ref(lab.bound, reference)
    kind = lab.bound.resources[address_of(name)].attributes[attribute_of(name)].type
    value, before = value_from_text(kind, text), lab.world().estate.get(name)
    result, now = lab.edit(as_name, {name: value}, force=force)
    if isinstance(result, Busy):
        raise Refused(f"{result.address} is busy with operation {result.key}")
    if result.verdict == "refused":
        raise Refused(f"the console refuses: {result.message} ({result.rule})")
    return Edited(name, before, value, max(0.0, result.ends - now))


def find_ref(bound: BoundCatalogue, text: str) -> Ref:
    """The reference a person means; raises `OceanaError` with the nearest that exists."""
    try:
        name = parse_ref(text)
    except BadAddress as error:
        raise OceanaError(str(error)) from None
    resource = bound.resources.get(address_of(name))
    if resource is None:
        near = nearest(address_of(name), bound.resources)
        raise OceanaError(f"this site has no {address_of(name)}", hint=f"did you mean {near}?" if near else None)
    labels = {label.casefold(): label for label in resource.attributes}
    if (label := labels.get(attribute_of(name).casefold())) is None:
        raise OceanaError(
            f"{resource.address} has no attribute {attribute_of(name)!r}", hint=f"it has: {', '.join(labels.values())}"
        )
    return Ref(f"{resource.address}#{label}")


def value_from_text(kind: AttributeType, text: str) -> Value:
    """What a person typed, as the attribute holds it; `default` clears an override."""
    match kind.type:
        case "override":
            return Override(False, None) if text == "default" else canonical_value(kind, Override(True, text))
        case "list":
            return tuple(item.strip() for item in text.split(",") if item.strip())
        case "secret":
            return SecretRef(text)
        case _:
            return canonical_value(kind, text)
