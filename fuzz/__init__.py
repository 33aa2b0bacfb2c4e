"""Fuzzing: every reader of bytes that somebody else may have written, fed with bytes that nobody would write.

In: seeds, a dictionary, seconds. Out: executions, coverage and findings (`make fuzz`).
The product must never import this package; the ordinary tests replay its targets without a fuzzer.
"""
