"""Plan files by path, and the second opinion on them.

In: a path. Out: the plan, or the result of checking it again from the file alone.
Verifying must never trust the file's own figures: the proof is made again, the states derived again.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.diagnostics import Diagnostic, InputRefused, Label, Span, Unreadable
from oceana_dr.estate.action import Refusal
from oceana_dr.guard.findings import REFUSE
from oceana_dr.guard.proof import proof_findings, proof_record
from oceana_dr.operations.files import read_bytes
from oceana_dr.plan.build import passages, starts_safe
from oceana_dr.plan.codec import read_plan
from oceana_dr.plan.model import Plan
from oceana_dr.plan.requirements import requirements
from oceana_dr.safety.invariant import bind_invariants
from oceana_dr.safety.prove import Proof, prove
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


def verify_plan(plan: Plan) -> Verdict:
    """Derive every step's states again from the catalogue, make the proof again, compare the figures."""
    catalogue = load_catalogue()
    problems: list[str] = []
    if plan.catalogue != catalogue.id:
        problems.append(f"the plan was made with the catalogue {plan.catalogue}; this is {catalogue.id}")
    bound = BoundCatalogue(catalogue, plan.bindings)
    invariants = bind_invariants(bound, plan.scenario)
    state = plan.initial
    for step in plan.steps:
        if step.action is not None:
            try:
                derived = moments(bound, state, step.action)
            except CatalogueError as error:
                derived = Refusal(str(error), "catalogue")
            if isinstance(derived, Refusal):
                problems.append(f"{step.id} would be refused: {derived.message}")
            elif derived != step.moments:
                problems.append(f"{step.id} leads through other states than the plan says")
            elif left := set(requirements(invariants, derived, state)) - set(step.requires):
                rules = ", ".join(sorted(item.rule for item in left))
                problems.append(f"{step.id} does not ask for what must be so right before it ({rules})")
        state = after(state, step.moments)
    proof = prove(invariants, passages(plan.steps), plan.initial.get)
    if proof_record(proof) != plan.proof:
        problems.append("the proof gives other figures than the plan says")
    findings = proof_findings(proof, plan, safe_start=starts_safe(catalogue, plan))
    problems += [item.message for item in findings if item.severity == REFUSE]
    return Verdict(plan, proof, tuple(problems))
