"""`oceana-dr approve plan.json`: sign exactly this plan with an SSH key.

In: a plan file. Out: the approval in the state and beside the plan; what is still missing. 3 where it would not count.
It must never sign what it has not read whole: a plan with another id needs another approval.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.login import login_name
from oceana_dr.cli.project import cache, emit, opened

if TYPE_CHECKING:
    from datetime import timedelta


@click.command("approve")
@click.argument("plan_file", metavar="PLAN", type=click.Path(path_type=Path))
@click.option(
    "--key",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Your SSH key, or the public one if an agent has it (default: git's user.signingkey, then ~/.ssh).",
)
@click.option("--role", metavar="ROLE", default="", help="In this one of your roles only (default: any that you have).")
@click.option("--valid-for", metavar="DURATION", help="How long it lasts: 4h, 2d (default: as long as it may).")
@click.pass_context
def approve_command(context: click.Context, plan_file: Path, key: Path | None, role: str, valid_for: str | None) -> int:
    """Approve exactly this plan with your SSH key.

    Exit codes: 0 it counts; 3 it would not, and why.
    """
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.applying import wall
    from oceana_dr.operations.approval_document import approvals_document, given_document
    from oceana_dr.operations.planfile import load_plan_file
    from oceana_dr.operations.signing import Chosen, Wish, approve
    from oceana_dr.present.approvals_text import render_given

    plan, data = load_plan_file(plan_file)
    wish = Wish(login_name(), key, role, _lasts(valid_for))
    given = approve(Chosen(opened(context), plan, plan_file, data, cache(context)), wish, wall())
    style = stdout_style()
    documents = given_document(given), approvals_document(given.review)
    emit(render_given(*documents, plan_file, width=style.width, colour=style.colour, ascii=style.ascii))
    return 0


def _lasts(text: str | None) -> timedelta | None:
    if text is None:
        return None
    from datetime import timedelta

    from oceana_dr.diagnostics import OceanaError
    from oceana_dr.source.durations import duration_seconds

    try:
        return timedelta(seconds=duration_seconds(text))
    except (ValueError, OverflowError):
        raise OceanaError(f"`{text}` is no duration", hint="write, for example, --valid-for 4h") from None
