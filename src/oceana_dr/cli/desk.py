"""`oceana-dr desk show|claim|hand-over|release|answer|sign SITE …`: steps that wait for people, from any terminal.

In: a site, a step, a name. Out: the question, whose it is, what was written down.
It must never answer for somebody who was not named, and never act on the estate: the run does that.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from oceana_dr.cli.login import login_name
from oceana_dr.cli.project import emit, emit_json, opened

if TYPE_CHECKING:
    from datetime import tzinfo

    from oceana_dr.operations.desk import Waits
    from oceana_dr.source.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("desk")
def desk_command() -> None:
    """Steps that wait for people: claim, hand over, answer, from any terminal."""


def _step_options(command: Command) -> Command:
    """A site, a step and a name."""
    for option in (
        click.option("--operator", metavar="NAME", help="Who you are (default: your login)."),
        click.argument("step"),
        click.argument("site"),
    ):
        command = option(command)
    return command


@desk_command.command("show")
@click.argument("site")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def show_command(context: click.Context, site: str, form: str) -> int:
    """What waits for people, and whose it is."""
    from oceana_dr.operations.desk import desk_of, desk_to_json

    desk = desk_of(opened(context), site)
    found = {**desk_to_json(desk), "site": site}
    if form == "json":
        emit_json(found)
        return 0
    if desk.run is None:
        emit(f"{site}: no runs yet")
        return 0
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.runs import zone_of
    from oceana_dr.present.desk_text import render_desk
    from oceana_dr.present.style import Style

    style = stdout_style()
    emit(render_desk(found, zone_of(desk.run.plan), Style(ascii=style.ascii, color=style.colour), style.width))
    return 0


@desk_command.command("claim")
@_step_options
@click.option("--for", "length", metavar="TIME", default="15m", show_default=True, help="How long it is yours.")
@click.pass_context
def claim_command(context: click.Context, site: str, step: str, operator: str | None, length: str) -> int:
    """Take a step: nobody else answers it until you do, hand it over, or the time is up."""
    from datetime import timedelta

    from oceana_dr.operations.desk import claim_step
    from oceana_dr.source.durations import duration_seconds

    try:
        seconds = duration_seconds(length)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--for") from None
    project, name = opened(context), operator or login_name()
    item = claim_step(project, site, step, name, timedelta(seconds=seconds))
    _page(item)
    _tell(project, site, item, f"oceana-dr desk answer {site} {_word(item)}")
    return 0


@desk_command.command("hand-over")
@_step_options
@click.option("--to", metavar="NAME", required=True, help="Whose it is from now on.")
@click.pass_context
def hand_over_command(context: click.Context, site: str, step: str, operator: str | None, to: str) -> int:
    """Give a step to somebody else."""
    from oceana_dr.operations.desk import hand_over_step

    project = opened(context)
    _tell(project, site, hand_over_step(project, site, step, operator or login_name(), to))
    return 0


@desk_command.command("release")
@_step_options
@click.pass_context
def release_command(context: click.Context, site: str, step: str, operator: str | None) -> int:
    """Give your claim up: anybody may take the step."""
    from oceana_dr.operations.desk import release_step

    project = opened(context)
    _tell(project, site, release_step(project, site, step, operator or login_name()))
    return 0


@desk_command.command("answer")
@_step_options
@click.option(
    "--outcome", type=click.Choice(["confirm", "fail", "cannot"]), help="What you say; without it you are asked."
)
@click.option("--second", metavar="NAME", help="Who stands beside you; without one, somebody else signs.")
@click.option("--observed", metavar="TEXT", default="", help="What you see, or why it is not so.")
@click.option("--evidence", metavar="TEXT", default="", help="Where that can be looked up: a ticket, a picture.")
@click.option(
    "--file",
    "files",
    type=click.Path(path_type=Path, dir_okay=False),
    multiple=True,
    help="A file as evidence (repeatable): its SHA-256 is kept, not what stands in it.",
)
@click.option("--done-by", metavar="NAME", default="", help="Who did it before it was asked for, from the runbook.")
@click.option("--done-at", metavar="TIME", default="", help="When, in their words.")
@click.option("--clipboard/--no-clipboard", default=None, help="Values on your clipboard (default: if it is known).")
@click.pass_context
def answer_command(  # noqa: PLR0917 - click hands every option over by name
    context: click.Context,
    site: str,
    step: str,
    operator: str | None,
    outcome: str | None,
    second: str | None,
    observed: str,
    evidence: str,
    files: tuple[Path, ...],
    done_by: str,
    done_at: str,
    *,
    clipboard: bool | None,
) -> int:
    """Answer a step, once: what the run was waiting for, under your name."""
    from datetime import timedelta

    from oceana_dr.drivers.contract import Answer
    from oceana_dr.operations.desk import answer_step, claim_step

    project, name = opened(context), operator or login_name()
    if outcome is None:
        item = claim_step(project, site, step, name, timedelta(minutes=15))
        answer = _asked(project, site, item, name, clipboard=clipboard)
    else:
        from oceana_dr.drivers.operator.evidence import seal

        sealed = tuple(seal(path) for path in files)
        answer = Answer(
            outcome, name, second or None, observed, evidence, files=sealed, done_by=done_by, done_at=done_at
        )
    item = answer_step(project, site, step, answer)
    if item.signing:
        _tell(project, site, item, f"oceana-dr desk sign {site} {_word(item)}")
        return 0
    emit(f"{item.posted.step}: {answer.outcome}, says {answer.by}. {_when(project, site)}")
    return 0


@desk_command.command("sign")
@_step_options
@click.pass_context
def sign_command(context: click.Context, site: str, step: str, operator: str | None) -> int:
    """Stand behind somebody's answer as the second person, after looking yourself."""
    from oceana_dr.operations.desk import sign_step

    project, name = opened(context), operator or login_name()
    item = sign_step(project, site, step, name)
    by = item.posted.answer["by"] if item.posted.answer else ""
    emit(f"{item.posted.step}: signed by {name}, answered by {by}. {_when(project, site)}")
    return 0


