"""What waits for people at a site, a line or two each, and what became of a question just now.

In: the desk as JSON, the site's zone. Out: lines for a terminal.
Whose turn it is must stand beside every question, and the command that takes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import tzinfo
from typing import Any, Final

from oceana_dr.present.durations import moment
from oceana_dr.present.layout import words, wrapped
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

_INDENT: Final = 8


def render_desk(desk: Mapping[str, Any], zone: tzinfo, style: Style, width: int) -> str:
    """The whole desk. `desk` is JSON that `operations.desk` has made."""
    return "\n".join(_lines(desk, zone, style, width))


def _lines(desk: Mapping[str, Any], zone: tzinfo, style: Style, width: int) -> Iterator[str]:
    site, waiting = desk["site"], desk["waiting"]
    count = {0: "nothing waits for a person", 1: "1 question waits for a person"}
    text = count.get(len(waiting), f"{len(waiting)} questions wait for people")
    yield style.strong(style.text(f"{site} {style.sign(Sign.DOT)} run {desk['run']} {style.sign(Sign.DOT)} {text}"))
    for item in waiting:
        head = style.text(f"{item['step']}  ")
        first, *others = wrapped(words(style.text(item["title"])), width, _INDENT, first=len(head))
        yield style.named(head) + first
        yield from others
        yield from wrapped(words(style.text(whose(item, zone))), width, _INDENT)
        verb = "sign" if item["state"] == "signing" else "answer" if item["claimed_by"] else "claim"
        yield f"{'':{_INDENT}}oceana-dr desk {verb} {site} {quoted(item['step'])}"
    if waiting and not desk["running"]:
        text = "Nobody runs it now: an answer waits for who runs `oceana-dr apply` again."
        yield from wrapped(words(text), width, 0)


def whose(item: Mapping[str, Any], zone: tzinfo) -> str:
    """`claimed by ben at ops-2 until 03:15`, `nobody has claimed it`."""
    two = "two people" if item["second_person"] else "a person"
    if item["state"] == "signing":
        return f"{item['answer']['outcome']}, says {item['answer']['by']}; a second person has to sign"
    if not item["claimed_by"]:
        return f"asks {two}; nobody has claimed it"
    at = f" at {item['claimed_at']}" if item["claimed_at"] else ""
    until = moment(item["claimed_until"])
    end = "" if until is None else f" until {until.astimezone(zone):%H:%M %Z}"
    return f"asks {two}; claimed by {item['claimed_by']}{at}{end}"


def quoted(step: str) -> str:
    """The step as a shell takes it: `waive P17` is one word there."""
    return f"'{step}'" if " " in step else step
