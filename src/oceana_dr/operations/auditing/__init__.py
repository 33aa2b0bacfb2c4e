"""Whether what runs left behind is whole: `audit` goes through everything, `checks` through one journal.

In: a project. Out: what was looked at, and what is wrong.
Nothing is changed or mended.
"""
