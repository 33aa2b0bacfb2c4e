"""Why: what an address, a step, a scenario, a rule, an invariant or an error of the manual stands on.

In: a project and a word that somebody asked about. Out: documents; `answer` finds out what was meant.
Nothing is changed, and what is not known is never made up.
"""
