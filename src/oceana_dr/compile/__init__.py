"""Site × catalogue → the desired estate, each value with where it came from.

In: a loaded site and the catalogue. Out: an `Estate`, provenance, and artifacts for people and tools.
Nothing here may read a live system: what is and what should be meet in `diff`.
"""
