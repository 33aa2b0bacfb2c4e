"""The syntax of a recurrence rule, as RFC 5545 (3.3.10) has it.

In: text such as `FREQ=WEEKLY;BYDAY=SU`. Out: what is wrong with it, or None.
It must never expand a rule: when a window opens is the guard's matter.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from oceana_dr.diagnostics.nearest import nearest


def _list_of(item: str) -> str:
    return rf"{item}(,{item})*"


# Text, compiled when first used: most runs need two of them.
_PARTS: Final = {
    "FREQ": "SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY",
    "UNTIL": r"[0-9]{8}(T[0-9]{6}Z?)?",
    "COUNT": r"[1-9][0-9]{0,5}",
    "INTERVAL": r"[1-9][0-9]{0,5}",
    "BYSECOND": _list_of(r"([0-5]?[0-9]|60)"),
    "BYMINUTE": _list_of(r"[0-5]?[0-9]"),
    "BYHOUR": _list_of(r"(1?[0-9]|2[0-3])"),
    "BYDAY": _list_of(r"([+-]?(5[0-3]|[1-4]?[1-9]|[1-4]0))?(MO|TU|WE|TH|FR|SA|SU)"),
    "BYMONTHDAY": _list_of(r"[+-]?(3[01]|[12][0-9]|[1-9])"),
    "BYYEARDAY": _list_of(r"[+-]?(36[0-6]|3[0-5][0-9]|[12][0-9]{2}|[1-9][0-9]?)"),
    "BYWEEKNO": _list_of(r"[+-]?(5[0-3]|[1-4][0-9]|[1-9])"),
    "BYMONTH": _list_of(r"(1[0-2]|[1-9])"),
    "BYSETPOS": _list_of(r"[+-]?(36[0-6]|3[0-5][0-9]|[12][0-9]{2}|[1-9][0-9]?)"),
    "WKST": "MO|TU|WE|TH|FR|SA|SU",
}


_LONG_ENOUGH: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_MOST_A_DAY: Final = 24

_DAY: Final = re.compile(
    r"(?P<number>[+-]?[0-9]{0,2})(?P<day>MON?|TU(ES?)?|WED?|TH(UR?S?)?|FRI?|SAT?|SUN?|(MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAYS?)"
)


def explain_recurrence(rule: str) -> str | None:
    """What is wrong with a rule, in words that follow "the recurrence"; None if nothing is."""
    seen: set[str] = set()
    for part in rule.split(";"):
        name, equals, value = part.partition("=")
        if not equals or name not in _PARTS:
            return f"has a part that RFC 5545 does not know: `{part}`"
        if name in seen:
            return f"has {name} twice"
        if not re.fullmatch(_PARTS[name], value):
            return f"has a value that {name} cannot have: `{value}`"
        if name == "UNTIL" and not _is_moment(value):
            return f"has an UNTIL that there is not: `{value}`"
        seen.add(name)
    if "FREQ" not in seen:
        return "has no FREQ"
    return "has both COUNT and UNTIL" if {"COUNT", "UNTIL"} <= seen else None


def explain_window_recurrence(rule: str) -> str | None:
    """What keeps a rule that is none the less right from being that of a window, in words that follow likewise."""
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    if parts["FREQ"] not in _LONG_ENOUGH:
        return f"opens the window more often than daily: FREQ={parts['FREQ']}"
    times = 1
    for name in ("BYHOUR", "BYMINUTE", "BYSECOND"):
        times *= parts.get(name, "").count(",") + 1
    return f"opens the window {times} times a day, more than {_MOST_A_DAY}" if times > _MOST_A_DAY else None


def _is_moment(value: str) -> bool:
    try:
        datetime.strptime(value.rstrip("Z"), "%Y%m%dT%H%M%S" if "T" in value else "%Y%m%d")  # noqa: DTZ007 - or local
    except ValueError:
        return False
    return True


def meant_recurrence(rule: str) -> str | None:
    """The rule with each name and word that is none replaced by the nearest that is; None if that makes no rule."""
    parts = []
    for part in rule.split(";"):
        name, equals, value = part.partition("=")
        right = name if name in _PARTS else nearest(name, _PARTS)
        if not equals or right is None:
            return None
        parts.append(f"{right}={_meant_value(right, value)}")
    meant = ";".join(parts)
    return meant if meant != rule and explain_recurrence(meant) is None else None


def _meant_value(name: str, value: str) -> str:
    """A word for how often, or days: `WEEKLI`, `SUN`; anything else stays as it is."""
    match name:
        case "FREQ":
            return nearest(value, _PARTS["FREQ"].split("|")) or value
        case "BYDAY" | "WKST":
            return ",".join(_meant_day(day) for day in value.split(","))
        case _:
            return value


def _meant_day(day: str) -> str:
    """`SUN` and `SUNDAY` begin with the two letters of the day; `-1SU` has a number before them."""
    found = _DAY.fullmatch(day)
    return day if found is None else found["number"] + found["day"][:2]
