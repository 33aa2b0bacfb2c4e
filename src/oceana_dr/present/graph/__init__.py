"""A site's systems, or what waits for what in a plan: `model` places them, `svg` and `text` draw.

In: a plan. Out: SVG, Mermaid, DOT.
The same plan gives the same bytes.
"""
