"""What people see of systems that no driver reads: what is to be looked at, and what was seen.

In: a project, a site, attributes with values as typed, or a snapshot; a name. Out: observations in the state.
An observation must never hide a reading: what a driver reads is not taken from people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from oceana_dr.compile.desired import Compiled
from oceana_dr.diagnostics import OceanaError, Refused
from oceana_dr.drivers.routing import Routes
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of, ref
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Json, Unknown, Value, effective, show, to_json
from oceana_dr.lab.administration import find_ref, value_from_text
from oceana_dr.operations.access import has_gateway
from oceana_dr.operations.live import check_snapshot, read_snapshot
from oceana_dr.operations.routing import remember_seen, routes_of
from oceana_dr.operations.stores import state_of
from oceana_dr.source.project import Project
from oceana_dr.store.baseline import read_observations


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """One attribute that only people can see: where, what should be there, what was seen last, by whom, when."""

    ref: Ref
    console: str
    desired: str
    seen: str
    by: str
    at: str

    def to_json(self) -> dict[str, Json]:
        """For machines; `seen`, `by` and `at` are empty where nobody has looked yet."""
        return {
            "ref": self.ref,
            "console": self.console,
            "desired": self.desired,
            "seen": self.seen,
            "by": self.by,
            "at": self.at,
        }


def to_look_at(project: Project, compiled: Compiled) -> tuple[ToLookAt, ...]:
    """Every attribute of the site that no driver reads, in the order of addresses."""
    routes = routes_of(compiled.site, gateway=has_gateway(project))
    known = read_observations(state_of(project).database, compiled.site.name)
    found = []
    for address, resource in sorted(compiled.bound.resources.items()):
        observed = known.get(address)
        values: Attributes = {} if observed is None or isinstance(observed.resource, Unknown) else observed.resource
        for label, attribute in resource.attributes.items():
            name = ref(address, label)
            if not attribute.type.readable or routes.is_read(name):
                continue
            desired = show(compiled.estate.get(name)) if compiled.estate.has(address) else ""
            seen = show(values[label]) if label in values else ""
            by, at = (observed.by, observed.at) if observed is not None and label in values else ("", "")
            found.append(
                ToLookAt(name, resource.console, "" if desired.startswith("unknown") else desired, seen, by, at)
            )
    return tuple(found)


def observe_values(project: Project, compiled: Compiled, typed: Sequence[str], by: str) -> dict[Ref, Value]:
    """Remember values as typed, `ADDRESS#LABEL=VALUE` each; all of them or none. Returns what was seen."""
    routes = routes_of(compiled.site, gateway=has_gateway(project))
    seen: dict[Ref, Value] = {}
    for text in typed:
        left, sign, value = text.partition("=")
        if not sign:
            raise OceanaError(f"`{text}` says nothing", hint="write ADDRESS#LABEL=VALUE, in quotes")
        name = find_ref(compiled.bound, left)
        kind = compiled.bound.resources[address_of(name)].attributes[attribute_of(name)].type
        found = value_from_text(kind, value)
        if kind.allowed and effective(found) not in kind.allowed and value != "default":
            allowed = ", ".join(map(str, kind.allowed))
            raise OceanaError(f"a console does not show {value!r} at {name}", hint=f"it shows one of: {allowed}")
        seen[name] = found
    return _remember(project, compiled, routes, seen, by)


def observe_snapshot(project: Project, compiled: Compiled, path: Path, by: str) -> dict[Ref, Value]:
    """Remember what a snapshot holds of what no driver reads; the rest of it is passed over."""
    live = read_snapshot(path, compiled.site.name)
    check_snapshot(path, live, compiled.bound)
    routes = routes_of(compiled.site, gateway=has_gateway(project))
    seen = {
        name: value
        for name in live.estate.refs()
        if not routes.is_read(name) and not isinstance(value := live.estate.get(name), Unknown)
    }
    return _remember(project, compiled, routes, seen, by)


def _remember(
    project: Project, compiled: Compiled, routes: Routes, seen: Mapping[Ref, Value], by: str
) -> dict[Ref, Value]:
    read = [name for name in seen if routes.is_read(name)]
    if read:
        driver = routes.reader_of(Address(address_of(read[0])))
        raise Refused(f"{read[0]} is read by the driver {driver}", hint="people are asked only for what nothing reads")
    if not by.strip():
        raise OceanaError("an observation has a name behind it", hint="--by NAME")
    remember_seen(state_of(project).database, compiled.site.name, seen, by.strip())
    return dict(seen)


def observed_document(site: str, items: Sequence[ToLookAt]) -> dict[str, Json]:
    """What is to be looked at, as a document."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"format_version": "1.0", "site": site, "at": now, "attributes": [item.to_json() for item in items]}


def seen_document(site: str, seen: Mapping[Ref, Value], by: str) -> dict[str, Json]:
    """What was remembered, as a document."""
    return {
        "format_version": "1.0",
        "site": site,
        "by": by,
        "seen": {name: to_json(seen[name]) for name in sorted(seen)},
    }
