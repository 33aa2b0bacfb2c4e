"""`import`: the site file of an estate that is there, such that a plan has nothing to do.

In: a project, answers, a way to read the estate. Out: the file's text, and what it cannot say.
What no system shows must never look as if it had been read: it carries a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from pathlib import Path
from typing import Any, Final

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.bindings import bind_site
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.compile.inverse import Path as KeyPath
from oceana_dr.diagnostics import Diagnostic, InputRefused
from oceana_dr.diff.compare import Difference, compare, settle_off
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.operations.access import transport_of
from oceana_dr.operations.drafting import Answers, draft
from oceana_dr.operations.judging import with_rules
from oceana_dr.operations.live import Live, read_live, read_snapshot
from oceana_dr.operations.recognising import Recognised, in_memory, merged, recognise
from oceana_dr.operations.starting import (
    check_name,
    defaults_of,
    modeline,
    refuse_existing,
    site_file,
    site_text,
    staged,
    write_new,
)
from oceana_dr.operations.stores import state_of
from oceana_dr.operations.validating import check_sites
from oceana_dr.source.project import Project, open_project
from oceana_dr.source.site.model import Site
from oceana_dr.source.site.shape import shape_at
from oceana_dr.store.baseline import Baseline, write_baseline

NOT_READ: Final = "not read"
_UNASKED: Final = frozenset({("schema",), ("name",), ("release",), ("operational",)})
"""What every site says, or what follows from the estate as a whole."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The new file, where it lies, and what a plan would still find to do.

    `unread` is how many parts of it no system shows; `open` are answers that the estate does not decide;
    `diagnostics` what `validate` says of the estate as it is.
    """

    path: Path
    text: str
    operational: str
    left: tuple[Ref, ...]
    dark: tuple[str, ...]
    unread: int
    open: frozenset[str]
    diagnostics: tuple[Diagnostic, ...]


def import_site(
    project: Project, answers: Answers, given: frozenset[str], snapshot: Path | None, *, write: bool = True
) -> Imported:
    """Read the estate and, with `write`, keep the site's file and its baseline.

    Raises what reading raises, and `InputRefused` for what cannot be a site.
    """
    check_name(answers.site)
    root, name = project.root, site_file(answers.site)
    if write:
        refuse_existing(root, (name,))
    defaults = defaults_of(root, {})
    live = _read(project, answers, defaults, snapshot)
    known = recognise(live.estate, answers, given, defaults)
    data, notes = _data(known, given)
    text = site_text(root, {}, data, _head(root, answers), notes)
    with staged(root, {name: text}) as place:
        found = check_sites(with_rules(open_project(place)), (answers.site,))
    compiled = _compiled(answers.site, merged(data, defaults), found)
    difference, settled = _difference(compiled, live)
    if write:
        write_new(root, {name: text})
        now = datetime.now(UTC).isoformat(timespec="seconds")
        baseline = Baseline(_in_force(compiled, settled, difference), None, now)
        write_baseline(state_of(project).database, answers.site, baseline)
    left = (*(item.ref for item in difference.changes), *(item.ref for item in difference.deviations))
    unread = sum(note == NOT_READ for note in notes.values())
    dark = tuple(difference.dark)
    return Imported(root / name, text, known.operational, left, dark, unread, known.open, found)


def _data(known: Recognised, given: frozenset[str]) -> tuple[dict[str, Any], dict[tuple[Any, ...], str]]:
    """The site's data: what was read over what a new site begins with, and a note for the rest."""
    data = draft("site", _placed_in_domain(known, given))
    for path, value in known.found.items():
        _put(data, path, _typed(path, value))
    data["operational"] = known.operational
    told = {path for path, _ in _leaves(data) if path in known.found} | _answered(known, given)
    _keep_apart(data, told)
    return data, dict(_notes(data, (), told | known.named, known.named))


def _read(project: Project, answers: Answers, defaults: Mapping[str, Any], snapshot: Path | None) -> Live:
    if snapshot is not None:
        return read_snapshot(snapshot, answers.site)
    site = in_memory(answers.site, merged(draft("site", answers), defaults))
    bound = BoundCatalogue(load_catalogue(), bind_site(site))
    return read_live(GatewayReader(transport_of(project, answers.site, bound), answers.site, bound))


