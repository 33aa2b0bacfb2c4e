"""What a check sees of a site: typed look-ups that find nothing where the type is wrong.

In: located data. Out: text, numbers and lists at paths written as `dns.names.web_gateway`.
It must never raise for what a file holds: another part of the program reports wrong types.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from oceana_dr.diagnostics import Label, Span
from oceana_dr.source import node as tree
from oceana_dr.source.merge import Data, Located, Path


@dataclass(frozen=True, slots=True)
class SiteView:
    """The merged data of one site, its folder's name and its place in a check's labels.

    `texts` are its files as they were read, by name; without them nobody can say how to mend a layout.
    """

    located: Located
    folder: str
    texts: Mapping[str, str] = field(default_factory=dict, repr=False)

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
        """The place of a path, or of what is written nearest around it; of a part of the file that is not written
        the key behind which it belongs."""
        path = split(path)
        if path and path[:1] not in self.located.places and (before := self._before(path[0])) is not None:
            return before
        return self.located.nearest(path)[0].span

    def _before(self, key: str | int) -> Span | None:
        """The key of the site's own file that comes last before another one in the order of the language."""
        from oceana_dr.source.site.model import Site  # lazily: a view of files that are valid asks for no such place
        from oceana_dr.source.site.shape import fields_of

        root = self.located.places[()][0].value
        order = tuple(fields_of(Site))
        if not isinstance(root, tree.Mapping) or not root.entries or key not in order:
            return None
        rank = {name: number for number, name in enumerate(order)}
        above = [item for item, _ in root.entries if rank.get(str(item.value), len(order)) < rank[str(key)]]
        return max(above, key=lambda item: rank[str(item.value)], default=root.entries[0][0]).span

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
