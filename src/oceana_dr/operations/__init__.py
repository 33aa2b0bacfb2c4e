"""The use cases, callable without a terminal.

In: a project, names, options as values. Out: results as data, or one of the errors of `diagnostics`.
Nothing here prints, asks or exits: that is the command line's.
"""
