"""`oceana-dr rollback RUN`: a plan that undoes a run as far as its point of no return.

In: a run's id. Out: the plan on stdout, and in a file with `-o`; 3 past the point of no return.
It must never undo anything itself: the plan goes through `apply` and its gates like any other.
"""

from __future__ import annotations

from pathlib import Path

import click

from oceana_dr.cli.plan import exit_code, print_plan, with_what_it_needs
from oceana_dr.cli.project import emit_json, opened


@click.command("rollback")
@click.argument("run")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Save the plan to a file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.option("--detailed-exitcode", is_flag=True, help="2 where there is something to do.")
@click.pass_context
def rollback_command(context: click.Context, run: str, out: Path | None, form: str, *, detailed_exitcode: bool) -> int:
    """Plan how to undo a run, as far as its point of no return."""
    from oceana_dr.operations.files import write_text as write_file
    from oceana_dr.operations.undoing import rollback_plan
    from oceana_dr.plan.codec import encode_plan, write_text

    project = opened(context)
    plan = with_what_it_needs(context, project, rollback_plan(project, run))
    if out is not None:
        write_file(out, write_text(plan), what="plan")
    if form == "json":
        emit_json(encode_plan(plan))
    else:
        print_plan(plan, saved=out)
    return exit_code(plan, detailed=detailed_exitcode)
