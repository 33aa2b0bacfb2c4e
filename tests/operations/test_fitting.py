"""When a plan may be run is said beside it: the next window that it fits into although all is slow, or why none."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from oceana_dr.estate.values import Json
from oceana_dr.operations.asking import asked_approvals
from oceana_dr.operations.fitting import fitting_window
from oceana_dr.plan.codec import decode_plan, encode_plan
from oceana_dr.plan.model import Plan
from oceana_dr.present.plan_comment import render_comment
from oceana_dr.present.plan_page.page import render_plan_page
from oceana_dr.present.plan_text import render_plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import Project, open_project
from tests.operations.test_clearing import LAB, MONDAY, SUNDAY
from tests.planning import copy_project, plan_case

WEEKLY = '  - {start: "2026-01-04T02:00", duration: 4h, recurrence: FREQ=WEEKLY;BYDAY=SU}\n'
LONG = '  - {start: "2026-12-05T20:00", duration: 14h}\n'


def windows(folder: Path, *lines: str, control: str = "") -> Project:
    root = copy_project(folder)
    path = root / "sites/acme/site.yaml"
    text = path.read_text("utf-8")
    head, _, tail = text.partition("change_windows:\n")
    rest = tail.split("\n\n", 1)[1] if "\n\n" in tail else ""
    said = f"change_windows:\n{''.join(lines)}" if lines else ""
    assert LAB in tail
    path.write_text(f"{head}{control}{said}\n{rest}", "utf-8")
    return open_project(root)


def switchover() -> Plan:
    """Up to eight hours and a quarter."""
    return plan_case("acme", "dc2").plan


def says(project: Project, at: datetime = MONDAY) -> str:
    return str(fitting_window(project, switchover(), at, Cache(None))["says"])


def test_it_waits_for_a_window_that_is_long_enough(tmp_path: Path) -> None:
    found = fitting_window(windows(tmp_path, WEEKLY, LONG), switchover(), SUNDAY, Cache(None))
    assert (found["from"], found["until"]) == ("2026-12-05T19:00:00Z", "2026-12-06T09:00:00Z")
    assert found["says"] == "from Sat 5 Dec 2026 20:00 CET (19:00 UTC) on, until Sun 6 Dec 10:00 CET (09:00 UTC)"


def test_why_it_fits_into_none_is_said(tmp_path: Path) -> None:
    found = fitting_window(windows(tmp_path, WEEKLY), switchover(), MONDAY, Cache(None))
    assert (found["from"], found["until"]) == (None, None)
    text = "in no window: if every step is slow it takes 8 h 16 min, and the longest of the next 60 windows lasts 4 h"
    assert found["says"] == text


def test_a_plan_that_may_run_on_past_the_end_fits_into_any(tmp_path: Path) -> None:
    project = windows(tmp_path, WEEKLY, control="change_control: {window_end: finish}\n")
    assert says(project, SUNDAY) == (
        "now, Sun 29 Nov 2026 02:40 CET (01:40 UTC), until 06:00 CET (05:00 UTC), and past it to the end of the plan"
    )


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ((), "at any time: the site has no change windows"),
        ((LAB,), "now, Mon 30 Nov 2026 12:00 CET (11:00 UTC), with no end within a year"),
        (('  - {start: "2026-01-04T02:00", duration: 4h}\n',), "in no window. None opens any more: the site's windows"),
    ],
)
def test_it_is_said_where_nothing_has_to_be_waited_for_or_nothing_comes(
    lines: tuple[str, ...], text: str, tmp_path: Path
) -> None:
    assert says(windows(tmp_path, *lines)).startswith(text)


def test_it_stands_in_every_form_and_is_no_part_of_the_plan(tmp_path: Path) -> None:
    plan = switchover()
    window = fitting_window(windows(tmp_path, WEEKLY, LONG), plan, MONDAY, Cache(None))
    told = replace(plan, meta={**plan.meta, "window": window})
    assert told.id == plan.id == decode_plan(encode_plan(told)).id
    assert "May run: from Sat 5 Dec 2026 20:00 CET" in " ".join(render_plan(told).split())
    assert "May run from Sat 5 Dec 2026 20:00 CET" in render_comment(told)
    assert "May run" not in render_plan(plan) + render_comment(plan)


@pytest.mark.parametrize("window", [None, 1, "x", [], {}, {"says": 3}, {"says": None}])
def test_what_somebody_wrote_in_its_place_is_left_out(window: Json) -> None:
    plan = switchover()
    strange = replace(plan, meta={**plan.meta, "window": window})
    assert render_plan(strange) == render_plan(plan)
    assert render_comment(strange) == render_comment(plan)


def test_who_must_approve_it_is_said_beside_it_and_changes_nothing_of_it(tmp_path: Path) -> None:
    root = copy_project(tmp_path)
    path, text = root / "oceana-dr.yaml", (root / "oceana-dr.yaml").read_text("utf-8")
    assert asked_approvals(open_project(root), switchover(), Cache(None)) == {}, "the lab needs none"
    asked = "roles: {change-manager: [omar, kim]}\npolicy:"
    text = "".join(line for line in text.splitlines(keepends=True) if not line.startswith("  approvals: false"))
    (root / "allowed_signers").write_text("omar ssh-ed25519 AAAA\nkim ssh-ed25519 AAAB\nlee ssh-ed25519 AAAC\n")
    path.write_text(
        text.replace("policy:", asked).replace("{required: 1}", "{required: 2, roles: {change-manager: 1}}")
    )
    found = asked_approvals(open_project(root), switchover(), Cache(None))
    says = "2 people who did not make the change, among them 1 change-manager (omar, kim)"
    assert found == {"required": 2, "roles": {"change-manager": 1}, "says": says}
    plan = replace(switchover(), meta={"approvals": found})
    assert decode_plan(encode_plan(plan)).id == switchover().id
    shown = " ".join(render_plan(plan).split())
    assert f"Approvals: {says}. Who did: oceana-dr approvals plan.json" in shown
    comment = render_comment(plan)
    assert "**May be applied once it is approved.**" in comment
    assert f"Has to be approved by {says}: `oceana-dr approve plan.json`" in comment
    assert "Who approved it: `oceana-dr approvals plan.json`" in comment
    page = render_plan_page(plan, {})
    assert "May be applied once it is approved." in page
    assert f"Has to be approved by {says}" in page
    assert page == render_plan_page(replace(plan, meta={"approvals": found, "read_ms": 7}), {})
