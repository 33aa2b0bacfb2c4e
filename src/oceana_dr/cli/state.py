"""`oceana-dr state show|unlock|push|pull SITE`: what is remembered, a lock left behind, a team's state and ours.

In: a site. Out: lock, baseline and runs; the lock released, recorded with who and why; what passed over.
It must never release the lock of a holder that gives signs of life.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from oceana_dr.cli.login import login_name
from oceana_dr.cli.project import emit, emit_json, opened

if TYPE_CHECKING:
    from oceana_dr.operations.state import Handed


@click.group("state")
def state_command() -> None:
    """What is remembered of a site, a lock left behind, a team's state."""


@state_command.command("show")
@click.argument("site")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def show_command(context: click.Context, site: str, form: str) -> int:
    """Where state lies; the site's lock and its holder's last sign of life, baseline and runs."""
    from oceana_dr.operations.state import describe_state

    found = describe_state(opened(context), site)
    if form == "json":
        emit_json(found)
        return 0
    from oceana_dr.present.state_text import render_state

    emit(render_state(found))
    return 0


@state_command.command("unlock")
@click.argument("site")
@click.option("--id", "lock", metavar="ID", required=True, help="The lock, as `state show` names it.")
@click.option("--reason", metavar="TEXT", required=True, help="Why it is released; that is recorded.")
@click.pass_context
def unlock_command(context: click.Context, site: str, lock: str, reason: str) -> int:
    """Release a lock whose holder is gone; refused (6) while it gives signs of life."""
    from oceana_dr.operations.state import release_lock

    emit(release_lock(opened(context), site, lock=lock, by=login_name(), reason=reason))
    return 0


@state_command.command("push")
@click.argument("site")
@click.pass_context
def push_command(context: click.Context, site: str) -> int:
    """Bring what this machine did without the team's state into it."""
    from oceana_dr.operations.state import push_state

    return _tell(push_state(opened(context), site, login_name()), site, "pushed")


@state_command.command("pull")
@click.argument("site")
@click.pass_context
def pull_command(context: click.Context, site: str) -> int:
    """Bring the team's state to this machine, for the day when it is out of reach."""
    from oceana_dr.operations.state import pull_state

    return _tell(pull_state(opened(context), site), site, "pulled")


def _tell(handed: Handed, site: str, done: str) -> int:
    for name in sorted(handed.runs):
        emit(f"{done}: run {name}")
    beside = handed.beside
    if beside.baseline:
        emit(f"{done}: what was last applied at {site}")
    for number, what in (
        (beside.observations, "observation"),
        (beside.approvals, "approval"),
        (beside.refusals, "refusal"),
    ):
        if number:
            emit(f"{done}: {number} {what}{'' if number == 1 else 's'}")
    if not handed.runs and not beside.anything and not handed.refused:
        emit(f"{site}: nothing is new")
    for run, step in handed.asked:
        emit(f"not {done}: the question about {step} of run {run}; whoever goes on with the run is asked anew")
    for text in handed.refused:
        click.echo(f"not {done}: {text}", err=True)
    return 3 if handed.refused else 0
