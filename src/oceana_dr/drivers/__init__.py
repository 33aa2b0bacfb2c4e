"""Hands and eyes: what reads a live system, and what acts on it.

In: addresses to read, actions to carry out. Out: canonical values and outcomes, never guesses.
A driver must never import the compiler: both meet in `diff` as estates of one type.
"""
