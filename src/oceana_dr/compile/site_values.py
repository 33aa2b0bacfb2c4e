"""What the compiler needs of a site: values by path, and the places they come from.

In: nothing. Out: a protocol that `source`'s loaded site fulfils, and a what-if copy of it too.
The compiler must never look at pydantic models or YAML nodes.
"""

from __future__ import annotations

from typing import Protocol

from oceana_dr.diagnostics.span import Span


class SiteValues(Protocol):
    """A site, read and checked."""

    @property
    def name(self) -> str:
        """The site's name."""
        ...

    @property
    def digest(self) -> str:
        """The digest of its files."""
        ...

    def value(self, path: str) -> object:
        """The value at a dotted path; None if optional and unset; raises `KeyError` if there is none."""
        ...

    def contributors(self, path: str) -> tuple[Span, ...]:
        """Where it was written, the winner first."""
        ...


def present(site: SiteValues, path: str) -> bool:
    """Whether an optional part of the site is there."""
    try:
        return site.value(path) is not None
    except KeyError:
        return False


def text(site: SiteValues, path: str) -> str:
    """The value as text, the way a console takes it (`true`, not `True`)."""
    value = site.value(path)
    return str(value).lower() if isinstance(value, bool) else str(value)
