"""Projects that are judged by the product's rules: what every command opens.

In: a project. Out: the same one, with the judge of the release.
Nothing is read here: the rules are loaded when the first site is judged.
"""

from __future__ import annotations

from dataclasses import replace

from oceana_dr.compile.rules.judge import RULES
from oceana_dr.source.project import Project


def with_rules(project: Project) -> Project:
    """The project, whose sites will be judged by the domain rules too."""
    return replace(project, judge=RULES)
