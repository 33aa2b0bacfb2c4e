"""SHOW CONFIGURATION and SHOW DATABASE, read from text in the forms of 11.2 to 21c.

In: lines of an answer. Out: what they say, or None where they do not say it to the end.
A text that is cut off, worded otherwise, or says one thing twice and differently must never pass for an answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from oceana_dr.drivers.dataguard.contract import Configuration, Database, Member, Role, Status
from oceana_dr.drivers.dataguard.lag import lag_of, seconds_of

_CONFIGURATION: Final = re.compile(r"^Configuration - (\S{1,128})$")
_DATABASE: Final = re.compile(r"^Database - (\S{1,128})$")
_MEMBER: Final = re.compile(
    r"^ {2,}(?P<name>[\w$#]{1,30})\s+- (?P<target>\(\*\) )?(?P<kind>[A-Z][A-Za-z -]{2,40}?)\s*(?P<off>\(disabled\))?$"
)
_KINDS: Final = {"Primary database": Role.PRIMARY, "Physical standby database": Role.STANDBY}
_FAST: Final = re.compile(r"^Fast-Start Failover:\s+(\w+)")
_FAST_WORDS: Final = {"enabled": True, "disabled": False}
_PROBLEM: Final = re.compile(r"^\s+(?:(?:Error|Warning): )?((?:ORA|DGM|TNS)-\d{5}\b.{0,300})$")
_FIELD: Final = re.compile(r"^ {0,4}([A-Z][A-Za-z() -]{2,30}):\s+(\S.{0,200})$")
_STATUS: Final = re.compile(
    r"^(?P<word>SUCCESS|WARNING|ERROR|DISABLED)(?: - (?P<code>ORA-\d{5}):.*)?"
    r"(?:\s+\(status updated (?P<age>[^)]*) ago\))?$"
)
_CODE_STATUS: Final = re.compile(r"^(?:Error: )?(?P<code>ORA-\d{5}): \S.*$")


def configuration_of(lines: Sequence[str]) -> Configuration | None:
    """What SHOW CONFIGURATION says; None where its heading or its members are missing."""
    own = _document(lines, _CONFIGURATION)
    if own is None:
        return None
    name, body = own
    members: list[Member] = []
    loose: list[str] = []
    for line in body:
        if found := _MEMBER.match(line):
            members.append(_member(found))
        elif found := _PROBLEM.match(line):
            if members:
                last = members[-1]
                members[-1] = Member(last.name, last.role, last.disabled, last.target, (*last.problems, found[1]))
            else:
                loose.append(found[1])
    names = [item.name.lower() for item in members]
    if not members or len(set(names)) != len(names):
        return None
    fast = [_FAST_WORDS.get(found[1].lower()) for line in body if (found := _FAST.match(line.strip()))]
    return Configuration(
        name, tuple(members), fast[0] if len(fast) == 1 else None, _status(body, "Configuration Status:"), tuple(loose)
    )


def databases_of(lines: Sequence[str]) -> Mapping[str, Database]:
    """What each SHOW DATABASE of an answer says, by the name in small letters; those that were cut off are left out."""
    starts = [place for place, line in enumerate(lines) if _DATABASE.match(line)]
    ends = [place for place, line in enumerate(lines) if _CONFIGURATION.match(line) or _DATABASE.match(line)]
    found: dict[str, Database | None] = {}
    for start in starts:
        end = min((place for place in ends if place > start), default=len(lines))
        database = _database(lines[start:end])
        if database is not None:
            key = database.name.lower()
            found[key] = database if found.get(key, database) == database else None
    return {name: item for name, item in found.items() if item is not None}


def _database(lines: Sequence[str]) -> Database | None:
    heading = _DATABASE.match(lines[0])
    fields: dict[str, str | None] = {}
    for line in lines[1:]:
        if found := _FIELD.match(line):
            fields[found[1]] = found[2].strip() if fields.get(found[1], found[2].strip()) == found[2].strip() else None
    role = next((item for item in Role if item == fields.get("Role")), None)
    status = _status(lines, "Database Status:")
    if heading is None or role is None or status is None:
        return None
    return Database(
        heading[1],
        role,
        fields.get("Intended State"),
        lag_of(fields.get("Transport Lag") or ""),
        lag_of(fields.get("Apply Lag") or ""),
        status,
        tuple(found[1] for line in lines if (found := _PROBLEM.match(line))),
    )


def _document(lines: Sequence[str], heading: re.Pattern[str]) -> tuple[str, Sequence[str]] | None:
    """The lines from its heading to the next one; None where there is none, or more than one."""
    starts = [place for place, line in enumerate(lines) if heading.match(line)]
    if len(starts) != 1:
        return None
    found = heading.match(lines[starts[0]])
    end = next((n for n in range(starts[0] + 1, len(lines)) if _DATABASE.match(lines[n])), len(lines))
    return (found[1] if found else ""), lines[starts[0] + 1 : end]


def _member(found: re.Match[str]) -> Member:
    return Member(found["name"], _KINDS.get(found["kind"]), bool(found["off"]), bool(found["target"]), ())


def _status(lines: Sequence[str], heading: str) -> Status | None:
    """The verdict below its heading, or beside it; None unless there is exactly one."""
    places = [place for place, line in enumerate(lines) if line.startswith(heading)]
    if len(places) != 1:
        return None
    beside = lines[places[0]].removeprefix(heading).strip()
    below = (line.strip() for line in lines[places[0] + 1 :] if line.strip())
    text = beside or next(below, "")
    if found := _STATUS.match(text):
        age = seconds_of(found["age"]) if found["age"] is not None else None
        return Status(found["code"] or found["word"], age)
    found = _CODE_STATUS.match(text)
    return Status(found["code"]) if found else None
