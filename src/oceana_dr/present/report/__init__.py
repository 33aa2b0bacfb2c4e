"""A run's report: `model` reads the journal against the plan, the other modules show it.

In: a plan and the records of a run. Out: text, Markdown, a page, a document.
The same journal gives the same bytes; every statement names its record.
"""
