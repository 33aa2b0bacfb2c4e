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

from oceana_dr.cli.project import cache, emit, emit_json, no_cache_option, opened_to_check

if TYPE_CHECKING:
    from oceana_dr.diagnostics import Diagnostic
    from oceana_dr.operations.selecting import Shard
    from oceana_dr.source.project import Project

NAMED = 5
"""More sites are counted, not named."""
SHARD_LENGTH = 13
FORMATS = ("text", "concise", "json", "github", "sarif")


def _shard(context: click.Context, parameter: click.Parameter, value: str | None) -> Shard | None:
    """`I/N`: part I of N, from 1."""
    if value is None:
        return None
    from oceana_dr.operations.selecting import Shard

    number, _, of = value.partition("/")
    if not number.isdecimal() or not of.isdecimal() or len(value) > SHARD_LENGTH:
        raise click.BadParameter(f"{value!r} is not I/N, such as 2/4", context, parameter)
    if not 1 <= int(number) <= int(of):
        raise click.BadParameter(f"{value!r}: I goes from 1 to N", context, parameter)
    return Shard(int(number), int(of))


@click.command("validate")
@click.argument("sites", nargs=-1, metavar="[SITE]…")
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", help="How to show what is wrong.")
@click.option("--fix", is_flag=True, help="Write fixes that cannot change a meaning; show the others as a diff.")
@click.option("--changed-since", "revision", metavar="REV", help="Only sites that differ from this git revision.")
@click.option("--shard", metavar="I/N", callback=_shard, help="Only part I of N, of what is left: 1/4, 2/4, …")
@click.option("--jobs", type=click.IntRange(1, 64), help="Processes; as many as are worth it, if not given.")
@no_cache_option
@click.pass_context
def validate_command(  # noqa: PLR0917 - click hands every option over by name
    context: click.Context,
    sites: tuple[str, ...],
    form: str,
    revision: str | None,
    shard: Shard | None,
    jobs: int | None,
    *,
    fix: bool,
) -> int:
    """Check site files: syntax, types, references, rules; all errors at once."""
    from oceana_dr.cli.progress import Counter
    from oceana_dr.diagnostics import in_order
    from oceana_dr.operations.selecting import changed_sites, sites_of_shard
    from oceana_dr.operations.validating import check_sites
    from oceana_dr.source.project import folders_without_site, list_sites

    project, wrong = opened_to_check(context)
    names: Sequence[str] = sites or list_sites(project)
    names = names if revision is None else changed_sites(project, names, revision)
    names = names if shard is None else sites_of_shard(names, shard)
    if fix:
        found = _fix(project, names, form)
    else:
        with Counter("checked", "sites") as counter:
            found = check_sites(project, names, cache=cache(context), jobs=jobs, notice=counter)
    found = in_order((*wrong, *found)) if wrong and not fix else found
    if not sites and (shard is None or shard.number == 1):
        found = in_order((*found, *folders_without_site(project)))
    told = found if form in {"json", "sarif"} else tuple(item for item in found if item.silenced is None)
    _show(told, form, project.source_text, lambda file: relative(project.root, file))
    if form in {"text", "concise"}:
        from oceana_dr.cli.terminal import stderr_style
        from oceana_dr.present.cells import show_text
        from oceana_dr.present.diagnostic import count_severities

        # Names of folders are a stranger's text too.
        asked = show_text(_named(names), ascii_only=stderr_style().ascii)
        silenced = f", {len(found) - len(told)} silenced" if len(found) > len(told) else ""
        click.echo(f"{asked}: {count_severities(told) or 'valid'}{silenced}", err=bool(told))
    return 1 if any(item.stops for item in found) else 0


def _named(names: Sequence[str]) -> str:
    if not names:
        return "no sites"
    return ", ".join(names) if len(names) <= NAMED else f"{len(names):,} sites"


def _fix(project: Project, names: Sequence[str], form: str) -> tuple[Diagnostic, ...]:
    """Fix what is safe, in the project's file too; what was done goes to stderr where stdout is for machines."""
    from oceana_dr.cli.terminal import stderr_style, stdout_style
    from oceana_dr.operations.fixing import fix_sites
    from oceana_dr.operations.validating import check_sites
    from oceana_dr.present.fix_text import render_fixed, render_proposed
    from oceana_dr.present.style import Style

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
