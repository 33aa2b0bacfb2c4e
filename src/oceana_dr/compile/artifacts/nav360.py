"""Nav360Config.xml: where the connection string of Control Manager points, and that both copies of it agree.

In: the settings of the two copies. Out: `nav360/`: the fragment, and a script that checks or points the file.
The elements of the vendor's file are printed nowhere, so none may be invented: only the server's name is given.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.compile.artifacts.heading import ENTERED, RUN, heading
from oceana_dr.compile.artifacts.subject import Artifact, Subject
from oceana_dr.compile.artifacts.valued import Valued, value_of
from oceana_dr.estate.address import peer_of

SERVER_SIDE: Final = "dc2"
"""The data centre of ACM-APP-2, on which the manual edits the file (lines 1687-1694)."""
_MANUAL: Final = ((1673, 1677), (1681, 1694))
_FILES: Final = (
    ("Nav360Config.fragment.xml", "fragment.xml.j2", ENTERED),
    ("Nav360Config.ps1", "point.ps1.j2", RUN),
)
_WRITTEN: Final = "acm.nav360config.system32"
_FOLLOWS: Final = "acm.nav360config.syswow64"
_SUFFIX: Final = " connection string"


def nav360(subject: Subject) -> Iterator[Artifact]:
    """The fragment and the script, for the one server that the manual names."""
    written, follows = (value_of(subject, setting, SERVER_SIDE) for setting in (_WRITTEN, _FOLLOWS))
    if written.value != follows.value:
        raise CatalogueError(f"the two copies would differ: {written.value!r} and {follows.value!r}")
    side = subject.operational
    server = f"data_centers.{SERVER_SIDE}.control_manager.application_server"
    other = f"data_centers.{peer_of(side)}.control_manager.sql_server"
    purpose = "Database that the connection string in Nav360Config.xml names on ACM-APP-2, the same in both copies"
    common = {
        "side": side,
        "server": subject.site.value(server),
        "database": written.value,
        "other": subject.site.value(other),
        "written": _path(written),
        "follows": _path(follows),
        "manual_switch": subject.site.value("control_manager.switchover") == "manual",
    }
    for file, template, use in _FILES:
        made = heading(subject, purpose, settings=(written, follows), paths=(server, other), manual=_MANUAL, use=use)
        yield Artifact(f"nav360/{file}", f"nav360/{template}", {**made, **common})


def _path(item: Valued) -> str:
    """The file's path, which the catalogue's label begins with."""
    return item.setting.label.removesuffix(_SUFFIX)
