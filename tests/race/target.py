"""What two executors act on in a race: it writes down every call, and may check fencing tokens.

In: acts from any process. Out: a log of calls, from which everything else is read.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from oceana_dr.drivers.contract import ActRequest, Declined, Done, Outcome, Reading
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import ABSENT
from oceana_dr.estate.values import Override
from oceana_dr.plan.model import Kind, Plan
from tests.execute.plans import BACKUP, CHAT, EMAIL, plan_of, step

PLAN = plan_of(
    step("P01", Kind.SET, "I", {EMAIL: Override(True, "false")}),
    step("P02", Kind.RUN, "N", {BACKUP: "current"}, "P01"),
    step("P03", Kind.SET, "R", {CHAT: "true"}, "P02"),
)


def plan_for(site: str) -> Plan:
    """The race's plan, at a site of its own."""
    return replace(PLAN, site=site)


@dataclass
class Target:
    """An estate as a file of calls. `before` and `after` are where a holder may be paused."""

    path: Path
    fencing: bool
    pause: Callable[[str], None]

    def act(self, request: ActRequest) -> Outcome:
        self.pause("before the call")
        with self.path.open("a+") as log:
            fcntl.flock(log, fcntl.LOCK_EX)
            if self.fencing and any(call["token"] > request.token for call in calls(self.path)):
                return Declined("somebody else holds the lock now", "fenced")
            log.write(json.dumps({"step": request.step, "key": request.key, "token": request.token}) + "\n")
            log.flush()
        self.pause("after the call")
        return Done()

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        estate = PLAN.initial
        for call in calls(self.path):
            estate = estate.with_values(PLAN.step(call["step"]).effects)
        wanted = sorted(estate.resources) if addresses is None else addresses
        return tuple(Reading(item, estate.resources.get(item, ABSENT), "gateway", "now") for item in wanted)


def calls(path: Path) -> list[dict[str, Any]]:
    """Every call that was carried out, in order."""
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
