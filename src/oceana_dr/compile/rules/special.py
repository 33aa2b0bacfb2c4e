"""The few questions about a site file that the vocabulary of rules has no words for.

In: the site, a standpoint. Out: a verdict.
A function stands here only while no condition could say the same; each says why it must.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, TypeAlias

from oceana_dr.compile.rules.paths import Standpoint
from oceana_dr.compile.rules.truth import UNTOLD, Verdict
from oceana_dr.estate.address import SIDES
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Path

SpecialCheck: TypeAlias = Callable[[SiteView, Standpoint], Verdict]


def same_services(site: SiteView, here: Standpoint) -> Verdict:  # noqa: ARG001 - a `SpecialCheck`
    """Both data centres have the same services in the same versions, where each may have its own over common ones:
    no condition merges two mappings."""
    one, two = (_merged(site, side, "services") for side in SIDES)
    return _compared(site, one, two)


def same_workflows(site: SiteView, here: Standpoint) -> Verdict:  # noqa: ARG001 - a `SpecialCheck`
    """Both data centres have the same workflows, by digest and by release, with variables of the same names; merged
    like services, field by field."""
    one, two = (_fields(site, side, "digest") for side in SIDES)
    verdicts = [_compared(site, one, two)]
    known = one.keys() & two.keys()  # of those, a release may be written in one place only
    one, two = (_fields(site, side, "release") for side in SIDES)
    alone = frozenset(known & (one.keys() ^ two.keys()))
    verdicts.append(_compared(site, _without(one, alone), _without(two, alone)))
    names = dict.fromkeys(name for side in SIDES for name in _merged(site, side, "workflows"))
    for name in names:
        found = _same_keys(site, ("workflows", name, "variables"))
        verdicts.append(replace(found, detail=f"{name} (variable {found.detail})") if found.truth is False else found)
    return _worst(verdicts)


def same_context_store_attributes(site: SiteView, here: Standpoint) -> Verdict:  # noqa: ARG001 - a `SpecialCheck`
    """Both data centres have the same attributes of Context Store, common or their own; their values are local."""
    return _worst([_same_keys(site, ("context_store", key)) for key in ("geo", "edm")])


def authorized_async(site: SiteView, here: Standpoint) -> Verdict:  # noqa: ARG001 - a `SpecialCheck`
    """The async member is named, and its certificate is that of Server C: no condition takes a subject apart."""
    base: Path = ("mirror", "authorized_async")
    for key, word in (("name", "name"), ("distinguished_name", "distinguished name")):
        if not site.has((*base, key)):
            return Verdict(False, ((*base, key),), f"its {word} is not known")
    subject, server = (*base, "distinguished_name"), ("data_centers", "dc2", "omnichannel", "async", "fqdn")
    text, fqdn = site.text(subject), site.text(server)
    if text is None or fqdn is None:
        return UNTOLD
    parts = (part.partition("=") for part in text.split(","))
    names = [value.strip() for key, _, value in parts if key.strip().upper() == "CN"]
    known = {fqdn.casefold(), fqdn.partition(".")[0].casefold()}
    if any(name.casefold() in known for name in names):
        return Verdict(True, (subject, server))
    return Verdict(False, (subject, server), f"its certificate is for {names[0] if names else 'no CN'}, not for {fqdn}")


SPECIAL: Final[Mapping[str, SpecialCheck]] = MappingProxyType(
    {
        "authorized-async": authorized_async,
        "same-context-store-attributes": same_context_store_attributes,
        "same-services": same_services,
        "same-workflows": same_workflows,
    }
)
"""Every function by the name that a rule gives."""


def _worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The first that is false, else one that is true, else untold."""
    told = [verdict for verdict in verdicts if verdict.truth is not None]
    return next((verdict for verdict in told if verdict.truth is False), told[0] if told else UNTOLD)


def _same_keys(site: SiteView, path: tuple[str, ...]) -> Verdict:
    """Whether both data centres have the same keys at a path, common ones or their own."""
    one, two = (_merged(site, side, *path) for side in SIDES)
    for key, place in {**one, **two}.items():
        if key not in one or key not in two:
            return Verdict(False, (place,), key)
    return Verdict(True, (*one.values(), *two.values())) if one else UNTOLD


def _merged(site: SiteView, side: str, *path: str) -> dict[str, Path]:
    """Where each entry of a data centre stands: its own, else the common one."""
    own: Path = ("data_centers", side, *path)
    places: dict[str, Path] = {name: (*path, name) for name in site.keys(path) if site.has((*path, name))}
    return {**places, **{name: (*own, name) for name in site.keys(own) if site.has((*own, name))}}


def _fields(site: SiteView, side: str, field: str) -> dict[str, Path]:
    """Where a field of each workflow of a data centre stands: its own, else the common one."""
    found: dict[str, Path] = {}
    for name in _merged(site, side, "workflows"):
        places: tuple[Path, ...] = (("data_centers", side, "workflows", name, field), ("workflows", name, field))
        written = [place for place in places if site.has(place)]
        if written:
            found[name] = written[0]
    return found


def _without(places: Mapping[str, Path], names: frozenset[str]) -> dict[str, Path]:
    return {name: place for name, place in places.items() if name not in names}


def _compared(site: SiteView, one: Mapping[str, Path], two: Mapping[str, Path]) -> Verdict:
    if not one or not two:
        return UNTOLD
    for name in {**one, **two}:
        first, second = one.get(name), two.get(name)
        if first is None or second is None:
            only = first or second
            assert only is not None
            return Verdict(False, (only,), name)
        if first != second and site.at(first) != site.at(second):
            return Verdict(False, (second, first), name)
    return Verdict(True, (*one.values(), *two.values()))
