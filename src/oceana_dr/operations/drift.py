"""What has moved since it was last applied, and what waits to be applied.

In: a project, a site, perhaps a snapshot. Out: every difference with its three values, and who made it.
Nothing is changed, and no baseline is written: looking twice gives the same answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import compile_site
from oceana_dr.diff.compare import Difference, compare, settle_off
from oceana_dr.diff.reason import Reason
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.operations.access import LAB, baseline_of, endpoint_of, live_reader
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project

NO_BASELINE = Unknown("never applied")
GROUPS = {Reason.CONFIG: "config", Reason.DRIFT: "drift", Reason.BOTH: "both", Reason.ADOPT: "drift"}


@dataclass(frozen=True, slots=True)
class DriftItem:
    """One attribute that differs; `by` and `at` where the estate knows who changed it."""

    ref: Ref
    group: str
    desired: Value
    live: Value
    last_applied: Value
    by: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class DriftFound:
    """A whole comparison; without a `baseline` live is compared with desired."""

    site: str
    items: tuple[DriftItem, ...]
    baseline: bool
    compared: int
    time_zone: str


def find_drift(project: Project, site: str, snapshot: Path | None, cache: Cache) -> DriftFound:
    """Everything that differs now; raises what loading and reading raise."""
    compiled = compile_site(prepare_site(project, site, None, cache), load_catalogue())
    live = live_reader(project, snapshot)(compiled)
    settled = settle_off(live.estate, compiled.bound, compiled.expected_off)
    baseline = baseline_of(project)(site)
    difference = compare(compiled.estate, settled, baseline, compiled.bound)
    changed = _changed_by(project, site) if snapshot is None and not difference.empty else {}
    items = _items(difference, baseline, changed)
    return DriftFound(
        site,
        items,
        baseline is not None,
        sum(1 for _ in compiled.estate.refs()),
        compiled.bound.bindings["site.time_zone"],
    )


def _items(
    difference: Difference, baseline: Estate | None, changed: Mapping[Ref, tuple[str, str]]
) -> tuple[DriftItem, ...]:
    def last(reference: Ref) -> Value:
        return NO_BASELINE if baseline is None else baseline.get(reference)

    found = [
        DriftItem(
            change.ref,
            GROUPS[change.reason],
            change.after,
            change.before,
            last(change.ref),
            *changed.get(change.ref, (None, None)),
        )
        for change in difference.changes
    ]
    found += [
        DriftItem(
            item.ref, _group(item.live), item.desired, item.live, last(item.ref), *changed.get(item.ref, (None, None))
        )
        for item in difference.deviations
    ]
    found += [
        DriftItem(Ref(address), "unknown", "as its attributes say", Unknown(reason), NO_BASELINE)
        for address, reason in difference.dark.items()
    ]
    return tuple(sorted(found, key=lambda item: (item.group, item.ref)))


def _group(live: Value) -> str:
    return "unknown" if isinstance(live, Unknown) else "drift"


def _changed_by(project: Project, site: str) -> dict[Ref, tuple[str, str]]:
    """Who set each attribute last, and when: a lab knows, a gateway does not tell."""
    if endpoint_of(project) != LAB:
        return {}
    from oceana_dr.operations.labs import open_site_lab

    found: dict[Ref, tuple[str, str]] = {}
    for event in open_site_lab(project, site).events():
        action = event.detail.get("action", {})
        if event.kind == "act" and isinstance(action, Mapping):
            when = datetime.fromtimestamp(event.wall_at, UTC).isoformat(timespec="seconds")
            found.update(dict.fromkeys(map(Ref, action.get("set", {})), (event.actor, when)))
    return found
