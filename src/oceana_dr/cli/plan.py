"""`oceana-dr plan SITE`: read live state, print the ordered, proven plan, perhaps save it.

In: a site and options. Out: the plan on stdout, the plan file with `-o`; exit codes 0, 1, 2, 3.
It must never change an estate: nothing it imports holds a writer.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.project import cache, emit, emit_json, no_cache_option, opened

if TYPE_CHECKING:
    from oceana_dr.estate.address import Address
    from oceana_dr.plan.model import Plan
    from oceana_dr.source.project import Project

FORMATS = ("text", "json", "markdown", "html", "github")


@click.command("plan")
@click.argument("site")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Save the plan to a file.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Format on stdout.")
@click.option("--detailed-exitcode", is_flag=True, help="2 where there is something to do.")
@click.option("--operational", type=click.Choice(["dc1", "dc2"]), help="What if this data centre took contacts?")
@click.option("--scenario", metavar="NAME", help="Refuse unless this scenario fits.")
@click.option("--target", metavar="ADDRESS", multiple=True, help="Only these addresses (steady changes only).")
@click.option(
    "--lost", metavar="PREFIX", multiple=True, help="Plan as if this does not answer: dc1, dc1/cm (repeatable)."
)
@click.option("--live", type=click.Path(path_type=Path, dir_okay=False), help="Plan against a snapshot file.")
@no_cache_option
@click.pass_context
def plan_command(  # noqa: PLR0917 - click hands every option over by name
    context: click.Context,
    site: str,
    out: Path | None,
    form: str,
    operational: str | None,
    scenario: str | None,
    target: tuple[str, ...],
    lost: tuple[str, ...],
    live: Path | None,
    *,
    detailed_exitcode: bool,
) -> int:
    """Read live state and print the ordered, proven plan.

    Exit codes: 0 made, also with changes; 2 with --detailed-exitcode where there are steps; 3 where a
    finding refuses it (the file is still written).
    """
    from oceana_dr.cli.terminal import busy
    from oceana_dr.operations.access import baseline_of, live_reader
    from oceana_dr.operations.planning import make_plan
    from oceana_dr.plan.codec import encode_plan, write_text

    project = opened(context)
    with busy(f"reading the estate of {site}"):
        planned = make_plan(
            project,
            site,
            live_reader(project, live),
            baseline_of(project),
            operational=operational,
            scenario=known_scenario(scenario),
            targets=_addresses(target),
            lost=lost_prefixes(lost),
            cache=cache(context),
        )
    plan = with_what_it_needs(context, project, planned.plan)
    if out is not None:
        from oceana_dr.operations.files import write_text as write_file

        write_file(out, write_text(plan), what="plan")
    match form:
        case "json":
            emit_json(encode_plan(plan))
        case "text":
            print_plan(plan, saved=out)
        case "html":
            print_page(plan)
        case _:
            print_for_github(plan, form)
    return exit_code(plan, detailed=detailed_exitcode)


def with_what_it_needs(context: click.Context, project: Project, plan: Plan) -> Plan:
    """The plan, with when it may be run and who must approve it beside what identifies it; what cannot be told stops
    no plan.
    """
    from contextlib import suppress
    from dataclasses import replace
    from datetime import UTC, datetime

    from oceana_dr.diagnostics import OceanaError
    from oceana_dr.operations.asking import asked_approvals
    from oceana_dr.operations.fitting import fitting_window

    if plan.steps:
        with suppress(OceanaError):
            window = fitting_window(project, plan, datetime.now(UTC), cache(context))
            plan = replace(plan, meta={**plan.meta, "window": window})
        with suppress(OceanaError):
            if asked := asked_approvals(project, plan, cache(context)):
                plan = replace(plan, meta={**plan.meta, "approvals": asked})
    return plan


def print_plan(plan: Plan, *, saved: Path | None = None, stale_since: str | None = None) -> None:
    """The plan as text on stdout."""
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.present.plan_text import render_plan

    style = stdout_style()
    emit(
        render_plan(
            plan,
            width=style.width,
            colour=style.colour,
            ascii=style.ascii,
            stale_since=stale_since,
            saved=str(saved) if saved else None,
        )
    )


def print_page(plan: Plan) -> None:
    """The plan as a page for a browser, with the catalogue's reasons."""
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.present.plan_page.page import render_plan_page

    catalogue = load_catalogue()
    rules = {rule.id: rule for order in catalogue.orders.values() for rule in order}
    emit(render_plan_page(plan, rules, manual_page=catalogue.page))


def print_for_github(plan: Plan, form: str, room: int | None = None) -> None:
    """The plan as a comment (`markdown`), or as annotations of the lines that cause it (`github`)."""
    if form == "markdown":
        from oceana_dr.present.plan_comment import ROOM, render_comment

        emit(render_comment(plan, room=room or ROOM))
    else:
        from oceana_dr.present.plan_annotations import render_annotations

        emit(render_annotations(plan))


def exit_code(plan: Plan, *, detailed: bool) -> int:
    """3 for a plan that is refused, 2 if asked for where there are steps, or owed actions that can be done now."""
    if plan.refused:
        return 3
    return 2 if detailed and (plan.steps or plan.collectable) else 0


def known_scenario(scenario: str | None) -> str | None:
    """The scenario's name; a usage error for one that nobody knows."""
    from oceana_dr.plan.select import KNOWN

    if scenario is not None and scenario not in KNOWN:
        from oceana_dr.diagnostics.nearest import nearest

        near = nearest(scenario, KNOWN)
        hint = f" Did you mean {near}?" if near else ""
        raise click.UsageError(f"There is no scenario {scenario!r}.{hint} Scenarios: {', '.join(KNOWN)}")
    return scenario


def lost_prefixes(lost: tuple[str, ...]) -> tuple[str, ...]:
    """What was declared lost: a data centre, a system of it, or an address, each once."""
    from oceana_dr.estate.address import SIDES, BadAddress, parse_address

    try:
        return tuple(dict.fromkeys(text if text in SIDES else parse_address(text) for text in lost))
    except BadAddress as error:
        raise click.UsageError(str(error)) from None


def _addresses(targets: tuple[str, ...]) -> tuple[Address, ...]:
    from oceana_dr.estate.address import BadAddress, parse_address

    try:
        return tuple(parse_address(text) for text in targets)
    except BadAddress as error:
        raise click.UsageError(str(error)) from None
