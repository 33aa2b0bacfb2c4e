"""The event stream of real runs: every line fits the published schema, however the run goes; and the file beside it."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from oceana_dr.cli.main import run
from oceana_dr.cli.stream import Stream, Tee, open_stream
from oceana_dr.diagnostics import Unreadable
from oceana_dr.execute.events import LAST, TYPES, Event, StepWaiting
from oceana_dr.operations import applying
from oceana_dr.operations.event_schema import HEAD, own_fields
from oceana_dr.operations.schemas import schema_text
from oceana_dr.operations.stores import state_of
from oceana_dr.source.project import open_project
from oceana_dr.store.locks import acquire
from tests.end_to_end.program import Program
from tests.planning import edit

SCHEMA = Draft202012Validator(json.loads(schema_text("events")))
SOCIAL = ("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
CHAT = ("lab", "set", "acme", "dc1/workflow/Chat", "MaintenanceMode=true")
ENDS = {name for name, kind in TYPES.items() if kind in LAST}
Lines = list[dict[str, Any]]


def checked(text: str) -> Lines:
    """The lines of one call: each fits the schema and has no field beside it; numbered, with one end."""
    lines: Lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        assert [error.message for error in SCHEMA.iter_errors(line)] == [], line
        assert line.keys() == {*HEAD, *(item.name for item in own_fields(TYPES[line["type"]]))}
    assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
    assert lines[0]["type"] == "called"
    assert [line["type"] in ENDS for line in lines] == [False] * (len(lines) - 1) + [True]
    begun = [line["run"] is not None for line in lines]
    assert begun == sorted(begun), "from the first line that names the run, all do"
    assert [line["at"] for line in lines] == sorted(line["at"] for line in lines)
    return lines


class Here:
    """The program in this process, in a project with a fast lab."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.program = Program(folder)
        self.root = self.program.root
        self._capsys = capsys

    def run(self, *arguments: str, code: int = 0) -> str:
        found = run(["-C", str(self.root), *arguments])
        out, self.said = self._capsys.readouterr()
        assert found == code, out + self.said
        return out

    def events(self, *arguments: str, code: int = 0) -> Lines:
        lines = checked(self.run("apply", *arguments, "--json", code=code))
        if lines[-1]["type"] in {"not-begun", "stopped"}:
            assert lines[-1]["exit_code"] == code
        return lines


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Here:
    monkeypatch.setenv("OCEANA_DR_NO_CACHE", "1")
    return Here(tmp_path, capsys)


def of(lines: Lines, kind: str) -> Lines:
    return [line for line in lines if line["type"] == kind]


def test_a_run_to_its_end_and_the_same_plan_again(here: Here) -> None:
    here.run(*SOCIAL)
    here.run("plan", "acme", "-o", "plan.json")
    lines = here.events("plan.json", "--yes", "--operator", "kim")
    assert (lines[0]["target"], lines[0]["operator"], lines[0]["plan"]) == ("plan.json", "kim", None)
    assert [line["type"] for line in lines] == ["called", "run-started", "step-started", "step-done", "finished"]
    assert lines[1]["plan"] == json.loads((here.root / "plan.json").read_text())["id"]
    again = here.events("plan.json", "--yes")
    assert [line["type"] for line in again] == ["called", "already-done"]
    assert again[1]["plan"] == lines[1]["plan"]


def test_a_step_that_fails_then_the_run_that_goes_on(here: Here) -> None:
    here.run(*SOCIAL)
    here.run("lab", "break", "acme", "refuse:dc1/smgr", "--once")
    lines = here.events("acme", "--yes", code=4)
    (failed,) = of(lines, "step-failed")
    assert (failed["in_doubt"], lines[-1]["type"], lines[-1]["resumable"]) == (False, "stopped", True)
    lines = here.events("acme", "--yes")
    assert of(lines, "run-started")[0]["resumed"] is True
    assert lines[-1]["type"] == "finished"


def test_acts_whose_answers_are_lost_are_in_doubt(here: Here) -> None:
    here.run(*SOCIAL)
    here.run("lab", "break", "acme", "not-delivered:dc1/smgr")
    lines = here.events("acme", "--yes", code=4)
    assert [line["attempt"] for line in of(lines, "step-started")] == [1]
    assert lines[-1]["in_doubt"] == ["A01"]


