"""A plan as text: nothing lost at any width, nothing let through, the figures a reader decides by."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from oceana_dr.diff.reason import Reason
from oceana_dr.plan.estimate import schedule, slow
from oceana_dr.plan.model import Plan
from oceana_dr.present.cells import display_width
from oceana_dr.present.pace import median_pace, slow_pace
from oceana_dr.present.phrases import REASONS, changes_of, value_text
from oceana_dr.present.plan_steps import together
from oceana_dr.present.plan_text import render_plan
from oceana_dr.present.style import Style
from tests.golden_files import Golden
from tests.planning import SITES
from tests.present.samples import META, nothing, observed, refused, steady, switchover

GOLDENS = Path(__file__).parents[1] / "goldens" / "present"
SAMPLES: dict[str, Callable[[], Plan]] = {
    "steady": steady,
    "nothing-to-do": nothing,
    "refused": refused,
}
SGR = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_the_switchover(site: str, width: int, golden: Golden) -> None:
    golden(GOLDENS / f"{site}-switchover-{width}.txt", render_plan(switchover(site), width=width))


def test_the_switchover_in_ascii(golden: Golden) -> None:
    text = render_plan(switchover("globex"), ascii=True)
    assert text.isascii()
    golden(GOLDENS / "globex-switchover-ascii.txt", text)


@pytest.mark.parametrize("name", SAMPLES)
def test_other_plans(name: str, golden: Golden) -> None:
    golden(GOLDENS / f"{name}.txt", render_plan(SAMPLES[name]()))


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_lines_keep_the_width_but_for_what_cannot_be_broken(site: str, width: int) -> None:
    wide = [line for line in render_plan(switchover(site), width=width).splitlines() if display_width(line) > width]
    assert [line for line in wide if "https://" not in line] == []
    assert width < 80 or wide == []


@pytest.mark.parametrize("site", SITES)
def test_colour_adds_nothing_but_colour(site: str) -> None:
    plain = render_plan(switchover(site), colour=False)
    coloured = render_plan(switchover(site), colour=True)
    assert "\x1b" not in plain
    assert SGR.sub("", coloured) == plain


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_every_step_of_no_return_is_marked(site: str, width: int) -> None:
    plan = switchover(site)
    text = " ".join(render_plan(plan, width=width).replace("│", " ").split())
    steps = [step for step in plan.steps if step.irreversible]
    assert text.count("! no way back") == len(steps) > 2
    assert text.count("no way back from here") == 1
    assert all(step.irreversible in text for step in steps if step.irreversible)


def test_the_first_lines_say_what_why_how_long_and_what_it_costs() -> None:
    head = " ".join(render_plan(switchover("globex"), width=60).split("\n\n")[0].split())
    for said in ("planned switchover dc1 London → dc2 Manchester", "sites/globex/site.yaml:", "operational: dc2"):
        assert said in head
    assert re.search(r"takes \d+ h.* callers turned away \d+ h.*\(voice\).* no way back from P22", head)


def test_the_times_are_the_planners() -> None:
    for site in SITES:
        plan = switchover(site)
        assert slow_pace(plan).total == schedule(plan.steps, slow).total
        pace = median_pace(plan)
        critical = [plan.step(name) for name in pace.critical]
        assert sum(step.estimate.p50 for step in critical) == pace.total
        longest = max(plan.outage.values(), key=lambda outage: outage.p50_s)
        assert plan.contacts_rejected_s == longest.p50_s


def test_steps_stand_together_only_if_no_order_is_between_them() -> None:
    plan = switchover("globex")
    for phase in plan.phases:
        for group in together([plan.step(name) for name in phase.steps]):
            names = {step.id for step in group}
            assert all(not names & set(step.after) for step in group)


def test_a_refusal_comes_before_the_steps_and_says_the_way_past_it() -> None:
    text = render_plan(refused())
    assert text.index("OD2006") < text.index("P00")
    assert "--override approvals --reason" in text
    assert "no override; what to do: oceana-dr explain OD2006" in text
    assert "dc1/cm (unreachable)" in text
    assert "oceana-dr apply" not in text.splitlines()[-1]


def test_a_warning_comes_after_the_steps() -> None:
    plan = refused()
    text = render_plan(replace(plan, findings=plan.findings[2:]))
    assert text.index("1 warning") > text.index("P41")


def test_nothing_to_do_takes_few_lines_and_says_what_was_checked() -> None:
    lines = render_plan(nothing()).splitlines()
    assert len(lines) <= 3
    assert "nothing to do" in lines[0]
    assert "compared" in lines[1]


def test_an_observation_shows_its_age() -> None:
    text = render_plan(observed())
    assert "1 by observation (oldest 3 h)" in text
    assert "seen 3 h ago" in text


def test_a_stale_plan_is_shown_with_what_moved() -> None:
    text = render_plan(switchover("acme"), stale_since="02:51: dc1/cm#state is shut down")
    assert text.splitlines()[1] == "stale since 02:51: dc1/cm#state is shut down"


def test_a_saved_plan_names_its_file() -> None:
    assert "oceana-dr apply plans/acme.json" in render_plan(switchover("acme"), saved="plans/acme.json")
    assert "oceana-dr plan acme -o plan.json" in render_plan(switchover("acme"))


def test_a_rollback_says_which_run_it_takes_back() -> None:
    plan = replace(switchover("acme"), undoes="20260314-014000-0a03a1fc", from_side="dc2", to_side="dc1")
    text = render_plan(plan)
    assert "rollback of planned switchover  dc2 Leipzig → dc1 Frankfurt" in text
    assert "because run 20260314-014000-0a03a1fc is to be taken back" in text
    assert "oceana-dr rollback 20260314-014000-0a03a1fc -o plan.json" in text
    assert "nothing to undo" in render_plan(replace(plan, steps=(), phases=()))


def test_each_change_of_a_steady_plan_has_its_reason_and_its_lines() -> None:
    text = " ".join(render_plan(steady()).replace("│", " ").split())
    assert "(changed in the site)" in text
    assert "(changed on the system since the last apply)" in text
    for step in steady().steps:
        assert all(str(cause.line) in text and cause.file in text for cause in step.cause)


def test_what_if_names_no_line() -> None:
    plan = switchover("acme")
    text = render_plan(replace(plan, steps=tuple(replace(step, cause=step.cause[1:]) for step in plan.steps)))
    assert "what if operational were dc2" in text.splitlines()[1]


def test_one_reason_for_all_is_said_once() -> None:
    plan = steady()
    one = replace(plan, steps=plan.steps[:1], phases=(replace(plan.phases[0], steps=plan.phases[0].steps[:1]),))
    text = render_plan(one)
    assert text.count("because") == 1
    assert "because" in text.splitlines()[1]


def test_every_reason_has_words() -> None:
    assert set(REASONS) == {reason.value for reason in Reason}


def test_what_was_not_measured_is_not_shown() -> None:
    assert "ms)" not in render_plan(replace(switchover("acme"), meta={}))
    assert f"{META['proof_ms']} ms)" in render_plan(switchover("acme"))


@pytest.mark.parametrize("site", SITES)
def test_every_value_stands_there(site: str) -> None:
    text = render_plan(switchover(site), width=60)
    for step in switchover(site).steps:
        assert step.id in text
        for _, before, after in changes_of(step):
            assert value_text(before, Style()) in text
            assert value_text(after, Style()) in text
