"""Nav360Config.xml: which data centre's database it names, and whether both copies of it agree.

In: what a script saw of the copies. Out: `dc1`, `dc2`, `none`, or why that cannot be told.
Nobody but the vendor knows the file's elements: the server's name is looked for, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from oceana_dr.drivers.windows.contract import NONE, File, Files, Seen
from oceana_dr.estate.values import Unknown


def connected_to(place: Files, seen: Seen) -> str | Unknown:
    """What the copy that Control Manager reads names, when the other one is the same."""
    if seen.bits != 64:
        return Unknown(f"PowerShell on {place.host} has {seen.bits} bits: Windows would show it the other copy")
    there = [item for item in seen.files if item.there]
    if not there:
        return NONE
    if missing := [item.path for item in seen.files if not item.there]:
        return Unknown(f"{missing[0]} is not on {place.host}")
    if odd := [item.path for item in there if not item.xml]:
        return Unknown(f"{odd[0]} on {place.host} is not XML")
    if len({item.digest for item in there}) > 1:
        return Unknown(f"the copies on {place.host} differ: {'; '.join(_said(place, item) for item in there)}")
    return _named(place, there)


def _named(place: Files, copies: Sequence[File]) -> str | Unknown:
    named = _sides(place, copies[0])
    if len(named) == 1:
        return named[0]
    if named:
        return Unknown(f"{_said(place, copies[0])}: both, on {place.host}")
    return Unknown(f"{copies[0].path} on {place.host} names neither server: an address, or encrypted? Look at it there")


def _sides(place: Files, copy: File) -> list[str]:
    return [side for side, times in zip(place.names, copy.times, strict=True) if times]


def _said(place: Files, copy: File) -> str:
    names = " and ".join(place.names[side] for side in _sides(place, copy)) or "neither server"
    return f"{copy.path} names {names}"
