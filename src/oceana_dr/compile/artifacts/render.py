"""Desired estate → every artifact as text, by relative path.

In: the desired estate with its provenance, the site's data and bindings, the bound catalogue. Out: files, sorted.
It must never depend on time, hash seeds or order of files: two runs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.compile.artifacts.attribute_sets import (
    control_manager,
    engagement_designer,
    experience_portal,
    system_manager,
)
from oceana_dr.compile.artifacts.backups import backup
from oceana_dr.compile.artifacts.desired_document import desired_document
from oceana_dr.compile.artifacts.mirror import mirror
from oceana_dr.compile.artifacts.names import clients, dns
from oceana_dr.compile.artifacts.nav360 import nav360
from oceana_dr.compile.artifacts.oracle import oracle
from oceana_dr.compile.artifacts.sheets import settings
from oceana_dr.compile.artifacts.subject import Artifact, Places, PlainSite, Sources, Subject, no_places
from oceana_dr.compile.artifacts.windows import windows
from oceana_dr.compile.artifacts.workstations import bookmarks, hosts
from oceana_dr.estate.estate import Estate

FAMILIES: Final[tuple[Callable[[Subject], Iterator[Artifact]], ...]] = (
    backup,
    bookmarks,
    clients,
    control_manager,
    dns,
    engagement_designer,
    experience_portal,
    hosts,
    mirror,
    nav360,
    oracle,
    settings,
    system_manager,
    windows,
)
DESIRED: Final = "desired.json"


def render_artifacts(  # noqa: PLR0917 - a compiled site, in the order in which it is made
    desired: Estate,
    provenance: Sources,
    data: Mapping[str, object],
    bindings: Mapping[str, str],
    bound: BoundCatalogue,
    places: Places = no_places,
) -> Mapping[str, str]:
    """Relative path → text, sorted by path. `data["operational"]` is the side that `desired` was compiled for.

    `places` says where a path of the site was written, for the heads of files.
    """
    # Imported here: Jinja2 is needed by this one command, and this package is imported by more.
    from oceana_dr.compile.artifacts.templating import fill

    subject = Subject(desired, PlainSite(data, places), bindings, bound, provenance)
    files = {DESIRED: desired_document(desired, provenance)}
    for family in FAMILIES:
        for artifact in family(subject):
            if artifact.path in files:
                raise CatalogueError(f"two artifacts would be {artifact.path}")
            files[artifact.path] = fill(artifact.template, artifact.data)
    return dict(sorted(files.items()))
