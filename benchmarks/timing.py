"""Times whole processes, interleaved, so that a noisy machine disturbs all of them alike.

In: workloads. Out: the wall-clock seconds of each, or why it could not be measured.
A process counts from before it is started until it has been waited for; its output goes nowhere.
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Workload:
    """One command to measure: what to start, where, with which environment."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]


@dataclass(slots=True)
class Measurement:
    """The seconds that the runs of one workload took, or why there are none."""

    workload: Workload
    seconds: list[float] = field(default_factory=list)
    failure: str | None = None

    @property
    def median(self) -> float | None:
        return statistics.median(self.seconds) if self.seconds and not self.failure else None


def rehearse(workload: Workload) -> str | None:
    """Run once with the output kept; the reason if it cannot be measured."""
    try:
        done = subprocess.run(
            workload.command,
            cwd=workload.folder,
            env=dict(workload.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    except OSError as error:
        return f"cannot be started: {error.strerror}"
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return f"exit {done.returncode}: {lines[-1] if lines else 'no message'}"


def run_once(workload: Workload) -> tuple[float, int]:
    """The wall-clock seconds of one process, and its exit code."""
    started = time.perf_counter()
    done = subprocess.run(
        workload.command,
        cwd=workload.folder,
        env=dict(workload.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return time.perf_counter() - started, done.returncode


def measure(
    workloads: Sequence[Workload], runs: int, warm_ups: int, progress: Callable[[str], None]
) -> list[Measurement]:
    """Every workload once a round, each round beginning with another one; the first rounds are not counted."""
    measurements = [Measurement(workload, failure=rehearse(workload)) for workload in workloads]
    for turn in range(-warm_ups, runs):
        progress("warming up" if turn < 0 else f"run {turn + 1} of {runs}")
        first = turn % len(measurements)
        for measurement in measurements[first:] + measurements[:first]:
            if measurement.failure:
                continue
            seconds, code = run_once(measurement.workload)
            if code != 0:
                measurement.failure = f"exit {code} in a later run"
            elif turn >= 0:
                measurement.seconds.append(seconds)
    return measurements
