"""The schema of the event stream: made of the types, committed, and true of every kind of line."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from oceana_dr.execute.events import LAST, TYPES, Event, line_to_json
from oceana_dr.operations.event_schema import HEAD, WORDS, events_schema, events_schema_text, own_fields
from tests.golden_files import Golden
from tests.planning import ROOT
from tests.present.test_runs import EVENTS

SCHEMA = Draft202012Validator(events_schema())
PLAN = "sha256:" + "ab" * 32


def line(event: Event) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(line_to_json(event, 1, run="r1", plan=PLAN)))
    return found


def test_the_committed_schema_is_that_of_the_types(golden: Golden) -> None:
    Draft202012Validator.check_schema(events_schema())
    golden(Path(ROOT / "schemas/events.schema.json"), events_schema_text())


def test_every_field_has_its_words_and_no_words_are_left_over() -> None:
    assert {item.name for kind in TYPES.values() for item in own_fields(kind)} == WORDS.keys()
    assert all(kind.__doc__ for kind in TYPES.values())
    assert set(LAST) <= set(TYPES.values())


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_every_kind_of_line_fits_and_misses_no_field(event: Event) -> None:
    whole = line(event)
    assert [error.message for error in SCHEMA.iter_errors(whole)] == []
    for name in whole:
        assert not SCHEMA.is_valid({key: value for key, value in whole.items() if key != name}), f"no {name}"
    for name, value in whole.items():
        if name not in {"run", "plan"}:
            assert not SCHEMA.is_valid({**whole, name: None}), name
        assert not SCHEMA.is_valid({**whole, name: [1.5] if value != [1.5] else 7}), name


def test_readers_of_this_version_take_what_a_minor_one_adds_and_no_other_major_one() -> None:
    whole = line(EVENTS[0])
    assert SCHEMA.is_valid({**whole, "format_version": "1.7", "new": 1})
    assert SCHEMA.is_valid({**{name: whole[name] for name in HEAD}, "type": "a-new-type"})
    assert not SCHEMA.is_valid({**whole, "format_version": "2.0"})
    assert not SCHEMA.is_valid({**whole, "plan": "plan.json"})
