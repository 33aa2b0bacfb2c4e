"""Values, ids and reasons in the words that every renderer shares.

In: pieces of a plan. Out: short texts, made harmless.
The same thing must never have two names in two outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, assert_never

from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Ref, address_of, attribute_of, side_of
from oceana_dr.estate.estate import ABSENT
from oceana_dr.estate.values import Value, show
from oceana_dr.plan.model import Cause, Kind, Plan, Step
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

STEADY: Final = "steady"
_TITLES: Final = {
    "split-wan": "split WAN",
    "cm-outage": "Communication Manager outage",
    "oceana-outage": "Oceana outage",
}
APPLY_FILE: Final = "plan.json"

REASONS: Final[Mapping[str, str]] = {
    "config": "changed in the site",
    "drift": "changed on the system since the last apply",
    "both": "changed in the site, and on the system since the last apply",
    "adopt": "differs from the site; nothing was applied from here before",
    "transition": "part of the move",
}
"""Why a change is there, by the value of its `Reason`."""

HOW: Final[Mapping[str, str]] = {
    "acted": "done and read back",
    "already": "was so already",
    "read-back": "found done when read back",
    "attested": "on a person's word",
    "waited": "waited for",
    "checked": "checked",
}
"""How a step came to be done; words that are not here stand for themselves."""

RESUMABLE: Final = "the same command goes on from here"
MOVED: Final = "put back what has changed and the same command goes on, or make a new plan"
"""How a run that stopped goes on: from where it is, or only on the estate that it relies on."""


def value_text(value: Value, style: Style) -> str:
    """A value, in quotes where it would not be seen to end."""
    if value == ABSENT:
        return "absent"
    text = style.text(show(value))
    return f'"{text}"' if text != text.strip() or not text else text


def site_title(plan: Plan, style: Style) -> str:
    """`acme · Oceana 3.5`."""
    release = plan.catalogue.partition("@")[0].rpartition("-")[2]
    return style.text(f"{plan.site}") + f" {style.sign(Sign.DOT)} " + style.text(f"Oceana {release}")


def side_title(plan: Plan, side: str, style: Style) -> str:
    """`dc1 Frankfurt`."""
    name = plan.bindings.get(f"name.{side}", "")
    return style.text(f"{side} {name}".rstrip())


def cause_text(causes: Iterable[Cause], style: Style) -> str:
    """`sites/acme/site.yaml:12, :31, sites/defaults.yaml:7`: a file is named once for lines that follow."""
    parts: list[str] = []
    last = None
    for cause in causes:
        parts.append(f":{cause.line}" if cause.file == last else f"{cause.file}:{cause.line}")
        last = cause.file
    return style.text(", ".join(parts))


def local_part(step: Step) -> tuple[str, str]:
    """The side of a step, and its address without it; empty texts for a step about everything."""
    if step.address is None:
        return "", ""
    side = side_of(step.address)
    return side, step.address[len(side) + 1 :]


def step_sign(step: Step) -> Sign:
    """The sign before a step."""
    match step.kind:
        case Kind.SET:
            return _change_sign(step)
        case Kind.RUN:
            return Sign.PROCEDURE
        case Kind.WAIT | Kind.CONFIRM:
            return Sign.GATE
        case Kind.CHECK:
            return Sign.CHECK
        case _:
            assert_never(step.kind)


def changes_of(step: Step) -> tuple[tuple[Ref, Value, Value], ...]:
    """Every attribute that a `set` step writes: its own, then those of addresses committed with it."""
    if step.change is None:
        return ()
    own = [
        (Ref(f"{step.address}#{label}"), step.change.before[label], step.change.after[label]) for label in _labels(step)
    ]
    beside = [] if step.action is None else _written(step)
    return (*own, *((name, step.expect.get(name, ABSENT), value) for name, value in beside))


def attribute_title(step: Step, reference: Ref) -> str:
    """The label of an attribute; with its address where that is not the step's."""
    label = attribute_of(reference)
    return label if address_of(reference) == step.address else f"{address_of(reference)} {label}"


def step_list(ids: Sequence[str], plan: Plan) -> str:
    """Ids for a sentence: `P12` stands for all of its parts where all are meant."""
    meant = set(ids)
    parts: list[str] = []
    for name in ids:
        stem = name.partition(".")[0]
        family = [step.id for step in plan.steps if step.id.partition(".")[0] == stem]
        whole = len(family) > 1 and meant.issuperset(family)
        parts.append(stem if whole else name)
    return ", ".join(dict.fromkeys(parts))


def how_text(how: str) -> str:
    """How a step came to be done, in words."""
    return HOW.get(how, how)


def manual_text(lines: Sequence[tuple[int, int]], page: Callable[[int], int | None] = lambda _: None) -> str:
    """`manual lines 1093-1118 (p. 35), 1125`."""
    parts = []
    for first, last in lines:
        where = page(first)
        text = str(first) if first == last else f"{first}-{last}"
        parts.append(text if where is None else f"{text} (p. {where})")
    if not parts:
        return ""
    one = len(lines) == 1 and lines[0][0] == lines[0][1]
    return f"manual {'line' if one else 'lines'} {', '.join(parts)}"


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 change`, `2 changes`, `1,204 states`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def _change_sign(step: Step) -> Sign:
    assert step.change is not None, "a set step changes something"
    nothing = (ABSENT, None)
    if all(value in nothing for value in step.change.before.values()):
        return Sign.CREATE
    if all(value in nothing for value in step.change.after.values()):
        return Sign.REMOVE
    return Sign.CHANGE


def _labels(step: Step) -> list[str]:
    return [] if step.change is None else sorted(step.change.after)


def _written(step: Step) -> list[tuple[Ref, Value]]:
    if not isinstance(step.action, SetValues):
        return []
    return [(name, value) for name, value in step.action.values.items() if address_of(name) != step.address]


def scenario_title(scenario: str) -> str:
    """A scenario as people say it: its id without hyphens, names with their capitals."""
    return _TITLES.get(scenario, scenario.replace("-", " "))
