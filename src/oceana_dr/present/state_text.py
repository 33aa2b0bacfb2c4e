"""A site's state as text: where it lies, who holds the lock and since when, what is remembered.

In: the facts as JSON. Out: lines for a terminal.
A lock must be shown with what `state unlock` asks for, and with how long its holder has been silent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_WIDTH: Final = 10


def render_state(state: Mapping[str, Any]) -> str:
    """The whole text."""
    baseline = state["baseline"]
    applied = "nothing" if baseline is None else f"{baseline['at']}, {_from(baseline['run'])}"
    lines = [("site", state["site"]), ("folder", state["folder"]), ("database", state["database"])]
    lines += _lock(state["lock"])
    lines += [("applied", applied), ("runs", str(state["runs"]))]
    lines += [("unpushed", f"run {run}: oceana-dr state push {state['site']}") for run in state["unpushed"]]
    lines += [
        ("lock event", f"{event['at']} {event['event']} by {event['by']}: {event['note']} (lock {event['lock']})")
        for event in state["lock_events"]
    ]
    return "\n".join(f"{name:<{_WIDTH}}  {text}" for name, text in lines)


def _from(run: str | None) -> str:
    return "by an import" if run is None else f"by run {run}"


def _lock(lock: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    if lock is None:
        return [("lock", "free")]
    run = "" if lock["run"] is None else f", run {lock['run']}"
    state = "held" if lock["fresh"] else "left behind: the next who asks gets it"
    return [
        ("lock", f"{lock['id']}, {state}"),
        ("holder", f"{lock['who']} since {lock['since']}: {lock['why']}{run}"),
        ("process", f"{lock['pid']} on {lock['host']}{', which is dead' if lock['dead'] else ''}"),
        ("silent", f"{lock['silent_s']} s since its last sign of life"),
    ]
