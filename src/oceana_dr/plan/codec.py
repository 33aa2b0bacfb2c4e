"""A plan as JSON, and back.

In: a `Plan`, or the bytes of a plan file with its name. Out: JSON, or the plan, or diagnostics.
What is read is checked against its own id: an edited file must never be taken for a plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from oceana_dr.diagnostics import Diagnostic, InputRefused, Label, Span
from oceana_dr.diff.reason import Reason
from oceana_dr.estate.action import Moment, action_from_json, action_to_json
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.canonical import as_json, digest
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import predicate_from_json, predicate_to_json
from oceana_dr.estate.values import Json, Value, from_json, to_json
from oceana_dr.plan.model import (
    FORMAT_VERSION,
    Cause,
    Change,
    Estimate,
    Finding,
    Instructions,
    Kind,
    LiveRead,
    Outage,
    Phase,
    Plan,
    ProofRecord,
    Source,
    Step,
    StepClass,
)


def encode_plan(plan: Plan) -> dict[str, Json]:
    """The plan file's document, `id` and `meta` included."""
    return {**_content(plan), "id": plan.id, "meta": dict(plan.meta)}


def plan_id(plan: Plan) -> str:
    """SHA-256 over the canonical form of everything but `id` and `meta`."""
    return digest(_content(plan))


def write_text(plan: Plan) -> str:
    """The text of the plan file: indented, ending in a line feed."""
    return json.dumps(encode_plan(plan), ensure_ascii=False, indent=1) + "\n"


def read_plan(data: bytes, name: str) -> Plan:
    """The plan that a file holds; raises `InputRefused` for anything that is not whole and unchanged."""
    document = _parse(data, name)
    major = str(document.get("format_version", "")).partition(".")[0]
    if not major.isdigit():
        raise _refused("OD1504", name, "this is not a plan file", "make one with `oceana-dr plan SITE -o plan.json`")
    if major != FORMAT_VERSION.partition(".")[0]:
        text = f"this plan has format {document['format_version']}, which this version does not know"
        raise _refused("OD1503", name, text, "read it with the version of oceana-dr that made it")
    content = {key: value for key, value in document.items() if key not in {"id", "meta"}}
    try:
        computed = digest(content)
    except TypeError:
        computed = "none: it holds a number that no plan holds"
    if computed != document.get("id"):
        text = "this plan was changed after it was made: its id does not match its content"
        raise _refused("OD1502", name, text, "make the plan again; a plan is changed by changing the site")
    try:
        return decode_plan(document)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        text = f"this is not a plan file: {_missing(error)}"
        raise _refused("OD1504", name, text, "make one with `oceana-dr plan SITE -o plan.json`") from None


def decode_plan(data: Mapping[str, Any]) -> Plan:  # Any: a JSON document; what does not fit raises
    """The plan of a document; unknown fields are ignored, missing or wrong ones raise."""
    return Plan(
        id=str(data["id"]),
        catalogue=str(data["catalogue"]),
        source=Source(data["source"]["commit"], bool(data["source"]["dirty"]), str(data["source"]["digest"])),
        site=str(data["site"]),
        scenario=str(data["scenario"]),
        from_side=str(data["from"]),
        to_side=str(data["to"]),
        desired_digest=str(data["desired_digest"]),
        bindings={str(name): str(value) for name, value in data["bindings"].items()},
        initial=Estate.from_json(data["initial"]),
        live=tuple(
            LiveRead(Address(item["address"]), item["fingerprint"], item["source"], tuple(item.get("attributes", ())))
            for item in data["live"]
        ),
        phases=tuple(Phase(item["id"], item["title"], tuple(item["steps"])) for item in data["phases"]),
        steps=tuple(_step_from(item) for item in data["steps"]),
        findings=tuple(
            Finding(item["id"], item["code"], item["severity"], item["message"], bool(item["overridable"]))
            for item in data["findings"]
        ),
        outage={
            name: Outage(item["closed_by"], item["opened_by"], int(item["p50_s"]), int(item["p95_s"]))
            for name, item in data["outage"].items()
        },
        contacts_rejected_s=int(data["contacts_rejected_s"]),
        proof=ProofRecord(
            int(data["proof"]["checked"]),
            tuple(data["proof"]["not_applicable"]),
            tuple(data["proof"]["attested"]),
            int(data["proof"]["states"]),
            int(data["proof"]["violations"]),
        ),
        owed=tuple(dict(item) for item in data["owed"]),
        timers=tuple(dict(item) for item in data["timers"]),
        undoes=data.get("undoes"),
        meta=dict(data.get("meta", {})),
    )


def _content(plan: Plan) -> dict[str, Json]:
    return {
        "format_version": FORMAT_VERSION,
        "catalogue": plan.catalogue,
        "source": {"commit": plan.source.commit, "dirty": plan.source.dirty, "digest": plan.source.digest},
        "site": plan.site,
        "scenario": plan.scenario,
        "from": plan.from_side,
        "to": plan.to_side,
        "desired_digest": plan.desired_digest,
        "bindings": {name: plan.bindings[name] for name in sorted(plan.bindings)},
        "initial": dict(plan.initial.to_json()),
        "live": [
            {
                "address": item.address,
                "fingerprint": item.fingerprint,
                "source": item.source,
                "attributes": list(item.attributes),
            }
            for item in plan.live
        ],
        "phases": [{"id": item.id, "title": item.title, "steps": list(item.steps)} for item in plan.phases],
        "steps": [_step_to(step) for step in plan.steps],
        "findings": [
            {
                "id": item.id,
                "code": item.code,
                "severity": item.severity,
                "message": item.message,
                "overridable": item.overridable,
            }
            for item in plan.findings
        ],
        "owed": [as_json(item) for item in plan.owed],
        "timers": [as_json(item) for item in plan.timers],
        "undoes": plan.undoes,
        "outage": {
            name: {
                "closed_by": item.closed_by,
                "opened_by": item.opened_by,
                "p50_s": item.p50_s,
                "p95_s": item.p95_s,
            }
            for name, item in sorted(plan.outage.items())
        },
        "contacts_rejected_s": plan.contacts_rejected_s,
        "proof": {
            "checked": plan.proof.checked,
            "not_applicable": list(plan.proof.not_applicable),
            "attested": list(plan.proof.attested),
            "states": plan.proof.states,
            "violations": plan.proof.violations,
        },
    }


