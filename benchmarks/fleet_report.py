"""The fleets' table, targets and figures.

In: measurements of fleets. Out: text for people, a dictionary for machines.
These targets are absolute, for two processors that have nothing else to do: a missed one is shown, never an error.
"""

from __future__ import annotations

import statistics

from benchmarks.fleets import CHANGED, COLD, MEGABYTE, SIZES, UNCHANGED, Fleets

SECONDS = {COLD: 15.0, UNCHANGED: 2.0, CHANGED: 2.0}
MEMORY = 1_000 * MEGABYTE
EXPONENT = 1.05

EXPLANATION = """\
`oceana-dr validate` on sites of 600 lines, made from the examples. "Never seen" begins with an empty cache and fills
it; "unchanged" is the next run; before "one changed" a line of one site is another one. "Processor" is the time that
all its processes together had one: where other work goes on, it says more than the seconds. Memory is that of all of
them at their peak. yamllint looks at form only, check-jsonschema at keys and types; neither merges defaults or compares
one key with another. They get the same files."""


def fleet_table(fleets: Fleets) -> str:
    """Median, fastest and slowest seconds, milliseconds for each site, processor time, memory."""
    width = max(len(_name(item.sites, item.case)) for item in fleets.measurements)
    head = f"{'median':>8} {'min':>8} {'max':>8}  {'ms a site':>9}  {'processor':>9}  {'memory':>8}"
    lines = [f"{'fleets, seconds':{width}}  {head}"]
    for item in fleets.measurements:
        name = f"{_name(item.sites, item.case):{width}}"
        if item.median is None:
            lines.append(f"{name}  not measured: {item.failure}")
            continue
        times = " ".join(f"{seconds:8.2f}" for seconds in (item.median, min(item.seconds), max(item.seconds)))
        used = statistics.median(item.processor)
        peak = fleets.peaks.get(item.sites) if item.case == COLD else None
        memory = "" if peak is None else f"{peak / MEGABYTE:5.0f} MB"
        lines.append(f"{name}  {times}  {item.median / item.sites * 1000:9.2f}  {used:9.2f}  {memory:>8}".rstrip())
    return "\n".join(lines)


def fleet_verdicts(fleets: Fleets) -> str:
    """Each target with what was measured."""
    lines = [f"targets for {max(SIZES):,} sites"]
    for name, found, limit, unit in _targets(fleets):
        verdict = "not measured" if found is None else f"{found:.2f}{unit}  {'met' if found <= limit else 'MISSED'}"
        lines.append(f"  {name} ≤ {limit:g}{unit}: {verdict}")
    return "\n".join(lines)


def fleet_figures(fleets: Fleets) -> dict[str, object]:
    """Everything measured, for a file."""
    return {
        "measurements": [
            {
                "sites": item.sites,
                "case": item.case,
                "median_s": item.median,
                "seconds": item.seconds,
                "processor_s": item.processor,
                "failure": item.failure,
            }
            for item in fleets.measurements
        ],
        "peak_bytes": {str(sites): peak for sites, peak in fleets.peaks.items()},
        "targets": [
            {"name": name, "found": found, "limit": limit, "met": None if found is None else found <= limit}
            for name, found, limit, _ in _targets(fleets)
        ],
    }


def _targets(fleets: Fleets) -> list[tuple[str, float | None, float, str]]:
    most = max(SIZES)
    peak = fleets.peaks.get(most)
    return [
        *((case, fleets.median(most, case), limit, " s") for case, limit in SECONDS.items()),
        ("memory", None if peak is None else peak / MEGABYTE, MEMORY / MEGABYTE, " MB"),
        (f"exponent of growth from {sorted(SIZES)[-2]:,}", fleets.exponent, EXPONENT, ""),
    ]


def _name(sites: int, case: str) -> str:
    return f"{sites:5,} sites, {case}"
