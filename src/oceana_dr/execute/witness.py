"""What a step relies on and no driver reads: a person looks now, before it, and says so.

In: a step, whose plan says what nothing reads. Out: the person's answer, remembered as what is so.
What was observed when the plan was made, or at an earlier step, must never count here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from oceana_dr.drivers.contract import Answer
from oceana_dr.estate.address import Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.in_words import condition_words
from oceana_dr.estate.predicate import All, AtMost, Is, Predicate, evaluate, refs_of
from oceana_dr.estate.values import Override, Unknown, Value
from oceana_dr.execute.desk import Desk
from oceana_dr.execute.log import Tools
from oceana_dr.execute.resume import Past
from oceana_dr.execute.verify import read_estate
from oceana_dr.plan.model import Kind, Step

_MOST: Final = 6


class Witness:
    """Asks people of one run to look."""

    def __init__(self, tools: Tools, desk: Desk) -> None:
        self._ports = tools.ports
        self._desk = desk

    def look(self, step: Step, past: Past) -> Answer | None:
        """The answer of who looked; None where drivers read all that the step relies on."""
        parts = tuple(part for part in _relied_on(step) if refs_of(part) & set(step.attested))
        if not parts:
            return None
        found = read_estate(self._ports.reader, {address_of(name) for part in parts for name in refs_of(part)})
        said = "; ".join(condition_words(part) for part in parts[:_MOST])
        more = f"; and {len(parts) - _MOST} more" if len(parts) > _MOST else ""
        doing = "wait until" if step.kind is Kind.WAIT else "see to it that"
        notice = f"No driver reads this: look now, {doing} {said}{more}, and confirm what you see."
        # What is looked at is shown, not what the step itself will change.
        shown = replace(step, verify={}, expect={name: found.get(name) for part in parts for name in refs_of(part)})
        answer = self._desk.ask(shown, found, notice, clean=past.is_clean)
        seen = {name: value for part in parts for name, value in _seen(part, found).items() if name in step.attested}
        self._ports.attest({name: _as_it_is_held(found.get(name), value) for name, value in seen.items()}, answer.by)
        return answer


def _relied_on(step: Step) -> Iterator[Predicate]:
    """What has to be so before the step, and what a wait or a check is about, part by part."""
    conditions = [item.condition for item in step.requires]
    if step.condition is not None:
        conditions.append(step.condition)
    for condition in conditions:
        yield from condition.parts if isinstance(condition, All) else (condition,)


def _seen(part: Predicate, found: Estate) -> dict[Ref, Value]:
    """What somebody has seen who confirms the part: what was seen before, if it holds so, else what makes it hold.

    Nothing where the words alone do not tell which: one of several, or not something. That is to be observed then.
    """
    if evaluate(part, found.get) is True:
        known = {name: found.get(name) for name in refs_of(part)}
        return {name: value for name, value in known.items() if not isinstance(value, Unknown)}
    match part:
        case Is(ref=name, values=values):
            return {name: values[0]}
        case AtMost(ref=name, limit=limit):
            return {name: limit}
        case All(parts=parts):
            return {name: value for item in parts for name, value in _seen(item, found).items()}
        case _:
            return {}


def _as_it_is_held(known: Value, seen: Value) -> Value:
    """A console with a box `Override Default` shows the value of an override."""
    return Override(True, seen) if isinstance(known, Override) and isinstance(seen, str) else seen
