"""Explanations as text: `text` shows each kind, the others what is longer.

In: documents of `operations.explaining`. Out: lines.
Nothing is decided or looked up here.
"""
