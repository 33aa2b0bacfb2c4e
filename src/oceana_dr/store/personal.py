"""What people typed, as far as a journal keeps it: bounded, without secrets, without callers' addresses and numbers.

In: an answer, a reason, a name. Out: the same, shortened and masked where it must be.
A journal can never be cleaned later without breaking its chain: what must not be in it must not get in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from oceana_dr.estate.values import Json
from oceana_dr.store.records import (
    Answered,
    Decision,
    Done,
    Note,
    Override,
    Record,
    Resumed,
    RunStarted,
    Skipped,
    Turned,
)

NAME_LONGEST: Final = 100
TEXT_LONGEST: Final = 1000
FILES_MOST: Final = 20
MASK: Final = "********"

_NAMES: Final = frozenset({"by", "second", "done_by", "done_at"})
_FILES: Final = "files"
_TEXTS: Final = frozenset({"observed", "evidence", "reason"})
# What stands behind a word for a secret, up to the next blank.
_SECRET: Final = re.compile(
    r"(?i)\b((?:password|passwd|passphrase|pwd|kennwort|passwort)\s{0,3}(?:[:=]|\bis\b|\bist\b)\s{0,3}"
    r"|(?:secret|token|pin|key)\s{0,3}[:=]\s{0,3})\S+"
)
_MAIL: Final = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?=[A-Za-z0-9-]{1,63}\.)")
# In the international form, as callers' numbers are written down; the last two digits tell calls apart.
_NUMBER: Final = re.compile(r"(?<![\w.+-])(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){6,13}(?![\w])")


def bounded(record: Record) -> Record:  # noqa: PLR0911 - one return a record
    """The record as it may be kept."""
    match record:
        case RunStarted() | Resumed():
            return replace(record, operator=name_of(record.operator))
        case Override():
            return replace(record, by=name_of(record.by), reason=text_of(record.reason))
        case Turned():
            return replace(record, by=name_of(record.by), asked=said(record.asked))
        case Skipped():
            return replace(record, by=name_of(record.by), second=name_of(record.second), reason=text_of(record.reason))
        case Note():
            return replace(record, by=name_of(record.by), text=text_of(record.text))
        case Decision():
            second = None if record.second is None else name_of(record.second)
            return replace(record, by=name_of(record.by), second=second)
        case Answered():
            return replace(record, answer=said(record.answer))
        case Done() if record.answer is not None:
            return replace(record, answer=said(record.answer))
        case _:
            return record


def said(answer: Mapping[str, Json]) -> dict[str, Json]:
    """An answer's names and texts; everything else is the program's own."""
    return {
        key: name_of(value)
        if key in _NAMES and isinstance(value, str)
        else text_of(value)
        if key in _TEXTS and isinstance(value, str)
        else [_file(one) for one in value[:FILES_MOST]]
        if key == _FILES and isinstance(value, list)
        else value
        for key, value in answer.items()
    }


def _file(one: Json) -> Json:
    """A file of evidence: its path is what a person typed."""
    return {**one, "path": text_of(str(one.get("path", "")))} if isinstance(one, dict) else None


def name_of(text: str) -> str:
    """A name or a pseudonym, on one line."""
    return _short(" ".join(text.split()), NAME_LONGEST)


def text_of(text: str) -> str:
    """A sentence of a person: no secret, no caller's number, and of an address the domain only."""
    short = _short(text, TEXT_LONGEST)
    short = _SECRET.sub(lambda found: f"{found[1]}{MASK}", short)
    short = _MAIL.sub("***@", short)
    return _NUMBER.sub(lambda found: f"***{re.sub(r'[^0-9]', '', found[0])[-2:]}", short)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
