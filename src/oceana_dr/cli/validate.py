"""`oceana-dr validate [SITE…]`: everything that is wrong with the sites, at once.

In: names of sites (all, if none). Out: diagnostics in the format asked for; 1 for errors, else 0.
It must never read a live system.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.project import emit, emit_json, opened

if TYPE_CHECKING:
    from oceana_dr.diagnostics import Diagnostic

FORMATS = ("text", "concise", "json", "github")


@click.command("validate")
@click.argument("sites", nargs=-1, metavar="[SITE]…")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How to show what is wrong.")
@click.pass_context
def validate_command(context: click.Context, sites: tuple[str, ...], form: str) -> int:
    """Check site files: syntax, types, references, rules; all errors at once."""
    from oceana_dr.source.load import check_sites
    from oceana_dr.source.project import list_sites

    project = opened(context)
    names = sites or list_sites(project)
    found = check_sites(project, names)
    told = found if form == "json" else tuple(item for item in found if item.silenced is None)
    _show(told, form, project.source_text, lambda file: relative(project.root, file))
    if form in {"text", "concise"}:
        from oceana_dr.present.diagnostic import count_severities

        silenced = f", {len(found) - len(told)} silenced" if len(found) > len(told) else ""
        summary = f"{', '.join(names) or 'no sites'}: {count_severities(told) or 'valid'}{silenced}"
        click.echo(summary, err=bool(told))
    return 1 if any(item.stops for item in found) else 0


def relative(root: Path, file: str) -> str:
    """A file of the project as one would type it from the current folder."""
    return os.path.relpath(root / file)


def _show(
    found: Sequence[Diagnostic], form: str, source: Callable[[str], str | None], shown: Callable[[str], str]
) -> None:
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.present.diagnostic import render_concise, render_text
    from oceana_dr.present.diagnostic_machine import diagnostics_to_json, render_github

    style = stdout_style()
    match form:
        case "json":
            emit_json(diagnostics_to_json(found))
        case "github":
            click.echo(render_github(found, shown=shown), nl=False)
        case "concise":
            click.echo(render_concise(found, ascii=style.ascii, shown=shown), nl=False)
        case _ if found:
            emit(render_text(found, source, ascii=style.ascii, color=style.colour, shown=shown))
        case _:
            pass
