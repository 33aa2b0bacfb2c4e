"""A web console for a lab: a page with the labels that the manual gives System Manager, for the driver `console`.

In: requests of a browser below `/console/`. Out: HTML; what is committed there happens in the lab's estate.
It is the lab's and says so on every page: nothing here is a copy of the product, whose pages nobody here has seen.
"""
