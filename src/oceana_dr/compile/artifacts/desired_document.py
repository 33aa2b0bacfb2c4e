"""`desired.json`: the whole desired estate by address, each value with where it comes from.

In: the desired estate and the provenance of its values. Out: JSON text, sorted.
A secret must never stand here: only its reference can, because only that is a value.
"""

from __future__ import annotations

import json

from oceana_dr.compile.artifacts.subject import Sources, ranges
from oceana_dr.estate.address import Address, Ref, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Json, Unknown, Value, to_json


def desired_document(desired: Estate, provenance: Sources) -> str:
    """Address → attribute → value, rule, sources, setting, manual lines.

    Sources are every place that wrote a path that the value was made of, the winner first; the rest of a path's are
    marked `overridden`. A value that no key of a site decides has none: its rule is a constant of the catalogue.
    One attribute a line, so that a reviewer sees a changed value as one changed line.
    """
    resources = [
        f"{_text(address)}: {_resource(address, desired, provenance)}" for address in sorted(desired.resources)
    ]
    return "{\n" + ",\n".join(f"  {item}" for item in resources) + "\n}\n"


def _resource(address: Address, desired: Estate, provenance: Sources) -> str:
    resource = desired.resources[address]
    if isinstance(resource, Unknown):
        return _text(to_json(resource))
    attributes = [
        f"    {_text(label)}: {_text(_attribute(ref(address, label), value, provenance))}"
        for label, value in sorted(resource.items())
    ]
    return "{\n" + ",\n".join(attributes) + "\n  }" if attributes else "{}"


def _text(data: Json) -> str:
    return json.dumps(data, ensure_ascii=False)


def _attribute(reference: Ref, value: Value, provenance: Sources) -> Json:
    origin = provenance(reference)
    sources: list[Json] = [
        {"file": span.file, "line": span.line, "path": item.path, **({"overridden": True} if lost else {})}
        for item in origin.contributions
        for lost, span in enumerate(item.spans)
    ]
    return {
        "value": to_json(value),
        "rule": origin.rule,
        "sources": sources,
        "setting": origin.setting,
        "manual": ranges(origin.manual),
    }
