"""Names that people write freely, and that have a place of their own: derived addresses, attributes with a key.

In: a site. Out: OD1042 for every one.
It must never accept such a name, also when its value is right today: two places would say what one must.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Path

_SIDES: Final = ((), ("data_centers", "dc1"), ("data_centers", "dc2"))
_VARIABLES: Final = {
    "OmniChannelDataServiceIP": "it is the address of the Omnichannel Database server of the same data centre "
    "(manual p. 23)",
    "MaintenanceMode": "it follows from `channels` and `operational` (manual p. 36-37)",
}
_ATTRIBUTES: Final = {
    "EDM: Enable Persistence to database": "context_store.edm_persistence",
    "EDM: Mirror Service container size": "context_store.edm_mirror_container_size",
    "ContextStore ManagerSpace DataGrid Settings": "context_store.managerspace_datagrid",
    "ContextStoreSpace DataGrid Settings": "context_store.space_datagrid",
}


def check_own_keys(site: SiteView) -> Iterator[Diagnostic]:
    """Run all checks of this module."""
    for side in _SIDES:
        workflows: Path = (*side, "workflows")
        for name in site.keys(workflows):
            yield from _derived(site, (*workflows, name, "variables"))
        yield from _elsewhere(site, (*side, "context_store", "edm"))


def _derived(site: SiteView, path: Path) -> Iterator[Diagnostic]:
    for name in site.keys(path):
        if name in _VARIABLES:
            yield Diagnostic(
                "OD1042",
                f"the workflow variable {name} is derived, it cannot be set here",
                (site.label((*path, name), "set by hand"),),
                (_VARIABLES[name],),
                "remove this line",
            )


def _elsewhere(site: SiteView, path: Path) -> Iterator[Diagnostic]:
    for name in site.keys(path):
        if name in _ATTRIBUTES:
            yield Diagnostic(
                "OD1042",
                f"the attribute {name} has a key of its own",
                (site.label((*path, name), "set here, too"),),
                (f"`{_ATTRIBUTES[name]}` holds it for both data centres (manual p. 18)",),
                f"remove this line; write the value at `{_ATTRIBUTES[name]}`",
            )
