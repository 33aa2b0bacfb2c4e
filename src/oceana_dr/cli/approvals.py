"""`oceana-dr approvals plan.json`: who approved a plan, what is missing, and why the others do not count.

In: a plan file. Out: the count on stdout; 0 where the plan is approved, else 3.
It must never answer otherwise than `apply` would, and writes nothing.
"""

from __future__ import annotations

from pathlib import Path

import click

from oceana_dr.cli.project import cache, emit, emit_json, opened


@click.command("approvals")
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def approvals_command(context: click.Context, plan_file: Path, form: str) -> int:
    """Who approved a plan, what is missing, and why an approval does not count.

    Exit codes: 0 approved; 3 not.
    """
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.applying import wall
    from oceana_dr.operations.approval_document import approvals_document
    from oceana_dr.operations.approving import count, found_papers
    from oceana_dr.operations.ballots import folder_of
    from oceana_dr.operations.planfile import load_plan
    from oceana_dr.present.approvals_text import render_approvals
    from oceana_dr.source.prepared import prepare_site

    project, plan = opened(context), load_plan(plan_file)
    site = prepare_site(project, plan.site, None, cache(context))
    found = count(project, site, plan, wall(), found_papers(project, plan, folder_of(plan_file)), always=True)
    document = approvals_document(found)
    if form == "json":
        emit_json(document)
    else:
        style = stdout_style()
        emit(render_approvals(document, plan_file, width=style.width, colour=style.colour, ascii=style.ascii))
    return 0 if found.approved else 3
