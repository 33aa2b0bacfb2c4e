"""A rule of the kit: an id, what it demands, how that is tested.

In: a bench. Out: what was seen, in words; `Broken` or `Untested` where it did not go well.
A test must leave the target as it found it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from oceana_dr.conformance.bench import Bench


@dataclass(frozen=True, slots=True)
class Rule:
    """`test` returns what was seen, and raises `Broken` or `Untested`."""

    id: str
    title: str
    test: Callable[[Bench], str]
