"""Which pages the console of a data centre has: menus, clusters, services, and the rows of each.

In: the catalogue of a lab. Out: `Book`, from the same click paths that people and the driver follow.
Nothing is named here: every label is the catalogue's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oceana_dr.catalogue.bind import BoundAttribute, BoundCatalogue, BoundResource
from oceana_dr.drivers.console.clickpath import ClickPath, click_path
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Override, Value


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its label, whether its box is set, its value, the values to choose from; `ref` where it can be set."""

    label: str
    section: str
    override: bool
    value: str
    choices: tuple[str, ...]
    ref: Ref | None


@dataclass(frozen=True, slots=True)
class Book:
    """The pages of one data centre, by address."""

    paths: dict[Address, ClickPath]
    resources: dict[Address, BoundResource]

    @property
    def menu(self) -> tuple[str, ...]:
        """The way to the pages."""
        return next(iter(self.paths.values())).menu if self.paths else ()

    @property
    def fields(self) -> tuple[str, ...]:
        """What has to be chosen there, in its order."""
        path = next(iter(self.paths.values()), None)
        return tuple(name for name, _ in path.select) if path else ()

    def choices(self, number: int, chosen: tuple[str, ...]) -> tuple[str, ...]:
        """What field `number` offers once those before it are chosen."""
        fitting = (tuple(value for _, value in path.select) for path in self.paths.values())
        return tuple(dict.fromkeys(item[number] for item in fitting if item[:number] == chosen[:number]))

    def at(self, chosen: tuple[str, ...]) -> Address | None:
        """The page of these choices."""
        found = (item for item, path in self.paths.items() if tuple(value for _, value in path.select) == chosen)
        return next(found, None)

    def rows(self, address: Address, values: Attributes) -> Iterator[Row]:
        """What the page shows of these values."""
        for label, attribute in self.resources[address].attributes.items():
            value = values.get(label)
            if attribute.type.type == "override":
                yield _row(label, attribute, value, Ref(f"{address}#{label}"))
            else:
                for item in value if isinstance(value, tuple) else ():
                    name, _, text = str(item).partition(" = ")
                    yield Row(name, attribute.type.section, True, text, (), None)


def book_of(bound: BoundCatalogue, dc: str) -> Book:
    """The pages of one data centre."""
    mine = {address: resource for address, resource in bound.resources.items() if resource.dc == dc}
    paths = {address: path for address, resource in mine.items() if (path := click_path(resource)) is not None}
    return Book(paths, {address: mine[address] for address in paths})


def _row(label: str, attribute: BoundAttribute, value: Value, ref: Ref) -> Row:
    kind = attribute.type
    override = isinstance(value, Override) and value.override
    text = str(value.value) if isinstance(value, Override) and value.override else ""
    return Row(label, kind.section, override, text, tuple(map(str, kind.allowed)), ref)
