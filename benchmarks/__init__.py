"""Whole processes, timed side by side: oceana-dr, a bare interpreter, and the tools it is compared with.

In: this machine. Out: a table, the targets, and the figures if asked (`make bench`).
Nothing here is part of the product, and no test may depend on a time.
"""
