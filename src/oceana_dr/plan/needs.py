"""What the record of a step asks of the estate: whether it is needed, what it waits for, what will stop it.

In: a step's record, filled for a site, and an estate. Out: truths, seconds, requirements, findings.
Nothing here makes a step, and nothing may be taken for so that is not known to be.
"""

from __future__ import annotations

from collections.abc import Mapping

from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import evaluate, predicate_from_json
from oceana_dr.estate.shortfall import shortfall
from oceana_dr.plan.model import Behind, Finding, Kind, Requirement, Step
from oceana_dr.plan.order import sort_steps
from oceana_dr.plan.taking import Record


def is_needed(record: Record, state: Estate) -> bool:
    """Whether the step has something to do here: it is about this state, and not so already."""
    if "relevant" in record and evaluate(predicate_from_json(record["relevant"]), state.get) is False:
        return False
    return not is_done(record, state)


def is_done(record: Record, state: Estate) -> bool:
    """Whether it reads as done, for sure."""
    return "done" in record and evaluate(predicate_from_json(record["done"]), state.get) is True


def is_needed_again(record: Record, live: Estate) -> bool:
    """Whether a step is needed although the one it goes with was done in an earlier run."""
    return "also_if" in record and evaluate(predicate_from_json(record["also_if"]), live.get) is True


def hold_s(record: Record, before: Estate | None, state: Estate) -> int:
    """How long to hold: the greatest of these values before the step that this one goes with.

    What stood there is what others have remembered; what the site says is for where that cannot be read any more.
    """
    hold = record["hold_s"]
    found = [(before or state).get(Ref(name)) for name in hold["greatest"]]
    known = [value for value in found if isinstance(value, int) and not isinstance(value, bool)]
    if before is None and "again" in hold:
        known.append(int(hold["again"]))
    return max(known, default=int(hold["else"]))


def asked_for(record: Record) -> tuple[Requirement, ...]:
    """What the scenario asks for beside the invariants."""
    return tuple(
        Requirement(item["rule"], predicate_from_json(item["condition"]), item.get("waivable", False))
        for item in record.get("requires", ())
    )


def foreseen(record: Record, step: Step, state: Estate) -> tuple[Finding, ...]:
    """What will keep the step from being done if nothing changes; what changes by itself may still come right."""
    asked = [item.condition for item in asked_for(record)]
    if step.kind is Kind.CHECK and step.condition is not None:
        asked.append(step.condition)
    lacking = [condition for condition in asked if evaluate(condition, state.get) is not True]
    missing = [text for condition in lacking for text in shortfall(condition, state.get)]
    if not missing:
        return ()
    text = f"{step.id} would stop the run as things are: {'; '.join(missing)}"
    return (Finding(f"check-{step.id}", "OD2008", "warning", text),)


def already_final(
    records: Mapping[str, Record], closed: Mapping[str, frozenset[str]], live: Estate
) -> tuple[Behind, ...]:
    """Steps that cannot be undone and read as done; one that reads so at rest as well counts only behind another."""
    final = {step for step, record in records.items() if record.get("irreversible")}
    found: dict[str, str] = {}
    for step in sort_steps(closed, list(records)):
        record = records[step]
        if step in final and closed[step] & final <= found.keys() and is_done(record, live):
            found[step] = str(record["irreversible"])
    return tuple(Behind(step, why) for step, why in found.items())
