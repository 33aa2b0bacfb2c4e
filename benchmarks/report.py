"""The table, the targets and the figures file of one benchmark.

In: measurements. Out: text for people, a dictionary for machines.
A target compares two medians of the same interleaved series; a missed target is shown, never an error.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.timing import Measurement


@dataclass(frozen=True, slots=True)
class Target:
    """`subject` takes at most `limit` times as long as `reference`."""

    subject: str
    limit: float
    reference: str


def ratio(measurements: Sequence[Measurement], subject: str, reference: str) -> float | None:
    """How many times the reference's median the subject's is, if both were measured."""
    medians = {measurement.workload.name: measurement.median for measurement in measurements}
    above, below = medians[subject], medians[reference]
    return above / below if above is not None and below else None


def table(measurements: Sequence[Measurement]) -> str:
    """Median, fastest, slowest, and the median as a multiple of the first row's."""
    base = measurements[0].workload.name
    width = max(len(measurement.workload.name) for measurement in measurements)
    lines = [f"{'whole process, milliseconds':{width}}  {'median':>8} {'min':>8} {'max':>8}  {'× bare':>7}"]
    for measurement in measurements:
        name = f"{measurement.workload.name:{width}}"
        if measurement.median is None:
            lines.append(f"{name}  not measured: {measurement.failure}")
            continue
        times = [measurement.median, min(measurement.seconds), max(measurement.seconds)]
        multiple = ratio(measurements, measurement.workload.name, base)
        figures = " ".join(f"{seconds * 1000:8.1f}" for seconds in times)
        lines.append(f"{name}  {figures}  {'—' if multiple is None else f'{multiple:.2f}':>7}")
    return "\n".join(lines)


def verdicts(measurements: Sequence[Measurement], targets: Sequence[Target]) -> str:
    """Each target with what was measured."""
    lines = ["targets"]
    for target in targets:
        found = ratio(measurements, target.subject, target.reference)
        verdict = "not measured" if found is None else f"{found:.2f}  {'met' if found <= target.limit else 'MISSED'}"
        lines.append(f"  {target.subject} ≤ {target.limit:g} × {target.reference}: {verdict}")
    return "\n".join(lines)


def machine() -> dict[str, str | int | None]:
    """What the figures depend on, without saying whose machine it is."""
    return {
        "python": platform.python_version(),
        "system": platform.system(),
        "architecture": platform.machine(),
        "processors": os.cpu_count(),
    }


def figures(measurements: Sequence[Measurement], targets: Sequence[Target], runs: int) -> dict[str, object]:
    """Everything measured, for a file."""
    return {
        "runs": runs,
        "measurements": [
            {
                "name": measurement.workload.name,
                "median_s": measurement.median,
                "seconds": measurement.seconds,
                "failure": measurement.failure,
            }
            for measurement in measurements
        ],
        "targets": [
            {
                "subject": target.subject,
                "reference": target.reference,
                "limit": target.limit,
                "ratio": (found := ratio(measurements, target.subject, target.reference)),
                "met": None if found is None else found <= target.limit,
            }
            for target in targets
        ],
    }
