"""`oceana-dr history SITE`: the runs of a site.

In: a site. Out: one line a run, oldest first.
It must never create state: a site that was never applied has none.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.project import emit, emit_json, opened
from oceana_dr.cli.standing import show_standing

if TYPE_CHECKING:
    from oceana_dr.source.project import Project


@click.command("history")
@click.argument("site")
@click.option("--refusals", is_flag=True, help="Who was kept from running what, and why, in place of the runs.")
@click.option("--drills", is_flag=True, help="The tabletops that were played, in place of the runs.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.option("--json", "as_json", is_flag=True, help="As --format json.")
@click.pass_context
def history_command(
    context: click.Context, site: str, form: str, *, refusals: bool, drills: bool, as_json: bool
) -> int:
    """Runs of a site: who, what, when, how it ended."""
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.drilling.plays import played
    from oceana_dr.operations.runs import refusals_of, runs_of
    from oceana_dr.present.history_text import render_history, render_tabletops

    project = opened(context)
    form = "json" if as_json else form
    if refusals:
        return _refusals(project, site, form)
    rows, tabletops = runs_of(project, site), played(project, site)
    if form == "json":
        emit_json([asdict(row) for row in (tabletops if drills else rows)])
        return 0
    style, zone = stdout_style(), _zone(project, site)
    width, colour, plain = style.width, style.colour, style.ascii
    if not drills:
        emit(render_history(rows, site=site, zone=zone, width=width, colour=colour, ascii=plain))
    if drills or tabletops:
        emit(render_tabletops(tabletops, site=site, zone=zone, width=width, colour=colour, ascii=plain))
    if drills:
        return 0
    if turned := refusals_of(project, site):
        emit(f"turned away: {len(turned)}; oceana-dr history {site} --refusals")
    show_standing(project, site)
    return 0


def _refusals(project: Project, site: str, form: str) -> int:
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.runs import refusals_of
    from oceana_dr.present.history_text import render_refusals
    from oceana_dr.store.records import record_to_json

    entries = refusals_of(project, site)
    if form == "json":
        emit_json([{"at": entry.at, **record_to_json(entry.record)} for entry in entries])
        return 0
    style, zone = stdout_style(), _zone(project, site)
    emit(render_refusals(entries, site=site, zone=zone, width=style.width, colour=style.colour, ascii=style.ascii))
    return 0


def _zone(project: Project, site: str) -> tzinfo:
    """Where the site's people read times; a last run that cannot be read must not hide all the others."""
    from oceana_dr.diagnostics import OceanaError
    from oceana_dr.operations.runs import latest_run, zone_of

    try:
        last = latest_run(project, site)
    except OceanaError:
        return UTC
    return zone_of(last.plan) if last else UTC
