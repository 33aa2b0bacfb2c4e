"""What must hold in every state a plan can reach, and the proof that it does.

In: the catalogue's invariants, a starting estate, what the steps do and their order. Out: a `Proof`.
Three-valued throughout: an unknown value never makes a state safe.
"""
