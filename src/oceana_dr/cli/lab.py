"""`oceana-dr lab …`: the embedded estate for learning, tests and drills.

In: sub-commands. Out: what was done to the lab; the lab itself lies in the state folder.
It must never act on anything but a lab: a gateway's URL in the project is refused here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from oceana_dr.cli.login import login_name
from oceana_dr.cli.project import emit, emit_json, opened

if TYPE_CHECKING:
    from oceana_dr.lab.lab import Lab
    from oceana_dr.source.project import Project


@click.group("lab")
def lab_command() -> None:
    """The embedded estate for learning, tests and drills.

    It needs no start-up: every command works on its store. `start` serves the same over HTTP.
    """


@lab_command.command("start")
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="Port on loopback (0: any free one).")
@click.pass_context
def start_command(context: click.Context, port: int) -> int:
    """Serve the labs of this project on loopback; prints the address."""
    from oceana_dr.diagnostics import OceanaError
    from oceana_dr.lab.serving import start

    project = opened(context)
    found = start(project.state_dir, project.sites_dir, project.time_scale, port)
    if found.already and port and not found.address.endswith(f":{port}"):
        raise OceanaError(
            f"a lab is served at {found.address} already, not on port {port}",
            hint=f"use that address, or stop it first: oceana-dr lab stop && oceana-dr lab start --port {port}",
        )
    emit(found.address)
    click.echo("it was running already" if found.already else "stop it with: oceana-dr lab stop", err=True)
    return 0


@lab_command.command("stop")
@click.pass_context
def stop_command(context: click.Context) -> int:
    """Stop serving; the estates stay."""
    from oceana_dr.lab.serving import stop

    click.echo("stopped" if stop(opened(context).state_dir) else "nothing was running", err=True)
    return 0


@lab_command.command("status")
@click.argument("site", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def status_command(context: click.Context, site: str | None, form: str) -> int:
    """Clock, crew, faults and operations of a lab; without a site, whether one is served."""
    project = opened(context)
    if site is None:
        from oceana_dr.lab.serving import served

        found = served(project.state_dir)
        emit(found.address if found else "not served; the commands work without")
        return 0
    from oceana_dr.lab.administration import status

    document = status(lab_of(project, site))
    if form == "json":
        emit_json(document)
        return 0
    for name in ("site", "clock", "crew", "faults", "running"):
        emit(f"{name}: {_plain(document.get(name))}")
    return 0


@lab_command.command("reset")
@click.argument("site")
@click.pass_context
def reset_command(context: click.Context, site: str) -> int:
    """Back to the seed; also clears the site's baseline and runs."""
    from oceana_dr.operations.labs import reset_site

    project = opened(context)
    reset_site(project, lab_of(project, site), site, login_name())
    click.echo(f"the lab of {site} is as its seed says; baseline and runs are gone", err=True)
    return 0


@lab_command.command("set")
@click.argument("words", nargs=-1, required=True, metavar="[SITE] ADDRESS ATTRIBUTE=VALUE…")
@click.option("--as", "name", metavar="NAME", default=None, help="Who edits (default: your login).")
@click.option("--force", is_flag=True, help="Set it whatever the console says.")
@click.pass_context
def set_command(context: click.Context, words: tuple[str, ...], name: str | None, *, force: bool) -> int:
    """Somebody's console edit: lab set acme dc1/workflow/Chat MaintenanceMode=true --as bob.

    The site may be left out where only one has such an address.
    """
    from oceana_dr.estate.values import show
    from oceana_dr.lab.administration import set_value
    from oceana_dr.operations.labs import site_with

    project = opened(context)
    site, rest = (words[0], words[1:]) if "/" not in words[0] else (None, words)
    if len(rest) < 2:
        raise click.UsageError("Write an address and ATTRIBUTE=VALUE.")
    address, assignments = rest[0], rest[1:]
    lab = lab_of(project, site or site_with(project, address))
    for assignment in assignments:
        attribute, mark, value = assignment.partition("=")
        if not mark:
            raise click.UsageError(f"{assignment!r} sets nothing: write ATTRIBUTE=VALUE")
        found = set_value(lab, f"{address}#{attribute}", value, name or login_name(), force=force)
        emit(f"{found.ref}: {show(found.before)} -> {show(found.after)}")
    return 0


@lab_command.command("break")
@click.argument("site", required=False)
@click.argument("fault", required=False)
@click.option("--list", "listing", is_flag=True, help="Name the faults.")
@click.option("--once", is_flag=True, help="Only the first time it strikes.")
@click.option("--mend", is_flag=True, help="Remove the fault, or all of them.")
@click.pass_context
def break_command(
    context: click.Context, site: str | None, fault: str | None, *, listing: bool, once: bool, mend: bool
) -> int:
    """Break something on purpose: lab break acme stuck-node:dc1/cluster/2/state."""
    from oceana_dr.lab import administration

    if listing:
        for kind in administration.list_faults():
            emit(f"{kind.name:32} {kind.line}")
        return 0
    if site is None or (fault is None and not mend):
        raise click.UsageError("Name a site and a fault; `oceana-dr lab break --list` names the faults.")
    lab = lab_of(opened(context), site)
    if mend:
        gone = administration.mend(lab, [fault] if fault else [])
        emit(f"mended: {', '.join(item.text for item in gone) or 'nothing was broken'}")
        return 0
    assert fault is not None
    emit(f"broken: {administration.break_(lab, fault, once=once).text}")
    return 0


@lab_command.command("crew")
@click.argument("site")
@click.argument("state", type=click.Choice(["on", "off"]), default="on")
@click.pass_context
def crew_command(context: click.Context, site: str, state: str) -> int:
    """Let the lab's people do what people would do, and attest as lab:NAME."""
    from oceana_dr.lab.administration import crew

    crew(lab_of(opened(context), site), on=state == "on")
    click.echo(f"the crew of {site} is {state}", err=True)
    return 0


def lab_of(project: Project, site: str) -> Lab:
    """The lab of a site; raises `Refused` where the project's endpoint is not the lab."""
    from oceana_dr.operations.labs import open_site_lab

    return open_site_lab(project, site)


def _plain(value: object) -> str:
    import json

    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
