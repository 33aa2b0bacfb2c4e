"""How it stands with every system, with the state and with this machine, and which secrets are others than before.

In: a project, a site. Out: a diagnosis, subject by subject.
What is not said, or not in time, is unknown; no secret is shown.
"""
