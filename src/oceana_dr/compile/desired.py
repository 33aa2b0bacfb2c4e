"""The desired estate of a site, for either operational side and any channel state.

In: a loaded site and the catalogue. Out: a `Compiled` site: estate, provenance, bindings, what may be off.
Compiling twice must give the same bytes: nothing here depends on order of files, hashes or time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from oceana_dr.catalogue.bind import BoundAttribute, BoundCatalogue, BoundResource
from oceana_dr.catalogue.model import Catalogue
from oceana_dr.catalogue.wording import rule_of
from oceana_dr.compile.bindings import bind_site
from oceana_dr.compile.expression import Evaluation
from oceana_dr.compile.provenance import Contribution, Provenance
from oceana_dr.compile.site_values import SiteValues
from oceana_dr.estate.address import Address, Ref, peer_of, ref
from oceana_dr.estate.canonical import digest
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Value


@dataclass(frozen=True)
class Compiled:
    """A site as the catalogue understands it.

    `expected_off` names resources that are off on purpose when the estate is as desired: being
    unreachable is agreement there.
    """

    site: SiteValues
    bound: BoundCatalogue
    operational: str
    estate: Estate
    reads: Mapping[Ref, tuple[str, ...]]

    @cached_property
    def digest(self) -> str:
        """The digest of the desired estate."""
        return digest(dict(self.estate.to_json()))

    @cached_property
    def expected_off(self) -> frozenset[Address]:
        """Resources whose desired state is the off state of their type."""
        found = set()
        for address, resource in self.bound.resources.items():
            if resource.type.off is not None:
                attribute, value, _ = resource.type.off
                if self.estate.get(ref(address, attribute)) == value:
                    found.add(address)
        return frozenset(found)

    def provenance(self, reference: Ref) -> Provenance:
        """Where a desired value comes from; looked up when asked, since few values are asked about."""
        address, _, label = reference.partition("#")
        resource = self.bound.resources[Address(address)]
        attribute = resource.attributes[label].type
        return Provenance(
            contributions=tuple(
                Contribution(path, self.site.contributors(path)) for path in dict.fromkeys(self.reads[reference])
            ),
            setting=attribute.setting,
            manual=attribute.manual or resource.type.manual,
            rule=self._of_side(rule_of(attribute.desired), resource.dc),
        )

    def _of_side(self, rule: str, dc: str) -> str:
        """The rule with the data centres by name, where the expression has `{dc}`, `{peer}` and `{op}`."""
        named = rule.replace("{op}", self.operational)
        return named.replace("{dc}", dc).replace("{peer}", peer_of(dc)) if dc else named


def compile_site(site: SiteValues, catalogue: Catalogue, operational: str | None = None) -> Compiled:
    """The desired estate; `operational` asks what it would be with that side in service."""
    bound = BoundCatalogue(catalogue, bind_site(site))
    side = operational or str(site.value("operational"))
    resources: dict[Address, dict[str, Value]] = {}
    reads: dict[Ref, tuple[str, ...]] = {}
    for address in sorted(bound.resources):
        resource = bound.resources[address]
        attributes: dict[str, Value] = {}
        for label, attribute in resource.attributes.items():
            if attribute.type.managed:
                evaluation = Evaluation(site, side, resource.dc, bound.bindings)
                attributes[label] = evaluation.value(attribute.type.desired)
                reads[ref(address, label)] = tuple(evaluation.read)
        if attributes:
            resources[address] = attributes
    return Compiled(site, bound, side, Estate(dict(resources)), reads)


def managed_attribute(bound: BoundCatalogue, reference: Ref) -> tuple[BoundResource, BoundAttribute] | None:
    """The resource and attribute a reference names, if this site has them."""
    address, _, label = reference.partition("#")
    resource = bound.resources.get(Address(address))
    attribute = resource.attributes.get(label) if resource else None
    return (resource, attribute) if resource and attribute else None
