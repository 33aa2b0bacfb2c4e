"""Plan files by path, and the second opinion on them.

In: a path. Out: the plan, or the result of checking it again from the file alone.
Verifying must never trust the file's own figures: the proof is made again, the states derived again.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.diagnostics import Diagnostic, InputRefused, Label, Span, Unreadable
from oceana_dr.estate.action import Refusal
from oceana_dr.estate.address import ref
from oceana_dr.estate.estate import ABSENT
from oceana_dr.guard.findings import REFUSE
from oceana_dr.guard.proof import proof_findings, proof_record
from oceana_dr.guard.rules import rule_findings
from oceana_dr.operations.files import read_bytes
from oceana_dr.plan.build import passages, relied_on, starts_safe
from oceana_dr.plan.codec import read_plan
from oceana_dr.plan.model import Finding, Plan
from oceana_dr.plan.requirements import requirements
from oceana_dr.plan.select import STEADY
from oceana_dr.safety.invariant import Invariant, bind_invariants
from oceana_dr.safety.prove import Proof, prove
from oceana_dr.twin.transitions import after, moments


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a second look at a plan found: problems in sentences (none: it holds), and the new proof.

    `refused`: those of the problems that the proof found, with the way there. `proof_s`: how long it took.
    """

    plan: Plan
    proof: Proof
    problems: tuple[str, ...]
    refused: tuple[Finding, ...] = ()
    proof_s: float = 0.0


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


def verify_plan(plan: Plan) -> Verdict:
    """Derive every step's states again from the catalogue, make the proof again, compare the figures."""
    catalogue = load_catalogue()
    problems: list[str] = []
    if plan.catalogue != catalogue.id:
        problems.append(f"the plan was made with the catalogue {plan.catalogue}; this is {catalogue.id}")
    bound = BoundCatalogue(catalogue, plan.bindings)
    try:
        invariants = bind_invariants(bound, plan.scenario)
        problems += [*_unread(bound, plan, invariants), *_other_states(bound, plan, invariants)]
    except CatalogueError as error:
        return Verdict(plan, Proof((), (), 0, (), ()), (*problems, f"its facts are not a site's: {error.message}"))
    if plan.scenario != STEADY and plan.scenario not in catalogue.scenarios:
        problems.append(f"the scenario {plan.scenario} is not built yet: no such plan was made")
    taken = passages(bound, plan.steps)
    began = time.perf_counter()
    proof = prove(invariants, taken, plan.initial.get)
    proof_s = time.perf_counter() - began
    if proof_record(proof) != plan.proof:
        problems.append("the proof gives other figures than the plan says")
    order = catalogue.orders.get(plan.scenario, ())
    found = proof_findings(proof, plan, safe_start=starts_safe(catalogue, plan), rules=order)
    refusing = tuple(item for item in found if item.severity == REFUSE)
    problems += [item.message for item in refusing]
    problems += [
        f"{item.code} {item.message}" for item in rule_findings(catalogue.rules, plan) if item.severity == REFUSE
    ]
    return Verdict(plan, proof, tuple(problems), refusing, proof_s)


def _unread(bound: BoundCatalogue, plan: Plan, invariants: Sequence[Invariant]) -> Iterator[str]:
    """What a plan relies on and does not say that it was read: it would be run on an estate that has moved."""
    read = {item.address: item.attributes for item in plan.live}
    for address, labels in relied_on(bound, plan.steps, invariants).items():
        lost = [label for label in labels if label not in read.get(address, ())]
        known = [label for label in lost if plan.initial.get(ref(address, label)) != ABSENT]
        if known or (lost and address in read):
            yield f"it relies on {ref(address, (known or lost)[0])} and does not say how that was read"


def _other_states(bound: BoundCatalogue, plan: Plan, invariants: Sequence[Invariant]) -> Iterator[str]:
    """Steps that do not lead where the plan says, by the consoles' rules, or do not ask for what must be so."""
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
            elif left := set(requirements(invariants, derived, state)) - set(step.requires):
                rules = ", ".join(sorted(item.rule for item in left))
                yield f"{step.id} does not ask for what must be so right before it ({rules})"
        state = after(state, step.moments)