def test_what_keeps_a_plan_from_being_run_is_the_last_line(here: Here) -> None:
    lines = here.events("acmee", "--yes", code=1)
    assert [line["type"] for line in lines] == ["called", "not-begun"]
    here.run(*SOCIAL)
    here.run("plan", "acme", "-o", "plan.json")
    lines = here.events("plan.json", code=8)
    assert lines[-1]["hint"] == "add --yes"
    lease = acquire(state_of(open_project(here.root)).database, "acme", who="anna", why="apply")
    assert "locked by anna" in here.events("plan.json", "--yes", code=6)[-1]["reason"]
    lease.release()
    here.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=false")
    stale = here.events("plan.json", "--yes", code=5)
    assert (stale[-1]["type"], stale[-1]["resumable"]) == ("stopped", False)


def test_a_refusal_names_what_forbids_it(here: Here) -> None:
    edit(here.root / "sites/acme/site.yaml", ("change_windows:\n", "limits: {changes: 1}\nchange_windows:\n"))
    for change in (SOCIAL, CHAT):
        here.run(*change)
    here.run("plan", "acme", "-o", "plan.json", code=3)
    (last,) = here.events("plan.json", "--yes", code=3)[1:]
    assert last["findings"]["limit-changes"].startswith("OD2020 the plan changes")
    assert last["plan"] is not None


def window(here: Here, more: str = "") -> None:
    """A site that is open on one day only, whatever day it is."""
    text = (here.root / "sites/acme/site.yaml").read_text("utf-8")
    head, _, tail = text.partition("change_windows:\n")
    rest = tail[tail.index("\n\n") :] if "\n\n" in tail else ""
    day = '  - {start: "2026-11-29T00:00", duration: 24h, time_zone: UTC}\n'
    (here.root / "sites/acme/site.yaml").write_text(f"{head}change_windows:\n{day}{more}{rest}", "utf-8")


def passing(monkeypatch: pytest.MonkeyPatch, calls: int) -> None:
    """It is the last minute of that day; the window ends after so many looks at the clock."""
    now, left = datetime.fromisoformat("2026-11-29T23:59:00Z"), iter(range(calls))

    def wall() -> datetime:
        return now if next(left, None) is not None else now + timedelta(minutes=2)

    monkeypatch.setattr(applying, "wall", wall)


