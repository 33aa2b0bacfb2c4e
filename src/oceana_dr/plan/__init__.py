"""The plan: an ordered, gated, proven list of typed steps, and its file.

In: changes or a scenario of the catalogue, and the live estate. Out: a `Plan`, pure data.
Nothing here reads a clock, a file or the network, and nothing here can write to an estate.
"""
