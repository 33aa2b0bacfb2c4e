"""Everything that is wrong with one site, or with a thousand.

In: a project, names of sites, a cache. Out: diagnostics, each once, in the order in which they are shown.
How a site is checked stands in `verdict`, and nowhere else: whether its result was remembered, came from another
process, or from a shard must never be visible in it.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from oceana_dr.diagnostics import Diagnostic, bounded, in_order
from oceana_dr.diagnostics.pack import pack, unpack
from oceana_dr.source.cache import Cache
from oceana_dr.source.inputs import deciding_parts, read_default_bytes, read_site_bytes, settings_part
from oceana_dr.source.project import Project, list_sites

if TYPE_CHECKING:
    from oceana_dr.source.document import Document

WORTH_A_PROCESS: Final = 24
"""Sites for each process, unless a number is asked for: to start one takes as long as to check a few."""
MOST_PROCESSES: Final = 16
"""They are 40 MB each, and more of them than processors wait for each other."""

# Their text depends on more than the files: on other sites, on the system, on its time zones.
_NOT_KEPT: Final = frozenset({"OD1001", "OD1002", "OD1021", "OD1109"})

Notice = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong with one site, and the bytes of its file that say so."""

    diagnostics: tuple[Diagnostic, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class _Job:
    """What all sites of a run share."""

    project: Project
    defaults: Document | None
    cache: Cache


def check_sites(
    project: Project,
    names: Iterable[str] | None = None,
    *,
    cache: Cache | None = None,
    jobs: int | None = None,
    notice: Notice = lambda _done, _all: None,
) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with these sites (all of them for None), and with the defaults.

    `jobs` is the number of processes, by default as many as are worth it; `notice` hears how many sites of how many
    are done. Raises `InputRefused` if the sites cannot be listed.
    """
    cache = cache or Cache(None)
    chosen = list_sites(project) if names is None else tuple(dict.fromkeys(names))
    default_bytes = read_default_bytes(project)
    known: dict[str, tuple[Diagnostic, ...]] = {}
    if cache.on and not isinstance(default_bytes, Diagnostic):
        known = _remembered(project, chosen, default_bytes, cache)
        own = _remembered_defaults(project, default_bytes, cache)
        if own is not None and len(known) == len(chosen):
            return bounded(in_order(item for diagnostics in (own, *known.values()) for item in diagnostics))

    from oceana_dr.source.load import alone, read_defaults

    _spare_the_collector()
    defaults = read_defaults(project)
    if default_bytes != (None if defaults is None else defaults.data):
        known = {}  # saved in between: what is remembered belongs to other defaults
    found = [item for diagnostics in known.values() for item in diagnostics]
    open_ = [name for name in chosen if name not in known]
    if defaults is not None:
        # Alone, too: what every site overrides is still wrong.
        own = bounded(in_order((*defaults.diagnostics, *alone(defaults))))
        found += own
        _keep(cache, "defaults", own, settings_part(project), defaults.data)
    done = len(known)
    for diagnostics in _checked(_Job(project, defaults, cache), open_, _processes(len(open_), jobs)):
        found += diagnostics
        done += 1
        notice(done, len(chosen))
    return bounded(in_order(found))


def verdict(project: Project, name: str, defaults: Document | None) -> Verdict:
    """One site, from its files: the only place where it is decided what is wrong with it."""
    from oceana_dr.source.load import examine

    examined = examine(project, name, defaults)
    return Verdict(bounded(in_order(examined.diagnostics)), examined.data)


def _remembered(
    project: Project, names: Sequence[str], defaults: bytes | None, cache: Cache
) -> dict[str, tuple[Diagnostic, ...]]:
    """The sites whose files are, byte for byte, as they were when they were checked."""
    known: dict[str, tuple[Diagnostic, ...]] = {}
    for name in names:
        data = read_site_bytes(project, name)
        if isinstance(data, bytes):
            kept = cache.get("verdict", *deciding_parts(project, name, data, defaults))
            if kept is not None:
                known[name] = unpack(kept)
    return known


def _remembered_defaults(project: Project, data: bytes | None, cache: Cache) -> tuple[Diagnostic, ...] | None:
    if data is None:
        return ()
    kept = cache.get("defaults", settings_part(project), data)
    return None if kept is None else unpack(kept)


def _checked(job: _Job, names: Sequence[str], processes: int) -> Iterator[tuple[Diagnostic, ...]]:
    check = partial(_check, job)
    if processes <= 1:
        yield from map(check, names)
        return
    from oceana_dr.operations.processes import in_processes  # costs as much as checking a few sites

    verdict(job.project, names[0], job.defaults)  # builds the models once, for every process that is forked
    yield from in_processes(check, names, processes)


def _check(job: _Job, name: str) -> tuple[Diagnostic, ...]:
    found = verdict(job.project, name, job.defaults)
    if found.data:
        # Under the bytes that were checked, whatever stands in the file by now.
        defaults = None if job.defaults is None else job.defaults.data
        _keep(job.cache, "verdict", found.diagnostics, *deciding_parts(job.project, name, found.data, defaults))
    return found.diagnostics


def _keep(cache: Cache, kind: str, diagnostics: Sequence[Diagnostic], *parts: bytes) -> None:
    if cache.on and not any(item.code in _NOT_KEPT for item in diagnostics):
        cache.put(kind, pack(diagnostics), *parts)


def _spare_the_collector() -> None:
    """What is loaded by now stays, and sites make no rings: looking for some after each takes a fifth of the time.

    Children that are forked inherit it, and share what is frozen.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def _processes(sites: int, asked: int | None) -> int:
    if asked is not None:
        return min(asked, sites)
    return min(len(os.sched_getaffinity(0)), sites // WORTH_A_PROCESS, MOST_PROCESSES)