def test_the_end_of_a_window_stops_a_run_with_its_code(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    window(here)
    here.program.move("acme")
    here.run("lab", "crew", "acme")
    here.run("plan", "acme", "-o", "plan.json")
    passing(monkeypatch, 20)
    lines = here.events("plan.json", "--yes", "--override", "window-too-short", "--reason", "x", code=7)
    assert lines[-1]["type"] == "stopped"
    assert of(lines, "step-started")
    passing(monkeypatch, 0)
    assert "outside-window" in here.events("plan.json", "--yes", code=7)[-1]["findings"]


def test_a_run_that_may_outlast_its_window_tells_when_it_does(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    window(here, "change_control: {window_end: finish}\n")
    for change in (SOCIAL, CHAT):
        here.run(*change)
    here.run("lab", "crew", "acme")
    here.run("plan", "acme", "-o", "plan.json")
    passing(monkeypatch, 12)
    lines = here.events("plan.json", "--yes")
    (overrun,) = of(lines, "window-overrun")
    assert (overrun["ended"], lines[-1]["type"]) == ("2026-11-30T00:00:00Z", "finished")
    status = json.loads(here.run("status", "acme", "--json"))
    assert status["overran"] == ["2026-11-30T00:00:00Z"]


def test_waiting_for_a_person_a_doubt_and_a_stop(here: Here) -> None:
    """A real process: it waits for people, and a signal ends that."""
    here.program.move("acme")
    here.run("plan", "acme", "-o", "plan.json")
    lines = here.events("plan.json", "--yes", code=8)
    assert of(lines, "asking")[0]["step"] == "P01"
    assert (lines[-1]["type"], lines[-1]["resumable"]) == ("stopped", True)
    command = here.program.command("apply", "plan.json", "--yes", "--json", "--wait")
    with subprocess.Popen(
        command, cwd=here.root, env=here.program.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        seen = [process.stdout.readline()]
        assert json.loads(seen[0])["type"] == "called", "at once, before anything is read"
        while json.loads(seen[-1])["type"] != "asking":
            seen.append(process.stdout.readline())
        process.send_signal(signal.SIGTERM)
        rest, said = process.communicate(timeout=60)
    assert process.returncode == 4, said
    lines = checked("".join(seen) + rest)
    assert of(lines, "stop-wished")[0]["reason"] == "SIGTERM"
    assert lines[-1]["exit_code"] == 4
    assert not said.startswith("{"), "what people read is on stderr, and nothing else"


def test_who_watches_has_the_lines_in_a_file_too(here: Here) -> None:
    """Every call adds to it; the terminal shows what it always shows."""
    here.run(*CHAT)
    here.run("plan", "acme", "-o", "plan.json")
    here.run("apply", "plan.json", "--yes", "--events", "events.ndjson", code=8)
    assert "A01" in here.said
    here.run("lab", "crew", "acme")
    out = here.run("apply", "plan.json", "--yes", "--events", "events.ndjson", "--json")
    calls = (here.root / "events.ndjson").read_text().split('{"format_version": "1.0", "seq": 1,')
    first, second = ('{"format_version": "1.0", "seq": 1,' + call for call in calls[1:])
    assert checked(first)[-1]["exit_code"] == 8
    assert checked(second) == checked(out)
    assert (here.root / "events.ndjson").stat().st_mode & 0o077 == 0


def test_a_run_is_not_begun_where_its_events_cannot_be_written(here: Here) -> None:
    os.mkfifo(here.root / "fifo")
    here.run("apply", "acme", "--yes", "--events", "fifo", code=1)
    assert "events cannot be written to fifo: it is no file to append to" in here.said
    here.run("apply", "acme", "--yes", "--events", "nowhere/x", code=1)
    assert "No such file or directory" in here.said


def told(text: str) -> Event:
    return StepWaiting("P10", text, at="2026-11-29T01:40:00.000Z")


def texts(path: Path) -> list[str]:
    """What whole lines of the file say; a line that is no JSON is what a reader passes over."""
    found = []
    for line in path.read_bytes().split(b"\n"):
        try:
            found.append(json.loads(line).get("text", ""))
        except ValueError:
            continue
    return [text for text in found if text]


def wait_for(done: Callable[[], bool]) -> None:
    waited = threading.Event()
    for _ in range(2000):
        if done():
            return
        waited.wait(0.005)
    raise AssertionError("it does not come")


def test_a_full_disk_is_told_once_and_every_line_arrives_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    real, full = os.write, [True]

    def write(handle: int, data: bytes) -> int:
        if full[0] and len(data) > 20:
            real(handle, data[:20])
            return 20
        if full[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, data)

    path = tmp_path / "events"
    lines = open_stream(path, to_stdout=False)
    monkeypatch.setattr(os, "write", write)
    with lines.call("plan.json", "kim"):
        for number in range(3):
            lines.emit(told(f"before {number}"))
        wait_for(lambda: path.stat().st_size > 0)
        full[0] = False
        lines.emit(told("after"))
    said = capsys.readouterr().err
    assert said.count("events are not written to") == 1
    assert "The run goes on." in said
    assert "are written to" in said
    assert texts(path) == ["before 0", "before 1", "before 2", "after"]


def test_a_file_that_was_moved_or_lost_its_folder_is_made_anew(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    path = folder / "events"
    lines = open_stream(path, to_stdout=False)
    with lines.call("plan.json", "kim"):
        lines.emit(told("first"))
        wait_for(lambda: path.stat().st_size > 150)
        path.rename(folder / "events.1")
        lines.emit(told("second"))
        wait_for(path.exists)
        wait_for(lambda: texts(path) == ["second"])
        for item in folder.iterdir():
            item.unlink()
        folder.rmdir()
        lines.emit(told("third"))
        wait_for(lambda: "No such file" in capsys.readouterr().err)
        folder.mkdir()
        lines.emit(told("fourth"))
    assert texts(path) == ["third", "fourth"]
    assert "are written to" in capsys.readouterr().err


def test_half_a_line_of_a_process_that_was_killed_stays_alone(tmp_path: Path) -> None:
    path = tmp_path / "events"
    path.write_bytes(b'{"text": "whole"}\n{"te')
    Tee(path).write(b'{"text": "next"}\n')
    assert texts(path) == ["whole", "next"]


def test_a_reader_that_does_not_read_holds_nobody_up_and_gets_everything() -> None:
    """A pipe holds 64 kB; the events of a run are more."""

    class Pipe:
        name = "a pipe"

        def __init__(self) -> None:
            self.out, self.end = os.pipe()

        def write(self, line: bytes) -> None:
            while line:
                line = line[os.write(self.end, line) :]

    pipe = Pipe()
    lines = Stream((pipe,))
    got = bytearray()

    def read() -> None:
        while part := os.read(pipe.out, 1 << 16):
            got.extend(part)

    reader = threading.Thread(target=read)
    with lines.call("plan.json", "kim"):
        for number in range(2000):
            lines.emit(told(f"{number}: {'x' * 100}"))
        reader.start()  # nobody has read before the last of them
    os.close(pipe.end)
    reader.join(30)
    os.close(pipe.out)
    assert [json.loads(line)["seq"] for line in got.splitlines()] == list(range(1, 2002))


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="no file to append to"):
        Tee(Path("/dev/null"))
    with pytest.raises(Unreadable, match="Is a directory"):
        Tee(tmp_path)
