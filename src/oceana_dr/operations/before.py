"""What a run's journal says of the time before it: the site's run before, and who was turned away since.

In: the runs of a site, its refusals. Out: what the first records of the new run name.
What cannot be read must not keep a run from beginning: it is named, and the audit finds it.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from oceana_dr.diagnostics import OceanaError
from oceana_dr.store.records import Turned
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.runs import RunFiles, Runs

_MOST: Final = 50
"""Refusals that a run takes along, the newest ones; all of them stay where they are."""


@dataclass(frozen=True, slots=True)
class Before:
    """The run before this one, the last hash of its journal, and the refusals that it does not hold."""

    run: str = ""
    head: str = ""
    refused: tuple[Turned, ...] = ()


def before(runs: Runs, place: RunFiles, refusals: Refusals) -> Before:
    """What stood when this run began, or goes on."""
    earlier = [item for item in runs.all(place.site) if item.run < place.run]
    name, head, since, held = "", "", "", frozenset[str]()
    if earlier:
        name = earlier[-1].run
        with suppress(OceanaError):
            contents = runs.read(earlier[-1])
            head, since = contents.head, contents.entries[0].at if contents.entries else ""
            held = frozenset(item.record.origin for item in contents.entries if isinstance(item.record, Turned))
    refused: list[Turned] = []
    with suppress(OceanaError):
        for entry in refusals.all(place.site):
            origin = f"{entry.number}:{entry.digest}"
            if isinstance(entry.record, Turned) and entry.at >= since and origin not in held:
                refused.append(replace(entry.record, refused_at=entry.at, origin=origin))
    return Before(name, head, tuple(refused[-_MOST:]))
