"""A plan as a document to follow by hand: `model` says what stands in it, the others lay it out.

In: a plan. Out: Markdown, or a page to print.
Nothing is left out that a person would need with the tool down.
"""
