"""Many diagnostics → each once, in the order in which they are shown.

In: diagnostics of any number of sites, which share files. Out: sorted, and those about one slip put together.
It must never drop what one of them says and another does not, but for places beyond the first few.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from oceana_dr.diagnostics.diagnostic import Diagnostic
from oceana_dr.diagnostics.span import Span

MOST_ADDED = 3
"""Places (and notes) of other sites that are shown with one slip; more are counted."""

Item = TypeVar("Item")


def in_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Each once, by file, line and column; the same slip in a file that sites share is one diagnostic."""
    groups: dict[tuple[str, str, Span | None], list[Diagnostic]] = {}
    for item in dict.fromkeys(diagnostics):
        groups.setdefault((item.code, item.message, item.span), []).append(item)
    return tuple(sorted(map(_together, groups.values()), key=lambda item: item.sort_key))


def _together(same: list[Diagnostic]) -> Diagnostic:
    if len(same) == 1 or same[0].span is None:
        return same[0]
    # Whichever site was looked at first, the same places are shown in the same order.
    same.sort(key=lambda item: ([(label.span, label.text) for label in item.labels], item.notes))
    first = max(same, key=lambda item: item.fix is not None)
    labels, more_labels = _union(first.labels, [item.labels for item in same])
    notes, more_notes = _union(first.notes, [item.notes for item in same])
    more = max(more_labels, more_notes)
    if more:
        notes = (*notes, f"and {more} more like it")
    return replace(first, labels=labels, notes=notes)


def _union(first: tuple[Item, ...], others: list[tuple[Item, ...]]) -> tuple[tuple[Item, ...], int]:
    added = [item for item in dict.fromkeys(item for other in others for item in other) if item not in first]
    return (*first, *added[:MOST_ADDED]), len(added[MOST_ADDED:])
