"""A person at a console that has no interface of its own: asked, answering, and believed only so far.

In: steps of a plan. Out: questions with exact clicks, and answers with a name behind them.
An answer is an attestation, never a reading: what can be read back is read back.
"""
