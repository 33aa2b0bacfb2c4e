"""What people type into attribute pages: System Manager, Engagement Designer, Control Manager, Experience Portal.

In: the resources that the catalogue has for these systems. Out: one file a page, or a data centre.
No name of a service or attribute may stand here: a new resource of the catalogue appears by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from oceana_dr.compile.artifacts.heading import heading
from oceana_dr.compile.artifacts.subject import Artifact, Subject, last_part, ranges
from oceana_dr.estate.address import SIDES, Address, side_of

_CLUSTER_PAGE = frozenset({"Cluster", "Service"})


def system_manager(subject: Subject) -> Iterator[Artifact]:
    """`smgr/<dc>/<cluster>/<service>.yaml`: attribute sets, which are told by their Cluster and Service fields."""
    for address, resource in subject.resources("smgr"):
        if resource.type.select.keys() >= _CLUSTER_PAGE:
            side, _, cluster, service = address.split("/")
            yield _page(subject, address, f"smgr/{side}/{cluster}/{service}.yaml", "system-manager/attributes.yaml.j2")


def engagement_designer(subject: Subject) -> Iterator[Artifact]:
    """`engagement-designer/<dc>/<workflow>.yaml`: workflow properties in the console's own words."""
    for address, _ in subject.resources("engagement-designer"):
        path = f"engagement-designer/{side_of(address)}/{last_part(address)}.yaml"
        yield _page(subject, address, path, "engagement-designer/workflow.yaml.j2")


def experience_portal(subject: Subject) -> Iterator[Artifact]:
    """`experience-portal/<page>.yaml`: the pages of the one Experience Portal that serves both data centres."""
    for address, _ in subject.resources("aaep"):
        yield _page(subject, address, f"experience-portal/{last_part(address)}.yaml", "experience-portal/page.yaml.j2")


def control_manager(subject: Subject) -> Iterator[Artifact]:
    """`acm/<dc>.yaml`: the servers of one data centre, and every field that both hold in their one database."""
    for side in SIDES:
        addresses = [address for address, _ in subject.resources("acm") if side_of(address) in (side, "shared")]
        servers = f"data_centers.{side}.control_manager"
        purpose = f"Control Manager in {subject.place(side)} ({side}): its servers, and the fields that both servers "
        purpose += "read from their one database"
        data = {
            **heading(subject, purpose, addresses=addresses, paths=[servers, "control_manager.switchover"]),
            "side": side,
            "name": subject.place(side),
            "servers": subject.site.value(servers),
            "switchover": subject.site.value("control_manager.switchover"),
            "pages": [page_data(subject, address) for address in addresses],
        }
        yield Artifact(f"acm/{side}.yaml", "control-manager/addresses.yaml.j2", data)


def _page(subject: Subject, address: Address, path: str, template: str) -> Artifact:
    title = subject.bound.resources[address].title
    return Artifact(path, template, {**heading(subject, title, addresses=[address]), **page_data(subject, address)})


def page_data(subject: Subject, address: Address) -> dict[str, object]:
    """A console's page for a template: where it is, its attributes, and each literal that the console shows."""
    resource = subject.bound.resources[address]
    return {
        "address": address,
        "title": resource.title,
        "console": subject.console(address),
        "manual": ranges(resource.type.manual),
        "attributes": [_shown(attribute) for attribute in subject.attributes(address)],
    }


def _shown(attribute: Mapping[str, object]) -> dict[str, object]:
    """The attribute with `shown`, the literal that its console has for the canonical value, and `entered`, one field.

    Addresses of both data centres in one field are separated by `|` (manual, line 947).
    """
    value, words = attribute["value"], attribute["words"]
    assert isinstance(words, Mapping)
    shown = words.get(value, value) if isinstance(value, str) else value
    entered = "|".join(map(str, shown)) if isinstance(shown, list) else shown
    return {**attribute, "shown": shown, "entered": entered}
