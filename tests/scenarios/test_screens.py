"""What a person is shown at every step of every scenario fits a terminal of 80 by 24 in plain letters."""

from __future__ import annotations

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.drivers.operator.contract import question_for, question_from_json, question_to_json
from oceana_dr.drivers.operator.screen import HEIGHT, WIDTH, Shape, page, screen
from tests.scenarios.estates import begins, plan_for
from tests.scenarios.test_dimensions import CASES

LARGEST = (True, True, True, True, True)
KEYS = 3
"""Lines for the keys and what is typed."""


@pytest.mark.parametrize("scenario", CASES)
def test_every_step_fits_and_says_all_that_is_needed(scenario: str) -> None:
    case = CASES[scenario]
    plan, _ = plan_for(LARGEST, case.operational, begins(case.start, LARGEST), version=case.version)
    shape = Shape(WIDTH, HEIGHT, plain=True)
    asked = 0
    for step in plan.steps:
        reads = {str(name): "what it reads" for name in sorted({*step.verify, *step.expect})}
        question = question_for(step, reads, page=load_catalogue().page, away="from 01:50 to 03:05 UTC")
        assert question_from_json(question_to_json(question)) == question
        whole, text = "\n".join(page(question, shape)), ""
        asked += bool(question.clicks)
        for at in range(max(1, len(question.clicks))):
            lines = screen(question, shape, at)
            text = "\n".join(lines)
            assert len(lines) <= HEIGHT - KEYS, f"{step.id}\n{text}"
            assert max(map(len, lines)) < WIDTH, f"{step.id}\n{text}"
            assert text.isascii()
            assert not question.clicks or f"{at + 1:>2}. " in text
        # A value is exactly what has to be typed: it may be broken over lines, and nothing of it changes.
        for name, value in question.copy:
            assert f"{name}: {value}".replace(" ", "") in whole.replace("\n", "").replace(" ", "")
        if step.irreversible:
            assert "! There is no way back from here" in text
    assert asked > 3


@pytest.mark.parametrize("scenario", CASES)
def test_an_instruction_is_one_act_in_a_line_or_two(scenario: str) -> None:
    case = CASES[scenario]
    plan, _ = plan_for(LARGEST, case.operational, begins(case.start, LARGEST), version=case.version)
    for step in plan.steps:
        for click in step.instructions.clicks if step.instructions else ():
            assert "\n" not in click
            told = click.partition(": ")[0] if "one contact per open channel" in click else click
            assert len(told) <= 200, f"{step.id}: {click}"
