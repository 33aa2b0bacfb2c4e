"""What artifacts are made of, gathered once: the desired estate, its catalogue, the site, the sides.

In: the arguments of `render_artifacts`. Out: look-ups that the families share.
It must never read files: a site is plain data here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

from oceana_dr.catalogue.bind import BoundCatalogue, BoundResource
from oceana_dr.catalogue.model import Lines
from oceana_dr.compile.expression import Evaluation
from oceana_dr.compile.provenance import Provenance
from oceana_dr.diagnostics.span import Span
from oceana_dr.estate.address import Address, Ref, peer_of, side_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json, Override, Value, to_json

Sources: TypeAlias = Callable[[Ref], Provenance]
"""Where a desired value comes from, by reference."""
Places: TypeAlias = Callable[[str], tuple[Span, ...]]
"""Where a path of the site was written, the winner first."""


def no_places(path: str) -> tuple[Span, ...]:  # noqa: ARG001 - the signature of `Places`
    """No place is known: plain data has no files."""
    return ()


@dataclass(frozen=True, slots=True)
class Artifact:
    """One file to render: where it goes, with which template, from which data."""

    path: str
    template: str
    data: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class PlainSite:
    """A site's nested data with the look-ups that expressions of the catalogue need."""

    data: Mapping[str, object]
    places: Places = no_places

    @property
    def name(self) -> str:
        """The site's name."""
        return str(self.data["name"])

    @property
    def digest(self) -> str:
        """None is known: plain data has no files."""
        return ""

    def value(self, path: str) -> object:
        """The value at a dotted path; raises `KeyError`, but None inside an optional part that is not set."""
        here: object = self.data
        for part in path.split("."):
            if here is None:
                return None
            here = cast("Mapping[str, object]", here)[part]
        return here

    def contributors(self, path: str) -> tuple[Span, ...]:
        """Where the path was written, if that is known."""
        return self.places(path)


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything an artifact may be made of."""

    desired: Estate
    site: PlainSite
    bindings: Mapping[str, str]
    bound: BoundCatalogue
    provenance: Sources

    @property
    def operational(self) -> str:
        """The side in service."""
        return str(self.site.value("operational"))

    def place(self, side: str) -> str:
        """A data centre's name for people."""
        return self.bindings[f"name.{side}"]

    def resources(self, system: str) -> Iterator[tuple[Address, BoundResource]]:
        """The resources of one system that are desired at all, by address."""
        return (found for found in self.everything() if found[1].type.system == system)

    def everything(self) -> Iterator[tuple[Address, BoundResource]]:
        """All resources that are desired at all, by address."""
        for address in sorted(self.bound.resources):
            if self.desired.attributes(address):
                yield address, self.bound.resources[address]

    def attributes(self, address: Address) -> list[dict[str, object]]:
        """The desired attributes of a resource: label, value, section, words, setting, manual; sorted by label.

        An attribute that the site passes through without the catalogue knowing it has no setting. Names and values
        that one setting stands for, as the attributes prefixed with GEO, are told one by one.
        """
        resource = self.bound.resources[address]
        found: list[dict[str, object]] = []
        for label, value in sorted(self.desired.attributes(address).items()):
            bound = resource.attributes.get(label)
            found += [
                {
                    "label": name,
                    "value": to_json(part),
                    "section": (bound.type.section if bound else "") or None,
                    "words": bound.type.words if bound else {},
                    "setting": bound.type.setting if bound else None,
                    "manual": ranges((bound.type.manual if bound else ()) or resource.type.manual),
                }
                for name, part in _parts(label, value, bound.type.type if bound else "")
            ]
        return found

    def with_side(self, address: Address, label: str, side: str) -> Value:
        """What the catalogue would want of one attribute with that side in service."""
        resource = self.bound.resources[address]
        evaluation = Evaluation(self.site, side, resource.dc, self.bindings)
        return evaluation.value(resource.attributes[label].type.desired)

    def console(self, address: Address) -> dict[str, object]:
        """Where people find a resource: the path, what to select there, how to commit."""
        resource = self.bound.resources[address]
        side = side_of(address)
        variables = {"dc": side, "peer": peer_of(side)} if resource.dc else {}
        select = {name: self.bound.text(text, **variables) for name, text in resource.type.select.items()}
        return {"path": resource.console, "select": select, "commit": resource.type.console.get("commit", "")}


def last_part(address: Address) -> str:
    """The name of a resource inside its system."""
    return address.rpartition("/")[2]


def ranges(lines: Lines) -> list[Json]:
    """Lines of the manual as JSON."""
    return [[first, last] for first, last in lines]


def in_words(lines: Lines) -> str:
    """Lines of the manual for a remark, ranges that touch joined: `674-738, 811-844`."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(lines):
        if joined and first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in joined)


def _parts(label: str, value: Value, kind: str) -> list[tuple[str, Value]]:
    """The names and values behind an attribute of type `pairs` or `override-pairs`; of any other, itself."""
    if kind not in ("pairs", "override-pairs") or not isinstance(value, tuple):
        return [(label, value)]
    pairs = [str(pair).partition(" = ") for pair in value]
    return [(name, Override(True, text) if kind == "override-pairs" else text) for name, _, text in pairs]
