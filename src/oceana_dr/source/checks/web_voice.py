"""Web Voice and Web Video: all of it in both data centres, or nothing.

In: a site. Out: OD1122, OD1127, OD1128, OD1129, OD1133, OD1139.
It must never ask for Web Voice in a site that has none of its parts.
"""

from __future__ import annotations

from collections.abc import Iterator

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source.checks.view import SiteView

_PARTS = (
    "data_centers.dc1.clusters.mobile_communications",
    "data_centers.dc2.clusters.mobile_communications",
    "data_centers.dc1.public_addresses",
    "data_centers.dc2.public_addresses",
    "dns",
)
_CHANNELS = ("channels.web_voice", "channels.web_video")
_SERVICES = ("authorization_token", "web_gateway", "mobile_communications")


def check_web_voice(site: SiteView) -> Iterator[Diagnostic]:
    """Run all checks of this module."""
    yield from _complete(site)
    yield from _public_addresses(site)
    yield from _zone(site)
    yield from _channels(site)
    ttl, switchover = site.number("dns.ttl"), site.number("dns.switchover_ttl")
    if ttl is not None and switchover is not None and switchover > ttl:
        yield Diagnostic(
            "OD1133",
            f"the switchover's time to live ({switchover} s) is above the steady one ({ttl} s)",
            (site.label("dns.switchover_ttl"), site.label("dns.ttl", "the steady one")),
            ("it is lowered before names move, so that clients follow soon",),
            f"write {ttl} or less",
        )


def _complete(site: SiteView) -> Iterator[Diagnostic]:
    present = [part for part in _PARTS if site.has(part)]
    channels = [channel for channel in _CHANNELS if site.has(channel)]
    if not present:
        for channel in channels:
            yield Diagnostic(
                "OD1129",
                f"`{channel}` needs Web Voice, which this site does not have",
                (site.label(channel),),
                ("Web Voice is mobile_communications clusters, public_addresses and dns (manual p. 15)",),
                "remove this line, or add the three",
            )
        return
    missing = [part for part in (*_PARTS, *_CHANNELS) if not site.has(part)]
    if missing:
        yield Diagnostic(
            "OD1128",
            "Web Voice is configured in part",
            (site.label(present[0], "this belongs to Web Voice"),),
            ("it must be deployed in both data centres (manual p. 15)", f"missing: {', '.join(missing)}"),
            "add what is missing, or remove all of it",
        )


def _public_addresses(site: SiteView) -> Iterator[Diagnostic]:
    one, two = "data_centers.dc1.public_addresses", "data_centers.dc2.public_addresses"
    first = {site.text(f"{one}.{service}"): f"{one}.{service}" for service in reversed(_SERVICES)}
    for service in _SERVICES:
        address = site.text(f"{two}.{service}")
        if address is not None and address in first:
            # Within a data centre they may be equal: a proxy serves all three names. Only the sides must differ.
            same = site.text(f"{one}.{service}") == address
            nothing = "a switchover moves names between these addresses: nothing would move (manual p. 15)"
            wrong = (
                "a switchover moves each name to an address of the other data centre (manual p. 15): one name would "
            )
            other = first[address] if not same else f"{one}.{service}"
            yield Diagnostic(
                "OD1122",
                f"both data centres have the public address {address}",
                (site.label(f"{two}.{service}", "in dc2"), site.label(other, "in dc1")),
                (nothing if same else f"{wrong}lead to where another one has just left",),
                "write the public address of this data centre",
            )


def _zone(site: SiteView) -> Iterator[Diagnostic]:
    zone = site.text("dns.zone")
    for service in _SERVICES:
        name = site.text(f"dns.names.{service}")
        if zone is not None and name is not None and not f".{name}".lower().endswith(f".{zone}".lower()):
            yield Diagnostic(
                "OD1127",
                f"the name {name} lies outside the zone {zone}",
                (site.label(f"dns.names.{service}"), site.label("dns.zone", "the zone")),
                ("names move by updates of this zone only",),
                f"write a name that ends in .{zone}",
            )


def _channels(site: SiteView) -> Iterator[Diagnostic]:
    voice, video = (site.text(channel) for channel in _CHANNELS)
    if {voice, video} == {"open", "draining"}:
        yield Diagnostic(
            "OD1139",
            "Web Voice and Web Video are not in the same state",
            (site.label("channels.web_video", f"{video}"), site.label("channels.web_voice", f"{voice}")),
            ("their maintenance mode is set and reset together (manual p. 37)",),
            "write the same state for both",
        )
