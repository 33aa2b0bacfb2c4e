"""`oceana-dr observe SITE`: what only people can see of a site, and what they saw.

In: a site, values as typed or a snapshot, a name. Out: what is to be looked at, or what was remembered.
It must never take from people what a driver reads.
"""

from __future__ import annotations

from pathlib import Path

import click

from oceana_dr.cli.project import cache, emit, emit_json, no_cache_option, opened


@click.command("observe")
@click.argument("site")
@click.argument("seen", nargs=-1, metavar="[ADDRESS#LABEL=VALUE]...")
@click.option(
    "--from",
    "snapshot",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Take what people saw from a snapshot file.",
)
@click.option("--by", metavar="NAME", help="Who looked.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@no_cache_option
@click.pass_context
def observe_command(  # noqa: PLR0917 - click hands every option over by name
    context: click.Context, site: str, seen: tuple[str, ...], snapshot: Path | None, by: str | None, form: str
) -> int:
    """What no driver reads: list what people have to look at, or remember what they saw.

    Plans, waits and steps read it from then on, with its name and time, until somebody looks again.
    """
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.compile.desired import compile_site
    from oceana_dr.operations import observing
    from oceana_dr.present.observe_text import render_seen, render_to_look_at
    from oceana_dr.source.prepared import prepare_site

    project = opened(context)
    compiled = compile_site(prepare_site(project, site, None, cache(context)), load_catalogue())
    if not seen and snapshot is None:
        items = observing.to_look_at(project, compiled)
        style = stdout_style()
        if form == "json":
            emit_json(observing.observed_document(site, items))
        else:
            emit(render_to_look_at(site, items, width=style.width, colour=style.colour, ascii=style.ascii))
        return 0
    who = by or ""
    found = observing.observe_values(project, compiled, seen, who) if seen else {}
    if snapshot is not None:
        found |= observing.observe_snapshot(project, compiled, snapshot, who)
    if form == "json":
        emit_json(observing.seen_document(site, found, who))
    else:
        emit(render_seen(site, len(found), who))
    return 0
