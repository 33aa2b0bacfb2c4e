"""Drift as text: what moved on the systems, what waits in the site, what could not be read.

In: the items of a comparison with their three values. Out: text, or JSON, one form for both.
Unknown must never be shown as agreement, nor drift as if somebody had been at fault.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, tzinfo
from typing import Final

from oceana_dr.estate.values import Json, Unknown, to_json
from oceana_dr.present.durations import both, moment
from oceana_dr.present.layout import Word, dotted, hanging, words, wrapped
from oceana_dr.present.phrases import counted, value_text
from oceana_dr.present.shapes import Drift, DriftItem
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

GROUPS: Final = {
    "drift": "Drift: changed on the system since the last apply",
    "both": "Both: changed on the system, and in the site",
    "config": "Waiting: changed in the site, not applied yet",
    "unknown": "Unknown: could not be read",
}
NO_BASELINE: Final = "Different: the system is not as the site says"
INDENT: Final = 6


def render_drift(
    found: Drift,
    *,
    width: int = 100,
    zone: tzinfo = UTC,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """Every difference under its heading; one line when there is none."""
    style = Style(ascii=ascii, color=colour)
    dot = style.sign(Sign.DOT)
    base = "" if found.baseline else f" {dot} no baseline yet: live is compared with the site"
    compared = counted(found.compared, "value")
    if not found.items:
        text = style.text(f"{found.site} {dot} no drift {dot} {compared} compared{base}")
        return "\n".join(hanging(words(text), width)) + "\n"
    differ = "differs" if len(found.items) == 1 else "differ"
    lines = hanging(
        words(style.text(f"{found.site} {dot} {len(found.items)} of {compared} {differ}{base}"), style.strong),
        width,
    )
    for group, title in GROUPS.items():
        items = [item for item in found.items if item.group == group]
        if items:
            shown = title if found.baseline or group != "drift" else NO_BASELINE
            lines += ["", style.strong(f"{shown} ({len(items)})")]
            lines += [
                line for item in sorted(items, key=lambda item: item.ref) for line in _item(item, style, width, zone)
            ]
    lines += ["", *_next(found.items, found.site, style, width)]
    return "\n".join(lines) + "\n"


def drift_to_json(found: Drift) -> dict[str, Json]:
    """The same as data."""
    return {
        "site": found.site,
        "baseline": found.baseline,
        "compared": found.compared,
        "items": [
            {
                "ref": item.ref,
                "group": item.group,
                "desired": to_json(item.desired),
                "live": to_json(item.live),
                "last_applied": to_json(item.last_applied),
                "by": item.by,
                "at": item.at,
            }
            for item in sorted(found.items, key=lambda item: item.ref)
        ],
    }


def _item(item: DriftItem, style: Style, width: int, zone: tzinfo) -> Iterator[str]:
    sign = Sign.FAILED if item.group == "unknown" else Sign.CHANGE
    yield f"  {style.moved(style.sign(sign))} {style.strong(style.text(item.ref))}"
    yield from wrapped(dotted(_values(item, style), style), width, INDENT)
    if item.by or item.at:
        when = moment(item.at or "")
        text = f"changed by {item.by}" if item.by else "changed"
        yield from wrapped(
            words(style.text(text + (f" at {both(when, zone)}" if when else "")), style.faint), width, INDENT
        )


def _values(item: DriftItem, style: Style) -> Iterator[Word]:
    if isinstance(item.live, Unknown):
        yield Word(style.text(f"could not be read: {item.live.reason}"), style.doubtful)
    else:
        yield Word(f"live {value_text(item.live, style)}", style.moved)
    if item.desired is not None:
        yield Word(f"site {value_text(item.desired, style)}")
    if not isinstance(item.last_applied, Unknown):
        yield Word(f"last applied {value_text(item.last_applied, style)}")


def _next(items: Sequence[DriftItem], site: str, style: Style, width: int) -> list[str]:
    mendable = any(item.group != "unknown" for item in items)
    command = Word(style.text(f"oceana-dr plan {site}" if mendable else f"oceana-dr snapshot {site}"), style.strong)
    does = "shows what would bring the systems back to the site" if mendable else "reads everything once more"
    return hanging((*words("Next:", style.strong), command, *words(does)), width)
