"""`oceana-dr history SITE`: the runs of a site.

In: a site. Out: one line a run, oldest first.
It must never create state: a site that was never applied has none.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC

import click

from oceana_dr.cli.project import emit, emit_json, opened


@click.command("history")
@click.argument("site")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def history_command(context: click.Context, site: str, form: str) -> int:
    """Runs of a site: who, what, when, how it ended."""
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.runs import latest_run, runs_of, zone_of
    from oceana_dr.present.history_text import render_history

    project = opened(context)
    rows = runs_of(project, site)
    if form == "json":
        emit_json([asdict(row) for row in rows])
        return 0
    style, last = stdout_style(), latest_run(project, site)
    zone = zone_of(last.plan) if last else UTC
    emit(render_history(rows, site=site, zone=zone, width=style.width, colour=style.colour, ascii=style.ascii))
    return 0
