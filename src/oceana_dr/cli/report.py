"""`oceana-dr report RUN`: what a run did, planned against actual, by which record.

In: the id of a run, or of a tabletop. Out: its report; the same journal always gives the same bytes.
It must never call a step completed that was not, nor ask clock, locale or terminal for what goes into a file.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.project import emit, emit_exactly, opened

if TYPE_CHECKING:
    from oceana_dr.present.report.model import Report

FORMATS = ("text", "markdown", "html", "json")


@click.command("report")
@click.argument("run")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Format on stdout.")
@click.option("--width", type=click.IntRange(40, 400), help="Columns of text (default: the terminal's; in a file 100).")
@click.option(
    "-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to this file, in UTF-8, instead."
)
@click.pass_context
def report_command(context: click.Context, run: str, form: str, width: int | None, out: Path | None) -> int:
    """What a run did, planned against actual, and the record behind each statement.

    The same journal gives the same bytes, on every machine and at any time; only a terminal is written to in its own
    width and colours.
    """
    from oceana_dr.operations.drilling.plays import find_play
    from oceana_dr.operations.runs import find_run
    from oceana_dr.present.report.model import make_report

    project = opened(context)
    play = find_play(project, run)
    if play is None:
        past = find_run(project, run)
        play = past.plan, past.entries
    report = make_report(*play)
    if out is not None:
        from oceana_dr.operations.files import write_text

        write_text(out, _written(report, form, width), what="report")
    elif form == "text" and width is None and sys.stdout.isatty():
        _show(report)
    else:
        emit_exactly(_written(report, form, width))
    return 0


def _written(report: Report, form: str, width: int | None) -> str:
    """The report as bytes depend on the journal alone."""
    from oceana_dr.operations.runs import zone_of

    zone = zone_of(report.plan)
    match form:
        case "json":
            import json

            from oceana_dr.present.cells import escape_hidden
            from oceana_dr.present.report.document import report_to_json

            return escape_hidden(json.dumps(report_to_json(report, zone), ensure_ascii=False, indent=1)) + "\n"
        case "markdown":
            from oceana_dr.present.report.markdown import render_markdown

            return render_markdown(report, zone=zone)
        case "html":
            from oceana_dr.present.report.page import render_page

            return render_page(report, zone=zone)
        case _:
            from oceana_dr.cli.terminal import DEFAULT_WIDTH
            from oceana_dr.present.report.text import render_report

            return render_report(report, zone=zone, width=width or DEFAULT_WIDTH)


def _show(report: Report) -> None:
    """To a person at a terminal, as that can show it."""
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.runs import zone_of
    from oceana_dr.present.report.text import render_report

    style = stdout_style()
    emit(render_report(report, zone=zone_of(report.plan), width=style.width, colour=style.colour, ascii=style.ascii))
