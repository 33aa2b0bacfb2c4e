"""`make race`: two executors race for a site, 10,000 times; holders are paused past their lease. What was called twice?

In: how many races, on which store. Out: figures, and exit code 1 if a step was called twice where that must not be.
SIGTERM ends it early, with the figures of the races so far.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.postgres_server import server
from tests.race.target import PLAN, calls

ASLEEP: float = 1.5
"""How long one is paused, in leases: longer than the other needs to see that it ran out."""
HEAD_START_S = 0.01
"""So that the one that is to sleep is most often the one with the lock."""
POINTS = ("with the lock", "before the look", "before the call", "after the call")
ROOT = Path(__file__).resolve().parents[2]


class Executor:
    """A process that races; it is woken when it has slept."""

    def __init__(self, folder: Path, url: str, name: str) -> None:
        command = [sys.executable, "-m", "tests.race.executor", str(folder), url, name]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdin
        assert self._process.stdout
        self._in = self._process.stdin
        self._out = self._process.stdout

    def start(self, given: dict[str, Any]) -> None:
        self._in.write(json.dumps(given) + "\n")
        self._in.flush()

    def wake_when_asleep(self, after_s: float) -> None:
        """Wait until it sleeps, or has an answer; let it sleep so long."""
        while not self._ready():
            if self._is_stopped():
                time.sleep(after_s)
                os.kill(self._process.pid, signal.SIGCONT)
                return
            time.sleep(0.02)

    def result(self) -> dict[str, Any]:
        line = self._out.readline()
        assert line, f"an executor ended: {self._process.wait()}"
        found: dict[str, Any] = json.loads(line)
        return found

    def close(self) -> None:
        self._in.close()
        self._process.wait()
        self._out.close()

    def _ready(self) -> bool:
        return bool(select.select([self._out], [], [], 0)[0])

    def _is_stopped(self) -> bool:
        return Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


@dataclass
class Figures:
    """What came of the races."""

    races: Counter[str] = field(default_factory=Counter)
    paused: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    twice: Counter[str] = field(default_factory=Counter)
    undone: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """What must never be: a call of class N twice anywhere, any call twice where tokens are checked."""
        return [name for name in self.twice if "class N" in name or name.startswith("tokens checked")]


class Arena:
    """A store, a folder, pairs of executors."""

    def __init__(self, folder: Path, url: str, lease_s: float, seconds: float) -> None:
        self._lease_s = lease_s
        self._until = time.monotonic() + seconds
        self.figures = Figures()
        self._folder = folder
        self._url = url
        self._chance = random.Random(1)
        self._lock = threading.Lock()

    def stop(self) -> None:
        """Begin no more races."""
        self._until = -math.inf

    def pair(self, number: int, races: range, paused: float) -> None:
        """Run these races with two executors of their own."""
        with ExitStack() as stack:
            pair = [Executor(self._folder, self._url, f"{name}{number}") for name in ("anna", "ben")]
            for executor in pair:
                stack.callback(executor.close)
            for race in races:
                if time.monotonic() >= self._until:
                    return
                self._race(pair, race, paused)

    def _race(self, pair: list[Executor], race: int, paused: float) -> None:
        with self._lock:
            point = self._chance.choice(POINTS) if self._chance.random() < paused else None
            passes = 1 if point == POINTS[0] else self._chance.randint(1, len(PLAN.steps))
            first, second = self._chance.sample(pair, 2)
        log = self._folder / "calls" / f"race{race}"
        fencing = race % 2 == 0
        given = {"site": f"race{race}", "calls": str(log), "fencing": fencing, "lease": self._lease_s, "passes": passes}
        first.start({**given, "point": point})
        if point is not None:
            time.sleep(HEAD_START_S)
        second.start({**given, "point": None})
        if point is not None:
            first.wake_when_asleep(self._lease_s * ASLEEP)
        results = [executor.result() for executor in pair]
        with self._lock:
            self._count(log, fencing, point, results)
        log.unlink(missing_ok=True)

    def _count(self, log: Path, fencing: bool, point: str | None, results: list[dict[str, Any]]) -> None:
        kind = "tokens checked" if fencing else "tokens not checked"
        figures = self.figures
        figures.races[kind] += 1
        if any(result["slept"] for result in results):
            figures.paused[f"paused {point}"] += 1
        figures.ends.update(result["ends"][-1] for result in results)
        done = Counter(call["step"] for call in calls(log))
        for step, count in done.items():
            if count > 1:
                figures.twice[f"{kind}, class {PLAN.step(step).step_class.value}"] += 1
        if any(result["ends"][-1] == "gave up" for result in results):
            figures.undone.append(f"{log.name}: {point} {[Counter(result['ends']) for result in results]}")
        if set(done) != {step.id for step in PLAN.steps} and not any("asked" in result["ends"] for result in results):
            figures.undone.append(f"{log.name}: {results}")


def measure(races: int, store: str, *, pairs: int, paused: float, lease_s: float, seconds: float = math.inf) -> Figures:
    """Run the races, none of them begun after so many seconds, and count."""
    memory = Path("/dev/shm")
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="oceana-dr-race-", dir=memory if memory.is_dir() else None))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        (folder / "calls").mkdir()
        url = ""
        if store == "postgres":
            url = f"postgresql://postgres@/postgres?host={quote(stack.enter_context(server(folder)), safe='')}"
        arena = Arena(folder, url, lease_s, seconds)
        if threading.current_thread() is threading.main_thread():
            before = signal.signal(signal.SIGTERM, lambda *_: arena.stop())
            stack.callback(signal.signal, signal.SIGTERM, before)
        with ThreadPoolExecutor(pairs) as pool:
            shares = [range(first, races, pairs) for first in range(pairs)]
            for done in [pool.submit(arena.pair, number, share, paused) for number, share in enumerate(shares)]:
                done.result()
        return arena.figures


def main() -> int:
    """Race, print, judge."""
    parser = argparse.ArgumentParser(prog="make race")
    parser.add_argument("--races", type=int, default=10_000)
    parser.add_argument("--store", choices=["postgres", "sqlite"], default="postgres")
    parser.add_argument("--pairs", type=int, default=4)
    parser.add_argument("--paused", type=float, default=0.2, help="the part of races in which one is paused")
    parser.add_argument("--lease", type=float, default=1.5, help="seconds")
    parser.add_argument("--seconds", type=float, default=math.inf, help="begin no race later than this")
    given = parser.parse_args()
    began = time.monotonic()
    rules = {"pairs": given.pairs, "paused": given.paused, "lease_s": given.lease, "seconds": given.seconds}
    found = measure(given.races, given.store, **rules)
    print(f"{found.races.total()} races on {given.store}, two executors each, in {time.monotonic() - began:.0f} s")
    for title, counted in (("races", found.races), ("pauses past the lease", found.paused), ("ends", found.ends)):
        print(f"{title}:")
        for name, count in sorted(counted.items()):
            print(f"  {count:6}  {name}")
    print("steps called twice:")
    for kind in ("tokens checked", "tokens not checked"):
        for letter in ("N", "I", "R"):
            print(f"  {found.twice[f'{kind}, class {letter}']:6}  {kind}, class {letter}")
    for text in found.undone:
        print(f"not done: {text}")
    return 1 if found.wrong or found.undone else 0


if __name__ == "__main__":
    sys.exit(main())
