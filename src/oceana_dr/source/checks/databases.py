"""Databases: Oracle under Data Guard, and the Caché mirror.

In: a site. Out: OD1125, OD1126, OD1134, OD1138, and OD1151 for what differs from the manual.
It must never guess why a value differs: that is a warning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from oceana_dr.diagnostics import Diagnostic, Severity
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Data, Path
from oceana_dr.source.site.types import MIRROR_PATTERN, WORD_PATTERN

_ORACLE = ("data_centers.dc1.analytics", "data_centers.dc2.analytics")
_MIRRORED = ("MULTIMEDIA_DATA", "COBROWSE_DATA")
_PRINTED: tuple[tuple[str, Data, str], ...] = (
    ("mirror.name", "AOCMIRROR", "lines 712-718"),
    ("mirror.port", 2188, "lines 712-718"),
    ("mirror.instance", "CCDSINSTANCE", "line 772"),
)


def check_databases(site: SiteView) -> Iterator[Diagnostic]:
    """Run all checks of this module."""
    yield from _analytics(site)
    yield from _mirror(site)


def _analytics(site: SiteView) -> Iterator[Diagnostic]:
    one, two = _ORACLE
    if site.has(one) != site.has(two):
        present, absent = (one, "dc2") if site.has(one) else (two, "dc1")
        yield Diagnostic(
            "OD1134",
            f"Analytics is configured here and not in {absent}",
            (site.label(present),),
            ("Data Guard needs a primary and a standby, one in each data centre (manual p. 34)",),
            f"add `analytics` to {absent}, or remove it here",
        )
    name = site.text(f"{one}.database")
    if name is not None and name.lower() == str(site.text(f"{two}.database")).lower():
        yield Diagnostic(
            "OD1125",
            f"both Oracle databases are named {name}",
            (site.label(f"{two}.database", "in dc2"), site.label(f"{one}.database", "in dc1")),
            ("Data Guard switches over to a database by its name (manual p. 45)",),
            "write the database's own name, `orcl_stby` in the manual",
        )


def _mirror(site: SiteView) -> Iterator[Diagnostic]:
    if site.at("mirror.tls") is True and not site.has("mirror.tls_files"):
        yield Diagnostic(
            "OD1126",
            "the mirror uses TLS and its files are not given",
            (site.label("mirror.tls"),),
            ("Use SSL/TLS needs the authority, the certificate and the private key (manual, lines 713-715)",),
            "add `tls_files: {ca: …, certificate: …, private_key: …, private_key_password: …}` to `mirror`",
        )
    files = "mirror.tls_files"
    if site.at("mirror.tls") is True and site.keys(files) and not site.has(f"{files}.private_key_password"):
        yield Diagnostic(
            "OD1126",
            "the mirror uses TLS and the password of its private key is not given",
            (site.label(files), site.label("mirror.tls")),
            ("Set up SSL/TLS asks for the private key's password (manual, lines 835-837)",),
            "add `private_key_password: env:NAME` to `tls_files`",
        )
    yield from _mirrored(site)
    for path, printed, lines in _PRINTED:
        value = site.at(path)
        if path == "mirror.name" and isinstance(value, str) and not re.match(MIRROR_PATTERN, value):
            continue  # refused already: "leave it" would be wrong advice
        if isinstance(value, type(printed)) and value not in (printed, 0, ""):
            yield Diagnostic(
                "OD1151",
                f"`{path}` is not {printed}, which the manual prints",
                (site.label(path),),
                (f"the manual names one value for every installation ({lines})",),
                f"write {printed}, or leave it if your installation differs",
                Severity.WARNING,
            )


def _mirrored(site: SiteView) -> Iterator[Diagnostic]:
    """Both databases, each once, and no other."""
    seen: dict[str, Path] = {}
    why = "both databases are needed after a switchover, and the manual adds no other (line 723)"
    advice = f"write `databases: [{', '.join(_MIRRORED)}]`"
    for item in site.items("mirror.databases"):
        name = site.text(item)
        if name is None:
            continue
        if name in seen:
            places = (site.label(item), site.label(seen[name], "first here"))
            yield Diagnostic("OD1138", f"the database {name} is listed twice", places, (why,), "remove this entry")
        elif name not in _MIRRORED and re.match(WORD_PATTERN, name):
            near = nearest(name, _MIRRORED)
            text = f"did you mean `{near}`?" if near else advice
            yield Diagnostic("OD1138", f"{name} is no database of the mirror", (site.label(item),), (why,), text)
        seen.setdefault(name, item)
    for name in _MIRRORED if seen else ():
        if name not in seen:
            place = (site.label("mirror.databases"),)
            yield Diagnostic("OD1138", f"the database {name} is not mirrored", place, (why,), advice)
