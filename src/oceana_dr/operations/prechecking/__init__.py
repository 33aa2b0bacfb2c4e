"""Every check that a scenario needs, each with its age, where it comes from, and whether it passes.

In: a project, a site, a scenario. Out: checks; what is unknown does not pass.
Nothing is changed anywhere.
"""
