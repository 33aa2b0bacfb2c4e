"""Estates in which something is not there yet: nothing at all, or only a first data centre that serves by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from oceana_dr.compile.desired import Compiled
from oceana_dr.estate.address import Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Value
from oceana_dr.operations.drill_opening import not_installed as nothing
from oceana_dr.operations.starting import at_rest

SERVES: Final = (
    "dc1/",
    "shared/phones",
    "shared/dns/",
    "shared/acm/",
    "shared/experience-portal/application",
)
"""What a data centre that serves by itself has; the mirror apart."""

ALONE: Final[Mapping[str, Value]] = {
    "dc1/omnichannel/A#Role": "not a member",
    "dc1/omnichannel/A#Databases": "not mirrored",
    "dc1/omnichannel/A#ValidatedMember": "0",
    "dc1/omnichannel/B#Role": "not a member",
    "dc1/omnichannel/B#Databases": "not mirrored",
    "dc1/omnichannel/B#ValidatedMember": "0",
    "dc1/omnichannel/B#Data": "none",
    "dc1/readiness#Context Store keystore": "missing",
    "dc1/readiness#mirrored backup": "none",
    "dc1/readiness#restart after configuration": "owed",
    "dc1/sessions#agents": 40,
    "dc1/smgr/cluster1/UCAStoreService#Oceana disaster recovery role": Override(False, None),
    "dc1/smgr/cluster1/UCAStoreService#Geographical server cluster name": Override(False, None),
    "dc1/smgr/cluster1/ContextStoreManager#attributes prefixed with GEO": (),
    "dc1/omnichannel/A/MirrorService#Service Enabled": "cleared",
    "dc1/omnichannel/A/ISCAgent#Service status": "stopped",
    "dc1/omnichannel/B/MirrorService#Service Enabled": "cleared",
}
"""What it lacks for all that."""


def alone(made: Compiled) -> Estate:
    """Data Center 1 serves without a second one, its Omnichannel Database without a mirror."""
    rest, blank = at_rest(made), nothing(made)
    kept = {name: rest.get(name) for name in rest.refs() if str(name).startswith(SERVES)}
    lacking = {Ref(name): value for name, value in ALONE.items() if address_of(Ref(name)) in made.bound.resources}
    return blank.with_values({**kept, **lacking})


__all__ = ["ALONE", "SERVES", "alone", "nothing"]
