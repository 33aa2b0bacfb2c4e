"""`oceana-dr drill SITE --scenario S`: play a plan through before it is needed; the estate is not touched.

In: a site, what to drill, at which level. Out: what happens as it happens, and a verdict; 0 passed, 3 failed.
It must never reach a writer of the real estate: what it acts on is a twin, or nothing at all.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.plan import known_scenario, lost_prefixes
from oceana_dr.cli.project import cache, emit, emit_json, no_cache_option, opened

if TYPE_CHECKING:
    from oceana_dr.operations.drilling.opening import Asked
    from oceana_dr.source.project import Project

LEVELS = ("simulator", "rehearsal", "tabletop")


@click.command("drill")
@click.argument("site")
@click.option("--scenario", metavar="NAME", help="What to drill, e.g. planned-switchover (default: whatever fits).")
@click.option("--operational", type=click.Choice(["dc1", "dc2"]), help="Drill a move to this data centre.")
@click.option(
    "--lost", metavar="PREFIX", multiple=True, help="Suppose that this does not answer (default: the scenario's)."
)
@click.option("--level", type=click.Choice(LEVELS), default="simulator", help="Who plays (default: simulator).")
@click.option("--live", type=click.Path(path_type=Path, dir_okay=False), help="On a twin of a snapshot file.")
@click.option("--at-rest", is_flag=True, help="On a twin of the estate as the site says; nothing is read.")
@click.option("--seed", type=click.IntRange(min=0), default=1, metavar="N", help="Chance; equal seeds, equal drills.")
@click.option(
    "--faults", default="3", metavar="WHICH", help="none, all, how many to draw, or names (default: 3); --list-faults."
)
@click.option("--list-faults", is_flag=True, help="Name the faults and stop.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Answers for a tabletop without a terminal, or to the questions of a rehearsal.",
)
@click.option("--operator", metavar="NAME", help="Who leads the tabletop (default: your login).")
@click.option("--anew", is_flag=True, help="Begin the tabletop again, whatever was begun before.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@no_cache_option
@click.pass_context
def drill_command(  # noqa: PLR0917 - click hands every option over by name
    context: click.Context,
    site: str,
    scenario: str | None,
    operational: str | None,
    lost: tuple[str, ...],
    level: str,
    live: Path | None,
    seed: int,
    faults: str,
    answers: Path | None,
    operator: str | None,
    form: str,
    *,
    at_rest: bool,
    list_faults: bool,
    anew: bool,
) -> int:
    """Play a plan through against a twin of the estate; the estate is not touched.

    simulator: the whole run, with faults, in seconds. rehearsal: read only, what a run now would stumble over.
    tabletop: people answer every question, on their own time. Exit codes: 0 passed; 3 failed; of a tabletop those of
    apply.
    """
    from oceana_dr.operations.access import live_reader
    from oceana_dr.operations.drilling.opening import Asked

    if list_faults:
        return _list_faults()
    if live is not None and at_rest:
        raise click.UsageError("--live names the estate, and --at-rest names another; give one of them.")
    project = opened(context)
    asked = Asked(
        site,
        known_scenario(scenario),
        operational,
        lost_prefixes(lost),
        None if at_rest else live_reader(project, live),
        "the estate at rest, as the site says" if at_rest else f"the snapshot {live}" if live else "the live estate",
    )
    match level:
        case "rehearsal":
            return _rehearsal(context, project, asked, answers, form)
        case "tabletop":
            from oceana_dr.cli.tabletop import play

            return play(context, project, asked, answers=answers, operator=operator, form=form, anew=anew)
        case _:
            return _simulator(context, project, asked, seed, faults, form)


def _list_faults() -> int:
    from oceana_dr.operations.drilling.faults import KINDS

    width = max(map(len, KINDS))
    emit("\n".join(f"{kind.name:<{width}}  {kind.says}" for kind in KINDS.values()))
    return 0


def _simulator(  # noqa: PLR0917 - what the level needs of the command's options
    context: click.Context, project: Project, asked: Asked, seed: int, faults: str, form: str
) -> int:
    from oceana_dr.cli.terminal import busy, stdout_style
    from oceana_dr.operations.drilling.document import drill_to_json
    from oceana_dr.operations.drilling.faults import parse_faults
    from oceana_dr.operations.drilling.opening import check_drillable, open_in_memory
    from oceana_dr.operations.drilling.simulation import simulate
    from oceana_dr.present.drill_text import DrillText, drill_end
    from oceana_dr.present.style import Style

    wanted = parse_faults(faults)
    with busy(f"planning {asked.site}"):
        opening = open_in_memory(project, asked, cache(context))
    check_drillable(opening, asked)
    if form == "json":
        found = simulate(opening, wanted, seed, lambda _: None)
        emit_json(drill_to_json(found))
        return 0 if found.passed else 3
    shown = stdout_style()
    style = Style(ascii=shown.ascii, color=shown.colour)
    text = DrillText(opening.planned.plan, style, shown.width)
    emit("\n".join(text.head(opening.base, opening.says, seed, _chosen(faults, wanted))))
    found = simulate(opening, wanted, seed, lambda event: emit("\n".join(text.line(event))))
    emit("\n".join(drill_end(found, _again(asked, seed, faults), style, shown.width)))
    return 0 if found.passed else 3


def _chosen(faults: str, wanted: int | tuple[str, ...]) -> str:
    """Which faults, in words."""
    if isinstance(wanted, int):
        return f"{wanted} drawn" if wanted else "none"
    return f"one of each kind ({len(wanted)})" if faults == "all" else ", ".join(wanted)


def _again(asked: Asked, seed: int, faults: str) -> str:
    """The command that plays the same once more."""
    parts = ["oceana-dr drill", asked.site]
    parts += [f"--scenario {asked.scenario}"] if asked.scenario else []
    parts += [f"--operational {asked.operational}"] if asked.operational else []
    parts += [f"--lost {prefix}" for prefix in asked.lost]
    parts += ["--at-rest"] if asked.read is None else []
    return " ".join([*parts, f"--faults {faults} --seed {seed}"])


def _rehearsal(context: click.Context, project: Project, asked: Asked, answers: Path | None, form: str) -> int:
    from oceana_dr.cli.terminal import busy, stdout_style
    from oceana_dr.operations.drilling.document import rehearsal_to_json
    from oceana_dr.operations.drilling.rehearsal import rehearse
    from oceana_dr.operations.runs import zone_of
    from oceana_dr.present.rehearsal_text import render_rehearsal
    from oceana_dr.present.style import Style

    given = None
    if answers is not None:
        from oceana_dr.drivers.operator.answers import read_answers

        given = read_answers(answers).answers
    with busy(f"reading the estate of {asked.site}"):
        found = rehearse(project, asked, cache(context), answers=given)
    if form == "json":
        emit_json(rehearsal_to_json(found))
    else:
        shown = stdout_style()
        style = Style(ascii=shown.ascii, color=shown.colour)
        emit(render_rehearsal(found, style, shown.width, zone_of(found.plan)))
    return 0 if found.passed else 3
