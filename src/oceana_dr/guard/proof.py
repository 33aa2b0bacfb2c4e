"""The safety proof as a guard: it refuses what a plan breaks, and warns of what is broken already.

In: a draft and the live estate. Out: the proof's findings and figures, and the finished plan.
One finding an invariant: the first, shortest counter-example stands for the others.
"""

from __future__ import annotations

from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown
from oceana_dr.guard.findings import REFUSE, WARNING
from oceana_dr.plan.build import Draft, finish_plan
from oceana_dr.plan.model import Finding, Plan, ProofRecord
from oceana_dr.safety.prove import Proof, Violation, prove


def prove_draft(draft: Draft, live: Estate) -> Proof:
    """The proof of a draft, from the live estate."""
    return prove(draft.invariants, draft.passages, live.get)


def judge(draft: Draft, proof: Proof) -> Plan:
    """The plan with the findings of proof and rules, the proof's figures, and its id."""
    return finish_plan(draft, proof_record(proof), (*proof_findings(proof), *_ruled(draft)))


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
        attested=(),
        states=proof.states,
        violations=len(proof.broken),
    )


def proof_findings(proof: Proof) -> tuple[Finding, ...]:
    """What the proof has to say, by invariant."""
    found: dict[str, Finding] = {}
    for violation in proof.broken:
        text = f"{violation.invariant} would be broken after {' → '.join(violation.way)}: {violation.title}"
        found.setdefault(violation.invariant, Finding(f"proof-{violation.invariant}", "OD2010", REFUSE, text))
    for violation in proof.inherited:
        text = f"{violation.invariant} {_standing(violation)}: {violation.title}"
        found.setdefault(violation.invariant, Finding(f"proof-{violation.invariant}", "OD2011", WARNING, text))
    return tuple(found.values())


def _standing(violation: Violation) -> str:
    """Broken, or not to be told because something is dark: the two call for different things."""
    dark = [reference for reference, value in violation.values if isinstance(value, Unknown)]
    return f"cannot be told now ({', '.join(dark)} unknown)" if dark else "does not hold now"
