"""Host names that are almost another one: a letter changed, left out or exchanged.

In: a site. Out: OD1152, a warning, with the name that was probably meant.
It must never speak about names that differ in digits only: `breeze11` and `breeze12` are two servers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from oceana_dr.diagnostics import Diagnostic, Severity
from oceana_dr.diagnostics.nearest import distance
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Data, Path
from oceana_dr.source.site.types import FQDN_PATTERN

USUAL = 3
"""A domain that so many names share is a domain of the site, not a slip."""

_FQDN = re.compile(FQDN_PATTERN)
_LINK = re.compile(r"https?://(?P<host>[A-Za-z0-9.-]+)")
_DIGITS = re.compile(r"[0-9]+")


def check_spelling(site: SiteView) -> Iterator[Diagnostic]:
    """Compare every host name with the others of the site."""
    names = list(_names(site.located.data, ()))
    domains = Counter(_domain(name) for _, name, _ in names)
    usual = [domain for domain, number in domains.items() if number >= USUAL]
    servers = {name for path, name, _ in names if path[-1] == "fqdn"}
    for path, name, is_url in names:
        domain = _domain(name)
        meant = None
        if domains[domain] < USUAL and (near := _almost(domain, usual)):
            meant = f"{name.partition('.')[0]}.{near}"
        elif is_url and name not in servers:
            meant = _almost(name, sorted(servers))
        if meant is not None:
            yield Diagnostic(
                "OD1152",
                f"the host {name} is almost {meant}",
                (site.label(path),),
                ("one letter differs from a name that the site uses elsewhere",),
                f"did you mean `{meant}`? If not, leave it",
                Severity.WARNING,
            )


def _names(data: Data, path: Path) -> Iterator[tuple[Path, str, bool]]:
    """Every host name: its path, the name in lower case, whether it stands in a link."""
    match data:
        case dict():
            for key, value in data.items():
                yield from _names(value, (*path, key))
        case tuple():
            for index, value in enumerate(data):
                yield from _names(value, (*path, index))
        case str() if "." in data and len(data) <= 300 and path[0] != "verification":
            link = _LINK.match(data)
            host = link["host"] if link else data
            if not host[-1].isdigit() and _FQDN.match(host):  # most are addresses: told apart at once
                yield path, host.lower(), link is not None
        case _:
            return


def _domain(name: str) -> str:
    return name.partition(".")[2]


def _almost(word: str, known: list[str]) -> str | None:
    """The one word that differs by a single slip, which is not one of digits."""
    near = [
        item for item in known if item != word and distance(word, item, 1) == 1 and _letters(item) != _letters(word)
    ]
    return near[0] if len(near) == 1 else None


def _letters(word: str) -> str:
    return _DIGITS.sub("0", word)
