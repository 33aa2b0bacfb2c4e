"""The lab's store: threads, processes, kill -9, damage, a disk that is full."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OutOfSpace, Unreadable
from oceana_dr.estate.action import RunProcedure, SetValues
from oceana_dr.estate.address import Ref
from oceana_dr.lab.administration import reset
from oceana_dr.lab.lab import open_lab
from oceana_dr.lab.records import Busy
from oceana_dr.lab.store import Store
from tests.lab.stand import MAIL, ROOT, SITES, Stand, on, stand

CLIENT = """
    import sys, time
    from pathlib import Path
    from oceana_dr.estate.action import RunProcedure
    from oceana_dr.lab.lab import open_lab

    state, sites, number = sys.argv[1:]
    lab = open_lab(Path(state), Path(sites), "acme", 600)
    lab.submit(f"run/P12/{number}", "client", RunProcedure("backup-ucmservice-planned", {"from": "dc1"}))
    print("accepted", flush=True)
    time.sleep(60)
"""


def client(state: Path, number: int, program: str = CLIENT) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program), str(state), str(SITES), str(number)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        text=True,
    )


def test_kill_9_of_a_client_leaves_its_act_under_way(tmp_path: Path) -> None:
    with client(tmp_path, 1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "accepted\n"
        os.kill(process.pid, signal.SIGKILL)
    lab = open_lab(tmp_path, SITES, "acme", 600)
    deadline = time.monotonic() + 20
    while lab.world().estate.get(Ref("dc1/backup/UCMService#content")) != "outdated":
        assert time.monotonic() < deadline  # the seed's word, until the backup is there
    while (found := lab.operation("run/P12/1")) is not None and found[0].state(found[1]) == "running":
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert found is not None
    assert found[0].state(found[1]) == "done"
    assert [event.actor for event in lab.events()] == ["client"]


WRITING = """
    import sys
    from pathlib import Path
    from oceana_dr.estate.action import SetValues
    from oceana_dr.estate.address import Ref
    from oceana_dr.lab.lab import open_lab

    state, sites, number = sys.argv[1:]
    lab = open_lab(Path(state), Path(sites), "acme", 100000)
    print("ready", flush=True)
    count = 0
    while True:
        values = {Ref("dc1/queues#chat"): count, Ref("dc1/queues#sms"): count}
        lab.edit(f"writer{number}", values, force=True)
        count += 1
"""


def test_kill_9_at_any_moment_leaves_whole_changes(tmp_path: Path) -> None:
    lab = open_lab(tmp_path, SITES, "acme", 100_000)
    for number in range(6):
        with client(tmp_path, number, WRITING) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            time.sleep(0.03 * (number + 1))
            os.kill(process.pid, signal.SIGKILL)
        estate = lab.world().estate
        if any(event.actor == f"writer{number}" for event in lab.events()):
            assert estate.get(Ref("dc1/queues#chat")) == estate.get(Ref("dc1/queues#sms"))
    with sqlite3.connect(tmp_path / "lab" / "acme.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


def test_threads_and_a_second_process_see_one_estate(tmp_path: Path) -> None:
    def act(number: int) -> None:
        lab = open_lab(tmp_path, SITES, "acme", 600)
        deadline = time.monotonic() + 20
        action = SetValues({Ref(MAIL): on("false")})
        while isinstance(lab.submit(f"run/T{number}/1", "tester", action)[0], Busy):
            assert time.monotonic() < deadline
            time.sleep(0.005)

    with client(tmp_path, 1) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "accepted\n"
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(act, range(16)))
        os.kill(process.pid, signal.SIGKILL)
    keys = [event.detail["key"] for event in open_lab(tmp_path, SITES, "acme", 600).events() if event.kind == "act"]
    assert len(keys) == len(set(keys)) == 17


def test_one_key_from_many_threads_is_one_act(acme: Stand) -> None:
    action = RunProcedure("backup-ucmservice-planned", {"from": "dc1"})
    barrier = threading.Barrier(8)

    def submit(_: int) -> str:
        barrier.wait()
        return type(acme.lab.submit("run/P12/1", "tester", action)[0]).__name__

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(submit, range(8))) == {"Operation"}
    assert len(acme.lab.events()) == 1


def test_reset_brings_the_seed_back(acme: Stand) -> None:
    acme.set({MAIL: on("false")})
    reset(acme.lab)
    assert acme.get(MAIL) == on("true")
    assert acme.lab.events() == ()
    assert acme.lab.operation("run/P01/1") is None


def test_reset_of_a_lab_that_was_never_used_makes_no_file(tmp_path: Path) -> None:
    reset(stand(tmp_path).lab)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"this is no database, whatever its name says", b"SQLite format 3\0" + b"\0" * 90])
def test_a_damaged_store_is_said_and_reset_mends_it(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "lab" / "acme.db"
    path.parent.mkdir()
    path.write_bytes(content)
    lab = open_lab(tmp_path, SITES, "acme", 1)
    with pytest.raises(Unreadable, match=r"acme\.db"):
        lab.world()
    reset(lab)
    assert lab.world().estate.get(Ref(MAIL)) == on("true")


def test_a_store_of_another_format_is_refused(acme: Stand, tmp_path: Path) -> None:
    acme.set({MAIL: on("false")})
    with sqlite3.connect(tmp_path / "lab" / "acme.db") as connection:
        connection.execute("UPDATE lab SET format = 9")
    connection.close()
    with pytest.raises(Unreadable, match="format 9"):
        acme.lab.world()


def test_a_full_disk_is_said_and_changes_nothing(acme: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    acme.set({MAIL: on("false")})
    assert isinstance(acme.lab._store, Store)
    connect = acme.lab._store._connect

    def bounded(*, create: bool = False) -> sqlite3.Connection:
        connection = connect(create=create)
        connection.execute("PRAGMA max_page_count = 1")
        return connection

    monkeypatch.setattr(acme.lab._store, "_connect", bounded)
    values = {Ref("dc1/queues#chat"): 1}

    def fill() -> None:
        for _ in range(200):
            acme.lab.edit("tester", values, force=True)

    with pytest.raises(OutOfSpace):
        fill()
    monkeypatch.undo()
    assert acme.get(MAIL) == on("false")


def test_a_state_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "lab").write_text("")
    with pytest.raises(Unreadable):
        open_lab(tmp_path, SITES, "acme", 1).edit("tester", {Ref("dc1/queues#chat"): 1}, force=True)
