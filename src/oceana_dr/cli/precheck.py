"""`oceana-dr precheck SITE --scenario S`: every check the scenario needs, at once; nothing is changed.

In: a site and a scenario. Out: a verdict and named checks; 0 if all pass, 3 if one fails or is unknown.
It must never write: nothing it imports holds a writer.
"""

from __future__ import annotations

from pathlib import Path

import click

from oceana_dr.cli.plan import known_scenario, lost_prefixes
from oceana_dr.cli.project import cache, emit, emit_json, no_cache_option, opened


@click.command("precheck")
@click.argument("site")
@click.option("--scenario", metavar="NAME", required=True, help="What is to be done, e.g. planned-switchover.")
@click.option(
    "--operational", type=click.Choice(["dc1", "dc2"]), help="The data centre to move to (default: the scenario's)."
)
@click.option(
    "--lost", metavar="PREFIX", multiple=True, help="Check as if this does not answer: dc1, dc1/cm (repeatable)."
)
@click.option("--live", type=click.Path(path_type=Path, dir_okay=False), help="Check a snapshot file.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Answers to the questions, by the id of the question or invariant.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@no_cache_option
@click.pass_context
def precheck_command(  # noqa: PLR0917 - click hands every option over by name
    context: click.Context,
    site: str,
    scenario: str,
    operational: str | None,
    lost: tuple[str, ...],
    live: Path | None,
    answers: Path | None,
    form: str,
) -> int:
    """Every check the scenario needs: age, source, pass, fail or unknown; read-only.

    Exit codes: 0 all pass; 3 one fails, or is unknown.
    """
    from oceana_dr.cli.terminal import busy, stdout_style
    from oceana_dr.operations.access import live_reader
    from oceana_dr.operations.prechecking.checks import run_precheck
    from oceana_dr.operations.prechecking.document import precheck_to_json
    from oceana_dr.present.precheck_text import render_precheck

    project, name = opened(context), known_scenario(scenario)
    assert name is not None
    given = None
    if answers is not None:
        from oceana_dr.drivers.operator.answers import read_answers

        given = read_answers(answers).answers
    with busy(f"checking {site}"):
        found = run_precheck(
            project,
            site,
            name,
            live_reader(project, live),
            operational=operational,
            lost=lost_prefixes(lost),
            answers=given,
            cache=cache(context),
        )
    style = stdout_style()
    if form == "json":
        emit_json(precheck_to_json(found))
    else:
        emit(render_precheck(found, width=style.width, colour=style.colour, ascii=style.ascii))
    return 0 if found.ready else 3
