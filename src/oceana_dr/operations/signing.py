"""Approving a plan: a statement over exactly this plan, signed with a person's own SSH key.

In: a project, a plan with its file, who is at the keyboard, which key, which role, for how long. Out: the approval.
What would not count is not kept: it is refused with the reason, and that is written down.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shlex import quote
from typing import Final

from oceana_dr.diagnostics import OceanaError, Refused
from oceana_dr.drivers.ssh_keygen import sign
from oceana_dr.guard.approvals import Statement
from oceana_dr.guard.findings import refusals
from oceana_dr.operations.approving import Paper, Review, count, found_papers
from oceana_dr.operations.authors import ask_git
from oceana_dr.operations.ballots import document_of, folder_of, signed_bytes, write_into
from oceana_dr.operations.refusing import Request, write_down
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project
from oceana_dr.store.approvals import Approvals, Row

_KEYS: Final = ("id_ed25519", "id_ecdsa", "id_ed25519_sk", "id_ecdsa_sk", "id_rsa")
_THIS: Final = "this approval"


@dataclass(frozen=True, slots=True)
class Wish:
    """How somebody wants to approve: with which key, in which role (empty: any), for how long; None: as it comes."""

    by: str
    key: Path | None = None
    role: str = ""
    lasts: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """The plan that is to be approved, with its project, its file and the bytes of that."""

    project: Project
    plan: Plan
    file: Path
    data: bytes
    cache: Cache


@dataclass(frozen=True, slots=True)
class Given:
    """An approval that was kept: the count with it, its file; `unkept`: why it is not in the state as well."""

    statement: Statement
    person: str
    review: Review
    file: Path
    unkept: str = ""


def approve(chosen: Chosen, wish: Wish, at: datetime) -> Given:
    """Sign, look whether it counts, and keep it; raises `Refused` where it would not, and writes that down."""
    try:
        return _approve(chosen, wish, at.replace(microsecond=0))
    except Refused as error:
        write_down(chosen.project, chosen.plan, Request(wish.by, again="oceana-dr approve"), error, at)
        raise


def _approve(chosen: Chosen, wish: Wish, at: datetime) -> Given:
    project, plan, file = chosen.project, chosen.plan, chosen.file
    _check_can_run(plan)
    site = prepare_site(project, plan.site, None, chosen.cache)
    papers, unasked = _papers(project, plan, folder_of(file))
    before = count(project, site, plan, at, papers, always=True)
    if before.authors.unknown:
        hint = f"commit the change, then: oceana-dr plan {plan.site} -o {quote(str(file))}"
        raise _refused(plan, f"nobody can approve it: {before.authors.unknown}", hint)
    until = at + (wish.lasts or before.rule.lasts)
    statement = Statement(plan.id, plan.site, plan.scenario, wish.role, at, until)
    with _key(project.root, wish.key) as key:
        signature = sign(key, signed_bytes(statement))
    document = document_of(statement, signature)
    after = count(project, site, plan, at, (*papers, Paper(_THIS, document)), always=True)
    for item in after.count.uncounted:
        if item.ballot.found == _THIS:
            hint = f"oceana-dr approvals {quote(str(file))}"
            raise _refused(plan, f"this approval does not count: {item.why}", hint)
    person = next(item.person for item in after.count.counted if item.ballot.found == _THIS)
    written = write_into(folder_of(file), hashlib.sha256(document).hexdigest()[:16], document)
    return Given(statement, person, after, written, unasked or _keep(chosen, document, statement))


def _papers(project: Project, plan: Plan, beside: Path) -> tuple[tuple[Paper, ...], str]:
    """What is there already; who only reviews may have no way to the team's state."""
    try:
        return found_papers(project, plan, beside), ""
    except OceanaError as error:
        return found_papers(project, plan, beside, state=False), error.message


def _keep(chosen: Chosen, document: bytes, statement: Statement) -> str:
    plan, stamp = chosen.plan, f"{statement.signed_at:%Y-%m-%dT%H:%M:%SZ}"
    try:
        kept = Approvals(state_of(chosen.project).database)
        kept.bring(plan.site, (Row(plan.id, document, stamp),))
        kept.keep_plan(plan.site, plan.id, chosen.data, stamp)
    except OceanaError as error:
        return error.message
    return ""


def _check_can_run(plan: Plan) -> None:
    for item in refusals(plan):
        if not item.overridable:
            raise Refused(
                f"this plan cannot be run, and so not be approved: {item.code} {item.message}",
                hint=f"oceana-dr explain {item.code}",
            )


def _refused(plan: Plan, why: str, hint: str) -> Refused:
    return Refused(f"{plan.site}, plan {plan.id[:19]}: {why}", hint=hint)


@contextmanager
def _key(root: Path, wished: Path | None) -> Iterator[Path]:
    """The key that was named, else git's, else the first of those that ssh would take."""
    if wished is not None:
        yield wished
        return
    named = (ask_git(root, "config", "--get", "user.signingkey") or "").strip()
    literal = named.removeprefix("key::")
    if literal.startswith(("ssh-", "ecdsa-", "sk-")):  # the key itself; the agent has its private part
        with tempfile.TemporaryDirectory(prefix="oceana-dr-") as folder:
            path = Path(folder) / "key.pub"
            path.write_text(f"{literal}\n", encoding="utf-8")
            yield path
        return
    if named and Path(named).expanduser().is_file():
        yield Path(named).expanduser()
        return
    home = Path(os.path.expanduser("~")) / ".ssh"  # noqa: PTH111 - Path.home() raises where nobody has a home
    for name in _KEYS:
        if (home / name).is_file():
            yield home / name
            return
    raise OceanaError(
        "there is no SSH key to approve with: git's user.signingkey names none, and ~/.ssh has none",
        hint="name it: oceana-dr approve plan.json --key ~/.ssh/id_ed25519; make one: ssh-keygen -t ed25519",
    )
