"""`oceana-dr graph SITE|plan.json`: both data centres with their systems, or what waits for what in a plan.

In: a site or a plan file. Out: SVG, Mermaid or DOT on stdout.
It must never change an estate; of a saved plan it needs nothing but the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from oceana_dr.cli.project import cache, emit, no_cache_option, opened

if TYPE_CHECKING:
    from oceana_dr.present.graph.model import Graph


@click.command("graph")
@click.argument("what", metavar="SITE|PLAN")
@click.option("--of", type=click.Choice(["topology", "steps"]), help="Of a site the topology, of a plan the steps.")
@click.option("--format", "form", type=click.Choice(["svg", "mermaid", "dot"]), default="svg", help="Format on stdout.")
@no_cache_option
@click.pass_context
def graph_command(context: click.Context, what: str, of: str | None, form: str) -> int:
    """Draw a site's systems, or what waits for what in a plan.

    The steps of a site are those of the plan that would be made now.
    """
    from oceana_dr.present.graph import svg as graph_svg
    from oceana_dr.present.graph import text as graph_text

    graph = _graph(context, what, of)
    match form:
        case "mermaid":
            emit(graph_text.mermaid(graph))
        case "dot":
            emit(graph_text.dot(graph))
        case _:
            emit(graph_svg.svg(graph))
    return 0


def _graph(context: click.Context, what: str, of: str | None) -> Graph:
    from oceana_dr.cli.planned import is_file, plan_of
    from oceana_dr.present.graph.model import plan_topology, site_topology, step_graph

    if is_file(what) and of == "topology":
        return plan_topology(plan_of(context, what))
    if is_file(what) or of == "steps":
        return step_graph(plan_of(context, what))
    from oceana_dr.operations.graphing import systems_of

    found = systems_of(opened(context), what, cache(context))
    return site_topology(found.title, found.lanes, found.systems)
