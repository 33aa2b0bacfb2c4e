"""Who approved a plan, what is missing, and why an approval does not count.

In: the count as data, the name of the plan's file. Out: text.
The verdict comes first, and an approval that does not count must never look like one that does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from shlex import quote
from typing import Any, TypeAlias

from oceana_dr.present.durations import moment
from oceana_dr.present.layout import Word, hanging, paragraph, words, wrapped
from oceana_dr.present.phrases import counted
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

_Data: TypeAlias = Mapping[str, Any]


def render_approvals(
    found: _Data,
    plan_file: Path,
    *,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """The verdict, every approval with its proof or its reason, who made the change, the next command."""
    style = Style(ascii=ascii, color=colour)
    lines = [*_verdict(found, style, width), ""]
    for item in found["counted"]:
        lines += _counted(item, style, width)
    for item in found["uncounted"]:
        lines += _uncounted(item, style, width)
    if found["counted"] or found["uncounted"]:
        lines.append("")
    lines += _change(found, style, width)
    if found["approved"] or found["authors_unknown"] is None:
        act = "apply" if found["approved"] else "approve"
        following = words(style.text(f"oceana-dr {act} {quote(str(plan_file))}"), style.strong)
        lines += paragraph("Next:", following, width, style)
    return "\n".join(lines) + "\n"


def render_given(
    given: _Data,
    found: _Data,
    plan_file: Path,
    *,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """What was approved by whom, where it is kept, and the count with it."""
    style = Style(ascii=ascii, color=colour)
    role = f" as {given['role']}" if given["role"] else ""
    head = f"{style.sign(Sign.DONE)} {given['by']} approves this plan{role} until {_until(given['expires'])}"
    lines = wrapped(words(style.text(head), style.good), width, 2, first=0)
    lines += wrapped(words(style.text(f"kept in {given['file']}")), width, 2)
    if given["unkept"]:
        lines += wrapped(words(style.text(f"not in the state: {given['unkept']}. Hand the file on")), width, 2)
    lines.append("")
    return "\n".join(lines) + "\n" + render_approvals(found, plan_file, width=width, colour=colour, ascii=ascii)


def _verdict(found: _Data, style: Style, width: int) -> Iterator[str]:
    name = f"{found['site']}, {found['scenario']}, plan {found['plan'][:19]}:"
    required = found["required"]["people"]
    if not required:
        said, sign, paint = "it needs no approval", Sign.DONE, style.good
    elif found["approved"]:
        said, sign, paint = f"approved by {counted(len(found['counted']), 'person', 'people')}", Sign.DONE, style.good
    else:
        said, sign, paint = f"not approved, {len(found['counted'])} of {required}", Sign.FAILED, style.bad
    yield from wrapped((*words(f"{style.sign(sign)} {style.text(name)}", paint), Word(said, paint)), width, 2, first=0)
    for item in found["missing"]:
        said = f"missing: {_missing(item)}"
        yield from (f"  {line}" for line in wrapped(words(style.text(said)), width - 2, 2, first=0))


def _missing(item: _Data) -> str:
    if not item["role"]:
        return f"{item['count']} by anybody else"
    return f"{item['count']} by {item['role']} ({', '.join(item['people'])})"


def _counted(item: _Data, style: Style, width: int) -> Iterator[str]:
    role = f" as {item['role']}" if item["role"] else ""
    yield from _entry(f"{item['by']}{role} until {_until(item['expires'])}", Sign.DONE, style, width)
    yield from wrapped(words(style.text(f"{', '.join(item['principals'])} {item['key']}"), style.faint), width, 4)


def _uncounted(item: _Data, style: Style, width: int) -> Iterator[str]:
    yield from _entry(f"does not count: {item['why']}", Sign.FAILED, style, width)
    told = " ".join([item["found"], *item["principals"], item["key"]])
    yield from wrapped(words(style.text(told), style.faint), width, 4)


def _entry(text: str, sign: Sign, style: Style, width: int) -> list[str]:
    paint = style.good if sign is Sign.DONE else style.bad
    head = (*words(style.sign(sign), paint), *words(style.text(text)))
    return [f"  {line}" for line in wrapped(head, width - 2, 2, first=0)]


def _change(found: _Data, style: Style, width: int) -> list[str]:
    if found["authors_unknown"] is not None:
        return hanging(words(style.text(f"Nobody can approve it: {found['authors_unknown']}."), style.doubtful), width)
    if not found["authors"]:
        return []
    return paragraph("Made by:", words(style.text(f"{', '.join(found['authors'])} (does not count)")), width, style)


def _until(times: _Data) -> str:
    """In the site's time and in UTC, to the minute."""
    local, utc = moment(times["local"]), moment(times["utc"])
    if local is None or utc is None:
        return str(times["utc"])
    said = f"{local:%Y-%m-%d %H:%M}"
    if local.utcoffset() == utc.utcoffset():
        return f"{said} UTC"
    return f"{said} ({'' if local.date() == utc.date() else f'{utc:%Y-%m-%d} '}{utc:%H:%M} UTC)"
