"""A site's facts under the names that the catalogue's templates use.

In: a loaded site. Out: `Bindings`: topology, names, hosts, public names and addresses.
A secret, or a reference to one, must never become a binding: bindings stand in the plan file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from oceana_dr.catalogue.template import expand
from oceana_dr.compile.site_values import SiteValues, present, text
from oceana_dr.diagnostics.span import Span
from oceana_dr.estate.address import SIDES
from oceana_dr.estate.values import Json

TOPOLOGY_PATHS: Final = {
    "ha": "data_centers.dc1.omnichannel.standby",
    "analytics": "data_centers.dc1.analytics",
    "web_voice": "data_centers.dc1.public_addresses",
}
# Every fact of the topology, and the key of the site that decides it.
FACT_PATHS: Final = {
    **TOPOLOGY_PATHS,
    "tls": "mirror.tls",
    "acm_manual": "control_manager.switchover",
    "omnichannel_version": "mirror.omnichannel_version",
}
PER_SIDE: Final = {
    "name": "name",
    "site.cluster1.fqdn": "clusters.cluster1.fqdn",
    "site.acm.sql": "control_manager.sql_server",
    "site.acm.app": "control_manager.application_server",
    "site.acm.url": "control_manager.url",
    "site.workspaces.url": "workspaces.url",
}
PUBLIC: Final = ("authorization_token", "web_gateway", "mobile_communications")


def bind_site(site: SiteValues) -> Mapping[str, str]:
    """Every fact of the site that a template may name, sorted by name."""
    return dict(sorted({**_topology(site), **dict(_everywhere(site)), **dict(_optional(site))}.items()))


def topology_keys(expression: Json) -> tuple[str, ...]:
    """The keys of the site that decide the facts of the topology by which an expression chooses."""
    match expression:
        case {"by_topology": dict() as facts}:
            return (
                *(FACT_PATHS[fact] for fact in facts),
                *(key for case in facts.values() for key in topology_keys(case)),
            )
        case dict():
            return tuple(key for inner in expression.values() for key in topology_keys(inner))
        case list():
            return tuple(key for inner in expression for key in topology_keys(inner))
        case _:
            return ()


def keys_for_names(template: str) -> str:
    """A template of the catalogue for people who have no site in mind: the keys of the site that fill its names.

    `{dc}` stays: `{site.acm.app.{dc}}` becomes `{data_centers.{dc}.control_manager.application_server}`.
    """
    return expand(template, {"dc": "{dc}"}, _key_names())


def no_site() -> Mapping[str, str]:
    """The facts to speak with where no site is at hand: every value is its key, as `<dns.names.web_gateway>`."""
    return {name: value.replace("{", "<").replace("}", ">") for name, value in _key_names().items()} | {"site": ""}


@cache
def _key_names() -> Mapping[str, str]:
    """Each name that a template may use, filled with its key in braces; also for `{dc}` in place of a side."""
    found = bind_site(_Keys())
    both = {
        f"{name.removesuffix('.dc1')}.{{dc}}": value.replace("dc1", "{dc}")
        for name, value in found.items()
        if name.endswith(".dc1")
    }
    return {**found, **both}


class _Keys:
    """Values of a site that are the keys themselves."""

    name = "{name}"
    digest = ""

    def value(self, path: str) -> str:
        return f"{{{path}}}"

    def contributors(self, path: str) -> tuple[Span, ...]:  # noqa: ARG002 - of the protocol; no file is read
        return ()


def topology_facts(value: Callable[[str], object]) -> Mapping[str, str]:
    """The topology of a site by its values, which may be those of files that have errors."""
    facts = {fact: value(path) is not None for fact, path in TOPOLOGY_PATHS.items()}
    facts["tls"] = value(FACT_PATHS["tls"]) is True
    facts["acm_manual"] = value(FACT_PATHS["acm_manual"]) == "manual"
    facts["omnichannel_version"] = value(FACT_PATHS["omnichannel_version"]) is not None
    return {f"topology.{fact}": "yes" if holds else "no" for fact, holds in facts.items()}


def _topology(site: SiteValues) -> Mapping[str, str]:
    return topology_facts(lambda path: site.value(path) if present(site, path) else None)


def _everywhere(site: SiteValues) -> Iterator[tuple[str, str]]:
    yield "site", site.name
    for name, path in PER_SIDE.items():
        for side in SIDES:
            yield f"{name}.{side}", text(site, f"data_centers.{side}.{path}")
    for side in SIDES:
        yield f"portal.{side}", text(site, f"experience_portal.active_data_center.{side}")
    yield "site.call_server.dc1", text(site, "data_centers.dc1.communication_manager.address")
    yield "site.call_server.dc2", text(site, "data_centers.dc2.ess.address")
    yield "site.time_zone", text(site, "time_zone")
    for part in ("variable", "normal", "closed"):
        yield f"site.voice_flag.{part}", text(site, f"experience_portal.voice_flag.{part}")
    yield "site.experience_portal.application", text(site, "experience_portal.application")
    yield "site.omnichannel.A", text(site, "data_centers.dc1.omnichannel.active.fqdn")
    yield "site.omnichannel.C", text(site, "data_centers.dc2.omnichannel.async.fqdn")
    yield "site.verification", _verification(site)


def _optional(site: SiteValues) -> Iterator[tuple[str, str]]:
    if present(site, TOPOLOGY_PATHS["ha"]):
        yield "site.omnichannel.B", text(site, "data_centers.dc1.omnichannel.standby.fqdn")
    if present(site, FACT_PATHS["omnichannel_version"]):
        yield "site.omnichannel_version", text(site, FACT_PATHS["omnichannel_version"])
    if present(site, TOPOLOGY_PATHS["analytics"]):
        for side in SIDES:
            yield f"site.oracle.name.{side}", text(site, f"data_centers.{side}.analytics.database")
    if present(site, TOPOLOGY_PATHS["web_voice"]):
        yield "site.dns.zone", text(site, "dns.zone")
        for name in PUBLIC:
            yield f"dns.{name}", text(site, f"dns.names.{name}")
            for side in SIDES:
                yield f"public.{side}.{name}", text(site, f"data_centers.{side}.public_addresses.{name}")


def _verification(site: SiteValues) -> str:
    found = site.value("verification") if present(site, "verification") else None
    if not isinstance(found, Mapping):
        return "as agreed for this site"
    return ", ".join(f"{channel} {target}" for channel, target in found.items() if target is not None)
