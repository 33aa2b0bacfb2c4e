"""One runner a site: a lock names its holder, outlives nobody, and is never taken silently."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oceana_dr.diagnostics import StateLocked
from oceana_dr.store.database import Database
from oceana_dr.store.locks import (
    Lease,
    Machine,
    acquire,
    holder_is_dead,
    lock_events,
    process_mark,
    read_lock,
    this_machine,
    unlock,
)

NOW = datetime(2026, 3, 1, 2, 40, tzinfo=UTC)


class Wall:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


def machine(host: str = "ops1", pid: int = 100, alive: dict[int, str] | None = None) -> Machine:
    marks = {100: "boot/1", 200: "boot/2"} if alive is None else alive
    return Machine(host, pid, marks.get)


def take(state: Database, here: Machine, who: str = "anna", wall: Callable[[], datetime] | None = None) -> Lease:
    return acquire(state, "acme", who=who, why="apply", run=None, wall=wall or Wall(), machine=here)


def test_a_second_runner_is_told_who_has_the_lock_since_when(tmp_path: Path) -> None:
    state = Database(tmp_path)
    lease = take(state, machine())
    lease.name_run("r1")
    with pytest.raises(StateLocked) as caught:
        take(state, machine(pid=200), who="ben")
    assert caught.value.exit_code == 6
    for part in ("acme", "anna", "2026-03-01T02:40:00Z", "apply", "r1", "ops1"):
        assert part in caught.value.message
    assert "state unlock acme" in (caught.value.hint or "")


def test_a_released_lock_is_free_and_other_sites_always_were(tmp_path: Path) -> None:
    state = Database(tmp_path)
    lease = take(state, machine())
    acquire(state, "globex", who="ben", why="apply", run=None, wall=Wall(), machine=machine(pid=200)).check()
    lease.release()
    assert read_lock(state, "acme") is None
    take(state, machine(pid=200), who="ben").check()


@pytest.mark.parametrize("alive", [{200: "boot/2"}, {100: "boot/9", 200: "boot/2"}], ids=["dead", "number used again"])
def test_a_dead_holder_on_this_host_loses_the_lock_and_that_is_recorded(tmp_path: Path, alive: dict[int, str]) -> None:
    state = Database(tmp_path)
    old = take(state, machine())
    assert not holder_is_dead(old.lock, machine())
    assert holder_is_dead(old.lock, machine(alive=alive))
    take(state, machine(pid=200, alive=alive), who="ben").check()
    (event,) = lock_events(state, "acme")
    assert (event.event, event.by, event.lock) == ("taken over", "ben", old.lock.id)
    with pytest.raises(StateLocked, match="taken away by ben"):
        old.check()


def test_of_another_host_nobody_knows_whether_it_is_dead(tmp_path: Path) -> None:
    state = Database(tmp_path)
    take(state, machine(host="ops2", pid=999))
    with pytest.raises(StateLocked, match="ops2"):
        take(state, machine(pid=200), who="ben")


def test_a_lock_released_by_hand_is_recorded_and_its_holder_stops(tmp_path: Path) -> None:
    state = Database(tmp_path)
    lease = take(state, machine())
    released = unlock(state, "acme", by="ben", reason="host burnt down", now=NOW)
    assert released is not None
    assert released.who == "anna"
    assert lock_events(state, "acme")[0].note == "host burnt down"
    with pytest.raises(StateLocked, match="taken away"):
        lease.check()
    lease.release()
    assert unlock(state, "acme", by="ben", reason="again", now=NOW) is None


def test_a_holder_says_now_and_then_that_it_lives_and_writes_no_more_often(tmp_path: Path) -> None:
    state, wall = Database(tmp_path), Wall()
    lease = take(state, machine(), wall=wall)
    for seconds, beat in ((0, "02:40:00"), (29, "02:40:00"), (30, "02:40:30"), (31, "02:40:30")):
        wall.now = NOW + timedelta(seconds=seconds)
        lease.check()
        lock = read_lock(state, "acme")
        assert lock is not None
        assert beat in lock.heartbeat


def test_a_process_is_known_by_more_than_its_number() -> None:
    mine = process_mark(os.getpid())
    assert mine is not None
    assert mine == this_machine().process
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    alive = process_mark(child.pid)
    assert alive not in {None, mine}
    child.kill()
    child.wait()
    child.communicate()
    assert process_mark(child.pid) is None


RACER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from oceana_dr.diagnostics import StateLocked
from oceana_dr.store.database import Database
from oceana_dr.store.locks import acquire
state = Database(Path(sys.argv[1]))
sys.stdin.readline()
for n in range(int(sys.argv[2])):
    try:
        acquire(state, f"site{n}", who=sys.argv[3], why="apply", run=None, wall=lambda: datetime.now(UTC))
        print(f"site{n}")
    except StateLocked:
        pass
print("raced", flush=True)
sys.stdin.readline()
"""


def test_of_racing_processes_exactly_one_gets_each_lock(tmp_path: Path) -> None:
    sites, racers = 40, 4
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path), str(sites), f"racer{n}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for n in range(racers)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    won = []
    for process in processes:
        assert process.stdout
        won += list(iter(process.stdout.readline, "raced\n"))
    for process in processes:
        process.communicate("end\n")
    assert sorted(won) == sorted(f"site{n}\n" for n in range(sites))
