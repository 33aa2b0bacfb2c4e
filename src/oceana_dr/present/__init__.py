"""Everything a person or a pipeline reads: text, JSON, annotations, graphs.

In: data (diagnostics, plans, events). Out: text.
Nothing here reads a file, a clock or an estate, and nothing here decides anything.
"""
