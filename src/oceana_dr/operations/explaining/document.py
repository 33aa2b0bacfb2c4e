"""An explanation as data: `explain --format json`, whatever was asked about.

In: what `explain` found. Out: JSON of version 1.0: `kind`, and the fields of what was found under their own names.
Nothing that the text shows may be missing here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, Final, assert_never, cast

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.diagnostics.codes import CodeInfo
from oceana_dr.estate.values import Json, Override, SecretRef, Unknown, to_json
from oceana_dr.operations.explaining.answer import AddressWhy, RuleWhy, SettingWhy, StepWhy, Why
from oceana_dr.operations.explaining.errata import AnswerWhy, ErrataWhy
from oceana_dr.operations.explaining.rules import Told
from oceana_dr.operations.explaining.scenarios import ScenarioWhy
from oceana_dr.plan.codec import encode_plan


def explain_to_json(found: Why) -> Json:
    """The documented shape; lines of the manual come with their `pages`.

    A limit of the solution, or a section that only explains, is of the kind `limitation` or `section`.
    """
    match found:
        case StepWhy(plan=plan, steps=steps):
            names = {step.id for step in steps}
            encoded = [
                step for step in cast("list[dict[str, Json]]", encode_plan(plan)["steps"]) if step["id"] in names
            ]
            body: Json = {"site": plan.site, "scenario": plan.scenario, "plan": plan.id, "steps": list(encoded)}
        case AddressWhy() | SettingWhy() | CodeInfo() | RuleWhy() | Told() | ErrataWhy() | AnswerWhy():
            body = _plain(found)
        case ScenarioWhy(point_of_no_return=first):
            body = cast("dict[str, Json]", _plain(found)) | {"point_of_no_return": first.id if first else None}
        case _:
            assert_never(found)
    return {"format_version": "1.0", "kind": _KINDS.get(type(found)), **cast("dict[str, Json]", body)}


_KINDS: Final[Mapping[type, str]] = {
    AddressWhy: "address",
    StepWhy: "step",
    SettingWhy: "setting",
    CodeInfo: "code",
    RuleWhy: "rule",
    Told: "entry",
    ErrataWhy: "errata",
    ScenarioWhy: "scenario",
}


def _plain(data: Any) -> Json:
    match data:
        case Override() | SecretRef() | Unknown():
            return to_json(data)
        case Enum():
            return str(data.value)
        case Mapping():
            return {str(key): _plain(value) for key, value in data.items()}
        case list() | tuple():
            return [_plain(item) for item in data]
        case _ if is_dataclass(data):
            found = {item.name: _plain(getattr(data, item.name)) for item in fields(data)}
            return found | _pages(getattr(data, "manual", ()))
        case None | bool() | int() | str():
            return data
        case _:
            return str(data)


def _pages(manual: tuple[tuple[int, int], ...]) -> dict[str, Json]:
    page = load_catalogue().page
    return {"pages": list(dict.fromkeys(page(first) for first, _ in manual))} if manual else {}
