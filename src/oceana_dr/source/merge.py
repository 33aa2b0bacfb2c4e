"""Several located trees → one, the first one winning, with every contributor kept.

In: trees in the order of precedence (the site, then the defaults). Out: `Located`: plain data for the
model, and for each path the places that contributed to it, the winner's first.
It must never mix two lists: a list is replaced as a whole, mappings are merged key by key.
"""

from __future__ import annotations

from collections.abc import Mapping as MappingType
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from oceana_dr.diagnostics import Span
from oceana_dr.source.node import Mapping, Node, Plain, Scalar, Sequence

Path: TypeAlias = tuple[str | int, ...]
Data: TypeAlias = "Plain | dict[str, Data] | tuple[Data, ...]"


class Place(NamedTuple):
    """Where one file says something: its key (None for items of a list and for the root), its value."""

    key: Span | None
    value: Node

    @property
    def span(self) -> Span:
        """What to show: a single value itself, a list or mapping by its key."""
        if self.key is None or isinstance(self.value, Scalar):
            return self.value.span
        return self.key


@dataclass(frozen=True, slots=True)
class Located:
    """Merged data and, for each path in it, its places; lists in the data are tuples."""

    data: Data
    places: MappingType[Path, tuple[Place, ...]]

    def place(self, path: Path) -> Place | None:
        """The winner's place, if the path is in the data."""
        found = self.places.get(path)
        return found[0] if found else None

    def nearest(self, path: Path) -> tuple[Place, ...]:
        """The places of the path, or of its nearest ancestor that is written somewhere."""
        while path not in self.places:
            if not path:
                return ()
            path = path[:-1]
        return self.places[path]

    def at(self, path: Path) -> Data:
        """The value at a path; None if there is none."""
        here = self.data
        for part in path:
            if type(here) is dict:  # the exact types: checks ask for hundreds of paths of each site
                here = here.get(part)  # type: ignore[arg-type] # a number is no key, and finds nothing
            elif type(here) is tuple and isinstance(part, int) and part < len(here):
                here = here[part]
            else:
                return None
        return here


def merge_trees(roots: tuple[Node, ...]) -> Located:
    """Merge; the first root wins. With no roots the data is an empty mapping."""
    places: dict[Path, tuple[Place, ...]] = {}
    if not roots:
        return Located({}, places)
    data = _merge((), tuple(Place(None, root) for root in roots), places)
    return Located(data, places)


def _merge(path: Path, found: tuple[Place, ...], places: dict[Path, tuple[Place, ...]]) -> Data:
    places[path] = found
    winner = found[0].value
    if isinstance(winner, Scalar):
        return winner.value
    if isinstance(winner, Sequence):
        return tuple(_merge((*path, i), (Place(None, item),), places) for i, item in enumerate(winner.items))
    if len(found) == 1:  # nothing to merge, as almost everywhere below the top: keys are unique in one mapping
        alone: dict[str, Data] = {}
        for key, value in winner.entries:
            name = str(key.value)
            alone[name] = _merge((*path, name), (Place(key.span, value),), places)
        return alone
    below: dict[str, list[Place]] = {}
    for place in found:
        # A lower layer that is no mapping here is overridden as a whole, and so is all below it.
        if not isinstance(place.value, Mapping):
            break
        for key, value in place.value.entries:
            below.setdefault(str(key.value), []).append(Place(key.span, value))
    return {name: _merge((*path, name), tuple(parts), places) for name, parts in below.items()}
