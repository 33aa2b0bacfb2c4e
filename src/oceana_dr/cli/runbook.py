"""`oceana-dr runbook SITE|plan.json`: the plan as a document to follow when the tool is down.

In: a site or a plan file. Out: Markdown, or a page to print, on stdout.
It must never change an estate; of a saved plan it needs nothing but the file.
"""

from __future__ import annotations

import click

from oceana_dr.cli.project import emit, no_cache_option


@click.command("runbook")
@click.argument("what", metavar="SITE|PLAN")
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), default="markdown", help="Format on stdout.")
@no_cache_option
@click.pass_context
def runbook_command(context: click.Context, what: str, form: str) -> int:
    """Write a plan as a document to follow by hand.

    Every step with its console, clicks, values and conditions, and a place to sign; then the way back. Of a site it is
    the plan that would be made now. Print it before it is needed.
    """
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.cli.planned import plan_of

    plan, page = plan_of(context, what), load_catalogue().page
    if form == "html":
        from oceana_dr.present.runbook.page import render_runbook_page

        emit(render_runbook_page(plan, manual_page=page))
    else:
        from oceana_dr.present.runbook.markdown import render_runbook_markdown

        emit(render_runbook_markdown(plan, manual_page=page))
    return 0
