"""Single desired values, worked out when they are asked for: what rules look at is a small part of an estate.

In: a valid site, the catalogue, which data centre is in service. Out: the desired value of a reference, the same that
`compile_site` gives. It must never bind a resource that nobody asks about: binding is what costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, cast

from oceana_dr.catalogue.model import Catalogue
from oceana_dr.catalogue.template import Bindings, applies, expand, prune
from oceana_dr.compile.expression import Evaluation
from oceana_dr.compile.site_values import SiteValues
from oceana_dr.estate.address import SIDES, Address, Ref, address_of, attribute_of, parse_address, peer_of
from oceana_dr.estate.estate import ABSENT
from oceana_dr.estate.values import Json, Value

_Place = tuple[Mapping[str, Json], str]


@dataclass
class Glimpse:
    """The desired values of a site, one at a time, with either data centre in service."""

    site: SiteValues
    catalogue: Catalogue
    bindings: Bindings
    _known: dict[tuple[str, Ref], Value] = field(default_factory=dict)

    def value(self, reference: Ref, operational: str) -> Value:
        """The value of a managed attribute that this site has, else `absent`."""
        key = (operational, reference)
        if key not in self._known:
            self._known[key] = self._work_out(reference, operational)
        return self._known[key]

    def _work_out(self, reference: Ref, operational: str) -> Value:
        place = self._places.get(address_of(reference))
        if place is None:
            return ABSENT
        resource, dc = place
        attributes = cast("Mapping[str, Any]", resource["attributes"])
        attribute = attributes.get(attribute_of(reference))
        if attribute is None or "desired" not in attribute:
            return ABSENT
        if "when" in attribute and not applies(attribute["when"], self.bindings):
            return ABSENT
        expression = prune(attribute["desired"], self.bindings)
        return Evaluation(self.site, operational, dc, self.bindings).value(expression)

    @cached_property
    def _places(self) -> Mapping[Address, _Place]:
        """Where each address of this site comes from."""
        found: dict[Address, _Place] = {}
        for data in self.catalogue.resources:
            if "when" in data and not applies(data["when"], self.bindings):
                continue
            template = str(data["address"])
            for side in SIDES if "{dc}" in template else ("",):
                variables = {"dc": side, "peer": peer_of(side)} if side else {}
                found[parse_address(expand(template, variables, self.bindings))] = (data, side)
        return found
