"""What kind of site an estate belongs to, and what its values say of that site.

In: a live estate, answers, defaults. Out: the topology and side that explain it best, and the site's values.
Nothing of Oceana is known here: addresses and values come from the catalogue, bound for every topology.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import permutations, product
from pathlib import Path
from typing import Any, Final

from oceana_dr.catalogue.bind import BoundCatalogue, BoundResource
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Catalogue
from oceana_dr.compile.bindings import bind_site
from oceana_dr.compile.inverse import Inversion
from oceana_dr.compile.inverse import Path as KeyPath
from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.gateway.canonical import canonical_resource
from oceana_dr.estate.address import SIDES, Address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json, Unknown
from oceana_dr.operations.drafting import Answers, draft
from oceana_dr.source.prepared import PreparedSite
from oceana_dr.source.site.model import Site

_NAME: Final = re.compile(r"\{(?!dc\})([^{}]+)\}")
_MOST_NAMES: Final = 5
"""Names of one pattern that are told apart by trying every order."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The best explanation: `found` by path of the site; `open` are facts that other explanations answer otherwise."""

    answers: Answers
    operational: str
    found: Mapping[KeyPath, Any]
    named: frozenset[KeyPath]
    open: frozenset[str]


def recognise(live: Estate, answers: Answers, given: frozenset[str], defaults: Mapping[str, Any]) -> Recognised:
    """What explains the estate with the fewest differences; facts in `given` are as the answers say."""
    catalogue = load_catalogue()
    candidates = [_Candidate(choice, catalogue, defaults, live) for choice in _choices(answers, given)]
    if min(item.unknown for item in candidates) * 2 > len(live.resources) or not live.resources:
        raise OceanaError(
            f"what was read of {answers.site} is no estate of Oceana {catalogue.release}",
            hint="is `drivers.gateway.endpoint` in oceana-dr.yaml right?",
        )
    least = min(item.strangers for item in candidates)
    tried = [item.explained(side) for item in candidates if item.strangers == least for side in SIDES]
    fewest = min(differences for differences, _ in tried)
    best = [found for differences, found in tried if differences == fewest]
    doubtful = {
        name for name in _FACTS if any(getattr(item.answers, name) != getattr(best[0].answers, name) for item in best)
    }
    return replace(best[0], open=frozenset(doubtful))


_FACTS: Final[Mapping[str, tuple[Any, ...]]] = {
    "ha": (False, True),
    "analytics": (False, True),
    "web_voice": (False, True),
    "mirror_tls": (False, True),
    "control_manager": ("automatic", "manual"),
}


def _choices(answers: Answers, given: frozenset[str]) -> Iterator[Answers]:
    """Every topology that the answers leave open, the answers' own words first."""
    values = [(getattr(answers, name),) if name in given else options for name, options in _FACTS.items()]
    for choice in product(*values):
        yield replace(answers, **dict(zip(_FACTS, choice, strict=True)))


class _Candidate:
    """A topology, and how much of the estate's addresses it cannot explain."""

    def __init__(self, answers: Answers, catalogue: Catalogue, defaults: Mapping[str, Any], live: Estate) -> None:
        self.answers = answers
        self._live = live
        self._data = draft("site", answers)
        bindings = bind_site(in_memory(answers.site, merged(self._data, defaults)))
        self._bindings = bindings
        self._resources = BoundCatalogue(catalogue, bindings).resources
        self._catalogue = catalogue
        self._named = [item for item in self._resources.values() if _NAME.search(item.type.address)]
        fixed = self._resources.keys() - {item.address for item in self._named}
        self._unplaced = sorted(live.resources.keys() - fixed)
        self._places = _placed(self._named, self._unplaced)
        self.strangers = len(fixed - live.resources.keys()) + len(self._unplaced) + len(self._named)
        self.strangers -= 2 * len(self._places)
        self.unknown = len(self._unplaced) - len(self._places)

    def explained(self, side: str) -> tuple[int, Recognised]:
        """How many values no site would give with that side in service, and what the others say."""
        inversion = Inversion(side, self._bindings)
        named = {path: text for place, address in self._places.items() for path, text in self._names(place, address)}
        inversion.found.update(named)
        differences = 0
        bound = BoundCatalogue(self._catalogue, self._bindings)
        for address, resource in self._resources.items():
            real = self._places.get(address, address)
            found = canonical_resource(bound, address, self._live.resources.get(real, Unknown("absent")))
            if isinstance(found, Unknown):
                differences += not _is_off(inversion, resource)
                continue
            for label, attribute in resource.attributes.items():
                value = found.get(label)
                if attribute.type.managed and value is not None and not isinstance(value, Unknown):
                    differences += not inversion.fits(attribute.type.desired, value, resource.dc)
        return differences, Recognised(self.answers, side, dict(inversion.found), frozenset(named), frozenset())

    def _names(self, place: Address, address: Address) -> Iterator[tuple[KeyPath, str]]:
        """The site's names that stand in an address."""
        template = self._resources[place].type.address
        pattern = _NAME.sub("(.+)", re.escape(template).replace(r"\{", "{").replace(r"\}", "}"))
        texts = re.fullmatch(pattern, address)
        assert texts is not None
        for name, text in zip(_NAME.findall(template), texts.groups(), strict=True):
            path = _path_of(self._data, self._bindings[name])
            if path is not None:
                yield path, text


def _is_off(inversion: Inversion, resource: BoundResource) -> bool:
    """Whether a resource that does not answer would be off on purpose."""
    if resource.type.off is None:
        return False
    label, value, _ = resource.type.off
    return inversion.fits(resource.attributes[label].type.desired, value, resource.dc)


def _placed(named: list[BoundResource], unplaced: list[Address]) -> dict[Address, Address]:
    """Addresses that hold a name of the site, each given to the resource whose usual name is most like it."""
    places: dict[Address, Address] = {}
    patterns: dict[str, list[Address]] = {}
    for item in named:
        patterns.setdefault(
            _NAME.sub(".+", re.escape(item.type.address).replace(r"\{", "{").replace(r"\}", "}")), []
        ).append(item.address)
    for pattern, wanted in patterns.items():
        there = [address for address in unplaced if re.fullmatch(pattern, address)][:_MOST_NAMES]
        orders = permutations(there, min(len(wanted), len(there)))
        best = max(orders, key=lambda order: sum(map(_likeness, wanted, order)))
        places.update(zip(wanted, best, strict=False))
    return places


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _path_of(data: Json, text: str, path: KeyPath = ()) -> KeyPath | None:
    """Where the data hold a text, if they do once."""
    if isinstance(data, dict):
        found = [at for key, value in data.items() if (at := _path_of(value, text, (*path, key))) is not None]
        return found[0] if len(found) == 1 else None
    return path if data == text else None


def in_memory(name: str, data: Mapping[str, Any]) -> PreparedSite:
    """A site that no file holds, with the models' defaults; raises pydantic's errors."""
    model = Site.model_validate(_tupled(data))
    return PreparedSite(name, Path(), model.model_dump(mode="json"), "", {})


def merged(data: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """The data over the defaults, mapping by mapping."""
    found = dict(defaults)
    for key, value in data.items():
        below = found.get(key)
        found[key] = merged(value, below) if isinstance(value, dict) and isinstance(below, dict) else value
    return found


def _tupled(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {key: _tupled(value) for key, value in data.items()}
    return tuple(map(_tupled, data)) if isinstance(data, list) else data
