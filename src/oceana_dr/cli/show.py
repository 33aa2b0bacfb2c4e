"""`oceana-dr show plan.json`: a saved plan in any format, stale or not.

In: a plan file. Out: the plan on stdout. No access to the estate, and none is needed.
It must never refuse a plan for being old: it says what it knows about its age.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.plan import FORMATS, print_for_github, print_plan
from oceana_dr.cli.project import alone, cache, emit, emit_json, folder, opened

if TYPE_CHECKING:
    from oceana_dr.plan.model import Plan


@click.command("show")
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="Format on stdout.")
@click.option("--room", type=click.IntRange(1_000, 1_000_000), default=65_536, help="Most bytes of --format markdown.")
@click.option(
    "--diff", "old_file", metavar="OLD", type=click.Path(path_type=Path), help="What changed since that plan."
)
@click.option(
    "--since-approved", is_flag=True, help="What changed since the plan of the site that was approved before."
)
@click.pass_context
def show_command(
    context: click.Context, plan_file: Path, form: str, room: int, old_file: Path | None, *, since_approved: bool
) -> int:
    """Print a saved plan, with no access to the estate."""
    from oceana_dr.operations.planfile import load_plan, load_plan_file

    plan, data = load_plan_file(plan_file)
    if old_file is not None:
        _diff(load_plan(old_file), plan, form)
    elif since_approved:
        from oceana_dr.operations.approving import approved_before

        _diff(approved_before(opened(context), plan), plan, form)
    elif form == "json":
        from oceana_dr.estate.strict_json import load_json

        # The file's own fields, also those of a later version that nothing here reads: the id is of all of them.
        emit_json(load_json(data))
    elif form != "text":
        print_for_github(plan, form, room)
    else:
        from oceana_dr.operations.runs import zone_of
        from oceana_dr.operations.staleness import stale_since
        from oceana_dr.present.durations import both

        found = stale_since(plan, folder(context), cache(context), alone(context))
        since = None if found is None else f"{both(found.at, zone_of(plan))}: {found.why}"
        print_plan(plan, stale_since=since)
    return 0


def _diff(old: Plan, new: Plan, form: str) -> None:
    from dataclasses import asdict

    from oceana_dr.operations.plan_diff import diff_plans

    changes = diff_plans(old, new)
    if form == "json":
        emit_json([asdict(change) for change in changes])
        return
    emit(f"{new.site}: {old.id[:19]} → {new.id[:19]}: {len(changes) or 'no'} difference(s)")
    for change in changes:
        name = change.step or "plan"
        match change.kind:
            case "gone":
                emit(f"  - {name} {change.before}")
            case "new":
                emit(f"  + {name} {change.after}")
            case _:
                emit(f"  ~ {name} {change.path}: {_word(change.before)} → {_word(change.after)}")


def _word(value: object) -> str:
    import json

    return "nothing" if value is None else json.dumps(value, ensure_ascii=False)
