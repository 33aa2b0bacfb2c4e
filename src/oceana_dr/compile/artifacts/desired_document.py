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
    """Address → attribute → value, sources (the winner of every path it was made of), setting, manual lines.

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
        {"file": item.spans[0].file, "line": item.spans[0].line, "path": item.path}
        for item in origin.contributions
        if item.spans
    ]
    return {
        "value": to_json(value),
        "sources": sources,
        "setting": origin.setting,
        "manual": ranges(origin.manual),
    }
