"""Answers given beforehand: exact step first, then the step it was split from; every fault says its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from oceana_dr.diagnostics import InputRefused, OceanaError, Unreadable
from oceana_dr.drivers.contract import Answer, Question, Reading
from oceana_dr.drivers.operator.answers import AnswersFile, AnswersRefused, read_answers
from oceana_dr.drivers.operator.contract import fault_of
from oceana_dr.drivers.operator.people import Nobody, chain
from oceana_dr.drivers.operator.reader import NEVER, ObservedReader
from oceana_dr.estate.address import Address


def question(step: str = "P11", *, second: bool = False) -> Question:
    return Question(step, "agents are out", "Do it.", "a console", (), (), "", second)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        '{"P11": {"outcome": "confirm", "by": "anna", "second": "ben", "observed": "0 sessions", "evidence": "INC1"}}',
        "P11:\n  outcome: confirm\n  by: anna\n  second: ben\n  observed: 0 sessions\n  evidence: INC1\n",
    ],
    ids=["json", "yaml"],
)
def test_yaml_and_json(tmp_path: Path, text: str) -> None:
    found = read_answers(written(tmp_path, text)).ask(question())
    assert found == Answer("confirm", "anna", "ben", "0 sessions", "INC1")


def test_who_skips_says_why_and_what_is_given_up(tmp_path: Path) -> None:
    text = "P41: {outcome: skip, by: anna, second: ben, reason: the team is away, waiver: [S-62, S-78]}"
    found = read_answers(written(tmp_path, text)).ask(question("P41"))
    assert found == Answer("skip", "anna", "ben", reason="the team is away", waiver=("S-62", "S-78"))


@pytest.mark.parametrize("waiver", ["S-62", "[1]", "{a: b}"])
def test_a_waiver_is_a_list_of_invariants(tmp_path: Path, waiver: str) -> None:
    with pytest.raises(AnswersRefused, match="waiver is not a list of invariants"):
        read_answers(written(tmp_path, f"P41: {{outcome: skip, by: anna, waiver: {waiver}}}"))


def test_a_question_that_is_no_step_cannot_be_skipped() -> None:
    answer = Answer("skip", "anna", "ben", reason="late")
    assert fault_of(answer, question("waive P17")) == "waive P17 is no step that could be skipped"


def test_the_exact_step_counts_before_the_one_it_was_split_from() -> None:
    one, all_of_them = Answer("fail", "anna"), Answer("confirm", "ben")
    file = AnswersFile({"P12": all_of_them, "P12.acm": one})
    assert file.ask(question("P12.acm")) is one
    assert file.ask(question("P12.uca")) is all_of_them
    assert file.ask(question("P13")) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- P11\n", "holds no answers"),
        ("", "holds no answers"),
        ("P11: yes\n", "answers.yaml:1:1: the answer to P11 is not a table"),
        ("P11: {by: anna}\n", "has no outcome"),
        ("P11: {outcome: ok, by: anna}\n", "says 'ok'"),
        ("P11: {outcome: confirm}\n", "does not say by whom"),
        ("P11: {outcome: confirm, by: ' '}\n", "does not say by whom"),
        ("P11: {outcome: confirm, by: anna, when: now}\n", "has a field 'when'"),
        ("P11: {outcome: confirm, by: [anna]}\n", "by is not a text"),
        ("P11: {outcome: confirm, by: anna, observed: " + "x" * 5000 + "}\n", "longer than 4000"),
        ("\n".join(f"P{n}: {{outcome: confirm, by: anna}}" for n in range(1001)), "more than 1000 answers"),
    ],
)
def test_faults_are_named(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(AnswersRefused, match=says) as caught:
        read_answers(written(tmp_path, text))
    assert caught.value.exit_code == 1
    assert caught.value.hint


@pytest.mark.parametrize("text", ["P11: {outcome: confirm", "P11: 1\nP11: 2\n", "\tP11: 1\n", "P11: \x1b[31m\n"])
def test_what_is_no_yaml_is_refused_as_any_input(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputRefused):
        read_answers(written(tmp_path, text))


def test_a_file_that_is_not_there_or_is_a_folder_or_huge(tmp_path: Path) -> None:
    with pytest.raises(Unreadable):
        read_answers(tmp_path / "none.yaml")
    with pytest.raises(Unreadable):
        read_answers(tmp_path)
    with pytest.raises(OceanaError):
        read_answers(written(tmp_path, "x" * 2_000_000))


def test_people_are_asked_in_turn() -> None:
    first = AnswersFile({"P11": Answer("confirm", "anna")})
    second = AnswersFile({"P11": Answer("confirm", "ben"), "P12": Answer("confirm", "ben")})
    people = chain(first, None, second, Nobody())
    assert [(found := people.ask(question(step))) and found.by for step in ("P11", "P12", "P13")] == [
        "anna",
        "ben",
        None,
    ]
    assert chain(first, None) is first
    assert chain().ask(question()) is None


def test_observations_are_read_with_the_time_they_were_made() -> None:
    seen, other = Address("dc1/cm"), Address("dc1/smgr")
    reader = ObservedReader(lambda: {seen: ({"state": "running"}, "yesterday")}, lambda: "now")
    assert reader.read() == (Reading(seen, {"state": "running"}, "operator", "yesterday"),)
    assert reader.read([other]) == (Reading(other, NEVER, "operator", "now"),)


def test_an_answer_may_name_a_file_and_who_did_it_from_paper(tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    shot.write_bytes(b"x")
    answers = tmp_path / "answers.yaml"
    answers.write_text(
        f"P11: {{outcome: confirm, by: anna, file: '{shot}', done_by: ben, done_at: '02:40'}}\n", encoding="utf-8"
    )
    answer = read_answers(answers).answers["P11"]
    assert (answer.done_by, answer.done_at, answer.files[0].size) == ("ben", "02:40", 1)
    shot.unlink()
    with pytest.raises(Unreadable, match=r"shot\.png cannot be read"):
        read_answers(answers)


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (Answer("cannot", "anna"), "whoever cannot do it says why"),
        (Answer("confirm", "anna", done_by="ben"), "by whom and when"),
        (Answer("fail", "anna", done_at="02:40"), "only what is confirmed can have been done before"),
    ],
)
def test_an_answer_that_says_too_little_does_not_count(answer: Answer, fault: str) -> None:
    question = Question("P11", "t", "t", "", (), (), "", second_person=False)
    assert fault in (fault_of(answer, question) or "")
