"""The plan that a command is about: a saved one, or of a site the one that would be made now.

In: the name of a site or of a file. Out: a plan.
It must never change an estate: a saved plan is read, a site is planned as `plan` does it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from oceana_dr.cli.project import cache, opened

if TYPE_CHECKING:
    import click

    from oceana_dr.plan.model import Plan


def is_file(what: str) -> bool:
    """Whether a plan file is meant; a site has no such name."""
    return what.endswith(".json") or Path(what).is_file()


def plan_of(context: click.Context, what: str) -> Plan:
    """The saved plan, or the site's."""
    if is_file(what):
        from oceana_dr.operations.planfile import load_plan

        return load_plan(Path(what))
    from oceana_dr.cli.terminal import busy
    from oceana_dr.operations.access import baseline_of, live_reader
    from oceana_dr.operations.planning import make_plan

    project = opened(context)
    with busy(f"reading the estate of {what}"):
        return make_plan(project, what, live_reader(project, None), baseline_of(project), cache=cache(context)).plan
