"""The embedded estate: the twin with a clock, people, latency and faults, and a store of its own.

In: a site's seed, actions, time that passes. Out: a gateway like a customer's, in-process or over HTTP.
It must never be mistaken for a real estate: what only a lab has is refused anywhere else.
"""
