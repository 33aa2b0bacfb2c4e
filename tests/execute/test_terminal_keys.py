"""The keys of a person's screen at a real pseudo-terminal: forth and back, values, evidence, notes, pause, paper."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from oceana_dr.drivers.contract import Answer, EvidenceFile, QuestionLeft
from oceana_dr.drivers.operator.contract import answer_from_json, answer_to_json
from tests.execute.test_terminal import QUESTION, Keyboard, Others, keyboards

__all__ = ["keyboards"]


def test_enter_goes_to_the_next_instruction_and_a_sign_goes_back(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask()
    keyboard.type("ca[n]not:", "\n")
    keyboard.type("    > 2. Select Promote", "")
    keyboard.type("ca[n]not:", "\n")
    keyboard.type("That is all there is to do", "")
    keyboard.type("ca[n]not:", "<\n")
    keyboard.type("    > 1. Select 1) Mirror", "")
    keyboard.type("ca[n]not:", "back\n")
    keyboard.see("    > 1. Select 1) Mirror")


def test_an_answer_can_be_gone_back_in_until_its_last_line(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask(replace(QUESTION, unread=True))
    keyboard.see("Nothing reads this back: what you say is all that will be known.")
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("your name [anna]:", "<\n")
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("your name [anna]:", "bert\n")
    keyboard.type("what do you see:", "Backup\n")
    keyboard.type("evidence, a file or words (or Enter):", "<\n")
    keyboard.type("what do you see [Backup]:", "Primary\n")
    keyboard.type("(or Enter):", "CHG-4711\n")
    assert keyboard.answer() == Answer("confirm", "bert", None, "Primary", "CHG-4711")


def test_a_file_is_kept_by_its_hash_and_not_by_what_stands_in_it(
    keyboards: Callable[..., Keyboard], tmp_path: Path
) -> None:
    shot = tmp_path / "mirror monitor.png"
    shot.write_bytes(b"not a picture")
    keyboard = keyboards()
    keyboard.ask()
    keyboard.type("ca[n]not:", f"e '{shot}'\n")
    keyboard.type("13 bytes, SHA-256 ", "")
    keyboard.type("ca[n]not:", f"e file:{tmp_path / 'none.png'}\n")
    keyboard.type("cannot be read: No such file", "")
    keyboard.type("ca[n]not:", f"e file:{tmp_path}\n")
    keyboard.type("is no file.", "")
    keyboard.type("ca[n]not:", "e\n")
    keyboard.type("evidence, a file or words:", "seen by the crew\n")
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("anna]:", "\n")
    keyboard.type("what do you see:", "Primary\n")
    answer = keyboard.answer()
    assert answer.files == (EvidenceFile(str(shot), hashlib.sha256(b"not a picture").hexdigest(), 13),)
    assert answer.evidence == "seen by the crew"
    assert answer_from_json(json.loads(json.dumps(answer_to_json(answer)))) == answer


def test_a_note_is_handed_on_at_once_with_a_name(keyboards: Callable[..., Keyboard]) -> None:
    notes: list[tuple[str, str]] = []
    keyboard = keyboards(operator=None)
    keyboard.ask(replace(QUESTION, note=lambda by, text: notes.append((by, text))))
    keyboard.type("ca[n]not:", "t it took two attempts\n")
    keyboard.type("your name:", "dora\n")
    keyboard.type("Noted.", "")
    keyboard.type("ca[n]not:", "note\n")
    keyboard.type("note:", "\x1b[Aand a third\x07\n")
    keyboard.type("Noted.", "")
    assert notes == [("dora", "it took two attempts"), ("dora", "[Aand a third")]


def test_a_pause_leaves_the_question_and_says_who_paused(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask()
    keyboard.type("ca[n]not:", "p\n")
    left = keyboard.end()
    assert isinstance(left, QuestionLeft)
    assert str(left) == "anna paused it"


def test_what_was_done_from_the_paper_runbook_says_by_whom_and_when(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards()
    keyboard.ask(replace(QUESTION, away="from 2026-11-29 01:50 to 2026-11-29 03:05 UTC"))
    keyboard.see("The run stood still from 2026-11-29 01:50 to 2026-11-29")
    keyboard.type("ca[n]not:", "w\n")
    keyboard.type("done by whom, from the paper runbook:", "\n")
    keyboard.type("it was done by somebody.", "")
    keyboard.type("runbook:", "ben\n")
    keyboard.type("when (as their watch said):", "02:40\n")
    keyboard.type("your name [anna]:", "\n")
    keyboard.type("what do you see:", "Primary\n")
    assert keyboard.answer() == Answer("confirm", "anna", None, "Primary", done_by="ben", done_at="02:40")


def test_a_second_person_may_sign_from_another_terminal(keyboards: Callable[..., Keyboard]) -> None:
    keyboard, others = keyboards(), Others()
    keyboard.ask(replace(QUESTION, second_person=True, elsewhere=others))
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("anna]:", "\n")
    keyboard.type("second person:", "\n")
    keyboard.type("what do you see:", "Primary\n")
    keyboard.type("oceana-dr desk sign acme P23", "")
    keyboard.see("or is here after all, name:")
    others.given = replace(others.offered[0], second="ben")
    assert keyboard.answer() == Answer("confirm", "anna", "ben", "Primary")


def test_a_value_goes_to_the_clipboard_of_a_terminal_that_is_known_to_take_it(
    keyboards: Callable[..., Keyboard],
) -> None:
    packed = base64.b64encode(b"AOCMIRROR").decode()
    keyboard = keyboards(clipboard=None, environment={"TERM": "xterm-kitty"})
    keyboard.ask()
    keyboard.see(f"\x1b]52;c;{packed}\x07")
    keyboard.see("copy   mirror name: AOCMIRROR  (on the clipboard)")
    keyboard.type("ca[n]not:", "v\n")
    keyboard.type("On the clipboard: mirror name: AOCMIRROR", "")
    keyboard.type("ca[n]not:", "v 2\n")
    keyboard.see("There is no such value here.")
    for environment in ({"TERM": "xterm"}, {"TERM": "vt100"}, {}):
        plain = keyboards(clipboard=None, environment=environment)
        plain.ask()
        plain.see("ca[n]not:")
        assert "\x1b" not in plain.screen
        plain.type("ca[n]not:", "v\n")
        plain.see("--clipboard sends it all the same")


def test_a_long_step_fits_on_one_screen_and_shows_the_rest_by_keys(keyboards: Callable[..., Keyboard]) -> None:
    clicks = tuple(f"Do part {number} of it, and look whether the console says that it is done" for number in range(30))
    many = {f"dc1/cluster/{number}/state#nodes": "Denying" for number in range(40)}
    keyboard = keyboards(encoding="ascii")
    keyboard.ask(replace(QUESTION, clicks=clicks, read_back=many, second_person=True, unread=True))
    keyboard.see("ca[n]not:")
    lines = keyboard.screen.replace("\r", "").splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) < 80
    assert any("There is no way back" in line for line in lines)
    assert "  was    40 values: r shows them" in lines
    assert any(line.strip().endswith("more: Enter shows the next") for line in lines)
    keyboard.type("ca[n]not:", "r\n")
    keyboard.see("  was    dc1/cluster/39/state#nodes: Denying")


def test_at_the_desk_an_answer_is_given_before_its_second_person_signs(keyboards: Callable[..., Keyboard]) -> None:
    keyboard = keyboards(later=True)
    keyboard.ask(replace(QUESTION, second_person=True))
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("anna]:", "\n")
    keyboard.type("second person:", "anna\n")
    keyboard.type("what do you see:", "Primary\n")
    keyboard.type("the second person must be somebody else than anna", "")
    keyboard.type("ca[n]not:", "c\n")
    keyboard.type("anna]:", "\n")
    keyboard.type("second person:", "\n")
    keyboard.type("what do you see:", "Primary\n")
    assert keyboard.answer() == Answer("confirm", "anna", None, "Primary")
