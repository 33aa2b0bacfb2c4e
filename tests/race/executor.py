"""One executor of a race: a process that applies the plan like `apply`, again and again until somebody has done it.

In: races as JSON lines on stdin. Out: how each ended, as JSON lines on stdout. It stops itself (SIGSTOP) where a race
says so, as a machine that is suspended does; who started it wakes it.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from oceana_dr.diagnostics import OceanaError, Stale, StateLocked, WaitingForPerson
from oceana_dr.drivers.contract import Answer, Question
from oceana_dr.execute.ports import Options, Ports
from oceana_dr.execute.runner import run
from oceana_dr.operations.holding import lock, open_run
from oceana_dr.store.lease import Lease
from oceana_dr.store.runs import digest_of_plan
from oceana_dr.store.state import State, local_state, team_state
from tests.race.target import Target, plan_for

PLAN_FILE = b"{}"
_PATIENCE_S = 60.0


@dataclass
class Sleeper:
    """Stops this process at the n-th passing of a point; once in a race."""

    point: str | None
    passes: int
    slept: bool = field(default=False)

    def __call__(self, point: str) -> None:
        if point != self.point or self.slept:
            return
        self.passes -= 1
        if self.passes <= 0:
            self.slept = True
            os.kill(os.getpid(), signal.SIGSTOP)


@dataclass
class Looked:
    """The lease, with points before and after it is looked at."""

    lease: Lease
    pause: Sleeper

    @property
    def token(self) -> int:
        return self.lease.token

    def check(self) -> None:
        self.pause("before the look")
        self.lease.check()


class Nobody:
    def ask(self, question: Question) -> Answer | None:  # noqa: ARG002 - the form of the port
        return None


class Clock:
    """A second of the estate is a millisecond here."""

    def now(self) -> float:
        return time.monotonic() * 1000

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds / 1000)


def race(state: State, given: dict[str, Any], name: str) -> dict[str, Any]:
    """Apply the plan of this race until it is done, or nobody is there to decide."""
    plan, pause = plan_for(given["site"]), Sleeper(given["point"], given["passes"])
    target = Target(Path(given["calls"]), given["fencing"], pause)
    ends: list[str] = []
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        try:
            with (
                lock(state, plan, name, length=timedelta(seconds=given["lease"])) as lease,
                open_run(state, plan, PLAN_FILE, lease) as held,
            ):
                pause("with the lock")
                ports = Ports(
                    reader=target,
                    writers={"gateway": target},
                    people=Nobody(),
                    clock=Clock(),
                    wall=lambda: datetime.now(UTC),
                    journal=held.journal,
                    tenure=Looked(held.lease, pause),
                )
                options = Options(
                    held.place.run, name, 1, inherited=held.inherited, plan_copy=digest_of_plan(PLAN_FILE)
                )
                run(plan, ports, options)
        except WaitingForPerson:
            return {"ends": [*ends, "asked"], "slept": pause.slept}
        except Stale:
            return {"ends": [*ends, "stale"], "slept": pause.slept}
        except StateLocked:
            ends.append("locked")
            time.sleep(given["lease"] / 6)
        except OceanaError as error:
            ends.append(error.message)
        else:
            return {"ends": [*ends, "done"], "slept": pause.slept}
    return {"ends": [*ends, "gave up"], "slept": pause.slept}


def main(folder: str, url: str, name: str) -> None:
    """Take races until there are no more."""
    state = team_state(Path(folder) / name, lambda: url, "env:URL") if url else local_state(Path(folder))
    for line in sys.stdin:
        print(json.dumps(race(state, json.loads(line), name)), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
