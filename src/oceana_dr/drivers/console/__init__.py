"""A web console driven as people drive it: System Manager's service attributes, as a pilot (needs Playwright).

In: a console for each data centre, the click paths of the catalogue. Out: a reader, a writer, checks.
It has met the lab's page only, not the product; it must never guess: what is not there once, by its label, is declined.
"""
