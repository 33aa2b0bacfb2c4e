"""The judge that a project carries: all domain rules of the release, on one site.

In: located data, the valid site if it is one. Out: diagnostics; silenced ones among them, with their reason.
It must never raise for what a file holds, nor judge what a site compiles to while its files contradict themselves.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.rules import Subject
from oceana_dr.diagnostics import Diagnostic

if TYPE_CHECKING:
    from oceana_dr.source.checks.view import SiteView
    from oceana_dr.source.load import LoadedSite


class RuleJudge:
    """The rules of the catalogue that ships; stateless, so that it may be handed to another process."""

    def mark(self) -> bytes:
        """The catalogue's id and the code that evaluates it."""
        return _mark()

    def findings(self, view: SiteView, site: LoadedSite | None) -> tuple[Diagnostic, ...]:
        """What the rules find, what is wrong with silences, and names that the catalogue does not know."""
        # Imported here: a site that is remembered as valid needs none of them.
        from oceana_dr.compile.rules import desired, files
        from oceana_dr.compile.rules.references import unknown_references
        from oceana_dr.compile.rules.silences import apply_silences

        catalogue = load_catalogue()
        broken = [outcome for outcome in files.outcomes(catalogue, view) if outcome.truth is False]
        told: set[Subject] = set()
        if site is None:
            broken = [outcome for outcome in broken if not outcome.unwritten]
        else:
            told.add(Subject.SITE)
            by_files = tuple(apply_silences(catalogue, view, broken, frozenset()))
            if not any(item.stops for item in by_files):
                told.add(Subject.DESIRED)
                broken += [outcome for outcome in desired.outcomes(catalogue, site) if outcome.truth is False]
        ruled = apply_silences(catalogue, view, broken, frozenset(told))
        return (*ruled, *unknown_references(view, catalogue))

    def of_project(self, view: SiteView) -> tuple[Diagnostic, ...]:
        """Limits of the project that would limit nothing."""
        from oceana_dr.compile.rules.references import unknown_limits

        path = ("policy", "limits")
        return tuple(unknown_limits(view, path, load_catalogue())) if view.has(path) else ()


RULES: Final = RuleJudge()


@lru_cache(maxsize=1)
def _mark() -> bytes:
    here = Path(__file__).parent
    marks = [load_catalogue().id]
    for folder in (here, here.parent, here.parents[1] / "estate"):
        for entry in os.scandir(folder):
            if entry.name.endswith(".py"):
                about = entry.stat()
                marks.append(f"{entry.path}:{about.st_size}:{about.st_mtime_ns}")
    return "\n".join(sorted(marks)).encode()
