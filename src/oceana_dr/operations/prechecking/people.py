"""What only people can tell before a scenario, and what they have signed: questions, readiness with its record.

In: a bound site, answers, the journals of earlier runs. Out: `Told`s: who is asked or has signed what, and when.
An answer that nobody gave must never count, nor a signature that stands in no journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.model import Lines
from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.contract import Answer
from oceana_dr.estate.address import Address, Ref, address_of, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, Value, show
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.codec import read_plan
from oceana_dr.safety.invariant import bind_invariants
from oceana_dr.source.project import Project
from oceana_dr.store.records import Done

READINESS = ("readiness", "readiness-side")


@dataclass(frozen=True, slots=True)
class Told:
    """Something that people tell: `truth` is None where nobody has; `at`: when it was signed (ISO 8601, UTC)."""

    by: str
    text: str
    refs: tuple[Ref, ...]
    found: str
    wanted: str
    truth: bool | None
    source: str
    at: str | None
    manual: Lines


@dataclass(frozen=True, slots=True)
class Signed:
    """A step of an earlier run that brought a fact about: who confirmed it, when."""

    people: tuple[str, ...]
    run: str
    at: str


def answered(answers: Mapping[str, Answer], name: str) -> tuple[bool | None, str, str]:
    """Whether it is so by what somebody said, what that was, and who: nobody's answer is none."""
    answer = answers.get(name)
    if answer is None:
        return None, "not answered", "a person"
    found = f"{answer.outcome}: {answer.observed}".rstrip(": ")
    if not answer.by.strip():
        return None, found, "a person"
    return answer.outcome == "confirm", found, f"told by {answer.by}"


def asked(bound: BoundCatalogue, scenario: str, answers: Mapping[str, Answer]) -> Iterator[Told]:
    """The invariants that no state shows and people answer for, each with its question."""
    questions = {record.id: str(record.data.get("attested", "")) for record in bound.catalogue.invariants}
    for invariant in sorted(bind_invariants(bound, scenario), key=lambda item: (len(item.id), item.id)):
        if invariant.attested and (question := questions[invariant.id]):
            truth, found, source = answered(answers, invariant.id)
            yield Told(invariant.id, question, (), found, "confirm", truth, source, None, invariant.manual)


def readiness(
    bound: BoundCatalogue, live: Estate, sources: Mapping[Address, str], signed: Mapping[Ref, Signed]
) -> Iterator[Told]:
    """What a deployment has left as facts, and who signed them when, as far as a journal of this project knows."""
    for address, resource in sorted(bound.resources.items()):
        if resource.type.id not in READINESS:
            continue
        for label, attribute in resource.attributes.items():
            wanted = attribute.type.quiet
            if not isinstance(wanted, str):
                continue  # it is no fact that somebody signs
            name = ref(address, label)
            value: Value = live.get(name)
            record = signed.get(name)
            by = "signed by nobody on record here" if record is None else f"signed by {' and '.join(record.people)}"
            run = f" in run {record.run}" if record is not None else ""
            yield Told(
                by=str(address),
                text=f"{label} is {wanted}",
                refs=(name,),
                found=show(value),
                wanted=wanted,
                truth=None if isinstance(value, Unknown) else value == wanted,
                source=f"{sources.get(address, 'gateway')}, {by}{run}",
                at=record.at if record is not None else None,
                manual=attribute.type.manual or resource.type.manual,
            )


def signatures(project: Project, site: str) -> dict[Ref, Signed]:
    """By fact of readiness: the last step of a run of this site that brought it about, with the people behind it."""
    runs = state_of(project).runs
    found: dict[Ref, Signed] = {}
    for place in runs.all(site):
        with suppress(OceanaError):  # a run that cannot be read hides itself, and no other
            plan = read_plan(runs.plan_file(place), place.plan.name)
            for entry in runs.read(place).entries:
                if isinstance(entry.record, Done) and entry.record.answer is not None:
                    answer = entry.record.answer
                    people = tuple(str(answer[part]) for part in ("by", "second") if answer.get(part))
                    effects = {name for moment in plan.step(entry.record.step).moments for name in moment.values}
                    facts = (name for name in effects if str(address_of(name)).endswith("/readiness"))
                    found |= dict.fromkeys(facts, Signed(people, place.run, entry.at))
    return found
