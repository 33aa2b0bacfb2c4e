"""Desired × live × last applied → changes, each with its reason.

In: three estates of one type. Out: changes, deviations that no change can mend, and what is dark.
Pure: no clock, no files, no network.
"""
