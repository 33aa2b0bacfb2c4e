"""Whole processes, timed side by side: oceana-dr, a bare interpreter, and the tools it is compared with.

Start it with `make bench`. Nothing here is part of the product, and no test depends on a time.
"""
