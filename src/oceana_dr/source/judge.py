"""Who knows the product's rules: a layer above, which this one asks without knowing it.

In: nothing. Out: the protocol that a project carries, and a judge without rules.
A judge must never raise for what a file holds, and must say the same of the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from oceana_dr.diagnostics import Diagnostic

if TYPE_CHECKING:
    from oceana_dr.source.checks.view import SiteView
    from oceana_dr.source.load import LoadedSite


class Judge(Protocol):
    """The domain rules of a release."""

    def mark(self) -> bytes:
        """Changes whenever the same site could be judged otherwise: part of the key of what is remembered."""
        ...

    def findings(self, view: SiteView, site: LoadedSite | None) -> tuple[Diagnostic, ...]:
        """What the rules say; `site` is None while the files have other errors. Silenced findings are among them."""
        ...

    def of_project(self, view: SiteView) -> tuple[Diagnostic, ...]:
        """What the project's own file names of the catalogue that is not there."""
        ...


class NoRules:
    """A judge that finds nothing."""

    def mark(self) -> bytes:
        """Always the same."""
        return b""

    def findings(self, view: SiteView, site: LoadedSite | None) -> tuple[Diagnostic, ...]:  # noqa: ARG002 - a `Judge`
        """Nothing."""
        return ()

    def of_project(self, view: SiteView) -> tuple[Diagnostic, ...]:  # noqa: ARG002 - a `Judge`
        """Nothing."""
        return ()
