"""What can be done to an estate: the one union that plan, twin and drivers share.

In: a step of a plan. Out: an action that a driver carries out and that the twin knows the effects of.
An action must never hold a secret's value, nor anything that is not in the plan file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias, assert_never

from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Json, Value, from_json, to_json


@dataclass(frozen=True, slots=True)
class SetValues:
    """Write attributes, all of them or none (one console's Commit, one DNS transaction)."""

    values: Mapping[Ref, Value]


@dataclass(frozen=True, slots=True)
class RunProcedure:
    """Carry out a procedure of the catalogue with these arguments (all strings)."""

    procedure: str
    arguments: Mapping[str, str]


Action: TypeAlias = SetValues | RunProcedure


@dataclass(frozen=True, slots=True)
class Moment:
    """A state the estate passes through while an action runs: what changes, and after how long.

    `after_s` counts seconds of the estate's clock from the moment before.
    """

    values: Mapping[Ref, Value]
    after_s: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A console's answer when it will not do it, in a sentence, with the rule it follows."""

    message: str
    rule: str


def action_to_json(action: Action) -> Json:
    """`{"set": {ref: value}}` or `{"run": procedure, "with": {…}}`."""
    match action:
        case SetValues(values=values):
            return {"set": {reference: to_json(values[reference]) for reference in sorted(values)}}
        case RunProcedure(procedure=procedure, arguments=arguments):
            return {"run": procedure, "with": {name: arguments[name] for name in sorted(arguments)}}
        case _:
            assert_never(action)


def action_from_json(data: object) -> Action:
    """The inverse of `action_to_json`; raises `ValueError` on anything else."""
    match data:
        case {"set": dict() as values}:
            return SetValues({Ref(str(name)): from_json(value) for name, value in values.items()})
        case {"run": str() as procedure, "with": dict() as arguments}:
            return RunProcedure(procedure, {str(k): str(v) for k, v in arguments.items()})
        case _:
            raise ValueError("not an action")
