"""`oceana-dr drill SITE --level tabletop`: people answer, a twin follows, a report at the end.

In: what is played, answers or a terminal. Out: questions and progress on stderr, the report on stdout.
It must say at once that nothing is touched: whoever joins late may take a tabletop for the real thing.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.apply import answers_for, terminal_people
from oceana_dr.cli.login import login_name
from oceana_dr.cli.project import cache, emit, emit_json

if TYPE_CHECKING:
    from oceana_dr.operations.drilling.opening import Asked
    from oceana_dr.source.project import Project


def play(
    context: click.Context,
    project: Project,
    asked: Asked,
    *,
    answers: Path | None,
    operator: str | None,
    form: str,
    anew: bool,
) -> int:
    """Play a tabletop, or go on with the one that was left."""
    from oceana_dr.cli.progress import sink
    from oceana_dr.cli.terminal import busy, stderr_style, stdout_style
    from oceana_dr.operations.drilling.document import tabletop_head
    from oceana_dr.operations.drilling.tabletop import Playing, begin_tabletop, play_tabletop
    from oceana_dr.operations.runs import zone_of
    from oceana_dr.present.drill_text import tabletop_begins, tabletop_gaps
    from oceana_dr.present.report.document import report_to_json
    from oceana_dr.present.report.model import make_report
    from oceana_dr.present.report.text import render_report
    from oceana_dr.present.style import Style

    with busy(f"planning {asked.site}"):
        table = begin_tabletop(project, asked, cache(context), anew=anew)
    plan, name = table.plan, operator or login_name()
    told = stderr_style()
    style = Style(ascii=told.ascii, color=told.colour)
    for line in tabletop_begins(plan, asked.base, table.says, style, told.width, resumed=table.resumed):
        click.echo(line, err=True)
    given = answers_for(answers, plan)
    how = Playing(name, given, sink(plan), lambda stop: terminal_people(name, stop))
    report = make_report(plan, play_tabletop(project, table, how))
    shown, zone = stdout_style(), zone_of(plan)
    if form == "json":
        emit_json({**tabletop_head(plan, asked.base, table.says), "report": report_to_json(report, zone)})
    else:
        emit(render_report(report, zone=zone, width=shown.width, colour=shown.colour, ascii=shown.ascii))
        emit("\n".join(tabletop_gaps(report, Style(ascii=shown.ascii, color=shown.colour), shown.width)))
    return 0
