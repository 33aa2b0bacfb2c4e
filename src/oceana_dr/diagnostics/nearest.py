"""The word that was probably meant: one answer, or none.

In: a word as it was written, and those that may stand there. Out: the nearest of them, if one is clearly nearest.
It must never guess between two that are equally near, nor offer a word that only looks alike by its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

LONGEST: Final = 64
"""Longer words are not compared: what they cost grows with the square."""

_SEPARATORS: Final = re.compile(r"[\s_.-]+")


def same_word(one: str, other: str) -> bool:
    """Whether two words differ in case, hyphens, underscores or spaces only."""
    return _folded(one) == _folded(other)


def nearest(word: str, known: Iterable[str], *, most: int | None = None) -> str | None:
    """The one known word that is nearest; None where there is none, or two are equally near.

    First the same word in another spelling (`time-zone`), then the fewest slips of the keyboard (at most a third of
    the letters, or `most`), then the same parts in another order (`zone_time`).
    """
    known = list(dict.fromkeys(known))
    if len(word) > LONGEST or not word:
        return None
    letters = _folded(word)
    same = [item for item in known if _folded(item) == letters]
    if same:
        return same[0] if len(same) == 1 else None
    folded = word.casefold()
    limit = max(len(word), 3) // 3 if most is None else most
    slips = {item: distance(folded, item.casefold(), limit) for item in known}
    fewest = min(slips.values(), default=limit + 1)
    if fewest <= limit:
        near = [item for item in known if slips[item] == fewest]
        return near[0] if len(near) == 1 else None
    parts = sorted(_SEPARATORS.split(folded))
    turned = [item for item in known if len(parts) > 1 and sorted(_SEPARATORS.split(item.casefold())) == parts]
    return turned[0] if len(turned) == 1 else None


def distance(one: str, other: str, limit: int) -> int:
    """How many letters were added, left out, changed or exchanged with their neighbour; `limit` + 1 if more.

    The optimal string alignment distance, in rows.
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    start, end = 0, min(len(one), len(other))
    while start < end and one[start] == other[start]:
        start += 1
    same = 0  # what both end with costs nothing, and most host names end alike
    while same < end - start and one[-1 - same] == other[-1 - same]:
        same += 1
    one, other = one[start : len(one) - same], other[start : len(other) - same]
    if limit == 1 and min(len(one), len(other)) > 2:
        return limit + 1  # one slip leaves no more than two letters that differ
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    return _SEPARATORS.sub("", word.casefold())
