"""The safety proof as a guard: it refuses what a plan breaks, and tells what is broken already.

In: a draft and the live estate. Out: the proof's findings and figures, and the finished plan.
One finding an invariant: the first, shortest counter-example stands for the others. A repair may begin
on an unsafe estate; a move must never.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from oceana_dr.catalogue.model import OrderRule
from oceana_dr.estate.address import Ref, address_of
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown
from oceana_dr.guard.counter_example import in_words
from oceana_dr.guard.findings import REFUSE, WARNING
from oceana_dr.plan.build import Draft, finish_plan
from oceana_dr.plan.model import Finding, Plan, ProofRecord
from oceana_dr.safety.commute import Conflict
from oceana_dr.safety.prove import Proof, Violation, prove

_SOURCES: Final = {
    "expect": "what it expects before it begins",
    "verify": "what it reads back",
    "condition": "its condition",
}

_MOST_NAMED: Final = 3
"""Addresses in a message; `details` has all of them."""


def prove_draft(draft: Draft, live: Estate) -> Proof:
    """The proof of a draft, from the live estate."""
    return prove(draft.invariants, draft.passages, live.get)


def judge(draft: Draft, proof: Proof, further: tuple[Finding, ...] = ()) -> Plan:
    """The plan with the findings of proof, rules and what else was found, the proof's figures, and its id."""
    found = proof_findings(proof, draft.plan, safe_start=draft.safe_start)
    return finish_plan(draft, proof_record(proof), (*found, *_ruled(draft), *further))


def _ruled(draft: Draft) -> tuple[Finding, ...]:
    if not draft.plan.steps:  # no rule speaks of a plan that does nothing
        return ()
    from oceana_dr.guard.rules import rule_findings

    return rule_findings(draft.rules, draft.plan, draft.silenced)


def prove_plan(draft: Draft, live: Estate) -> Plan:
    """Prove and judge in one go."""
    return judge(draft, prove_draft(draft, live))


def proof_record(proof: Proof) -> ProofRecord:
    """The figures of a proof, as the plan file holds them."""
    return ProofRecord(
        checked=len(proof.checked),
        not_applicable=proof.not_applicable,
        attested=proof.attested,
        states=proof.states,
        violations=len({item.invariant for item in proof.broken}),
        inherited=_inherited(proof),
        parallel=proof.parallel.pairs - len(proof.parallel.conflicts),
    )


def _inherited(proof: Proof) -> tuple[str, ...]:
    broken = {item.invariant for item in proof.broken}
    return tuple(sorted({item.invariant for item in proof.inherited} - broken))


def proof_findings(
    proof: Proof, plan: Plan, *, safe_start: bool, rules: Sequence[OrderRule] = ()
) -> tuple[Finding, ...]:
    """What the proof has to say, by invariant. `safe_start`: the plan may not begin on an unsafe estate.

    `rules`: the order of its scenario in the catalogue, which may have kept it from what is wrong.
    """
    found: dict[str, Finding] = {}
    for violation in proof.broken:
        text = f"{violation.invariant} would be broken after {' → '.join(violation.way)}: {violation.title}"
        told = in_words(violation, plan, rules)
        finding = Finding(f"proof-{violation.invariant}", "OD2010", REFUSE, text, way=violation.way, details=told)
        found.setdefault(violation.invariant, finding)
    untold: dict[str, dict[str, Violation]] = {}
    for violation in sorted(proof.inherited, key=lambda item: not item.lasting):  # the worst of an invariant counts
        if violation.invariant in found or any(violation.invariant in group for group in untold.values()):
            continue
        kept = ", and this plan leaves it so" if violation.lasting and plan.steps and not safe_start else ""
        if not safe_start and _dark(violation):
            untold.setdefault(kept, {})[violation.invariant] = violation
            continue
        text = f"{violation.invariant} {_standing(violation)}{kept}: {violation.title}"
        if safe_start:
            text += f". A move begins on a safe estate: {_mend(plan)}"
        code, severity = ("OD2012", REFUSE) if safe_start else ("OD2011", WARNING)
        found[violation.invariant] = Finding(f"proof-{violation.invariant}", code, severity, text)
    together = (_untold_finding(tuple(group.values()), kept) for kept, group in untold.items())
    return (*found.values(), *together, *(_conflict_finding(item) for item in proof.parallel.conflicts))


def _untold_finding(violations: Sequence[Violation], kept: str) -> Finding:
    """One for all that something dark keeps from being told: whoever reads it has one thing to do, not one each."""
    first = violations[0]
    if len(violations) == 1:
        text = f"{first.invariant} {_standing(first)}{kept}: {first.title}"
        return Finding(f"proof-{first.invariant}", "OD2011", WARNING, text)
    dark = sorted({address_of(reference) for violation in violations for reference in _dark(violation)})
    more = [f"and {len(dark) - _MOST_NAMED} more"] if len(dark) > _MOST_NAMED else []
    places = ", ".join([*dark[:_MOST_NAMED], *more])
    names = ", ".join(violation.invariant for violation in violations)
    text = f"{len(violations)} invariants cannot be told now{kept}: {names}. They look at what is unknown: {places}"
    told = tuple(f"{item.invariant} {item.title}: {', '.join(_dark(item))} unknown" for item in violations)
    return Finding(f"proof-{first.invariant}", "OD2011", WARNING, text, details=told)


def _conflict_finding(conflict: Conflict) -> Finding:
    one, other = conflict.first, conflict.second
    first, second = conflict.results
    met = f"at {conflict.ref}" if conflict.source is None else f"at {conflict.ref}, which {other} reads"
    told = "" if conflict.source is None else f" {_SOURCES.get(conflict.source, conflict.source)}"
    text = (
        f"{one} and {other} may run together and meet {met}: with {one} first{told} {_left(conflict, first)}, "
        f"with {other} first{told} {_left(conflict, second)}"
    )
    return Finding(f"parallel-{one}-{other}", "OD2014", REFUSE, text)


def _left(conflict: Conflict, result: str) -> str:
    return result if conflict.source is not None else f"{result} stays"


def _mend(plan: Plan) -> str:
    """How to get to a safe estate: by a plan while the old side is still in service, by hand after that."""
    if plan.initial.get(Ref(f"{plan.from_side}/cluster-activity#status")) == "ACTIVE":
        return f"`oceana-dr plan {plan.site} --operational {plan.from_side}` mends what a setting can mend"
    return "the move has begun, so mend it at its console"


def _dark(violation: Violation) -> list[Ref]:
    return [reference for reference, value in violation.values if isinstance(value, Unknown)]


def _standing(violation: Violation) -> str:
    """Broken, or not to be told because something is dark: the two call for different things."""
    dark = _dark(violation)
    return f"cannot be told now ({', '.join(dark)} unknown)" if dark else "does not hold now"
