"""Oracle Data Guard of Avaya Analytics: scripts for dgmgrl and SQL*Plus, each for the right member.

In: the resources of system `oracle`, their names and the site's secret references. Out: `oracle/*`; nothing without
Analytics. No password may stand in a file or an argument: scripts connect through a wallet. Every database is asked by
its own name, and REINSTATE is sent from the other one (the manual prints both otherwise, lines 1406, 1497, 1574).
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import Final, cast

from oceana_dr.compile.artifacts.heading import RUN, heading
from oceana_dr.compile.artifacts.subject import Artifact, Subject
from oceana_dr.compile.artifacts.valued import Valued, value_of
from oceana_dr.estate.address import Address, peer_of, side_of
from oceana_dr.estate.values import SecretRef
from oceana_dr.source.durations import duration_seconds

CONFIGURATION: Final = "oceana_analytics"
"""Name of the broker configuration that is created where there is none."""
_NAMES, _CREDENTIALS, _FLASHBACK = "oracle.dg.names", "oracle.dg.credentials", "oracle.flashback"
_SCRIPTS: Final = {
    "configuration.dgmgrl": ("Creates the Data Guard configuration, primary and standby", ((953, 953), (1327, 1337))),
    "show.dgmgrl": ("Shows the configuration and each database by its own name; changes nothing", ((1377, 1518),)),
    "switchover.dgmgrl": ("Switches the databases over, with both alive", ((1327, 1371), (1421, 1462))),
    "failover.dgmgrl": ("Fails over to the standby, with the primary lost", ((1520, 1572),)),
    "reinstate.dgmgrl": ("Makes the lost primary a standby again, after a failover", ((1528, 1528), (1574, 1622))),
    "check.sql": (
        "Checks role, flashback and lag of the database that it is connected to; changes nothing",
        ((1528, 1528),),
    ),
}


def oracle(subject: Subject) -> Iterator[Artifact]:
    """Six scripts; those that move move to the side in service."""
    addresses = {side_of(address): address for address, _ in subject.resources("oracle")}
    if not addresses:
        return
    side = subject.operational
    names = {item: value_of(subject, _NAMES, item) for item in addresses}
    credentials, flashback = (value_of(subject, item, side) for item in (_CREDENTIALS, _FLASHBACK))
    data = {
        **_members(subject, addresses, names),
        "configuration": CONFIGURATION,
        "user": subject.site.value("oracle.user"),
        "reference": credentials.value.reference if isinstance(credentials.value, SecretRef) else None,
        "flashback_on": "NO" if flashback.value == "disabled" else "YES",
        **_retention(subject),
    }
    for file, (purpose, manual) in _SCRIPTS.items():
        made = heading(
            subject,
            f"{purpose}; the primary belongs in {subject.place(side)} ({side})",
            addresses=addresses.values(),
            settings=[*names.values(), credentials, flashback],
            manual=manual,
            use=RUN,
        )
        yield Artifact(f"oracle/{file}", f"oracle/{file}.j2", {**data, **made})


def _members(subject: Subject, addresses: Mapping[str, Address], names: Mapping[str, Valued]) -> dict[str, object]:
    """Both databases in order of their sides; `target` is the one that is to be primary, `other` the standby."""
    members = {
        side: {
            "name": str(names[side].value),
            # As words of a shell: a name may hold `$` and `#`.
            "login": shlex.quote(f"/@{names[side].value}"),
            "alias": shlex.quote(str(names[side].value)),
            "host": subject.site.value(f"data_centers.{side}.analytics.host"),
            "place": subject.place(side),
            "side": side,
            "role": str(subject.desired.attributes(address)["Role"]),
        }
        for side, address in sorted(addresses.items())
    }
    side = subject.operational
    return {"members": list(members.values()), "target": members[side], "other": members[peer_of(side)]}


def _retention(subject: Subject) -> dict[str, object]:
    """How far flashback reaches; the parameter of the database counts minutes."""
    text = cast("str", subject.site.value("oracle.flashback_retention"))
    return {"retention": text, "retention_minutes": duration_seconds(text) // 60}
