"""`site.md`, `plan-file.md` and `report.md`: what people and programs write and read, from the schemas.

In: the schemas that ship; of the plan file also words for keys that its schema leaves without. Out: three pages.
A key must never be without words: a test looks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from oceana_dr.operations.schemas import schema_text
from scripts.reference.markdown import page, prose
from scripts.reference.schema import key_rows, properties, reached, rows_table

# What the plan file's schema leaves without words.
PLAN_WORDS: Final[Mapping[str, str]] = {
    "source.commit": "Commit of the site's files, or null outside of a repository.",
    "source.dirty": "Whether files were changed since that commit.",
    "source.digest": "Digest of the files that were read.",
    "site": "Name of the site.",
    "scenario": "What kind of plan it is; `steady` moves nothing.",
    "from": "The data centre that takes contacts before.",
    "to": "The data centre that takes contacts after; in a steady plan the same.",
    "desired_digest": "Digest of the desired state that was compiled.",
    "live[].address": "The resource.",
    "live[].fingerprint": "Fingerprint of what was read.",
    "live[].source": "How it was read.",
    "live[].attributes": "Attributes that make the plan stale if they have moved.",
    "phases[].id": "Which phase.",
    "phases[].title": "Its name for people.",
    "phases[].steps": "Ids of its steps.",
    "steps": "The steps, in an order in which they can be read.",
    "findings": "What speaks against the plan.",
    "findings[].id": "Name of the finding in this plan.",
    "findings[].code": "What `oceana-dr explain` knows it by.",
    "findings[].severity": "`refuse` means that the plan is not run.",
    "findings[].message": "What is the matter.",
    "findings[].overridable": "Whether a person may override it.",
    "findings[].way": "The steps that lead to what is wrong, by id; not there where none do.",
    "findings[].details": "The way in words, or all that the message speaks of; not there where it says it all.",
    "outage": "How long each channel turns contacts away, by channel.",
    "behind[].step": "Id of the step.",
    "behind[].irreversible": "Why there is no way back from it.",
    "outage.*.closed_by": "The step that closes the channel; null if it is closed when the plan begins.",
    "outage.*.opened_by": "The step that opens it again; null if it stays closed to the end of the plan.",
    "outage.*.p50_s": "Seconds at the median.",
    "outage.*.p95_s": "Seconds at the 95th percentile.",
    "proof": "The safety proof's figures.",
    "proof.checked": "How many invariants were checked.",
    "proof.not_applicable": "Invariants about what this site does not have.",
    "proof.attested": "Invariants that no state shows: people, checks before the plan, rules or timers keep them.",
    "proof.states": "How many states were looked at.",
    "proof.violations": "How many invariants the plan breaks in some reachable state.",
    "proof.inherited": "Invariants that do not hold before the first step; all others that were checked hold.",
    "proof.parallel": "How many pairs of steps may run together, and it makes no difference which one is first.",
    "meta": "Times and the tool's version; not part of `id`.",
    "step.title": "What it does, in words.",
    "step.estimate_s.p50": "At the median.",
    "step.estimate_s.p95": "At the 95th percentile.",
    "step.requires": "What is read right before the step, and must be so then.",
    "step.requires[].rule": "The invariant that says so.",
    "step.requires[].condition": "What must be so.",
    "step.requires[].waivable": "Whether two people may let the step go on without it, with a reason.",
    "step.inverse.none": "Why a rollback has nothing to do about this step, or null.",
    "step.inverse.steps": "Actions, in order; empty if there is nothing to undo or no way to.",
    "step.cause[].file": "File, from the project's root.",
    "step.cause[].line": "Line, from 1.",
    "step.change.before": "Values as they are.",
    "step.change.after": "Values as they will be.",
    "step.change.reason": "Why: the file changed, the estate did, both, it was never applied, or the move needs it.",
    "step.instructions.console": "Where.",
    "step.instructions.clicks": "What to do there, one after the other.",
    "step.instructions.copy": "Labels and the values to copy.",
    "step.instructions.expect": "What is to be seen then.",
    "step.instructions.second_person": "Whether a second person has to confirm.",
    "action.with": "Its arguments.",
    "value.override": "With `value`: whether System Manager's Override box is ticked.",
    "value.value": "With `override`: the effective value.",
    "value.secret": "A reference to a secret, never the secret.",
    "value.unknown": "Why the value is not known: unreachable, never observed, absent …",
    "predicate.is": "An attribute, then the values it may have.",
    "predicate.at_most": "An attribute and the largest number it may be.",
    "predicate.same": "Two attributes that must be equal.",
    "predicate.all": "Conditions that all hold.",
    "predicate.any": "Conditions of which one holds.",
    "predicate.not": "A condition that does not hold.",
}


def plan_file_page() -> str:
    """The plan file, from its schema."""
    schema = json.loads(schema_text("plan"))
    parts = [f"## The document\n\n{properties(schema, '', PLAN_WORDS)}"]
    for name, title in (
        ("step", "A step"),
        ("action", "An action"),
        ("moment", "A moment"),
        ("predicate", "A condition"),
    ):
        definition = schema["$defs"][name]
        rows = [row for part in definition.get("oneOf", [definition]) for row in key_rows(part, f"{name}.", PLAN_WORDS)]
        words = definition.get("description", "")
        parts.append("\n\n".join([f"## {title}", *([prose(words)] if words else []), rows_table(rows, f"{name}.")]))
    value = schema["$defs"]["value"]
    rows = list(key_rows(value, "value.", PLAN_WORDS))
    parts.append(f"## A value\n\n{prose(value['description'])}\n\n{rows_table(rows, 'value.')}")
    return page(
        "The plan file",
        prose(schema["description"]) + " The schema itself: `oceana-dr schema plan`. "
        "`oceana-dr verify` checks a file against it, its `id`, and the proof.",
        *parts,
    )


def report_page() -> str:
    """The report of a run, from its schema."""
    schema = json.loads(schema_text("report"))
    parts = [f"## The document\n\n{properties(schema, '', {})}"]
    for name, part in schema["$defs"].items():
        inner = next((item for item in part.get("anyOf", ()) if "properties" in item), None)
        rows = [f"\n\n{properties(inner, '', {})}"] if inner else []
        parts.append(f"## {name}\n\n{prose(part['description'])}{''.join(rows)}")
    return page(
        "The report of a run",
        prose(schema["description"]) + " The schema itself: `oceana-dr schema report`.",
        *parts,
    )


def site_page() -> str:
    """The site file, from its schema."""
    schema = json.loads(schema_text("site"))
    words = {
        key: str(schema["$defs"][part["$ref"].rpartition("/")[2]]["description"])
        for key, part in schema["properties"].items()
        if "$ref" in part
    }
    sections = [f"## The file\n\n{properties(schema, '', words)}"]
    for name in reached(schema):
        part = schema["$defs"][name]
        sections.append(f"## {name}\n\n{prose(part['description'])}\n\n{properties(part, '', {})}")
    return page(
        "The site file",
        "`sites/SITE/site.yaml`, with what all sites share in `sites/defaults.yaml`: mappings are merged, and a "
        "site's own value wins. *Required* means that the site's own file must have it. Files are YAML 1.2; a "
        "duplicate key, a merge key (`<<`) and a key that is not known are errors. The schema itself: `oceana-dr "
        "schema site`; editors complete and hover from it through the first line of the example sites.",
        *sections,
    )
