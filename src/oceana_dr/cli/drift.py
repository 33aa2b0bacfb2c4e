"""`oceana-dr drift SITE`: live state against last applied against desired; nothing is changed.

In: a site. Out: what differs, grouped; 0 if nothing, 2 for a difference or something unknown.
It must never write, not even a baseline.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from oceana_dr.cli.project import cache, emit, emit_json, opened
from oceana_dr.cli.standing import show_standing


@click.command("drift")
@click.argument("site")
@click.option("--live", type=click.Path(path_type=Path, dir_okay=False), help="Compare a snapshot file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def drift_command(context: click.Context, site: str, live: Path | None, form: str) -> int:
    """Live state against last applied against desired."""
    from oceana_dr.cli.terminal import busy, stdout_style
    from oceana_dr.operations.drift import find_drift
    from oceana_dr.operations.runs import zone_named
    from oceana_dr.operations.standing import standing
    from oceana_dr.present.drift_text import drift_to_json, render_drift
    from oceana_dr.present.standing_text import standing_to_json

    project = opened(context)
    with busy(f"reading the estate of {site}"):
        found = find_drift(project, site, live, cache(context))
    style = stdout_style()
    if form == "json":
        now = datetime.now(UTC)
        emit_json(drift_to_json(found) | standing_to_json(standing(project, site, now), now))
    else:
        zone = zone_named(found.time_zone)
        emit(render_drift(found, width=style.width, zone=zone, colour=style.colour, ascii=style.ascii))
        show_standing(project, site)
    return 2 if found.items else 0
