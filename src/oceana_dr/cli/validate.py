"""`oceana-dr validate [SITE…]`: everything that is wrong with the sites, at once.

In: names of sites (all, if none). Out: diagnostics in the format asked for; 1 for errors, else 0.
It must never read a live system.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from oceana_dr.cli.project import emit, emit_json, opened

if TYPE_CHECKING:
    from oceana_dr.diagnostics import Diagnostic
    from oceana_dr.source.project import Project

FORMATS = ("text", "concise", "json", "github", "sarif")


@click.command("validate")
@click.argument("sites", nargs=-1, metavar="[SITE]…")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How to show what is wrong.")
@click.option("--fix", is_flag=True, help="Write fixes that cannot change a meaning; show the others as a diff.")
@click.pass_context
def validate_command(context: click.Context, sites: tuple[str, ...], form: str, *, fix: bool) -> int:
    """Check site files: syntax, types, references, rules; all errors at once."""
    from oceana_dr.diagnostics import Severity
    from oceana_dr.source.load import check_sites
    from oceana_dr.source.project import list_sites

    project = opened(context)
    names = sites or list_sites(project)
    found = _fix(project, names, form) if fix else check_sites(project, names)
    _show(found, form, project.source_text, lambda file: relative(project.root, file))
    if form in {"text", "concise"}:
        from oceana_dr.present.diagnostic import count_severities

        click.echo(f"{', '.join(names) or 'no sites'}: {count_severities(found) or 'valid'}", err=bool(found))
    return 1 if any(item.severity is Severity.ERROR for item in found) else 0


def _fix(project: Project, names: Sequence[str], form: str) -> tuple[Diagnostic, ...]:
    """Fix what is safe; what was done goes to stderr where stdout is for machines."""
    from oceana_dr.cli.terminal import stderr_style, stdout_style
    from oceana_dr.operations.fixing import fix_sites
    from oceana_dr.present.fix_text import render_fixed, render_proposed
    from oceana_dr.present.style import Style
    from oceana_dr.source.load import check_sites

    fixed = fix_sites(project, names, check_sites)
    machine = form not in {"text", "concise"}
    terminal = stderr_style() if machine else stdout_style()
    style = Style(ascii=terminal.ascii, color=terminal.colour)
    text = render_fixed(fixed.done, style, lambda file: relative(project.root, file))
    changes = [(change.shown, change.before, change.after) for change in fixed.proposed]
    diff = render_proposed(changes, fixed.left, style, lambda file: relative(project.root, file))
    if diff:
        text += f"{style.strong('not written, for it may change what the file means:')}\n{diff}"
    if text:
        click.echo(text, err=machine)
    return fixed.left


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
        case "sarif":
            from oceana_dr import __version__
            from oceana_dr.present.diagnostic_sarif import sarif_document

            emit_json(sarif_document(found, version=__version__, shown=lambda file: Path(shown(file)).as_posix()))
        case "concise":
            click.echo(render_concise(found, ascii=style.ascii, shown=shown), nl=False)
        case _ if found:
            columns = style.width if sys.stdout.isatty() else 0
            text = render_text(found, source, ascii=style.ascii, color=style.colour, columns=columns, shown=shown)
            emit(text)
        case _:
            pass
