"""`oceana-dr status SITE`: what a run is doing now, from a second terminal or another machine.

In: a site. Out: step in hand, whose it is, what is next, time left, the latest moment to turn back; once, or again and
again. It must never touch the run: it reads the journal and the state, nothing else.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from oceana_dr.cli.project import cache, emit, emit_json, opened

if TYPE_CHECKING:
    from oceana_dr.cli.terminal import Style
    from oceana_dr.operations.following import Following, Look
    from oceana_dr.source.project import Project

EVERY_S = 2.0
SCREEN = 24
"""Lines of a screen: what matters most stands on the first one."""
_ERASE, _TO_END, _HOME = "\x1b[K", "\x1b[J", "\x1b[H"


@click.command("status")
@click.argument("site")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--watch", is_flag=True, help="Show it again and again, until the run is finished or you press Ctrl-C.")
@click.option("--every", "every_s", type=click.FloatRange(0.2, 3600), default=EVERY_S, show_default=True, metavar="S")
@click.pass_context
def status_command(context: click.Context, site: str, form: str, every_s: float, *, as_json: bool, watch: bool) -> int:
    """What a run is doing now, from a second terminal or another machine."""
    from oceana_dr.operations.following import Following

    project = opened(context)
    following = Following(project, site, cache(context))
    json = as_json or form == "json"
    if watch:
        return _watch(project, site, following, every_s, json=json)
    look = following.look(datetime.now(UTC))
    if json:
        emit_json(_document(project, site, look))
    else:
        emit(_text(project, site, look, SCREEN))
    return 0


def _watch(project: Project, site: str, following: Following, every_s: float, *, json: bool) -> int:
    """Show it again whenever it has changed, on a terminal over what was there; Ctrl-C is how one leaves."""
    import json as lines

    from oceana_dr.diagnostics import OceanaError

    over, before = sys.stdout.isatty() and not json, ""
    try:
        while True:
            ended, trouble = False, ""
            try:
                look = following.look(datetime.now(UTC))
                ended = look is not None and look.ended
                shown = lines.dumps(_document(project, site, look)) if json else _text(project, site, look, _rows() - 1)
            except OceanaError as error:
                if not before:
                    raise
                shown, trouble = before, f"cannot be read now, tried again: {error.message}"
            if over:
                _redraw(shown, trouble)
            elif shown != before:
                emit(shown)
            if trouble and not over:
                click.echo(trouble, err=True)
            before = shown
            sys.stdout.flush()
            if ended:
                return 0
            time.sleep(every_s)
    except KeyboardInterrupt:
        return 0


def _rows() -> int:
    import shutil

    return shutil.get_terminal_size((80, SCREEN)).lines


def _redraw(shown: str, trouble: str) -> None:
    """Over what is there, line by line: a screen that is cleared first flickers."""
    from oceana_dr.present.cells import only_our_colours

    lines = [*only_our_colours(shown).rstrip("\n").split("\n"), *([trouble] if trouble else [])]
    sys.stdout.write(_HOME + "".join(f"{line}{_ERASE}\n" for line in lines[: _rows() - 1]) + _TO_END)


def _document(project: Project, site: str, look: Look | None) -> dict[str, Any]:
    if look is None:
        return {"site": site, "run": None, "state": "not begun"}
    from oceana_dr.operations.standing import standing
    from oceana_dr.present.standing_text import standing_to_json
    from oceana_dr.present.status_text import status_to_json

    past = look.past
    told = status_to_json(past.plan, past.entries, alive=look.alive, outlook=look.outlook)
    return {**told, **standing_to_json(standing(project, site, look.now), look.now)}


def _text(project: Project, site: str, look: Look | None, height: int) -> str:
    if look is None:
        return f"{site}: no runs yet"
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.operations.runs import zone_of
    from oceana_dr.operations.standing import standing
    from oceana_dr.present.run_view import view_run
    from oceana_dr.present.standing_text import render_standing
    from oceana_dr.present.status_text import render_status

    style: Style = stdout_style()
    past, zone = look.past, zone_of(look.past.plan)
    text = render_status(
        past.plan,
        past.entries,
        now=look.now,
        zone=zone,
        pace=look.pace,
        width=style.width,
        height=height,
        colour=style.colour,
        ascii=style.ascii,
        outlook=look.outlook,
    )
    if view_run(past.entries).running and not look.alive:
        text += "The process that ran it is gone. The same command goes on from here.\n"
    found = standing(project, site, look.now)
    if found.timers or found.owed or found.skipped:
        text += render_standing(
            found, now=look.now, zone=zone, width=style.width, colour=style.colour, ascii=style.ascii
        )
    return text
