"""Paths of a site file as rules write them: `data_centers.*.clusters.*.fqdn`, `.nodes.*`, `{dc}`, `{peer}`, `{key}`.

In: a pattern, the site, where the rule stands. Out: the paths that exist, or the one path that is named.
A pattern must never raise for what a file holds: where it finds nothing, nothing is found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from oceana_dr.estate.address import SIDES, peer_of
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Path

ANY = "*"
EACH_SIDE = "dc"
_SIDES = "data_centers"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A path with wildcards; `inside` when it begins where the rule stands."""

    parts: tuple[str, ...]
    inside: bool

    @property
    def wild(self) -> bool:
        """Whether it may name several paths."""
        return ANY in self.parts


@dataclass(frozen=True, slots=True)
class Standpoint:
    """One place that a rule is evaluated at: the base of its relative paths, and the data centre it lies in."""

    base: Path
    dc: str = ""


def pattern_from(text: object) -> Pattern:
    """Read a pattern; raises `ValueError` for anything else."""
    if not isinstance(text, str) or not text.strip("."):
        raise ValueError(f"not a path: {text!r}")
    return Pattern(tuple(text.strip(".").split(".")), text.startswith("."))


def standpoints(each: Pattern | None, site: SiteView) -> Iterator[Standpoint]:
    """Every place that a rule is evaluated at: one, each data centre, or each path of a pattern."""
    if each is None:
        yield Standpoint(())
        return
    if each.parts == (EACH_SIDE,):
        for side in SIDES:
            if site.keys((_SIDES, side)):
                yield Standpoint((_SIDES, side), side)
        return
    for path in existing(each, site, Standpoint(())):
        yield Standpoint(path, side_of_path(path))


def named(pattern: Pattern, here: Standpoint) -> Path:
    """The one path that a pattern without wildcards names, whether it exists or not."""
    words = {
        "{dc}": here.dc,
        "{peer}": peer_of(here.dc) if here.dc else "",
        "{key}": str(here.base[-1]) if here.base else "",
    }
    parts = tuple(words.get(part, part) for part in pattern.parts)
    return (*here.base, *parts) if pattern.inside else parts


def existing(pattern: Pattern, site: SiteView, here: Standpoint) -> tuple[Path, ...]:
    """Every path of the pattern at which something stands."""
    found: list[Path] = [()]
    for part in named(pattern, here):
        found = [path for base in found for path in _step(base, part, site)]
    return tuple(found)


def all_existing(patterns: Iterable[Pattern], site: SiteView, here: Standpoint) -> tuple[Path, ...]:
    """The paths of several patterns, in order, each once."""
    return tuple(dict.fromkeys(path for pattern in patterns for path in existing(pattern, site, here)))


def side_of_path(path: Path) -> str:
    """`dc1` or `dc2` for a path inside a data centre, else empty."""
    return str(path[1]) if len(path) > 1 and path[0] == _SIDES and path[1] in SIDES else ""


def shown(path: Path) -> str:
    """A path as people write it."""
    return ".".join(str(part) for part in path)


def _step(base: Path, part: str | int, site: SiteView) -> Iterator[Path]:
    here = site.at(base)
    if part == ANY:
        keys: Iterable[str | int] = (
            here if isinstance(here, dict) else range(len(here)) if isinstance(here, tuple) else ()
        )
        for key in keys:
            yield (*base, key)
    elif isinstance(here, dict) and part in here:
        yield (*base, part)
