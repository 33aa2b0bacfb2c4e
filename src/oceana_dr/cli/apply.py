"""`oceana-dr apply plan.json|SITE`: run exactly a plan; running it again resumes.

In: a plan file, or a site to plan first. Out: progress on stderr, the outcome; exit codes of the contract.
It must never run a step that does not stand in the plan that was shown.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.login import login_name
from oceana_dr.cli.project import cache, opened

if TYPE_CHECKING:
    from oceana_dr.cli.stream import Stream
    from oceana_dr.drivers.contract import People
    from oceana_dr.execute.signals import StopFlag
    from oceana_dr.operations.applying import Applied
    from oceana_dr.operations.refusing import Request
    from oceana_dr.plan.model import Finding, Plan
    from oceana_dr.source.project import Project


WITHOUT_TEAM = (
    "Note: the team's state is left aside: nothing keeps another machine from running a plan on this site now. When it"
    " is back: oceana-dr state push {}"
)


@click.command("apply")
@click.argument("target", metavar="PLAN|SITE")
@click.option("--yes", is_flag=True, help="Answer only “run this plan?”, never a gate.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Answers for a run without a terminal; - for standard input.",
)
@click.option("--operator", metavar="NAME", help="Who runs it (default: your login).")
@click.option(
    "--override",
    "overrides",
    metavar="FINDING",
    multiple=True,
    help="Run although this finding forbids it (repeatable).",
)
@click.option("--outside-window", is_flag=True, help="Run although no change window is open, and past its end.")
@click.option("--reason", metavar="TEXT", default="", help="Why what forbids it is overridden; it is recorded.")
@click.option("--plan-id", metavar="ID", help="Run the plan only if this is its id, as it was reviewed.")
@click.option("--unattended", is_flag=True, help="Nobody is there: run nothing that moves a role or needs a person.")
@click.option("--wait", is_flag=True, help="Without a terminal: wait for answers from `oceana-dr desk`, not exit 8.")
@click.option("--clipboard/--no-clipboard", default=None, help="Values on your clipboard (default: if it is known).")
@click.option("--json", "json_events", is_flag=True, help="Events as JSON lines on stdout.")
@click.option(
    "--events",
    "tee",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Append the events to this file too, while you watch.",
)
@click.pass_context
def apply_command(  # noqa: PLR0917 - click hands every option over by name
    context: click.Context,
    target: str,
    answers: Path | None,
    operator: str | None,
    overrides: tuple[str, ...],
    reason: str,
    plan_id: str | None,
    tee: Path | None,
    *,
    clipboard: bool | None,
    outside_window: bool,
    unattended: bool,
    yes: bool,
    wait: bool,
    json_events: bool,
) -> int:
    """Run exactly a plan; running it again resumes. With a site: plan, show, ask, run.

    What forbids to run it is shown all at once, each with the option that overrides it and nothing else.
    """
    from oceana_dr.cli.stream import open_stream
    from oceana_dr.guard.timing import OUTSIDE
    from oceana_dr.operations.refusing import Request

    name = operator or login_name()
    stream = open_stream(tee, to_stdout=json_events)
    named = (*dict.fromkeys((*overrides, *((OUTSIDE,) if outside_window else ()))),)
    request = Request(name, named, reason, f"oceana-dr apply {quote(target)}", _beside(target), unattended)
    with stream.call(target, name):
        how = _How(request, plan_id, answers, stream, yes=yes, wait=wait, json_events=json_events, clipboard=clipboard)
        return _apply(context, target, how)


def _beside(target: str) -> Path | None:
    """The plan file beside which its approvals may lie; a site has none."""
    path = Path(target)
    return path if path.is_file() else None


@dataclass(frozen=True, slots=True)
class _How:
    """What the options say."""

    request: Request
    plan_id: str | None
    answers: Path | None
    stream: Stream
    yes: bool
    wait: bool
    json_events: bool
    clipboard: bool | None


def _apply(context: click.Context, target: str, how: _How) -> int:
    from oceana_dr.cli.progress import sink
    from oceana_dr.diagnostics import Refused
    from oceana_dr.operations.applying import Applying, apply_plan, clearance

    project, request, stream = opened(context), how.request, how.stream
    if request.unattended and not Path(target).is_file():
        raise Refused(
            "what runs unattended has been reviewed first: name a plan file, not a site",
            hint=f"oceana-dr plan {quote(target)} -o plan.json",
        )
    plan, plan_file = _plan(context, project, target, shown=not how.json_events)
    stream.plan = plan.id
    if how.plan_id is not None and how.plan_id != plan.id:
        raise Refused(f"this is another plan: its id is {plan.id}", hint="take the file of the run that was reviewed")
    cleared = clearance(project, plan, plan_file, request, cache(context))
    _warn(cleared.warnings)
    if project.state.url is not None and project.state.alone is not None:
        click.echo(WITHOUT_TEAM.format(plan.site), err=True)
    if plan.steps and not (how.yes or request.unattended):
        _ask(plan)
    # With the events in a file or a pipe, whoever sits at the terminal still wants to see how it goes.
    shown = not how.json_events or (sys.stderr.isatty() and not sys.stdout.isatty())
    applying = Applying(
        request,
        answers_for(how.answers, plan),
        sink(plan, stream, shown=shown),
        lambda stop: None if request.unattended else terminal_people(request.by, stop, how.clipboard),
        cache=cache(context),
        wait=how.wait,
        proven=plan,
    )
    result = apply_plan(project, plan, plan_file, applying)
    if not stream.ended:
        from oceana_dr.execute.events import AlreadyDone

        stream.emit(AlreadyDone(len(plan.steps)))
    if not how.json_events:
        click.echo(_outcome(plan, result), err=True)
        click.echo(f"oceana-dr report {result.run}")
    return 4 if result.skipped else 0


def _warn(findings: tuple[Finding, ...]) -> None:
    """What does not forbid to begin now, and is better known before it."""
    if not findings:
        return
    from oceana_dr.cli.terminal import stderr_style
    from oceana_dr.present.findings_text import finding_lines
    from oceana_dr.present.style import Style

    terminal = stderr_style()
    style = Style(ascii=terminal.ascii, color=terminal.colour)
    for line in finding_lines(findings, style, terminal.width):
        click.echo(line, err=True)


def _outcome(plan: Plan, result: Applied) -> str:
    if result.skipped:
        done = len(plan.steps) - len(result.skipped)
        return (
            f"Ended, not complete: {done} of {len(plan.steps)} steps of run {result.run} are done, skipped:"
            f" {', '.join(result.skipped)}. oceana-dr plan {plan.site} shows what is still to be done."
        )
    if result.before:
        return f"Nothing to do: run {result.run} did all of this, and the estate still agrees."
    if not plan.steps:
        return "Nothing to do: the estate is as the site says, and is remembered so."
    return f"Done: {len(plan.steps)} steps of run {result.run}."


def _plan(context: click.Context, project: Project, target: str, *, shown: bool) -> tuple[Plan, bytes]:
    from oceana_dr.diagnostics import InputRefused
    from oceana_dr.operations.planfile import load_plan_file
    from oceana_dr.source.project import list_sites, missing_site

    path, sites = Path(target), list_sites(project)
    if target not in sites or path.is_file():
        if target and not path.suffix and not path.exists():  # more likely a site misspelt than a plan
            raise InputRefused((missing_site(project, target),))
        plan, data = load_plan_file(path)
        if plan.site not in sites:
            raise InputRefused((missing_site(project, plan.site),))
        return plan, data
    plan, data = _unfinished(context, project, target) or _new(context, project, target)
    if shown:
        _show(plan)
    return plan, data


def _unfinished(context: click.Context, project: Project, site: str) -> tuple[Plan, bytes] | None:
    """The plan that was begun for the site as its files are now: going on knows what was done, a new plan does not."""
    from oceana_dr.operations.earlier import unfinished_plan
    from oceana_dr.operations.stores import state_of
    from oceana_dr.source.prepared import prepare_site

    runs = state_of(project).runs
    found = unfinished_plan(runs, site, lambda: prepare_site(project, site, None, cache(context)).digest)
    if found is not None:
        click.echo(f"{site}: the last run was not finished; going on with its plan.", err=True)
    return found


def _new(context: click.Context, project: Project, site: str) -> tuple[Plan, bytes]:
    from oceana_dr.operations.access import baseline_of, live_reader
    from oceana_dr.operations.planning import make_plan
    from oceana_dr.plan.codec import write_text

    plan = make_plan(project, site, live_reader(project, None), baseline_of(project), cache=cache(context)).plan
    return plan, write_text(plan).encode()


def _show(plan: Plan) -> None:
    """Print the plan; what nobody could have read must not be run."""
    from oceana_dr.cli.plan import print_plan
    from oceana_dr.diagnostics import Unreadable

    try:
        print_plan(plan)
        sys.stdout.flush()
    except OSError as error:
        raise Unreadable(
            f"the plan could not be shown, and is not run: {error.strerror}", hint="apply a plan file, or add --json"
        ) from None


def answers_for(path: Path | None, plan: Plan) -> People | None:
    """The file of answers, read before anything is begun; a misspelt step would be missed only in the middle."""
    if path is None:
        return None
    from oceana_dr.drivers.operator.answers import read_answers

    given = read_answers(path)
    if unasked := given.for_no_step([step.id for step in plan.steps]):
        click.echo(f"Note: {path} answers steps that this plan does not have: {', '.join(unasked)}.", err=True)
    return given


def _ask(plan: Plan) -> None:
    from oceana_dr.diagnostics import WaitingForPerson

    if not sys.stdin.isatty():
        raise WaitingForPerson("nobody is here to say that this plan is to be run", hint="add --yes")
    text = f"Run this plan on {plan.site} ({len(plan.steps)} steps)?"
    if not click.confirm(text, err=True):
        raise click.Abort


def terminal_people(name: str, stop: StopFlag, clipboard: bool | None = None) -> People | None:
    """Whoever sits at this terminal; None without one."""
    from oceana_dr.drivers.operator.terminal import open_terminal

    return open_terminal(operator=name, stopped=stop.pressing.is_set, clipboard=clipboard)
