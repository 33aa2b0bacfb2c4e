"""`oceana-dr compile SITE`: the desired state and its artifacts as files.

In: a site, a folder. Out: files under `build/<site>/` or the folder named; their list on stderr.
It must never read a live system, and the same source always gives the same bytes.
"""

from __future__ import annotations

from pathlib import Path

import click

from oceana_dr.cli.project import emit, no_cache_option, opened


@click.command("compile")
@click.argument("site")
@click.option("-o", "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder (build/SITE).")
@click.option("--operational", type=click.Choice(["dc1", "dc2"]), help="What if this data centre took contacts?")
@no_cache_option
@click.pass_context
def compile_command(context: click.Context, site: str, out: Path | None, operational: str | None) -> int:
    """Write the desired state and its artifacts as files."""
    from oceana_dr.operations.compiling import compile_to

    project = opened(context)
    folder = out or project.root / "build" / site
    files = compile_to(project, site, folder, operational)
    for name in files:
        emit(str(folder / name))
    click.echo(f"{len(files)} files of {site} in {folder}", err=True)
    return 0
