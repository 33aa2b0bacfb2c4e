"""`oceana-dr status SITE`: what a run is doing now, from a second terminal.

In: a site. Out: step in hand, who is asked, what is next, time left, the latest moment to turn back.
It must never touch the run: it reads the journal, nothing else.
"""

from __future__ import annotations

from datetime import UTC, datetime

import click

from oceana_dr.cli.project import emit, opened


@click.command("status")
@click.argument("site")
@click.pass_context
def status_command(context: click.Context, site: str) -> int:
    """What a run is doing now, from a second terminal."""
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.access import LAB, endpoint_of
    from oceana_dr.operations.runs import latest_run, zone_of
    from oceana_dr.present.status_text import render_status

    project, style = opened(context), stdout_style()
    past = latest_run(project, site)
    if past is None:
        emit(f"{site}: no runs yet")
        return 0
    pace = float(project.time_scale) if endpoint_of(project) == LAB else 1.0
    emit(
        render_status(
            past.plan,
            past.entries,
            now=datetime.now(UTC),
            zone=zone_of(past.plan),
            pace=pace,
            width=style.width,
            colour=style.colour,
            ascii=style.ascii,
        )
    )
    return 0
