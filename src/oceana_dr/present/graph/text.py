"""A graph as text for other programs: Mermaid, which GitHub draws in Markdown, and DOT, which Graphviz draws.

In: a graph. Out: text in either language.
A text of a user must never end its quotes: what could is written as the language's own reference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from oceana_dr.present.graph.model import Box, Graph

_MERMAID = re.compile(r"[^\w .,:/()·→+-]")
_MERMAID_KINDS = {"plain": "", "critical": ":::critical", "fatal": ":::fatal"}
_DOT_KINDS = {"plain": "", "critical": ", penwidth=2", "fatal": ", penwidth=3, color=red"}


def mermaid(graph: Graph) -> str:
    """A flowchart from top to bottom; each band is a frame, or each lane where boxes have a place of their own."""
    lines = [f"%% {_mermaid(graph.title)}", "flowchart TB"]
    for name, title, boxes in _frames(graph):
        lines.append(f'  subgraph f_{name}["{_mermaid(title)}"]')
        lines += [
            f'    {_name(box.id)}["{"<br/>".join(map(_mermaid, box.lines))}"]{_MERMAID_KINDS[box.mark]}'
            for box in boxes
        ]
        lines.append("  end")
    lines += [f"  {_name(arrow.start)} {'==>' if arrow.strong else '-->'} {_name(arrow.end)}" for arrow in graph.arrows]
    lines += ["  classDef critical stroke-width:3px", "  classDef fatal stroke:#cf222e,stroke-width:3px"]
    return "\n".join(lines) + "\n"


def dot(graph: Graph) -> str:
    """A directed graph for `dot`, with the same frames."""
    lines = [
        "digraph plan {",
        f"  graph [label={_dot(graph.title)}, labelloc=t, fontname=sans, rankdir=TB]",
        "  node [shape=box, fontname=sans]",
    ]
    for name, title, boxes in _frames(graph):
        lines += [f"  subgraph cluster_{name} {{", f"    label={_dot(title)}"]
        lines += [f"    {_name(box.id)} [label={_dot(chr(10).join(box.lines))}{_DOT_KINDS[box.mark]}]" for box in boxes]
        lines.append("  }")
    lines += [
        f"  {_name(arrow.start)} -> {_name(arrow.end)}{' [penwidth=3]' if arrow.strong else ''}"
        for arrow in graph.arrows
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _frames(graph: Graph) -> Iterator[tuple[str, str, list[Box]]]:
    by_band = all(box.row is None for box in graph.boxes)
    for place, (name, title) in enumerate((graph.bands if by_band else graph.lanes).items()):
        boxes = [box for box in graph.boxes if (box.band if by_band else box.lane) == name]
        if boxes:
            yield str(place), title, boxes


def _name(text: str) -> str:
    return re.sub(r"\W", "_", text)


def _mermaid(text: str) -> str:
    return _MERMAID.sub(lambda found: f"#{ord(found[0])};", text)


def _dot(text: str) -> str:
    inside = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{inside}"'