@desk_command.command("note")
@_step_options
@click.argument("text")
@click.pass_context
def note_command(context: click.Context, site: str, step: str, text: str, operator: str | None) -> int:
    """Keep a remark with a step: in the run's journal, with your name and the time."""
    from oceana_dr.operations.desk import note_step

    project, name = opened(context), operator or login_name()
    item = note_step(project, site, step, name, text)
    emit(f"{item.posted.step}: noted by {name}.")
    return 0


def _asked(project: Project, site: str, item: Waits, name: str, *, clipboard: bool | None) -> Any:
    """The answer typed at this terminal."""
    from dataclasses import replace

    from oceana_dr.diagnostics import WaitingForPerson
    from oceana_dr.drivers.contract import QuestionLeft
    from oceana_dr.drivers.operator.terminal import open_terminal
    from oceana_dr.operations.desk import note_step

    terminal = open_terminal(operator=name, stopped=lambda: False, clipboard=clipboard, later=True)
    if terminal is None:
        raise WaitingForPerson("there is no terminal to answer at", hint="add --outcome confirm, fail or cannot")
    step = item.posted.step
    question = replace(item.question, note=lambda by, text: note_step(project, site, step, by, text))
    try:
        return terminal.ask(question)
    except QuestionLeft as left:
        raise WaitingForPerson(f"{item.posted.step} is not answered: {left}") from left


def _page(item: Waits) -> None:
    """The question as a terminal of the run shows it."""
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.drivers.operator.screen import Shape, page
    from oceana_dr.present.cells import show_text

    style = stdout_style()
    lines = page(item.question, Shape(style.width, plain=style.ascii), at=-1)
    emit("\n".join(show_text(line, ascii_only=style.ascii) for line in lines))


def _tell(project: Project, site: str, item: Waits, then: str = "") -> None:
    from oceana_dr.operations.desk import waits_to_json
    from oceana_dr.present.desk_text import whose

    emit(f"{item.posted.step}: {whose(waits_to_json(item), _zone(project, site))}" + (f"\n  {then}" if then else ""))


def _when(project: Project, site: str) -> str:
    """Who takes the answer, and when."""
    from oceana_dr.operations.desk import desk_of

    if desk_of(project, site).alive:
        return "The run takes it now."
    return "Nobody runs it now: run `oceana-dr apply` again, it takes the answer then."


def _zone(project: Project, site: str) -> tzinfo:
    from datetime import UTC

    from oceana_dr.operations.runs import latest_run, zone_of

    past = latest_run(project, site)
    return UTC if past is None else zone_of(past.plan)


def _word(item: Waits) -> str:
    from oceana_dr.present.desk_text import quoted

    return quoted(item.posted.step)
