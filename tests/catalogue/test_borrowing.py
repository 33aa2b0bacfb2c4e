"""A scenario takes steps over from another one, as they are or under a name of its own."""

from typing import Any

import pytest

from oceana_dr.catalogue.borrowing import lend_steps
from oceana_dr.catalogue.load import load_catalogue

LENDER = {
    "id": "forth",
    "steps": [
        {"id": "P20.activate", "title": "activate", "manual": [[1, 2]]},
        {"id": "P20.nodes", "title": "nodes", "with": "P20.activate"},
        {"id": "P200", "title": "another one"},
    ],
}


def borrowed(**entry: Any) -> list[Any]:
    _, back = lend_steps([LENDER, {"id": "back", "steps": [{"from": "forth", **entry}]}])
    return list(back["steps"])


def test_a_name_stands_for_its_parts_and_for_no_other_step() -> None:
    assert [step["id"] for step in borrowed(borrow=["P20"])] == ["P20.activate", "P20.nodes"]


def test_what_the_entry_says_replaces_or_takes_away() -> None:
    (step,) = borrowed(borrow=["P20.activate"], title="again", manual=None)
    assert step == {"id": "P20.activate", "title": "again"}


def test_a_step_is_renamed_with_its_parts() -> None:
    assert [step["id"] for step in borrowed(id="R09", borrow=["P20"])] == ["R09.activate", "R09.nodes"]
    assert [step["id"] for step in borrowed(id="R09.smgr", borrow=["P20.activate"])] == ["R09.smgr"]


@pytest.mark.parametrize(
    ("entry", "says"),
    [({"borrow": ["P21"]}, "no such step"), ({"id": "R09", "borrow": ["P20", "P200"]}, "calls P20 and P200 R09")],
)
def test_what_cannot_be_borrowed_is_a_mistake_of_the_catalogue(entry: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        borrowed(**entry)


def test_a_step_of_recovery_has_no_letter_of_another_scenario() -> None:
    """Names are the one exception: both ways lower the TTL of the same ones."""
    ids = [str(step["id"]) for step in load_catalogue().scenarios["recovery"].steps]
    assert len(ids) == len(set(ids))
    assert {step for step in ids if not step.startswith("R")} == {
        "dns-lower-ttl", "dns-lower-ttl.wait", "dns-restore-ttl",
    }  # fmt: skip
