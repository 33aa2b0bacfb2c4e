"""Writes `docs/reference/` from the program: commands, exit codes, diagnostics, settings, steps, file formats.

A module a subject; `pages.py` has the table of all pages. A test compares the pages with the program (`make goldens`
writes them anew); nothing is edited by hand there.

    PYTHONPATH=src python -m scripts.reference
"""
