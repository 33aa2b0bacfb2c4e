"""Text that fits into a number of bytes, by saying some of it more shortly.

In: blocks, each in several forms, the longest first; how many bytes there are. Out: one text.
A block must never be dropped while another one can still be said more shortly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

_GAP = "\n\n"


@dataclass(frozen=True, slots=True)
class Block:
    """One thing to say, in forms from the longest to the shortest."""

    forms: tuple[str, ...]


def fit(blocks: Sequence[Block], room: int, notice: str) -> str:
    """The blocks in their order, each as long as there is room for; with a `notice` at the end if any is not whole.

    The block that would be longest is shortened first. Where even the shortest forms are too much, which only a plan
    that nobody made with care can bring about, the last blocks give way.
    """
    chosen = [0] * len(blocks)
    spare = sum(_bytes(_GAP) for _ in blocks) + 1
    total = sum(_bytes(block.forms[0]) for block in blocks) + spare
    if total <= room:
        return _GAP.join(block.forms[0] for block in blocks) + "\n"
    total += _bytes(notice) + _bytes(_GAP)
    while total > room:
        open_ones = [place for place, block in enumerate(blocks) if chosen[place] + 1 < len(block.forms)]
        if not open_ones:
            break
        place = max(open_ones, key=lambda one: _bytes(blocks[one].forms[chosen[one]]))
        before = _bytes(blocks[place].forms[chosen[place]])
        chosen[place] += 1
        total += _bytes(blocks[place].forms[chosen[place]]) - before
    said = [block.forms[form] for block, form in zip(blocks, chosen, strict=True)]
    while said and _bytes(_GAP.join([*said, notice])) >= room:
        said.pop()
    return _GAP.join([*said, notice]) + "\n"


def _bytes(text: str) -> int:
    return len(text.encode())
