"""`oceana-dr show plan.json`: a saved plan in any format, stale or not.

In: a plan file. Out: the plan on stdout. No access to the estate, and none is needed.
It must never refuse a plan for being old: it says what it knows about its age.
"""

from __future__ import annotations

from pathlib import Path

import click

from oceana_dr.cli.plan import print_plan
from oceana_dr.cli.project import cache, emit_json, folder


@click.command("show")
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def show_command(context: click.Context, plan_file: Path, form: str) -> int:
    """Print a saved plan, with no access to the estate."""
    from oceana_dr.operations.planfile import load_plan, stale_since

    plan = load_plan(plan_file)
    if form == "json":
        from oceana_dr.plan.codec import encode_plan

        emit_json(encode_plan(plan))
    else:
        print_plan(plan, stale_since=stale_since(plan, folder(context), cache(context)))
    return 0
