"""What `doctor` asks of the state: the folder of this machine, or the team's database.

In: a project. Out: `Check`s.
No table is made; of the folder only the key of fingerprints is.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Final

from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.checking import check_secret, skew_check
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.drivers.secret import resolve
from oceana_dr.estate.values import SecretRef
from oceana_dr.operations.doctoring.fingerprints import fingerprint_key
from oceana_dr.source.project import Project
from oceana_dr.store.postgres_health import TeamHealth, known_tables, team_health

_LEAST_FREE: Final = 64 * 1024 * 1024
_UNANSWERED: Final = (Aspect.AUTHENTICATION, Aspect.VERSION, Aspect.CLOCK, Aspect.PERMISSIONS)


def state_checks(project: Project) -> Iterator[Check]:
    """How it stands with the state that counts; the folder holds a copy of a team's, and is asked too."""
    yield from _folder(project)
    if project.state.url is None or project.state.alone is not None:
        yield Check(Aspect.AUTHENTICATION, Health.NONE, "a folder of this machine")
        yield Check(Aspect.VERSION, Health.NONE, "of this program")
        yield Check(Aspect.CLOCK, Health.NONE, "this machine's")
        yield Check(Aspect.SECRETS, Health.NONE, "none is used")
        return
    yield from _team(project.state.url, fingerprint_key(project.state_dir))


def _folder(project: Project) -> Iterator[Check]:
    folder = project.state_dir
    there = folder
    while not there.exists() and there != there.parent:
        there = there.parent
    shown = project.shown(folder)
    may = os.access(there, os.W_OK | os.X_OK)
    said = "can be written" if may else f"cannot be written: {there} is closed to us"
    hint = "" if may else "OCEANA_DR_STATE names another folder"
    yield Check(Aspect.PERMISSIONS, Health.GOOD if may else Health.BAD, said, shown, hint)
    free = shutil.disk_usage(there).free
    if free < _LEAST_FREE:
        said = f"{free // (1024 * 1024)} MiB are free: a run's journal needs room"
        yield Check(Aspect.REACH, Health.BAD, said, shown, "make room, or move the state: OCEANA_DR_STATE")
    else:
        yield Check(Aspect.REACH, Health.GOOD, f"{free // (1024 * 1024)} MiB are free", shown)


def _team(reference: str, mark: bytes) -> Iterator[Check]:
    secret = SecretRef(reference)
    yield (check := check_secret(secret, mark))
    if check.health is Health.BAD:
        yield from _unknown("the database is not asked without its URL", Aspect.REACH, *_UNANSWERED)
        return
    try:
        found = team_health(resolve(secret).reveal(), reference)
    except OceanaError as error:
        yield Check(Aspect.REACH, Health.BAD, error.message, reference, error.hint or "")
        yield from _unknown("the database did not answer", *_UNANSWERED)
        return
    yield from _answers(found)


def _answers(found: TeamHealth) -> Iterator[Check]:
    yield Check(Aspect.REACH, Health.GOOD, "answers", found.name)
    yield Check(Aspect.AUTHENTICATION, Health.GOOD, "lets us in", found.name)
    said = "TLS, verified" if found.encrypted else "no TLS: this machine only"
    yield Check(Aspect.CERTIFICATE, Health.GOOD if found.encrypted else Health.NONE, said, found.name)
    yield skew_check(found.skew_s, found.name)
    if found.tables is None:
        yield Check(Aspect.VERSION, Health.GOOD, f"PostgreSQL {found.version}, no tables yet", found.name)
    elif known_tables(found.tables):
        yield Check(Aspect.VERSION, Health.GOOD, f"PostgreSQL {found.version}, tables {found.tables}", found.name)
    else:
        said, hint = f"its tables are of version {found.tables}", "use the program that wrote it, or a later one"
        yield Check(Aspect.VERSION, Health.BAD, said, found.name, hint)
    may = found.may_create if found.may_write is None else found.may_write
    said = ("may make its tables" if found.may_write is None else "may write") if may else "may not write"
    hint = "" if may else "GRANT INSERT, UPDATE on its tables (CREATE on the schema, the first time)"
    yield Check(Aspect.PERMISSIONS, Health.GOOD if may else Health.BAD, said, found.name, hint)


def _unknown(why: str, *aspects: Aspect) -> Iterator[Check]:
    for aspect in aspects:
        yield Check(aspect, Health.UNKNOWN, why)
