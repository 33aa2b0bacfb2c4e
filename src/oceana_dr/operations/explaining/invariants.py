"""Which steps could break an invariant, which it guards, and how it is observed.

In: an invariant's record, a bound catalogue. Out: rows of a label and a text.
Both are worked out from what steps write and what the invariant looks at: no list is kept by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, cast

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import InvariantType, Scenario, stands_for
from oceana_dr.estate.address import address_of
from oceana_dr.operations.effects import StepEffects, outspoken, scenario_steps
from oceana_dr.safety.invariant import (
    AtRest,
    BeforeChange,
    Check,
    Exclusive,
    Held,
    Invariant,
    bind_invariant,
    refs_of_check,
)

Rows = Iterator[tuple[str, str]]
GUARDS: Final = "guards"
BROKEN_BY: Final = "broken by"
AT: Final = "at"


@dataclass(frozen=True, slots=True)
class Concerned:
    """A step of a scenario that an invariant has to do with, and what: it `guards` the step and is looked at right
    before it, it could be `broken by` it, or it is seen to `at` it."""

    scenario: Scenario
    step: StepEffects
    what: str

    @property
    def phase(self) -> str:
        """The title of its phase."""
        return dict(self.scenario.phases)[self.step.record["phase"]]


def concerned(site: BoundCatalogue, record: InvariantType) -> tuple[Concerned, ...]:
    """Every step, of every scenario in which the invariant applies here, that writes what it looks at."""
    bound = outspoken(site)
    found = []
    for scenario in bound.catalogue.scenarios.values():
        invariant = bind_invariant(bound, record, scenario.id)
        if invariant.checks or invariant.attested:
            steps = scenario_steps(bound, scenario)
            found += [Concerned(scenario, step, what) for step, what in _steps(invariant, record, steps)]
    return tuple(found)


def _steps(
    invariant: Invariant, record: InvariantType, steps: Iterable[StepEffects]
) -> Iterator[tuple[StepEffects, str]]:
    keepers = [
        *cast("list[str]", record.data.get("prechecked", ())),
        *cast("list[str]", record.data.get("kept_by", ())),
    ]
    looked_at = frozenset().union(*(refs_of_check(check) for check in invariant.checks))
    for step in steps:
        if any(_guards(check, step) for check in invariant.checks):
            yield step, GUARDS
        elif any(item.ref in looked_at for item in step.written) or any(_between(c, step) for c in invariant.checks):
            yield step, BROKEN_BY
        elif invariant.attested and any(stands_for(name, step.id) for name in keepers):
            yield step, AT


def _guards(check: Check, step: StepEffects) -> bool:
    """Whether what the check forbids would be this very step."""
    match check:
        case BeforeChange(of=of, to=to):
            return any(item.ref == of and item.may_be(to) for item in step.written)
        case Held(before=before):
            return any(stands_for(name, step.id) for name in before)
        case _:
            return False


def _between(check: Check, step: StepEffects) -> bool:
    """Whether the step would come between the two of a pair, at what the pair has for itself."""
    match check:
        case Exclusive(first=first, last=last, addresses=addresses):
            return step.id not in {first, last} and any(address_of(item.ref) in addresses for item in step.written)
        case _:
            return False


def step_rows(found: Iterable[Concerned]) -> Rows:
    """The steps by what the invariant has to do with them, each once, with the scenarios that have it."""
    every = list(found)
    for label in (GUARDS, AT, BROKEN_BY):
        names: dict[tuple[str, str], list[str]] = {}
        for item in every:
            if item.what == label:
                key = (item.step.id, str(item.step.record["title"]))
                names.setdefault(key, []).append(item.scenario.id)
        for place, ((step, title), scenarios) in enumerate(names.items()):
            yield "" if place else label, f"{step} {title} ({', '.join(dict.fromkeys(scenarios))})"


def place_rows(found: Iterable[Concerned]) -> Rows:
    """In which phases of which scenario there is such a step."""
    phases: dict[str, list[str]] = {}
    for item in found:
        phases.setdefault(item.scenario.id, []).append(item.phase)
    for place, (scenario, titles) in enumerate(phases.items()):
        yield "" if place else "phases", f"{scenario}: {', '.join(dict.fromkeys(titles))}"


def observed_rows(invariant: Invariant, record: InvariantType) -> Rows:
    """How anybody knows that it holds."""
    kinds = {type(check) for check in invariant.checks}
    texts = []
    if kinds - {AtRest, Exclusive, Held, BeforeChange}:
        texts.append("proven over every state that a plan can reach, before it runs")
    if BeforeChange in kinds:
        texts.append("proven before a plan runs, and read again right before each step that it guards")
    if AtRest in kinds:
        texts.append("proven of the state in which a plan ends")
    if kinds & {Exclusive, Held}:
        texts.append("proven of the order of the steps")
    if "attested" in record.data:
        texts.append("people answer for it: no state shows it")
    if "prechecked" in record.data:
        texts.append("checked before anything moves")
    if "kept_by" in record.data:
        texts.append("kept by what is named here")
    for place, text in enumerate(texts):
        yield "" if place else "shown by", text


__all__ = ["Concerned", "concerned", "observed_rows", "place_rows", "step_rows"]
