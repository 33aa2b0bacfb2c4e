"""`oceana-dr import SITE`: the site file of an estate that is there.

In: the site's name, and what no system shows. Out: the file that was written; 2 if a plan would have something to do.
It must never change an estate, nor write over a file.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from oceana_dr.cli.init import answer_options, ask
from oceana_dr.cli.project import emit, opened

NOT_SHOWN = ("control_manager", "domain", "dc1_name", "dc2_name", "time_zone")
"""What is asked: systems show the rest, or nothing depends on it."""


@click.command("import")
@click.argument("site")
@answer_options
@click.option("--live", type=click.Path(path_type=Path, dir_okay=False), help="Read a snapshot file, not the estate.")
@click.option("--print", "printing", is_flag=True, help="Print the file; write nothing, remember nothing.")
@click.pass_context
def import_command(context: click.Context, /, site: str, live: Path | None, *, printing: bool, **given: Any) -> int:
    """Write the site file of an estate that is there, such that a plan finds nothing to do.

    The estate is read through the drivers of oceana-dr.yaml. What no system shows is asked on a terminal, or taken
    from a flag, or is a usual value; in the file it is marked `not read`. What was read counts as applied.
    Exit codes: 0 done; 1 nothing written, or the estate breaks a rule, which is shown; 2 done, but a site cannot say
    all that was found: a plan lists the rest.
    """
    from oceana_dr.cli.failures import show_diagnostics
    from oceana_dr.cli.terminal import busy
    from oceana_dr.diagnostics import InputRefused
    from oceana_dr.operations.drafting import Answers
    from oceana_dr.operations.importing import import_site

    project = opened(context)
    known = {name: value for name, value in given.items() if value is not None}
    if sys.stdin.isatty():
        known |= {name: ask(name, Answers(site, **known)) for name in NOT_SHOWN if name not in known}
    with busy(f"reading the estate of {site}"):
        done = import_site(project, Answers(site, **known), frozenset(known), live, write=not printing)
    emit(done.text if printing else os.path.relpath(done.path))
    click.echo(f"{done.operational} takes contacts; {done.unread} parts are marked as not read", err=True)
    for name in sorted(done.open):
        click.echo(f"the estate does not show it, so as usual: --{name.replace('_', '-')}", err=True)
    for what in (*done.left, *done.dark):
        click.echo(f"a site cannot say it, a plan will show it: {what}", err=True)
    if done.diagnostics:
        show_diagnostics(InputRefused(done.diagnostics), project.source_text)
    if any(item.stops for item in done.diagnostics):
        return 1
    return 2 if done.left or done.dark else 0
