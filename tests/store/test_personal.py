"""What a journal keeps of what people typed: bounded, without secrets, numbers and addresses of callers."""

from pathlib import Path

import pytest

from oceana_dr.store.files import SystemFiles
from oceana_dr.store.journal import open_journal, read_journal
from oceana_dr.store.personal import NAME_LONGEST, TEXT_LONGEST, bounded, name_of, text_of
from oceana_dr.store.records import Answered, Decision, Done, Override, Record, Resumed, RunStarted, Skipped, Turned

CALL = "called +49 69 5550 1234, answered"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0 contacts are queued", "0 contacts are queued"),
        (CALL, "called ***34, answered"),
        ("rang 0049-69-5550123 twice", "rang ***23 twice"),
        ("mail of jane.doe@example.com answered", "mail of ***@example.com answered"),
        ("logged in, password: hunter2 works", "logged in, password: ******** works"),
        ("the Passwort ist geheim99!", "the Passwort ist ********"),
        ("token=abc123", "token=********"),
        ("the token zone is loaded", "the token zone is loaded"),
        ("CHG0012345678, 2026-03-14 02:40, 1,204 rows", "CHG0012345678, 2026-03-14 02:40, 1,204 rows"),
        ("10.20.30.40 and fd00::1 answer, +0:35 into the run", "10.20.30.40 and fd00::1 answer, +0:35 into the run"),
    ],
)  # fmt: skip
def test_a_text_of_a_person(typed: str, kept: str) -> None:
    assert text_of(typed) == kept
    assert text_of(kept) == kept, "twice is once"


def test_texts_and_names_have_an_end() -> None:
    assert len(text_of("x" * 5000)) == TEXT_LONGEST
    assert len(name_of("x" * 5000)) == NAME_LONGEST
    assert name_of("Ines\n of  shift 2") == "Ines of shift 2"


LONG = "n" * 500
ANSWER = {"outcome": "confirm", "by": LONG, "second": LONG, "observed": CALL, "evidence": CALL, "reason": CALL}
RECORDS: tuple[Record, ...] = (
    RunStarted("r", "p", "acme", "steady", LONG),
    Resumed(LONG),
    Override("x", LONG, CALL),
    Turned("p", "steady", LONG, "closed", 7, {}, {"reason": CALL}),
    Answered("P01", ANSWER),
    Done("P01", "attested", {}, ANSWER),
    Skipped("P01", LONG, LONG, CALL),
    Decision("P01", "run", LONG, LONG),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_no_record_that_people_speak_in_keeps_more(record: Record, tmp_path: Path) -> None:
    journal = open_journal(SystemFiles(), tmp_path / "x.journal")
    entry = journal.append(record, at="2026-03-14T01:40:00.000Z", estate_ms=0)
    journal.close()
    data = (tmp_path / "x.journal").read_bytes()
    assert b"5550" not in data
    assert b"n" * (NAME_LONGEST + 1) not in data
    assert read_journal(SystemFiles(), tmp_path / "x.journal").entries == (entry,)
    assert bounded(entry.record) == entry.record
