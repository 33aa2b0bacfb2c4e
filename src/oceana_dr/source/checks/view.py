"""What a check sees of a site: typed look-ups that find nothing where the type is wrong.

In: located data. Out: text, numbers and lists at paths written as `dns.names.web_gateway`.
It must never raise for what a file holds: another part of the program reports wrong types.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oceana_dr.diagnostics import Label, Span
from oceana_dr.source.merge import Data, Located, Path


@dataclass(frozen=True, slots=True)
class SiteView:
    """The merged data of one site, its folder's name and its place in a check's labels."""

    located: Located
    folder: str

    def at(self, path: str | Path) -> Data:
        """The value at a path; None if there is none."""
        return self.located.at(split(path))

    def text(self, path: str | Path) -> str | None:
        """Text at a path; None for anything else."""
        value = self.at(path)
        return value if isinstance(value, str) else None

    def number(self, path: str | Path) -> int | None:
        """A whole number at a path; None for anything else."""
        value = self.at(path)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def keys(self, path: str | Path) -> tuple[str, ...]:
        """The keys of the mapping at a path."""
        value = self.at(path)
        return tuple(value) if isinstance(value, dict) else ()

    def items(self, path: str | Path) -> Iterator[Path]:
        """The paths of the items of the list at a path."""
        path = split(path)
        value = self.located.at(path)
        for index in range(len(value)) if isinstance(value, tuple) else ():
            yield (*path, index)

    def has(self, path: str | Path) -> bool:
        """Whether anything but `null` stands at a path."""
        return self.at(path) is not None

    def span(self, path: str | Path) -> Span:
        """The place of a path, or of what is written nearest around it."""
        return self.located.nearest(split(path))[0].span

    def key_label(self, path: Path, text: str = "") -> Label:
        """A label at the key that a path ends in; at the path where no key of its own stands there."""
        place = self.located.place(path)
        return self.label(path, text) if place is None or place.key is None else Label(place.key, text)

    def label(self, path: str | Path, text: str = "") -> Label:
        """A label at a path."""
        return Label(self.span(path), text)


def split(path: str | Path) -> Path:
    """`a.b.c` as a path of keys; a path as it is."""
    return tuple(path.split(".")) if isinstance(path, str) else path
