"""Plan files by path, and the second opinion on them.

In: a path. Out: the plan, or the result of checking it again from the file alone.
Verifying must never trust the file's own figures: the proof is made again, the states derived again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.diagnostics import Diagnostic, InputRefused, Label, OceanaError, Span, Unreadable
from oceana_dr.estate.action import Refusal
from oceana_dr.estate.address import ref
from oceana_dr.estate.estate import ABSENT
from oceana_dr.guard.findings import REFUSE
from oceana_dr.guard.proof import proof_findings, proof_record
from oceana_dr.guard.rules import rule_findings
from oceana_dr.operations.files import read_bytes
from oceana_dr.operations.judging import with_rules
from oceana_dr.plan.build import passages, relied_on
from oceana_dr.plan.codec import read_plan
from oceana_dr.plan.model import Plan
from oceana_dr.plan.select import BUILT
from oceana_dr.safety.invariant import Invariant, bind_invariants
from oceana_dr.safety.prove import Proof, prove
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import open_project
from oceana_dr.twin.transitions import after, moments


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a second look at a plan found: problems in sentences (none: it holds), and the new proof."""

    plan: Plan
    proof: Proof
    problems: tuple[str, ...]


def load_plan(path: Path) -> Plan:
    """The plan of a file; raises `InputRefused` for anything that is not a whole, unchanged plan."""
    return load_plan_file(path)[0]


def load_plan_file(path: Path) -> tuple[Plan, bytes]:
    """The plan of a file with the very bytes it was read from: a file may change, and a pipe is read once."""
    try:
        data = read_bytes(path, what="plan")
    except Unreadable as error:
        place = Label(Span(str(path), 1, 1, 1, 2))
        raise InputRefused((Diagnostic("OD1505", error.message, (place,), help=error.hint),)) from None
    return read_plan(data, str(path)), data


def stale_since(plan: Plan, folder: Path, cache: Cache) -> str | None:
    """What is known to have moved since the plan was made, without looking at the estate; None if nothing is.

    Where there is no project, or its files are broken, nothing is known: a plan can always be shown.
    """
    try:
        project = with_rules(open_project(folder, cache))
        site = prepare_site(project, plan.site, None, cache)
    except OceanaError:
        return None
    if site.digest != plan.source.digest:
        return f"{project.shown(site.path)} or its defaults were changed"
    return None


def verify_plan(plan: Plan) -> Verdict:
    """Derive every step's states again from the catalogue, make the proof again, compare the figures."""
    catalogue = load_catalogue()
    problems: list[str] = []
    if plan.catalogue != catalogue.id:
        problems.append(f"the plan was made with the catalogue {plan.catalogue}; this is {catalogue.id}")
    bound = BoundCatalogue(catalogue, plan.bindings)
    try:
        invariants = bind_invariants(bound, plan.scenario)
        problems += [*_unread(bound, plan, invariants), *_other_states(bound, plan)]
    except CatalogueError as error:
        return Verdict(plan, Proof((), (), 0, (), ()), (*problems, f"its facts are not a site's: {error.message}"))
    if plan.scenario not in BUILT:
        problems.append(f"the scenario {plan.scenario} is not built yet: no such plan was made")
    proof = prove(invariants, passages(plan.steps), plan.initial.get)
    if proof_record(proof) != plan.proof:
        problems.append("the proof gives other figures than the plan says")
    problems += [item.message for item in proof_findings(proof) if item.severity == REFUSE]
    problems += [
        f"{item.code} {item.message}" for item in rule_findings(catalogue.rules, plan) if item.severity == REFUSE
    ]
    return Verdict(plan, proof, tuple(problems))


def _unread(bound: BoundCatalogue, plan: Plan, invariants: Iterable[Invariant]) -> Iterator[str]:
    """What a plan relies on and does not say that it was read: it would be run on an estate that has moved."""
    read = {item.address: item.attributes for item in plan.live}
    for address, labels in relied_on(bound, plan.steps, invariants).items():
        lost = [label for label in labels if label not in read.get(address, ())]
        known = [label for label in lost if plan.initial.get(ref(address, label)) != ABSENT]
        if known or (lost and address in read):
            yield f"it relies on {ref(address, (known or lost)[0])} and does not say how that was read"


def _other_states(bound: BoundCatalogue, plan: Plan) -> Iterator[str]:
    """Steps that do not lead where the plan says, by the consoles' rules."""
    state = plan.initial
    for step in plan.steps:
        if step.action is not None:
            try:
                derived = moments(bound, state, step.action)
            except CatalogueError as error:
                derived = Refusal(str(error), "catalogue")
            if isinstance(derived, Refusal):
                yield f"{step.id} would be refused: {derived.message}"
            elif derived != step.moments:
                yield f"{step.id} leads through other states than the plan says"
        state = after(state, step.moments)
