"""Names and addresses of servers: none may stand for two things.

In: a site. Out: OD1121 (a node named as its cluster), OD1123 and OD1124 (the same address or name twice).
It must never compare public addresses with inner ones: a proxy may hold several.
"""

from __future__ import annotations

from collections.abc import Iterator

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Path

_SIDES = ("dc1", "dc2")
_SINGLE = ("communication_manager", "ess", "application_enablement")


def check_hosts(site: SiteView) -> Iterator[Diagnostic]:
    """Run all checks of this module."""
    hosts = list(_hosts(site))
    for cluster in _clusters(site):
        yield from _nodes_named_as(site, cluster)
    yield from _twice(site, "OD1123", "address", [(*host, "address") for host in hosts])
    names = [(*host, "fqdn") for host in hosts]
    names += [
        ("data_centers", side, *part)
        for side in _SIDES
        for part in (
            ("control_manager", "application_server"),
            ("control_manager", "sql_server"),
            ("analytics", "host"),
        )
    ]
    yield from _twice(site, "OD1124", "name", names)


def _clusters(site: SiteView) -> Iterator[Path]:
    for side in _SIDES:
        base: Path = ("data_centers", side, "clusters")
        for name in site.keys(base):
            yield (*base, name)


def _hosts(site: SiteView) -> Iterator[Path]:
    """Every mapping that holds a server's name or address."""
    for side in _SIDES:
        base: Path = ("data_centers", side)
        yield (*base, "system_manager")
        for role in site.keys((*base, "omnichannel")):
            yield (*base, "omnichannel", role)
        for name in _SINGLE:
            yield (*base, name)
    for cluster in _clusters(site):
        yield cluster
        yield from site.items((*cluster, "nodes"))


def _nodes_named_as(site: SiteView, cluster: Path) -> Iterator[Diagnostic]:
    name = site.text((*cluster, "fqdn"))
    for node in site.items((*cluster, "nodes")):
        own = site.text((*node, "fqdn"))
        if name is not None and own is not None and own.lower() == name.lower():
            yield Diagnostic(
                "OD1121",
                f"a node of `{cluster[-1]}` has the name of the cluster",
                (site.label((*node, "fqdn"), "the node"), site.label((*cluster, "fqdn"), "the cluster")),
                ("the Windows hosts file needs the cluster's name, different from every node's (manual p. 36)",),
                "write the node's own name",
            )


def _twice(site: SiteView, code: str, noun: str, paths: list[Path]) -> Iterator[Diagnostic]:
    first: dict[str, Path] = {}
    for path in paths:
        value = site.text(path)
        if value is None:
            continue
        other = first.setdefault(value.lower(), path)
        if other == path or _may_share(other, path):
            continue
        yield Diagnostic(
            code,
            f"two systems have the {noun} {value}",
            (site.label(path, "again here"), site.label(other, "first here")),
            (f"{_where(other)} and {_where(path)}",),
            f"write the {noun} of this system",
        )


def _may_share(one: Path, two: Path) -> bool:
    """One server may hold both parts of Control Manager; a node named as its cluster is OD1121."""
    acm = one[:3] == two[:3] and one[2] == "control_manager"
    node = one[-1] == "fqdn" and one[:4] == two[:4] and one[2] == "clusters" and (len(one) == 5) != (len(two) == 5)
    return acm or node


def _where(path: Path) -> str:
    return " ".join(f"node {part + 1}" if isinstance(part, int) else part for part in path[1:-1] if part != "nodes")
