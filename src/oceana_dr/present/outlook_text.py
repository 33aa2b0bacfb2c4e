"""What a status says beside the journal: who runs it, until when, whether it fits, and until when one can turn back.

In: facts as `operations.following` finds them, the site's zone. Out: sentences; None where the facts are not known.
It must never leave in doubt that there is no way back any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from oceana_dr.present.desk_text import whose
from oceana_dr.present.durations import about, age, moment


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, and whether it is bad news."""

    text: str
    bad: bool = False


def executor_text(outlook: Mapping[str, Any], zone: tzinfo) -> Said | None:
    """`root at ops-1, process 4711, since 02:40 CET: last sign of life 4 s ago`."""
    found = outlook.get("executor")
    if found is None:
        return None
    where = f"{found['who']} at {found['host']}, process {found['pid']}, since {_clock(found['since'], zone)}"
    silent = age(found["silent_s"])
    match found["state"]:
        case "fresh":
            return Said(f"{where}: alive, last sign of life {silent} ago")
        case "dead":
            return Said(f"{where}: its process is dead; the next who runs the plan goes on with it", bad=True)
        case _:
            text = "STALE, anybody may take the run over"
            return Said(f"{where}: {text}; last sign of life {silent} ago", bad=True)


def left_text(outlook: Mapping[str, Any], zone: tzinfo, pace: float) -> Said | None:
    """`3 h 9 min at the median, 5 h if every step is slow: done 06:12, if slow 08:05 CET`."""
    found = outlook.get("left")
    if found is None:
        return None
    fast, slow = _clock(found["done_p50"], zone), _clock(found["done_p95"], zone)
    lab = "" if pace == 1 else f" (the lab's clock runs {pace:g} times as fast)"
    lengths = f"{about(found['p50_s'])} at the median, {about(found['p95_s'])} if every step is slow"
    return Said(f"{lengths}: done {fast}, if slow {slow}{lab}")


def window_text(outlook: Mapping[str, Any], zone: tzinfo) -> Said | None:
    """`ends 06:00 CET, in 2 h 10 min: fits, also if every step is slow`."""
    found = outlook.get("window")
    if found is None:
        return None
    end = {
        "stop": "the step in hand is finished then, and the run stops",
        "finish": "the run goes on past it",
        "overridden": "the run goes on past it, as somebody has overridden the window",
    }[found["at_end"]]
    if not found["open"]:
        opens = f"; the next opens {_day_and_clock(found['opens'], zone)}" if found["opens"] else ""
        if found["at_end"] == "stop":
            return Said(f"none is open: the run cannot go on now{opens}", bad=True)
        return Said(f"none is open any more: {end.replace('past it', 'all the same')}", bad=True)
    if found["until"] is None:
        return Said("open, without an end that anybody plans with")
    fits = {
        "p95": "what is left fits, also if every step is slow",
        "p50": "what is left fits at the median, NOT if every step is slow",
        "no": "what is left does NOT fit, not even at the median",
    }[found["fits"]]
    left = f"ends {_day_and_clock(found['until'], zone)}, in {about(found['left_s'])}"
    tail = "" if found["fits"] == "p95" else f"; {end}"
    return Said(f"{left}: {fits}{tail}", bad=found["fits"] != "p95")


def latest_text(outlook: Mapping[str, Any], zone: tzinfo) -> Said | None:
    """Until when the run can turn back, and what ends it; None where the journal's own words say all."""
    found = outlook.get("turn_back")
    if found is None or not found["possible"]:
        return None
    takes = f"undoing takes {about(found['undo_p95_s'])} now if every step is slow"
    if found["too_late_for_window"]:
        step = f" (and ends with {found['step']})" if found["step"] else ""
        return Said(f"the way back is open{step}, but no more within the window: {takes}", bad=True)
    if found["latest"] is None:
        return Said(f"every step can be undone, and no window ends that: {takes}")
    until = f"turn back by {_clock(found['latest'], zone)} (in {about(found['latest_in_s'])})"
    if found["limited_by"] == "step":
        return Said(f"{until}, before {found['step']}: there is no way back behind it; {takes}")
    tail = f"; behind {found['step']} there is no way back" if found["step"] else ""
    return Said(f"{until} to be back when the window ends; {takes}{tail}")


def claim_text(outlook: Mapping[str, Any], step: str, zone: tzinfo) -> str:
    """Whose question it is; nothing where it stands at no desk."""
    for item in outlook.get("desk", ()):
        if item["step"].rpartition(" ")[2] == step:
            return whose(item, zone)
    return ""


def _clock(at: str, zone: tzinfo) -> str:
    found = moment(at)
    return at if found is None else _local(found, zone, "%H:%M:%S")


def _day_and_clock(at: str, zone: tzinfo) -> str:
    found = moment(at)
    return at if found is None else _local(found, zone, "%Y-%m-%d %H:%M")


def _local(found: datetime, zone: tzinfo, form: str) -> str:
    local = found.astimezone(zone)
    universal = found.astimezone(UTC)
    if local.utcoffset() == universal.utcoffset():
        return f"{local:{form}} UTC"
    return f"{local:{form} %Z} ({universal:%H:%M} UTC)"
