"""The audit as text and as JSON: the verdict, each journal with what is wrong, hashes to note elsewhere.

In: what was checked. Out: lines of text, or a document.
The verdict must never be better than the worst finding, nor say more than was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Protocol

from oceana_dr.estate.values import Json
from oceana_dr.present.layout import Word, hanging, placed, words, wrapped
from oceana_dr.present.phrases import counted
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style


class Journal(Protocol):
    """A journal that was looked at; `operations.auditing.checks.Checked` is one."""

    @property
    def kind(self) -> str:
        """`run`, `tabletop` or `refusals`."""
        ...

    @property
    def site(self) -> str:
        """Of which site."""
        ...

    @property
    def name(self) -> str:
        """The run's id."""
        ...

    @property
    def entries(self) -> Sequence[object]:
        """Its records."""
        ...

    @property
    def head(self) -> str:
        """The last one's hash."""
        ...

    @property
    def torn(self) -> int:
        """Bytes of a record that was never finished."""
        ...

    @property
    def state(self) -> str:
        """How the run stands, of a run."""
        ...

    @property
    def wrong(self) -> Sequence[str]:
        """What must not be."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What is worth knowing."""
        ...


class Noted(Protocol):
    """A hash from elsewhere, and where it was found (`name` is empty: nowhere)."""

    @property
    def hash(self) -> str:
        """As it was given."""
        ...

    @property
    def site(self) -> str:
        """Of which site."""
        ...

    @property
    def name(self) -> str:
        """The run."""
        ...

    @property
    def record(self) -> int:
        """Which record has it."""
        ...

    @property
    def of(self) -> int:
        """How many records there are."""
        ...


class Audit(Protocol):
    """The whole audit."""

    @property
    def journals(self) -> Sequence[Journal]:
        """Everything that was looked at."""
        ...

    @property
    def wrong(self) -> Sequence[str]:
        """What belongs to no journal that is there."""
        ...

    @property
    def noted(self) -> Sequence[Noted]:
        """The hashes that were asked about."""
        ...

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        ...


def render_audit(found: Audit, style: Style, width: int) -> str:
    """The journals by site, then the verdict."""
    lines: list[str] = []
    for site, items in groupby(found.journals, key=lambda item: item.site):
        journals = list(items)
        lines.append(style.strong(style.text(site)))
        for item in journals:
            lines += _journal(item, style, width)
        runs = [item for item in journals if item.kind == "run" and not item.wrong]
        if runs:
            lines += wrapped(words(f"to note elsewhere: {runs[-1].head}", style.faint), width, 2)
    for noted in found.noted:
        lines += _noted(noted, style, width)
    for text in found.wrong:
        lines += hanging((Word(style.sign(Sign.FAILED), style.bad), *words(style.text(text), style.bad)), width)
    lines += ["", *hanging(words(_verdict(found), style.good if found.passed else style.bad), width)]
    return "\n".join(line.rstrip() for line in lines).lstrip("\n") + "\n"


def audit_to_json(found: Audit) -> dict[str, Json]:
    """The same as data."""
    return {
        "format_version": "1.0",
        "passed": found.passed,
        "journals": [
            {
                "kind": item.kind,
                "site": item.site,
                "name": item.name,
                "state": item.state or None,
                "records": len(item.entries),
                "head": item.head,
                "torn_bytes": item.torn,
                "wrong": list(item.wrong),
                "notes": list(item.notes),
            }
            for item in found.journals
        ],
        "wrong": list(found.wrong),
        "heads": [
            {
                "hash": item.hash,
                "found": bool(item.name),
                "site": item.site or None,
                "name": item.name or None,
                "record": item.record or None,
                "of": item.of or None,
            }
            for item in found.noted
        ],
    }


def _journal(item: Journal, style: Style, width: int) -> Iterator[str]:
    sign = Word(style.sign(Sign.FAILED), style.bad) if item.wrong else Word(style.sign(Sign.DONE), style.good)
    what = item.name if item.kind == "run" else "refusals" if item.kind == "refusals" else f"{item.name} (tabletop)"
    count = "cannot be read" if item.wrong and not item.entries else counted(len(item.entries), "record")
    parts = (count, *((item.state,) if item.state else ()))
    head, end = placed(((2, sign), (5, Word(style.text(what), style.named))), gap=2)
    yield f"{head}{' ' * max(2, 38 - end)}{', '.join(parts)}"
    for text in item.wrong:
        yield from wrapped(words(style.text(text), style.bad), width, 5)
    for text in item.notes:
        yield from wrapped(words(style.text(text), style.faint), width, 5)


def _noted(noted: Noted, style: Style, width: int) -> Iterator[str]:
    if not noted.name:
        text = f"{noted.hash}: no record has this hash: what it stood for was changed, or is missing"
        yield from hanging((Word(style.sign(Sign.FAILED), style.bad), *words(text, style.bad)), width)
        return
    since = "the last one" if noted.record == noted.of else f"{noted.of - noted.record} came after it"
    text = f"{noted.hash[:16]} is record {noted.record} of {noted.name}, {since}: all up to it is as it was"
    yield from hanging((Word(style.sign(Sign.DONE), style.good), *words(style.text(text))), width)


def _verdict(found: Audit) -> str:
    bad = sum(bool(item.wrong) for item in found.journals)
    unknown = sum(not item.name for item in found.noted)
    if not found.passed:
        parts = [
            f"{counted(bad, 'journal')} of {len(found.journals)} not as written" if bad else "",
            f"{counted(len(found.wrong), 'thing')} missing or unreadable" if found.wrong else "",
            f"{counted(unknown, 'noted hash', 'noted hashes')} not found" if unknown else "",
        ]
        return f"audit failed: {', '.join(part for part in parts if part)}"
    if not found.journals:
        return "audit passed: there is nothing yet to look at"
    records = sum(len(item.entries) for item in found.journals)
    looked = f"{counted(len(found.journals), 'journal')}, {counted(records, 'record')}"
    return f"audit passed: {looked}; nothing was changed, and none that is known of is missing"
