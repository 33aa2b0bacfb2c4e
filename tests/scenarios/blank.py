"""Estates in which something is not there yet: nothing at all, or only a first data centre that serves by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from oceana_dr.compile.desired import Compiled
from oceana_dr.estate.address import Ref, address_of, attribute_of, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Value
from oceana_dr.operations.starting import at_rest

ROLES: Final[Mapping[str, Value]] = {
    "cluster-activity#status": "none",
    "cluster/1/state#state": "none",
    "cluster/1/state#nodes": "none",
    "cluster/2/state#state": "none",
    "cluster/2/state#nodes": "none",
    "cluster/3/state#state": "none",
    "cluster/3/state#nodes": "none",
    "cluster/AvayaMobileCommunications/state#state": "none",
    "inventory#Managed by": "Unknown",
    "smgr#state": "not installed",
    "sessions#login": "blocked",
    "sessions#agents": 0,
    "sessions#supervisors": 0,
    "service/UCMService#state": "not installed",
    "service/UCMService#spaces": "gone",
    "service/UCAStoreService#state": "not installed",
    "service/UCAStoreService#spaces": "gone",
    "service/UCAStoreService#data": "none",
    "service/OceanaMonitorService#state": "not installed",
    "acm/sql-server#state": "not installed",
    "acm/services#Audit Log": "not installed",
    "acm/services#License Tracker": "not installed",
    "acm/ha-service#state": "not installed",
    "acm/ha-service#Startup type": "none",
    "aes/endpoint#AES": "none",
    "oracle#Role": "none",
    "oracle#Intended State": "none",
    "oracle#Database Status": "none",
    "oracle#Open mode": "shut down",
    "cm#state": "not installed",
    "ess#state": "not installed",
    "edm#contents": "none",
    "readiness#Context Store keystore": "missing",
    "readiness#EDM tables": "missing",
    "readiness#mirrored backup": "none",
    "readiness#restart after configuration": "owed",
    **{
        f"omnichannel/{server}#{label}": value
        for server in "ABC"
        for label, value in {
            "Role": "not a member",
            "Cache": "down",
            "Databases": "not mirrored",
            "Data": "none",
            "ValidatedMember": "0",
            "Version": "none",
        }.items()
    },
}
"""What a console shows, or would show, of a role that nothing plays yet; by address without its data centre."""

SHARED: Final[Mapping[str, Value]] = {
    "shared/readiness#baseline": "none",
    "shared/geographic-redundancy#replication": "not configured",
    "shared/acm/database#connected to": "none",
    "shared/acm/administration-client#installed from": "none",
    "shared/phones#registered with": "none",
    "shared/experience-portal/application#Active Data Center": "none",
    "shared/experience-portal/application#voice flag": "none",
    "shared/health#System Manager replication": "broken",
    "shared/health#UCA replication": "broken",
    "shared/health#Context Store replication": "broken",
    "shared/health#Control Manager replication": "broken",
    "shared/health#installed services": "different",
    "shared/health#workflows": "different",
    "shared/backup/UCMService#content": "none",
    "shared/backup/UCMService#readable from Data Center 2": "no",
}

SECURITY: Final = "shared/mirror/security"

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


def nothing(made: Compiled) -> Estate:
    """Neither data centre is there; the network between them is."""
    rest = at_rest(made)
    return rest.with_values({reference: _none(made, reference) for reference in rest.refs()})


def alone(made: Compiled) -> Estate:
    """Data Center 1 serves without a second one, its Omnichannel Database without a mirror."""
    rest, blank = at_rest(made), nothing(made)
    kept = {name: rest.get(name) for name in rest.refs() if str(name).startswith(SERVES)}
    lacking = {Ref(name): value for name, value in ALONE.items() if address_of(Ref(name)) in made.bound.resources}
    return blank.with_values({**kept, **lacking})


def _none(made: Compiled, reference: Ref) -> Value:
    address, label = address_of(reference), attribute_of(reference)
    kind = made.bound.resources[address].attributes[label].type
    side, _, short = reference.partition("/")
    if side != "shared" and short in ROLES:
        return ROLES[short]
    if reference in SHARED:
        return SHARED[reference]
    if address == SECURITY:
        return "no"
    if kind.kind not in {"config", "lever"}:
        return at_rest(made).get(ref(address, label))
    return _unset(address, label, kind.type, kind.allowed)


def _unset(address: str, label: str, kind: str, allowed: tuple[object, ...]) -> Value:
    """A field that nobody has filled."""
    if kind == "override":
        return Override(False, None)
    if kind in {"list", "pairs", "override-pairs"}:
        return ()
    if kind == "checkbox":
        return "cleared"
    if address.startswith("shared/dns/") and label == "A":
        return "none"
    return "none" if "none" in allowed else ""
