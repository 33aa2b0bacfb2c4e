"""What earlier runs of a site have left standing, under what a command prints.

In: a project, a site. Out: timers and owed actions on stdout; nothing where nothing stands.
It must never keep a command from its answer: a run that cannot be read is passed over.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oceana_dr.cli.project import emit

if TYPE_CHECKING:
    from oceana_dr.source.project import Project


def show_standing(project: Project, site: str) -> None:
    """Timers that run and actions that are owed."""
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.runs import latest_run, zone_of
    from oceana_dr.operations.standing import standing
    from oceana_dr.present.standing_text import render_standing

    now = datetime.now(UTC)
    found = standing(project, site, now)
    if not found.timers and not found.owed and not found.skipped:
        return
    last, style = latest_run(project, site), stdout_style()
    zone = zone_of(last.plan) if last is not None else UTC
    emit(render_standing(found, now=now, zone=zone, width=style.width, colour=style.colour, ascii=style.ascii))
