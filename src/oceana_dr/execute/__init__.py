"""The runner: exactly the plan's steps, each intended, done, read back and recorded.

In: a plan and the ports to act through. Out: a result, events on the way, a journal behind.
It must never derive a step anew, never do what a person has to decide, and never print.
"""
