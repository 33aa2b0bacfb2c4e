"""Projects that are judged by the product's rules: what every command opens.

In: a folder, or a project. Out: the project, with the judge of the release.
Nothing more is read here: the rules are loaded when the first site is judged.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from oceana_dr.compile.rules.judge import RULES
from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project, open_project, open_to_check


def open_judged(start: Path, cache: Cache | None = None) -> Project:
    """The project at or above a folder; raises `InputRefused`, also for what its file names and nobody knows."""
    return open_project(start, cache, RULES)


def open_judged_to_check(start: Path, cache: Cache | None = None) -> tuple[Project, tuple[Diagnostic, ...]]:
    """As `open_to_check`, judged."""
    return open_to_check(start, cache, RULES)


def with_rules(project: Project) -> Project:
    """The project, whose sites will be judged by the domain rules too."""
    return replace(project, judge=RULES)
