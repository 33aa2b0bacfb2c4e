"""One runner a site: a lock names its holder, is kept by a lease, and is never taken silently."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oceana_dr.diagnostics import OceanaError, StateLocked
from oceana_dr.estate.estate import Estate
from oceana_dr.store import baseline
from oceana_dr.store.baseline import Baseline
from oceana_dr.store.lease import Lease
from oceana_dr.store.lock import LEASE, in_ms
from oceana_dr.store.locks import acquire, lock_events, read_lock, unlock
from oceana_dr.store.machine import Machine, process_mark, this_machine
from oceana_dr.store.state import State

NOW = datetime(2026, 3, 1, 2, 40, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Wall:
    def __init__(self, after: timedelta = timedelta()) -> None:
        self.now = NOW + after

    def __call__(self) -> datetime:
        return self.now


def machine(host: str = "ops1", pid: int = 100, alive: dict[int, str] | None = None) -> Machine:
    marks = {100: "boot/1", 200: "boot/2"} if alive is None else alive
    return Machine(host, pid, marks.get)


OPS2 = machine("ops2", 9, {9: "other/1"})


def take(state: State, here: Machine, who: str = "anna", wall: Callable[[], datetime] | None = None) -> Lease:
    return acquire(state.database, "acme", who=who, why="apply", wall=wall or Wall(), machine=here)


def test_a_second_runner_is_told_who_has_the_lock_since_when(state: State) -> None:
    lease = take(state, machine())
    lease.name_run("r1")
    with pytest.raises(StateLocked) as caught:
        take(state, machine(pid=200), who="ben", wall=Wall(7 * SECOND))
    assert caught.value.exit_code == 6
    for part in ("acme", "anna", "2026-03-01T02:40:00Z", "apply", "r1", "ops1", "last sign of life 7 s ago"):
        assert part in caught.value.message
    assert "status acme" in (caught.value.hint or "")


def test_a_released_lock_is_free_and_other_sites_always_were(state: State) -> None:
    lease = take(state, machine())
    acquire(state.database, "globex", who="ben", why="apply", wall=Wall(), machine=machine(pid=200)).check()
    lease.release()
    assert read_lock(state.database, "acme") is None
    take(state, machine(pid=200), who="ben").check()


@pytest.mark.parametrize("alive", [{200: "boot/2"}, {100: "boot/9", 200: "boot/2"}], ids=["dead", "number used again"])
def test_a_dead_holder_on_this_host_loses_the_lock_and_that_is_recorded(state: State, alive: dict[int, str]) -> None:
    old = take(state, machine())
    held = read_lock(state.database, "acme", Wall())
    assert held is not None
    assert not held.is_dead(machine())
    assert held.is_dead(machine(pid=200, alive=alive))
    take(state, machine(pid=200, alive=alive), who="ben").check()
    (event,) = lock_events(state.database, "acme")
    assert (event.event, event.by, event.lock, event.note) == ("taken over", "ben", old.lock.id, "process 100 is dead")
    with pytest.raises(StateLocked, match="taken away by ben"):
        old.check()


def other_boot() -> Machine:
    return machine(pid=200, alive={200: "another/2"})


@pytest.mark.parametrize("other", [OPS2, other_boot()], ids=["another host", "another machine of the same name"])
def test_elsewhere_nobody_knows_who_is_dead_but_a_lease_runs_out(state: State, other: Machine) -> None:
    old = take(state, machine())
    with pytest.raises(StateLocked, match="ops1"):
        take(state, other, who="ben", wall=Wall(LEASE - SECOND))
    new = take(state, other, who="ben", wall=Wall(LEASE))
    (event,) = lock_events(state.database, "acme")
    assert (event.event, event.note) == ("taken over", "no sign of life for 60 s")
    for call in (old.check, old.renew):
        with pytest.raises(StateLocked, match="taken away by ben"):
            call()
    old.release()
    new.check()


def test_a_lease_that_ran_out_and_that_nobody_took_is_renewed(state: State) -> None:
    wall = Wall()
    lease = take(state, machine(), wall=wall)
    wall.now += 10 * LEASE
    lease.check()
    with pytest.raises(StateLocked):
        take(state, OPS2, who="ben", wall=Wall(10 * LEASE + SECOND))


def test_a_token_is_greater_than_every_one_before(state: State) -> None:
    first = take(state, machine())
    assert first.token == in_ms(NOW), "a store that was lost starts above what gateways have seen"
    tokens = [first.token]
    for after in (SECOND, timedelta(), -SECOND):  # the last: a clock that was set back
        first.release()
        first = take(state, machine(), wall=Wall(after))
        tokens.append(first.token)
    assert tokens == sorted(set(tokens))
    assert acquire(state.database, "globex", who="ben", why="apply", wall=Wall(), machine=OPS2).token == in_ms(NOW)


def test_who_lost_the_lock_writes_nothing_more(state: State) -> None:
    old = take(state, machine())
    baseline.write_baseline(old.fenced, "acme", Baseline(Estate(), "r1", "then"))
    new = take(state, OPS2, who="ben", wall=Wall(LEASE))
    with pytest.raises(StateLocked):
        baseline.write_baseline(old.fenced, "acme", Baseline(Estate(), "r2", "then"))
    with new.fenced.reading() as connection:
        assert connection is not None
    found = baseline.read_baseline(new.fenced, "acme")
    assert found is not None
    assert found.run == "r1"
    assert new.fenced.name == state.database.name


def test_by_hand_a_lock_is_released_when_its_holder_gives_no_sign(state: State) -> None:
    lease = take(state, machine())

    def release(lock: str, after: timedelta, here: Machine = OPS2) -> object:
        say = {"by": "ben", "reason": "host burnt down"}
        return unlock(state.database, "acme", lock=lock, wall=Wall(after), machine=here, **say)

    with pytest.raises(StateLocked, match="sign of life 59 s ago") as caught:
        release(lease.lock.id, LEASE - SECOND)
    assert caught.value.exit_code == 6
    with pytest.raises(OceanaError, match=f"no lock other; it is {lease.lock.id} that anna holds"):
        release("other", LEASE)
    assert lock_events(state.database, "acme") == ()
    assert release(lease.lock.id, LEASE) == lease.lock
    (event,) = lock_events(state.database, "acme")
    assert (event.event, event.by, event.note) == ("released by hand", "ben", "host burnt down")
    with pytest.raises(StateLocked, match=r"taken away$"):
        lease.check()
    with pytest.raises(OceanaError, match=r"no lock .*: it is not locked"):
        release(lease.lock.id, LEASE)
    gone = take(state, machine())
    release(gone.lock.id, SECOND, machine(pid=200, alive={200: "boot/2"}))


def test_a_holder_says_now_and_then_that_it_lives_and_writes_no_more_often(state: State) -> None:
    wall = Wall()
    lease = take(state, machine(), wall=wall)
    for seconds, beat in ((0, "02:40:00"), (9, "02:40:00"), (10, "02:40:10"), (11, "02:40:10")):
        wall.now = NOW + seconds * SECOND
        lease.check()
        held = read_lock(state.database, "acme", wall)
        assert held is not None
        assert beat in held.lock.heartbeat
        assert held.lock.ends_ms == in_ms(datetime.fromisoformat(held.lock.heartbeat) + LEASE)


def test_a_lease_is_kept_by_a_thread_until_the_block_ends(state: State) -> None:
    lease = acquire(state.database, "acme", who="anna", why="apply", lease=timedelta(seconds=0.4))
    first = lease.lock.ends_ms
    with lease.kept():
        while (held := read_lock(state.database, "acme")) is not None and held.lock.ends_ms == first:
            pass
    assert held is not None
    assert held.lock.ends_ms is not None
    lease.release()


def test_the_clock_is_the_same_for_all_who_share_the_store(state: State) -> None:
    lease = acquire(state.database, "acme", who="anna", why="apply")
    held = read_lock(state.database, "acme")
    assert held is not None
    assert held.silent_s < 60
    assert not held.has_run_out
    assert not held.is_free()
    lease.check()


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
from pathlib import Path
from oceana_dr.diagnostics import StateLocked
from oceana_dr.store.state import local_state, team_state
from oceana_dr.store.locks import acquire
folder, url = Path(sys.argv[1]), sys.argv[4]
state = (team_state(folder, lambda: url, "env:URL") if url else local_state(folder)).database
sys.stdin.readline()
for n in range(int(sys.argv[2])):
    try:
        acquire(state, f"site{n}", who=sys.argv[3], why="apply")
        print(f"site{n}")
    except StateLocked:
        pass
print("raced", flush=True)
sys.stdin.readline()
"""


@pytest.mark.parametrize("store", ["sqlite", "postgres"])
def test_of_racing_processes_exactly_one_gets_each_lock(
    store: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if store == "postgres" else ""
    sites, racers = (15, 3) if url else (40, 4)  # a connection to PostgreSQL costs more than opening a file
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(tmp_path), str(sites), f"racer{n}", url],
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
