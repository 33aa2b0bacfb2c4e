"""Drills: a plan on a twin with faults, a rehearsal against live reads, a tabletop with real people.

In: a project, a site, a scenario. Out: what happened, as data.
The estate is never touched.
"""
