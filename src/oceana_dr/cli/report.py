"""`oceana-dr report RUN`: what a run did, planned against actual.

In: the id of a run, or of a tabletop. Out: its report; the same journal always gives the same bytes.
It must never call a step completed that was not.
"""

from __future__ import annotations

import click

from oceana_dr.cli.project import emit, emit_json, opened


@click.command("report")
@click.argument("run")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def report_command(context: click.Context, run: str, form: str) -> int:
    """What a run did, planned against actual."""
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.runs import find_run, is_alive, zone_of
    from oceana_dr.operations.tabletop import find_play
    from oceana_dr.present.report import make_report, report_to_json
    from oceana_dr.present.report_text import render_report

    project = opened(context)
    if (play := find_play(project, run)) is not None:
        report = make_report(*play)
    else:
        past = find_run(project, run)
        report = make_report(past.plan, past.entries, alive=is_alive(project, past))
    zone, style = zone_of(report.plan), stdout_style()
    if form == "json":
        emit_json(report_to_json(report, zone))
    else:
        emit(render_report(report, zone=zone, width=style.width, colour=style.colour, ascii=style.ascii))
    return 0
