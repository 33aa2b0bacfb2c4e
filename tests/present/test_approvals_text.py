"""The count of approvals as people read it: the verdict first, nothing wider than the terminal, ASCII where it must."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from oceana_dr.present.approvals_text import render_approvals, render_given
from tests.golden_files import Golden

GOLDENS = Path(__file__).parents[1] / "goldens/present"
KEY = "SHA256:Mps0lXWuUKkAT834rvuiqV+1EeSWI9pZFJ3dbVG6J3U"
UNTIL = {"local": "2026-12-01T02:40:00+01:00", "utc": "2026-12-01T01:40:00Z"}
MIDNIGHT = {"local": "2026-12-02T00:10:00+01:00", "utc": "2026-12-01T23:10:00Z"}


def document(**changes: Any) -> dict[str, Any]:
    return {
        "plan": "sha256:1da52c8dd7b3916f6ad9896d66c981e0046fcf8bd48a5ebd3ab050f86aeb64ee",
        "site": "acme",
        "scenario": "planned-switchover",
        "approved": False,
        "required": {"people": 3, "roles": {"change-manager": 1}, "valid_for_s": 86400, "override_roles": []},
        "counted": [
            {"by": "kim", "role": "", "expires": UNTIL, "found": "x", "principals": ["kim@acme.example"], "key": KEY},
            {"by": "lee", "role": "voice", "expires": MIDNIGHT, "found": "y", "principals": ["lee"], "key": KEY},
        ],
        "uncounted": [
            {
                "why": "jane made the change, and does not approve it",
                "found": "plan.json.approvals/84a80d170f5bc257.json",
                "principals": ["jane@acme.example", "jane@home.example"],
                "key": KEY,
            },
            {"why": "it is no JSON", "found": "plan.json.approvals/\x1b[2Jx.json", "principals": [], "key": ""},
        ],
        "missing": [{"count": 1, "role": "change-manager", "people": ["omar", "pat"]}],
        "authors": ["jane"],
        "authors_unknown": None,
        **changes,
    }


@pytest.mark.parametrize("width", [60, 80])
def test_what_counts_what_does_not_and_what_is_missing(width: int, golden: Golden) -> None:
    text = render_approvals(document(), Path("plan.json"), width=width)
    assert "\x1b" not in text
    assert all(len(line) <= width for line in text.splitlines())
    golden(GOLDENS / f"approvals-{width}.txt", text)


def test_an_approved_plan_names_the_command_that_runs_it() -> None:
    text = render_approvals(document(approved=True, missing=[]), Path("my plan.json"), ascii=True)
    assert text.isascii()
    assert text.splitlines()[0].endswith("approved by 2 people")
    assert text.splitlines()[-1] == "Next: oceana-dr apply 'my plan.json'"


def test_a_plan_that_nobody_can_approve_says_why_and_names_no_command() -> None:
    found = document(authors_unknown="the plan was made from files with changes that are not committed", authors=[])
    text = render_approvals(found, Path("plan.json"), width=80)
    assert "Nobody can approve it: the plan was made from files with changes" in text
    assert "Next:" not in text


def test_a_site_that_asks_for_none_says_so() -> None:
    none = {"people": 0, "roles": {}, "valid_for_s": 0, "override_roles": []}
    text = render_approvals(document(required=none, approved=True, missing=[], counted=[], uncounted=[]), Path("p"))
    assert "it needs no approval" in text


def test_an_approval_that_the_state_did_not_take_is_to_be_handed_on() -> None:
    given = {
        "by": "kim",
        "role": "voice",
        "expires": UNTIL,
        "file": "plan.json.approvals/a.json",
        "unkept": "db1 is away",
    }
    said = " ".join(render_given(given, document(), Path("plan.json"), width=80).split())
    assert "kim approves this plan as voice until 2026-12-01 02:40 (01:40 UTC)" in said
    assert "kept in plan.json.approvals/a.json not in the state: db1 is away. Hand the file on" in said
