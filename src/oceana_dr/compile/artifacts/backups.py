"""Backups: where they go, when they are taken, and what is taken and restored together.

In: the page of the backup storage server, and the settings of jobs and files. Out: `backup/<dc>.yaml`.
A password is a reference here, never the password.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from oceana_dr.compile.artifacts.attribute_sets import page_data
from oceana_dr.compile.artifacts.heading import heading
from oceana_dr.compile.artifacts.subject import Artifact, Subject, last_part
from oceana_dr.compile.artifacts.valued import valued
from oceana_dr.compile.site_values import present
from oceana_dr.estate.address import SIDES, side_of

STORAGE: Final = "backup-storage"
# The catalogue's families of settings, by the beginning of their ids.
_JOBS: Final = ("smgr.backup-job.",)
_FILES: Final = ("ocdb.",)
_ZONES: Final = ("backup.ucm.time_zone", "time_zone")
_SET: Final = ("backup.",)


def backup(subject: Subject) -> Iterator[Artifact]:
    """One file a data centre, whose System Manager keeps its own storage page and jobs."""
    pages = {side_of(item): item for item, _ in subject.resources("smgr") if last_part(item) == STORAGE}
    for side in SIDES:
        address = pages[side]
        found = {
            kind: [item for item in valued(subject, side) if item.setting.id.startswith(prefixes)]
            for kind, prefixes in (("jobs", _JOBS), ("files", _FILES), ("together", _SET))
        }
        every = [item for group in found.values() for item in group]
        purpose = f"Backups in {subject.place(side)} ({side}): storage server, jobs of the cluster databases, files"
        data = {
            **heading(subject, purpose, addresses=[address], settings=every, paths=_ZONES),
            "side": side,
            "name": subject.place(side),
            "time_zone": _time_zone(subject),
            "storage": page_data(subject, address),
            "groups": {kind: [item.shown() for item in group] for kind, group in found.items()},
        }
        yield Artifact(f"backup/{side}.yaml", "backup/jobs.yaml.j2", data)


def _time_zone(subject: Subject) -> object:
    """The zone of the jobs' times: their own, else the site's."""
    found = [subject.site.value(path) for path in _ZONES if present(subject.site, path)]
    return found[0]
