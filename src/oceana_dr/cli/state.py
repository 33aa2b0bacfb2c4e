"""`oceana-dr state show|unlock SITE`: what is remembered of a site, and a lock that was left behind.

In: a site. Out: lock, baseline and runs; or the lock released, recorded with who and why.
It must never release the lock of a process that lives.
"""

from __future__ import annotations

import click

from oceana_dr.cli.login import login_name
from oceana_dr.cli.project import emit, emit_json, opened


@click.group("state")
def state_command() -> None:
    """What is remembered of a site, and a lock that was left behind."""


@state_command.command("show")
@click.argument("site")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def show_command(context: click.Context, site: str, form: str) -> int:
    """Where state lies; the site's lock, baseline and runs."""
    import json

    from oceana_dr.operations.state import describe_state

    found = describe_state(opened(context), site)
    if form == "json":
        emit_json(found)
        return 0
    for name, value in found.items():
        emit(f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}")
    return 0


@state_command.command("unlock")
@click.argument("site")
@click.option("--reason", required=True, help="Why the lock is released; it is recorded.")
@click.pass_context
def unlock_command(context: click.Context, site: str, reason: str) -> int:
    """Release a lock whose holder is gone (on another machine; on this one a dead holder's is taken over)."""
    from oceana_dr.operations.state import release_lock

    emit(release_lock(opened(context), site, by=login_name(), reason=reason))
    return 0
