"""`oceana-dr init SITE`: a new site, from flags and, on a terminal, a few questions.

In: the site's name and what it is like. Out: the files that were written, one a line.
It must never write over a file, nor ask where nobody can answer.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import click

from oceana_dr.cli.answers import DOMAIN, NAME, TIME_ZONE
from oceana_dr.cli.project import emit, folder

Function = TypeVar("Function", bound=Callable[..., Any])

QUESTIONS = {
    "ha": "Are the Omnichannel Database servers of Data Center 1 a High Availability pair?",
    "analytics": "Is there Avaya Analytics, with Oracle Data Guard?",
    "web_voice": "Are there Web Voice and Web Video?",
    "mirror_tls": "Is the mirror's traffic encrypted?",
    "control_manager": "How does Control Manager follow a switchover?",
    "domain": "Domain of the servers",
    "dc1_name": "Name of Data Center 1",
    "dc2_name": "Name of Data Center 2",
    "time_zone": "Time zone (IANA)",
    "driver": "Who performs steps",
}

TYPES: Mapping[str, click.ParamType[str]] = {
    "control_manager": click.Choice(["automatic", "manual"]),
    "domain": DOMAIN,
    "dc1_name": NAME,
    "dc2_name": NAME,
    "time_zone": TIME_ZONE,
    "driver": click.Choice(["operator", "gateway"]),
}


def answer_options(function: Function) -> Function:
    """The flags for everything that a new site is asked about; None where a flag is absent."""
    options = (
        click.option("--ha/--no-ha", default=None, help="A High Availability pair in Data Center 1."),
        click.option("--analytics/--no-analytics", default=None, help="Avaya Analytics with Oracle Data Guard."),
        click.option("--web-voice/--no-web-voice", default=None, help="Web Voice and Web Video."),
        click.option("--mirror-tls/--no-mirror-tls", default=None, help="TLS between the mirror's members."),
        click.option(
            "--control-manager",
            type=TYPES["control_manager"],
            help="How Control Manager follows a switchover.",
        ),
        click.option("--domain", type=DOMAIN, metavar="DOMAIN", help="Domain of the servers (SITE.example)."),
        click.option("--dc1-name", type=NAME, metavar="NAME", help="Name of Data Center 1."),
        click.option("--dc2-name", type=NAME, metavar="NAME", help="Name of Data Center 2."),
        click.option("--time-zone", type=TIME_ZONE, metavar="ZONE", help="IANA time zone (UTC)."),
        click.option("--driver", type=TYPES["driver"], help="Who performs steps (people: operator)."),
    )
    for option in reversed(options):
        function = option(function)
    return function


@click.command("init")
@click.argument("site")
@answer_options
@click.pass_context
def init_command(context: click.Context, /, site: str, **given: Any) -> int:
    """Write a new site: valid, commented, ready to plan.

    Asks on a terminal for what no flag says; without a terminal the answers are those in brackets, and the
    smallest topology. Without a project around it, one is made here: oceana-dr.yaml and sites/defaults.yaml.
    """
    from oceana_dr.operations.drafting import Answers
    from oceana_dr.operations.starting import start_site

    known = {name: value for name, value in given.items() if value is not None}
    plain = Answers(site, **known)
    if sys.stdin.isatty():
        known |= {name: ask(name, plain) for name in given if name not in known}
    written = start_site(folder(context), Answers(site, **known))
    for name in written.files:
        emit(os.path.relpath(written.root / name))
    _say_what_next(site, [name for name in given if name not in known])
    return 0


def ask(name: str, plain: Any) -> Any:
    """One question; what the answer would be without one is offered."""
    question, usual = QUESTIONS[name], getattr(plain, name)
    if isinstance(usual, bool):
        return click.confirm(question, default=usual, err=True)
    usual = usual or f"{plain.site}.example"
    return click.prompt(question, default=usual, type=TYPES[name], err=True)


def _say_what_next(site: str, assumed: list[str]) -> None:
    if assumed:
        flags = ", ".join(f"--{name.replace('_', '-')}" for name in assumed)
        click.echo(f"not asked, so as usual: {flags}", err=True)
    click.echo(
        f"next: write your own names and addresses, then `oceana-dr validate {site}` and `oceana-dr plan {site}`;\n"
        "its estate is the lab until oceana-dr.yaml names a gateway",
        err=True,
    )
