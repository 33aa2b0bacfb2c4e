"""What `doctor` is told of people: they are asked when their step comes, and nothing can be known before.

In: a setting. Out: a `Check` of each aspect.
Nothing here may be called good: nobody was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from oceana_dr.drivers.protocol import Aspect, Check, Health, Setting


def ask(_setting: Setting[Any]) -> Iterator[Check]:
    """There is no system here."""
    for aspect in Aspect:
        if aspect is not Aspect.CERTIFICATE:
            yield Check(aspect, Health.NONE, "people are asked when their step comes")
