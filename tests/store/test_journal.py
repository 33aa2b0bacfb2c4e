"""A journal is believed only where it is whole: every cut, every flipped byte, every failing operation."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OceanaError, OutOfSpace, StateLocked, Unreadable
from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Override as Ticked
from oceana_dr.estate.values import Unknown
from oceana_dr.store.files import SystemFiles
from oceana_dr.store.frame import Damaged, frame, scan
from oceana_dr.store.journal import Entry, JournalDamaged, contents_of, open_journal, read_journal
from oceana_dr.store.records import (
    Answered,
    Asked,
    Decision,
    Done,
    Failed,
    Finished,
    InDoubt,
    Intent,
    Override,
    Record,
    Resumed,
    RunStarted,
    Skipped,
    Stopped,
    Unrecognised,
    Waiting,
    plain,
    record_from_json,
    record_to_json,
)
from tests.store.memory_files import Crash, Fault, MemoryFiles

PATH = Path("/state/runs/acme/r1.journal")
RELEASED = Path(__file__).resolve().parents[1] / "goldens" / "journals"
AT = "2026-03-01T02:40:00.000Z"
RECORDS: tuple[Record, ...] = (
    RunStarted("r1", "sha256:ab", "acme", "planned-switchover", "anna", "sha256:cd"),
    Resumed("ben"),
    Override("window", "anna", "late"),
    Intent("P17", 1, "r1/P17/1"),
    Asked("P17", "sha256:ef"),
    Answered("P17", {"outcome": "confirm", "by": "anna", "observed": "naïve “✓”"}),
    Skipped("P03", "anna", "ben", "no campaigns", ("S-62",)),
    Waiting("P11", "nobody", clean=True),
    Decision("P28", "run", "anna", "ben", {"dc1/cm#state": "running"}),
    InDoubt("P28", "no answer"),
    Failed("P05", "refused", clean=False),
    Done(
        "P17",
        "acted",
        {Ref("dc1/a#x"): True, Ref("dc1/a#y"): Ticked(True, "true"), Ref("dc1/b#z"): Unknown("absent")},
        {"outcome": "confirm", "by": "anna"},
        {"operation": "7"},
        1500,
    ),
    Stopped("SIGTERM", 4),
    Finished({Ref("dc1/a#x"): 3}),
)


def written(files: MemoryFiles | SystemFiles, path: Path, records: tuple[Record, ...] = RECORDS) -> None:
    journal = open_journal(files, path)
    for record in records:
        journal.append(record, at=AT, estate_ms=12)
    journal.close()


def memory(fault: Fault | None = None) -> MemoryFiles:
    files = MemoryFiles(fault)
    files.folders.add(PATH.parent)
    return files


def whole() -> bytes:
    files = memory()
    written(files, PATH)
    return bytes(files.blobs[PATH].seen)


def holding(data: bytes) -> MemoryFiles:
    files = memory()
    files.close(files.open(PATH))
    files.blobs[PATH].seen[:] = data
    files.blobs[PATH].flush()
    files.operations.clear()
    return files


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "r1.journal"
    written(SystemFiles(), path)
    contents = read_journal(SystemFiles(), path)
    assert tuple(entry.record for entry in contents.entries) == RECORDS
    assert [entry.number for entry in contents.entries] == list(range(1, len(RECORDS) + 1))
    assert contents.torn == 0
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("name", sorted(path.stem for path in RELEASED.glob("*.journal")))
def test_journals_of_released_versions_are_read_as_they_were_meant(name: str) -> None:
    """A file in this folder is never changed: runs that were begun by that version are gone on with by this one."""
    data = (RELEASED / f"{name}.journal").read_bytes()
    contents = contents_of(PATH, data)
    assert tuple(entry.record for entry in contents.entries) == RECORDS
    assert [(entry.at, entry.estate_ms) for entry in contents.entries] == [(AT, 12)] * len(RECORDS)
    assert contents.torn == 0
    files = holding(data)
    journal = open_journal(files, PATH)
    journal.append(Resumed("ben"), at=AT, estate_ms=13)
    journal.close()
    assert bytes(files.blobs[PATH].seen).startswith(data)
    assert read_journal(files, PATH).entries[-1].record == Resumed("ben")


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_every_record_has_a_json_form_and_comes_back(record: Record) -> None:
    assert record_from_json(record_to_json(record)) == record


class Scribe:
    """A replica that notes what it hears, and fails where it is told to."""

    def __init__(self, fails: str = "") -> None:
        self.heard: list[tuple[str, int, bytes]] = []
        self._fails = fails

    def before(self, entry: Entry, line: bytes) -> None:
        self._hear("before", entry, line)

    def after(self, entry: Entry, line: bytes) -> None:
        self._hear("after", entry, line)

    def _hear(self, when: str, entry: Entry, line: bytes) -> None:
        if self._fails == when:
            raise StateLocked("not this one")
        self.heard.append((when, entry.number, line))


def test_a_replica_hears_of_every_line_before_and_after_it_is_durable() -> None:
    files, scribe = memory(), Scribe()
    journal = open_journal(files, PATH, scribe)
    for record in RECORDS[:2]:
        journal.append(record, at=AT, estate_ms=0)
    assert [(when, number) for when, number, _ in scribe.heard] == [
        ("before", 1),
        ("after", 1),
        ("before", 2),
        ("after", 2),
    ]
    assert b"".join(line for when, _, line in scribe.heard if when == "after") == bytes(files.blobs[PATH].disk)


@pytest.mark.parametrize(("fails", "kept"), [("before", 0), ("after", 1)])
def test_a_replica_can_keep_a_record_from_being_written_and_never_unwrite_one(fails: str, kept: int) -> None:
    files = memory()
    journal = open_journal(files, PATH, Scribe(fails))
    with pytest.raises(StateLocked):
        journal.append(RECORDS[0], at=AT, estate_ms=0)
    assert len(journal.entries) == len(read_journal(files, PATH).entries) == kept


def test_a_later_minor_version_is_read_and_a_later_major_version_refused() -> None:
    assert record_from_json({"v": 1, "type": "weather", "rain": True}) == Unrecognised("weather")
    assert record_from_json({"v": 1, "type": "resumed", "operator": "ben", "mood": "good"}) == Resumed("ben")
    with pytest.raises(ValueError, match="version 2"):
        record_from_json({"v": 2, "type": "resumed", "operator": "ben"})


@pytest.mark.parametrize(
    "data",
    [
        {"v": 1, "type": "intent", "step": "P1"},
        {"v": 1, "type": "intent", "step": 1, "attempt": 1, "key": "k"},
        {"v": 1, "type": "intent", "step": "P1", "attempt": True, "key": "k"},
        {"v": 1, "type": "done", "step": "P1", "how": "acted", "values": {"a#b": {"odd": 1}}},
        {"v": 1},
        [],
        None,
    ],
)
def test_what_is_no_record_is_refused(data: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        record_from_json(data)


def test_anything_handed_in_gets_one_canonical_form() -> None:
    assert plain({"a": (1, 2.5), 3: "\udce4"}) == {"a": [1, "2.5"], "3": "?"}


def test_cut_at_every_byte_only_the_incomplete_last_record_is_dropped() -> None:
    data = whole()
    ends = [line.offset for line in scan(data).lines] + [len(data)]
    for size in range(len(data) + 1):
        found = scan(data[:size])
        kept = max(end for end in ends if end <= size)
        assert (found.end, found.torn) == (kept, size - kept)


@pytest.mark.parametrize("mask", [0x01, 0x20, 0x80, 0xFF, "zero"])
def test_every_flipped_byte_is_found_and_nothing_is_dropped(mask: int | str) -> None:
    data = whole()
    for place in range(len(data)):
        flipped = bytearray(data)
        flipped[place] = 0 if mask == "zero" else flipped[place] ^ int(mask)
        with pytest.raises(Damaged):
            scan(bytes(flipped))


def test_a_record_that_the_disk_filled_with_zeros_is_an_incomplete_one() -> None:
    data = whole()
    last = scan(data).lines[-1].offset
    for size in range(last, len(data) - 1):  # one last byte alone may as well have been flipped
        found = scan(data[:size] + bytes(len(data) - size))
        assert (found.end, found.torn) == (last, len(data) - last)


@pytest.mark.parametrize("tail", [b"hello", b"OJ1 zz", b"OJ1 00000001 ", b"\n", b"OJ1 0000000a 12345678 " + b"1" * 30])
def test_what_does_not_begin_like_the_next_record_is_damage(tail: bytes) -> None:
    data = whole()
    if tail == b"OJ1 00000001 ":
        assert scan(data + tail).torn == len(tail)
        return
    with pytest.raises(Damaged):
        scan(data + tail)


def test_a_record_taken_out_or_put_elsewhere_is_found() -> None:
    data = whole()
    lines = scan(data).lines
    spans = [data[a.offset : b.offset] for a, b in pairwise(lines)]
    with pytest.raises(Damaged, match="does not follow"):
        scan(b"".join([*spans[:3], *spans[4:]]))
    with pytest.raises(Damaged, match="does not follow"):
        scan(b"".join([spans[1], spans[0], *spans[2:]]))


def test_damage_names_the_record_and_the_byte() -> None:
    data = bytearray(whole())
    place = scan(bytes(data)).lines[2].offset
    data[place + 100] ^= 1
    with pytest.raises(JournalDamaged, match=rf"record 3 at byte {place}"):
        read_journal(holding(bytes(data)), PATH)


def test_a_record_of_another_version_is_named_too() -> None:
    with pytest.raises(JournalDamaged, match="record 1 at byte 0: it is of version 2"):
        read_journal(holding(frame(b'{"at":"x","estate_ms":1,"n":1,"type":"resumed","v":2}', "0" * 64)), PATH)


def test_an_incomplete_end_is_cut_off_before_the_next_record() -> None:
    data = whole()
    last = scan(data).lines[-1].offset
    for size in range(last + 1, len(data)):
        files = holding(data[:size])
        journal = open_journal(files, PATH)
        journal.append(Resumed("ben"), at=AT, estate_ms=1)
        journal.close()
        again = read_journal(files, PATH)
        assert [entry.record for entry in again.entries] == [*RECORDS[:-1], Resumed("ben")]


def test_reading_changes_nothing() -> None:
    files = holding(whole()[:-5])
    read_journal(files, PATH)
    assert files.operations == ["read"]


def test_one_process_writes_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "r1.journal"
    journal = open_journal(SystemFiles(), path)
    with pytest.raises(StateLocked, match="another process"):
        open_journal(SystemFiles(), path)
    journal.close()
    open_journal(SystemFiles(), path).close()


def test_a_closed_journal_is_not_written() -> None:
    files = memory()
    journal = open_journal(files, PATH)
    journal.close()
    with pytest.raises(Unreadable, match="closed"):
        journal.append(Resumed("ben"), at=AT, estate_ms=1)


def write_until_trouble(files: MemoryFiles) -> tuple[int, OceanaError | None]:
    """How many records were acknowledged, and what ended it."""
    acknowledged = 0
    try:
        journal = open_journal(files, PATH)
        for record in RECORDS:
            journal.append(record, at=AT, estate_ms=12)
            acknowledged += 1
    except OceanaError as error:
        return acknowledged, error
    return acknowledged, None


def write_until_crash(files: MemoryFiles) -> int:
    """How many records were acknowledged before the process died."""
    acknowledged = 0
    try:
        journal = open_journal(files, PATH)
        for record in RECORDS:
            journal.append(record, at=AT, estate_ms=12)
            acknowledged += 1
    except Crash:
        return acknowledged
    raise AssertionError("it did not crash")


def operations_of_a_whole_run() -> int:
    files = memory()
    write_until_trouble(files)
    return len(files.operations)


@pytest.mark.parametrize("persistent", [False, True], ids=["once", "persistent"])
@pytest.mark.parametrize("how", ["EIO", "ENOSPC", "EROFS", "EDQUOT"])
def test_no_failing_operation_loses_what_was_acknowledged(how: str, persistent: bool) -> None:
    for number in range(1, operations_of_a_whole_run() + 1):
        files = memory(Fault(number, how, persistent))
        acknowledged, error = write_until_trouble(files)
        assert isinstance(error, OutOfSpace if how in {"ENOSPC", "EDQUOT"} else Unreadable)
        assert error.hint
        for left in (files.after_kill(), files.after_power_cut("lost"), files.after_power_cut("half")):
            if PATH not in left.blobs:
                assert acknowledged == 0
                continue
            found = [entry.record for entry in read_journal(left, PATH).entries]
            assert found[:acknowledged] == list(RECORDS[:acknowledged])
            assert len(found) <= acknowledged + 1


def test_a_write_cut_short_by_the_system_goes_on() -> None:
    files = memory(Fault(1, "short", persistent=True))
    assert write_until_trouble(files) == (len(RECORDS), None)
    assert bytes(files.blobs[PATH].disk) == whole()


def test_after_a_failed_fsync_this_process_writes_no_more() -> None:
    files = memory()
    journal = open_journal(files, PATH)
    journal.append(RECORDS[0], at=AT, estate_ms=1)
    files.fault = Fault(len(files.operations) + 2, "EIO")
    for record in (Resumed("anna"), Resumed("ben")):
        with pytest.raises(Unreadable):
            journal.append(record, at=AT, estate_ms=1)
    assert files.operations[-2:] == ["write_at", "fsync"]


def test_what_a_failed_fsync_left_in_memory_only_is_written_again_before_it_is_believed() -> None:
    files = memory()
    journal = open_journal(files, PATH)
    journal.append(RECORDS[0], at=AT, estate_ms=1)
    files.fault = Fault(len(files.operations) + 2, "EIO")
    with pytest.raises(Unreadable):
        journal.append(RECORDS[1], at=AT, estate_ms=1)
    left = files.after_kill()  # the same machine goes on: its memory shows the record, its disk has none
    again = open_journal(left, PATH)
    assert [entry.record for entry in again.entries] == list(RECORDS[:2])
    again.append(RECORDS[2], at=AT, estate_ms=1)
    found = read_journal(left.after_power_cut("lost"), PATH)
    assert [entry.record for entry in found.entries] == list(RECORDS[:3])


@pytest.mark.parametrize("how", ["before", "torn", "after"])
@pytest.mark.parametrize("survives", ["lost", "half", "kept"])
def test_a_crash_at_any_operation_and_another_while_opening_lose_nothing(how: str, survives: str) -> None:
    for number in range(1, operations_of_a_whole_run() + 1):
        files = memory(Fault(number, how))
        acknowledged = write_until_crash(files)
        left = files.after_power_cut(survives)
        for second in range(1, 7):
            left.fault = Fault(second, how)
            left.operations.clear()
            try:
                open_journal(left, PATH).close()
            except Crash:
                left = left.after_power_cut(survives)
        left.fault = None
        found = [entry.record for entry in open_journal(left, PATH).entries]
        assert found[:acknowledged] == list(RECORDS[:acknowledged])
        assert len(found) <= acknowledged + 1


def test_an_append_writes_once_and_syncs_once() -> None:
    files = memory()
    journal = open_journal(files, PATH)
    files.operations.clear()
    journal.append(RECORDS[0], at=AT, estate_ms=1)
    assert files.operations == ["write_at", "fsync"]
