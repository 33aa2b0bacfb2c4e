"""A plan as JSON, and back.

In: a `Plan`, or the bytes of a plan file with its name. Out: JSON, or the plan, or diagnostics.
What is read is checked against its own id: an edited file must never be taken for a plan.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from oceana_dr.diagnostics import Diagnostic, InputRefused, Label, Span
from oceana_dr.diff.reason import Reason
from oceana_dr.estate.action import Action, Moment, SetValues, action_from_json, action_to_json
from oceana_dr.estate.address import Ref
from oceana_dr.estate.canonical import digest
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import Predicate, predicate_from_json, predicate_to_json, refs_of
from oceana_dr.estate.strict_json import DuplicateKey, load_json
from oceana_dr.estate.values import Json, Value, from_json, to_json
from oceana_dr.plan import fields
from oceana_dr.plan.consistency import check_plan
from oceana_dr.plan.fields import flag, items, seconds, text, texts
from oceana_dr.plan.model import (
    FORMAT_VERSION,
    Behind,
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
    Requirement,
    Source,
    Step,
    StepClass,
)
from oceana_dr.plan.standing_codec import loss_from, loss_to, owed_from, owed_to, timer_from, timer_to
from oceana_dr.source.text import position_of

MOST_VALUES: Final = 500_000
"""A hundred times the values of the largest plan there is; each costs some hundred bytes once it is read."""

_BEGINS: Final = (b"[", b"{", b",")


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
        why = f"this plan has format {document['format_version']!s:.20}, which this version does not know"
        raise _refused("OD1503", name, why, "read it with the version of oceana-dr that made it")
    content = {key: value for key, value in document.items() if key not in {"id", "meta"}}
    try:
        fields.plain(document)
        computed = digest(content)
    except (TypeError, ValueError) as error:  # a number, a depth or half a character that no plan holds
        raise _no_plan(name, error) from None
    if computed != document.get("id"):
        why = "this plan was changed after it was made: its id does not match its content"
        raise _refused("OD1502", name, why, "make the plan again; a plan is changed by changing the site")
    try:
        plan = decode_plan(document)
        check_plan(plan)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _no_plan(name, error) from None
    return plan


def decode_plan(data: Mapping[str, Any]) -> Plan:  # Any: a JSON document; what does not fit raises
    """The plan of a document; unknown fields are ignored, missing or wrong ones raise."""
    return Plan(
        id=text(data["id"]),
        catalogue=text(data["catalogue"]),
        source=Source(
            fields.optional(data["source"]["commit"]), flag(data["source"]["dirty"]), text(data["source"]["digest"])
        ),
        site=text(data["site"]),
        scenario=text(data["scenario"]),
        from_side=text(data["from"]),
        to_side=text(data["to"]),
        desired_digest=text(data["desired_digest"]),
        bindings={name: text(value) for name, value in fields.table(data["bindings"]).items()},
        initial=_estate(data["initial"]),
        live=tuple(
            LiveRead(
                fields.address(item["address"]),
                text(item["fingerprint"]),
                text(item["source"]),
                texts(item.get("attributes", [])),
            )
            for item in items(data["live"])
        ),
        phases=tuple(
            Phase(text(item["id"]), text(item["title"]), texts(item["steps"])) for item in items(data["phases"])
        ),
        steps=tuple(_step_from(item) for item in items(data["steps"])),
        findings=tuple(
            Finding(
                text(item["id"]),
                text(item["code"]),
                text(item["severity"]),
                text(item["message"]),
                flag(item["overridable"]),
                texts(item.get("way", [])),
                texts(item.get("details", [])),
            )
            for item in items(data["findings"])
        ),
        outage={
            name: Outage(
                fields.optional(item["closed_by"]),
                fields.optional(item["opened_by"]),
                seconds(item["p50_s"]),
                seconds(item["p95_s"]),
            )
            for name, item in fields.table(data["outage"]).items()
        },
        contacts_rejected_s=seconds(data["contacts_rejected_s"]),
        proof=ProofRecord(
            fields.number(data["proof"]["checked"]),
            texts(data["proof"]["not_applicable"]),
            texts(data["proof"]["attested"]),
            fields.number(data["proof"]["states"]),
            fields.number(data["proof"]["violations"]),
            texts(data["proof"].get("inherited", [])),
            fields.number(data["proof"].get("parallel", 0)),
        ),
        owed=tuple(owed_from(item) for item in items(data["owed"])),
        timers=tuple(timer_from(item) for item in items(data["timers"])),
        losses=tuple(loss_from(item) for item in items(data.get("losses", []))),
        lost=texts(data.get("lost", [])),
        undoes=fields.optional(data.get("undoes")),
        behind=tuple(Behind(text(item["step"]), text(item["irreversible"])) for item in items(data.get("behind", []))),
        drivers={name: text(driver) for name, driver in fields.table(data.get("drivers", {})).items()},
        meta=dict(fields.table(data["meta"])),
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
                **({"way": list(item.way)} if item.way else {}),
                **({"details": list(item.details)} if item.details else {}),
            }
            for item in plan.findings
        ],
        "owed": [owed_to(item) for item in plan.owed],
        "timers": [timer_to(item) for item in plan.timers],
        "losses": [loss_to(item) for item in plan.losses],
        "lost": list(plan.lost),
        "undoes": plan.undoes,
        "behind": [{"step": item.step, "irreversible": item.irreversible} for item in plan.behind],
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
            "inherited": list(plan.proof.inherited),
            "parallel": plan.proof.parallel,
        },
        **({"drivers": {name: plan.drivers[name] for name in sorted(plan.drivers)}} if plan.drivers else {}),
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
        "requires": [
            {"rule": item.rule, "condition": predicate_to_json(item.condition), "waivable": item.waivable}
            for item in step.requires
        ],
        "timeout_s": step.timeout_s,
        "estimate_s": {"p50": step.estimate.p50, "p95": step.estimate.p95},
        "irreversible": step.irreversible,
        "inverse": {"steps": [action_to_json(action) for action in step.inverse], "none": step.no_inverse},
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
            **({"apart_from": list(how.apart_from)} if how.apart_from else {}),
        },
        "cause": [{"file": cause.file, "line": cause.line} for cause in step.cause],
        "rules": list(step.rules),
        **({"attested": list(step.attested)} if step.attested else {}),
    }


def _step_from(data: Mapping[str, Any]) -> Step:
    change, how = data["change"], data.get("instructions")
    return Step(
        id=text(data["id"]),
        kind=Kind(data["kind"]),
        step_class=StepClass(data["class"]),
        title=text(data["title"]),
        address=None if data["address"] is None else fields.address(data["address"]),
        driver=text(data["driver"]),
        estimate=Estimate(seconds(data["estimate_s"]["p50"]), seconds(data["estimate_s"]["p95"])),
        after=texts(data["after"]),
        change=None
        if change is None
        else Change(_from_labels(change["before"]), _from_labels(change["after"]), Reason(change["reason"])),
        effects=_from_refs(data["effects"]),
        action=None if data.get("action") is None else _action(data["action"]),
        procedure=fields.optional(data["procedure"]),
        manual=tuple((fields.number(first), fields.number(last)) for first, last in items(data["manual"])),
        expect=_from_refs(data["expect"]),
        verify=_from_refs(data["verify"]),
        condition=None if data.get("condition") is None else _condition(data["condition"]),
        requires=tuple(
            Requirement(text(item["rule"]), _condition(item["condition"]), flag(item["waivable"]))
            for item in items(data.get("requires", []))
        ),
        timeout_s=seconds(data.get("timeout_s", 3600)),
        irreversible=fields.optional(data["irreversible"]),
        inverse=tuple(_action(item) for item in items(data["inverse"]["steps"])),
        no_inverse=fields.optional(data["inverse"].get("none")),
        cause=tuple(Cause(text(item["file"]), fields.number(item["line"])) for item in items(data["cause"])),
        rules=texts(data["rules"]),
        moments=tuple(
            Moment(_from_refs(item["set"]), seconds(item["after_s"])) for item in items(data.get("moments", []))
        ),
        pair=fields.optional(data.get("pair")),
        instructions=None
        if how is None
        else Instructions(
            text(how["console"]),
            texts(how["clicks"]),
            tuple((text(label), text(value)) for label, value in items(how["copy"])),
            text(how["expect"]),
            flag(how["second_person"]),
            texts(how.get("apart_from", [])),
        ),
        attested=tuple(Ref(name) for name in texts(data.get("attested", []))),
    )


def _labels(values: Mapping[str, Value]) -> Json:
    return {label: to_json(values[label]) for label in sorted(values)}


def _from_labels(data: Mapping[str, Any]) -> dict[str, Value]:
    return {text(label): from_json(value) for label, value in data.items()}


def _refs(values: Mapping[Ref, Value]) -> Json:
    return {reference: to_json(values[reference]) for reference in sorted(values)}


def _from_refs(data: Mapping[str, Any]) -> dict[Ref, Value]:
    return {fields.reference(name): from_json(value) for name, value in data.items()}


def _estate(data: object) -> Estate:
    found = Estate.from_json(dict(fields.table(data)))
    for address in found.resources:
        fields.address(address)
    return found


def _action(data: object) -> Action:
    found = action_from_json(data)
    if isinstance(found, SetValues):
        for reference in found.values:
            fields.reference(reference)
    return found


def _condition(data: object) -> Predicate:
    found = predicate_from_json(data)
    for reference in refs_of(found):
        fields.reference(reference)
    return found


def _no_plan(name: str, error: Exception) -> InputRefused:
    match error:
        case KeyError():
            why = f"it has no {error}"
        case UnicodeError():
            why = "it holds half a character"
        case ValueError():
            why = str(error)
        case _:
            why = "a part of it has another form"
    return _refused(
        "OD1504", name, f"this is not a plan file: {why:.200}", "make one with `oceana-dr plan SITE -o plan.json`"
    )


def _parse(data: bytes, name: str) -> dict[str, Any]:
    if sum(map(data.count, _BEGINS)) > MOST_VALUES:
        why = f"this is not a plan file: it has more than {MOST_VALUES:,} values"
        raise _refused("OD1504", name, why, "make one with `oceana-dr plan SITE -o plan.json`")
    try:
        document = load_json(data)
    except DuplicateKey as error:
        raise _no_plan(name, error) from None
    except (ValueError, RecursionError) as error:
        # Not json's own line: it counts line feeds only, and what shows the file counts all line ends.
        line, column = position_of(data.decode("utf-8-sig", "replace"), getattr(error, "pos", 0))
        place = Span(name, line, column, line, column + 1)
        why = "this plan file is not whole JSON: it was cut short, or is something else"
        raise InputRefused(
            (Diagnostic("OD1501", why, (Label(place, "it ends or breaks here"),), help="make the plan again"),)
        ) from None
    if not isinstance(document, dict):
        raise _refused("OD1504", name, "this is not a plan file", "make one with `oceana-dr plan SITE -o plan.json`")
    return document


def _refused(code: str, name: str, why: str, advice: str) -> InputRefused:
    return InputRefused((Diagnostic(code, why, (Label(Span(name, 1, 1, 1, 2)),), help=advice),))
