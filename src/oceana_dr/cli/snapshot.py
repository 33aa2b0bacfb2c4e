"""`oceana-dr snapshot SITE`: what is live now, as a file for `plan --live`.

In: a site. Out: a snapshot document, on stdout or in a file.
It must never hold a secret: readers do not read any.
"""

from __future__ import annotations

import json
from pathlib import Path

import click

from oceana_dr.cli.project import cache, emit_json, opened


@click.command("snapshot")
@click.argument("site")
@click.option("-o", "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write to a file.")
@click.pass_context
def snapshot_command(context: click.Context, site: str, out: Path | None) -> int:
    """What is live now, as a file for plan --live."""
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.cli.terminal import busy
    from oceana_dr.compile.desired import compile_site
    from oceana_dr.operations.access import live_reader
    from oceana_dr.operations.files import write_text
    from oceana_dr.operations.live import of_site, snapshot_document
    from oceana_dr.source.prepared import prepare_site

    project = opened(context)
    compiled = compile_site(prepare_site(project, site, None, cache(context)), load_catalogue())
    with busy(f"reading the estate of {site}"):
        live = live_reader(project, None)(compiled)
    known, others = of_site(live, compiled.bound)
    if others:
        click.echo(f"{others} resources or attributes that {site} does not have are left out", err=True)
    document = snapshot_document(site, known)
    if out is None:
        emit_json(document)
    else:
        write_text(out, json.dumps(document, ensure_ascii=False, indent=1) + "\n", what="snapshot")
        click.echo(f"{len(live.estate.resources)} resources of {site} written to {out}", err=True)
    return 0
