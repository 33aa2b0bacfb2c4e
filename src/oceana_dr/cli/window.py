"""`oceana-dr window SITE`: may a plan be applied now, or at another time, and when next.

In: a site, perhaps a moment and a plan. Out: the verdict and the next openings; 0 where a plan may begin, else 7.
It must never answer otherwise than `apply` would.
"""

from __future__ import annotations

from pathlib import Path

import click

from oceana_dr.cli.plan import known_scenario
from oceana_dr.cli.project import cache, emit, emit_json, opened


@click.command("window")
@click.argument("site")
@click.option("--at", "at", metavar="TIME", help="When: 2026-11-29T02:40 in the site's time, or with an offset.")
@click.option("--scenario", metavar="NAME", help="For plans of this scenario (default: steady).")
@click.option(
    "--plan", "plan_file", type=click.Path(path_type=Path, dir_okay=False), help="Also whether this plan fits."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def window_command(  # noqa: PLR0917 - click hands every option over by name
    context: click.Context, site: str, at: str | None, scenario: str | None, plan_file: Path | None, form: str
) -> int:
    """Whether a plan may be applied, now or at a time, and when next.

    Exit codes: 0 it may; 7 it may not.
    """
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.opening import window_state
    from oceana_dr.operations.planfile import load_plan
    from oceana_dr.plan.select import STEADY
    from oceana_dr.present.window_text import render_window

    plan = None if plan_file is None else load_plan(plan_file)
    found = window_state(opened(context), site, at, plan or known_scenario(scenario) or STEADY, cache(context))
    style = stdout_style()
    if form == "json":
        emit_json(found.document)
    else:
        emit(render_window(found, width=style.width, colour=style.colour, ascii=style.ascii))
    return 0 if found.may_begin else 7
