"""What only people can tell of a site: what it is, where to look, what was seen last; and what somebody sees now.

In: a project, a site, attributes with what they read. Out: `Told`, each with its age; a new observation kept.
An observation must never be taken for a reading: it goes with a name and its own time, and no console is asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oceana_dr.catalogue.bind import BoundAttribute, BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.bindings import bind_site
from oceana_dr.diagnostics import OceanaError
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.drivers.gateway.canonical import canonical_value
from oceana_dr.drivers.routing import Routes
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.values import Json, Override, Unknown, Value, show
from oceana_dr.operations.routing import remember_seen, routes_of
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.instructions import how_to_look
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project
from oceana_dr.store.baseline import read_observations
from oceana_dr.store.personal import name_of


@dataclass(frozen=True, slots=True)
class Told:
    """An attribute that no driver reads: where to look, how, what it may read, and who saw it last."""

    ref: Ref
    console: str
    look: tuple[str, ...]
    allowed: tuple[str, ...]
    seen: str
    by: str
    at: str


def what_people_tell(project: Project, site: str, cache: Cache) -> tuple[Told, ...]:
    """Every attribute of a site that only people can tell, by its address; raises what loading the site raises."""
    routes, bound = _opened(project, site, cache)
    seen = read_observations(state_of(project).database, site)
    found = []
    for address, resource in sorted(bound.resources.items()):
        for label, attribute in resource.attributes.items():
            reference = Ref(f"{address}#{label}")
            if routes.is_read(reference):
                continue
            last = seen.get(address)
            known = None if last is None or isinstance(last.resource, Unknown) else last.resource.get(label)
            found.append(
                Told(
                    reference,
                    resource.console,
                    how_to_look(bound, resource),
                    tuple(map(str, attribute.type.allowed)),
                    "never" if known is None else show(known),
                    "" if last is None or known is None else last.by,
                    "" if last is None or known is None else last.at,
                )
            )
    return tuple(found)


def people_saw(project: Project, site: str, texts: Mapping[str, str], by: str, cache: Cache) -> tuple[Told, ...]:
    """Keep what somebody sees now, by attribute; raises `OceanaError` for what a driver reads, or may not read so."""
    routes, bound = _opened(project, site, cache)
    seen: dict[Ref, Value] = {}
    for name, text in texts.items():
        reference = Ref(name)
        resource = bound.resources.get(address_of(reference))
        attribute = None if resource is None else resource.attributes.get(attribute_of(reference))
        if attribute is None:
            told = [str(item.ref) for item in what_people_tell(project, site, cache)]
            near = nearest(name, told)
            raise OceanaError(
                f"{site} has no {name}", hint=f"did you mean {near}?" if near else f"oceana-dr desk observe {site}"
            )
        if routes.is_read(reference):
            raise OceanaError(f"{name} is read by the driver {routes.reader_of(address_of(reference))}, not told")
        seen[reference] = _value(attribute, text, name)
    remember_seen(state_of(project).database, site, seen, name_of(by))
    return tuple(item for item in what_people_tell(project, site, cache) if item.ref in seen)


def told_to_json(items: Sequence[Told]) -> list[Json]:
    """For programs."""
    return [
        {
            "ref": item.ref,
            "console": item.console,
            "look": list(item.look),
            "allowed": list(item.allowed),
            "seen": None if item.seen == "never" else item.seen,
            "by": item.by or None,
            "at": item.at or None,
        }
        for item in items
    ]


def _value(attribute: BoundAttribute, text: str, name: str) -> Value:
    kind = attribute.type
    if kind.type == "secret":
        raise OceanaError(f"{name} is a secret, and nobody tells it")
    if kind.type == "list":
        return tuple(item.strip() for item in text.split(",") if item.strip())
    value = canonical_value(kind, Override(True, text) if kind.type == "override" else text.strip())
    plain = value.value if isinstance(value, Override) else value
    if kind.allowed and plain not in kind.allowed:
        raise OceanaError(f"{name} does not read {text!r}", hint=f"it reads: {', '.join(map(str, kind.allowed))}")
    return value


def _opened(project: Project, site: str, cache: Cache) -> tuple[Routes, BoundCatalogue]:
    prepared = prepare_site(project, site, None, cache)
    return routes_of(prepared), BoundCatalogue(load_catalogue(), bind_site(prepared))