def _placed_in_domain(known: Recognised, given: frozenset[str]) -> Answers:
    """The answers, with names for documentation in the domain of the names that were read."""
    names = [str(known.found[path]).split(".") for path in sorted(known.named)]
    if "domain" in given or not names:
        return known.answers
    shared: list[str] = []
    for labels in zip(*(reversed(name) for name in names), strict=False):
        if len(set(labels)) > 1:
            break
        shared.insert(0, labels[0])
    return replace(known.answers, domain=".".join(shared)) if len(shared) > 1 else known.answers


def _compiled(site: str, data: Mapping[str, Any], found: tuple[Diagnostic, ...]) -> Compiled:
    """The site, also of an estate that breaks a rule; raises `InputRefused` where the values are none of a site."""
    from pydantic import ValidationError

    try:
        return compile_site(in_memory(site, data), load_catalogue())
    except ValidationError:
        raise InputRefused(found) from None


def _put(data: dict[str, Any], path: KeyPath, value: object) -> None:
    here = data
    for key in path[:-1]:
        here = here.setdefault(key, {})
    here[path[-1]] = value


def _typed(path: KeyPath, value: object) -> object:
    """A value that a console shows as text, as the site's model has it."""
    try:
        kind = shape_at(Site, path)
    except KeyError:
        kind = str
    match value:
        case tuple():
            return [_typed(path, item) for item in value]
        case "true" | "false" if kind is bool:
            return value == "true"
        case str() if kind is int and value.isdecimal():
            return int(value)
        case int() if kind is str and not isinstance(value, bool):
            return str(value)
        case _:
            return value


def _answered(known: Recognised, given: frozenset[str]) -> set[KeyPath]:
    """Paths that the answers or the estate's topology decide."""
    plain = {
        "dc1_name": ("data_centers", "dc1", "name"),
        "dc2_name": ("data_centers", "dc2", "name"),
        "time_zone": ("time_zone",),
        "driver": ("drivers",),
    }
    told = {path for name, path in plain.items() if name in given} | set(_UNASKED)
    if "mirror_tls" not in known.open:
        told.add(("mirror", "tls"))
    if "control_manager" in given or "control_manager" not in known.open:
        told.add(("control_manager", "switchover"))
    return told


def _leaves(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    match data:
        case dict():
            for key, value in data.items():
                yield from _leaves(value, (*path, key))
        case list() if any(isinstance(item, dict) for item in data):
            for number, item in enumerate(data):
                yield from _leaves(item, (*path, number))
        case _:
            yield path, data


def _keep_apart(data: dict[str, Any], told: set[KeyPath]) -> None:
    """Give names and addresses for documentation way where the estate really has them."""
    taken = {str(value).lower() for path, value in _leaves(data) if path in told}
    for path, value in list(_leaves(data)):
        if path not in told and isinstance(value, str) and value.lower() in taken:
            here: Any = data
            for key in path[:-1]:
                here = here[key]
            here[path[-1]] = _other(value, taken)
            taken.add(here[path[-1]].lower())


def _other(value: str, taken: set[str]) -> str:
    try:
        network = IPv4Network((IPv4Address(value), 24), strict=False)
    except AddressValueError:
        return f"other-{value}" if "." in value and "://" not in value else value
    used = {int(IPv4Address(value)) & 255}
    return next(text for host in range(254, 0, -1) if host not in used and (text := str(network[host])) not in taken)


def _notes(
    data: Any, path: tuple[Any, ...], told: set[KeyPath] | frozenset[KeyPath], named: frozenset[KeyPath]
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """A note for each part of which nothing was read, and for names that were told apart by their looks."""
    if path in named:
        yield path, "told apart by its name: check"
    if path in told:
        return
    inside = [at for at, _ in _leaves(data, path)]
    if path and not any(at[: len(one)] == one for at in inside for one in told):
        yield path, NOT_READ
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _notes(value, (*path, key), told, named)


def _head(root: Path, answers: Answers) -> tuple[str, ...]:
    about = (
        f"# {answers.site}: read from its estate by `oceana-dr import`. No system shows what is marked `{NOT_READ}`: "
        "those are usual values, and names and addresses for documentation (.example, 192.0.2.x, 198.51.100.x, "
        "203.0.113.x). Write yours in their place."
    )
    return (*modeline(root), about)


def _difference(compiled: Compiled, live: Live) -> tuple[Difference, Estate]:
    settled = settle_off(live.estate, compiled.bound, compiled.expected_off)
    return compare(compiled.estate, settled, None, compiled.bound), settled


def _in_force(compiled: Compiled, settled: Estate, difference: Difference) -> Estate:
    """What is in force: as the site says, and as it was read where that differs."""
    return compiled.estate.with_values({item.ref: settled.get(item.ref) for item in difference.changes})
