"""`oceana-dr status SITE`: what a run is doing now, from a second terminal.

In: a site. Out: step in hand, who is asked, what is next, time left, the latest moment to turn back.
It must never touch the run: it reads the journal, nothing else.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.project import emit, emit_json, opened
from oceana_dr.cli.standing import show_standing

if TYPE_CHECKING:
    from oceana_dr.operations.runs import PastRun
    from oceana_dr.source.project import Project


@click.command("status")
@click.argument("site")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def status_command(context: click.Context, site: str, form: str) -> int:
    """What a run is doing now, from a second terminal."""
    from oceana_dr.operations.runs import is_alive, latest_run

    project = opened(context)
    past = latest_run(project, site)
    if past is None:
        emit_json({"site": site, "run": None, "state": "not begun"}) if form == "json" else emit(f"{site}: no runs yet")
        return 0
    alive = is_alive(project, past)
    if form == "json":
        from oceana_dr.operations.standing import standing
        from oceana_dr.present.standing_text import standing_to_json
        from oceana_dr.present.status_text import status_to_json

        now = datetime.now(UTC)
        standing_now = standing_to_json(standing(project, site, now), now)
        emit_json({**status_to_json(past.plan, past.entries, alive=alive), **standing_now})
        return 0
    _show(project, past, alive=alive)
    show_standing(project, site)
    return 0


def _show(project: Project, past: PastRun, *, alive: bool) -> None:
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.access import LAB, endpoint_of
    from oceana_dr.operations.runs import zone_of
    from oceana_dr.present.run_view import view_run
    from oceana_dr.present.status_text import render_status

    style = stdout_style()
    text = render_status(
        past.plan,
        past.entries,
        now=datetime.now(UTC),
        zone=zone_of(past.plan),
        pace=float(project.time_scale) if endpoint_of(project) == LAB else 1.0,
        width=style.width,
        colour=style.colour,
        ascii=style.ascii,
    )
    emit(text)
    if view_run(past.entries).running and not alive:
        emit("The process that ran it is gone. The same command goes on from here.")