def _step_to(step: Step) -> Json:
    change, how = step.change, step.instructions
    return {
        "id": step.id,
        "kind": step.kind.value,
        "class": step.step_class.value,
        "title": step.title,
        "after": list(step.after),
        "address": step.address,
        "change": None
        if change is None
        else {"before": _labels(change.before), "after": _labels(change.after), "reason": change.reason.value},
        "effects": _refs(step.effects),
        "action": None if step.action is None else action_to_json(step.action),
        "procedure": step.procedure,
        "manual": [[first, last] for first, last in step.manual],
        "driver": step.driver,
        "expect": _refs(step.expect),
        "verify": _refs(step.verify),
        "condition": None if step.condition is None else predicate_to_json(step.condition),
        "timeout_s": step.timeout_s,
        "estimate_s": {"p50": step.estimate.p50, "p95": step.estimate.p95},
        "irreversible": step.irreversible,
        "inverse": {"steps": [action_to_json(action) for action in step.inverse]},
        "moments": [{"set": _refs(moment.values), "after_s": moment.after_s} for moment in step.moments],
        "pair": step.pair,
        "instructions": None
        if how is None
        else {
            "console": how.console,
            "clicks": list(how.clicks),
            "copy": [[label, value] for label, value in how.copy],
            "expect": how.expect,
            "second_person": how.second_person,
        },
        "cause": [{"file": cause.file, "line": cause.line} for cause in step.cause],
        "rules": list(step.rules),
    }


def _step_from(data: Mapping[str, Any]) -> Step:
    change, how = data["change"], data.get("instructions")
    return Step(
        id=str(data["id"]),
        kind=Kind(data["kind"]),
        step_class=StepClass(data["class"]),
        title=str(data["title"]),
        address=None if data["address"] is None else Address(data["address"]),
        driver=str(data["driver"]),
        estimate=Estimate(int(data["estimate_s"]["p50"]), int(data["estimate_s"]["p95"])),
        after=tuple(data["after"]),
        change=None
        if change is None
        else Change(_from_labels(change["before"]), _from_labels(change["after"]), Reason(change["reason"])),
        effects=_from_refs(data["effects"]),
        action=None if data.get("action") is None else action_from_json(data["action"]),
        procedure=data["procedure"],
        manual=tuple((int(first), int(last)) for first, last in data["manual"]),
        expect=_from_refs(data["expect"]),
        verify=_from_refs(data["verify"]),
        condition=None if data.get("condition") is None else predicate_from_json(data["condition"]),
        timeout_s=int(data.get("timeout_s", 3600)),
        irreversible=data["irreversible"],
        inverse=tuple(action_from_json(item) for item in data["inverse"]["steps"]),
        cause=tuple(Cause(item["file"], int(item["line"])) for item in data["cause"]),
        rules=tuple(data["rules"]),
        moments=tuple(Moment(_from_refs(item["set"]), int(item["after_s"])) for item in data.get("moments", ())),
        pair=data.get("pair"),
        instructions=None
        if how is None
        else Instructions(
            how["console"],
            tuple(how["clicks"]),
            tuple((label, value) for label, value in how["copy"]),
            how["expect"],
            bool(how["second_person"]),
        ),
    )


def _labels(values: Mapping[str, Value]) -> Json:
    return {label: to_json(values[label]) for label in sorted(values)}


def _from_labels(data: Mapping[str, Any]) -> dict[str, Value]:
    return {str(label): from_json(value) for label, value in data.items()}


def _refs(values: Mapping[Ref, Value]) -> Json:
    return {reference: to_json(values[reference]) for reference in sorted(values)}


def _from_refs(data: Mapping[str, Any]) -> dict[Ref, Value]:
    return {Ref(name): from_json(value) for name, value in data.items()}


def _missing(error: Exception) -> str:
    return f"it has no {error}" if isinstance(error, KeyError) else "a part of it has another form"


def _parse(data: bytes, name: str) -> dict[str, Any]:
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        line, column = getattr(error, "lineno", 1), getattr(error, "colno", 1)
        place = Span(name, line, column, line, column + 1)
        text = "this plan file is not whole JSON: it was cut short, or is something else"
        raise InputRefused(
            (Diagnostic("OD1501", text, (Label(place, "it ends or breaks here"),), help="make the plan again"),)
        ) from None
    if not isinstance(document, dict):
        raise _refused("OD1504", name, "this is not a plan file", "make one with `oceana-dr plan SITE -o plan.json`")
    return document


def _refused(code: str, name: str, text: str, advice: str) -> InputRefused:
    return InputRefused((Diagnostic(code, text, (Label(Span(name, 1, 1, 1, 2)),), help=advice),))
