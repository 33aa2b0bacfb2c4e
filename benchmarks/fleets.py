"""Times `validate` on fleets of 10, 100 and 1,000 sites: never seen, unchanged, one changed; and two peers.

In: scratch folder, environments. Out: for each fleet and each case the seconds of whole processes, and the peak of
memory of all its processes together. A case is prepared before the clock starts; a run that fails counts as none.
"""

from __future__ import annotations

import json
import math
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.fleet import change_site, write_fleet
from benchmarks.timing import Workload, rehearse, run_once

SIZES = (10, 100, 1000)
COLD, UNCHANGED, CHANGED = "never seen", "unchanged", "one changed"
PEERS_UP_TO = 100
"""Peers take a minute for a thousand files; their time for each file is the same."""
SAMPLED_EVERY_S = 0.01
MEGABYTE = 1_000_000


@dataclass(slots=True)
class FleetMeasurement:
    """The seconds that one case of one fleet took, and those of processor time; or why there are none."""

    sites: int
    case: str
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    failure: str | None = None

    @property
    def median(self) -> float | None:
        return statistics.median(self.seconds) if self.seconds and not self.failure else None


@dataclass(slots=True)
class Fleets:
    """All measurements, and the peak of memory in bytes by size of the fleet."""

    measurements: list[FleetMeasurement] = field(default_factory=list)
    peaks: dict[int, int] = field(default_factory=dict)

    def median(self, sites: int, case: str) -> float | None:
        """Seconds; None if it was not measured."""
        return next((item.median for item in self.measurements if (item.sites, item.case) == (sites, case)), None)

    @property
    def exponent(self) -> float | None:
        """Between the two largest fleets, never seen: 1 is proportional. Small ones would flatter: start-up counts."""
        small, large = sorted(SIZES)[-2:]
        below, above = self.median(small, COLD), self.median(large, COLD)
        return math.log(above / below) / math.log(large / small) if below and above else None


def measure_fleets(
    peers: Path, scratch: Path, variables: Mapping[str, str], runs: int, progress: Callable[[str], None]
) -> Fleets:
    """Write the fleets and measure; each turn of a fleet has a cache of its own, filled by its first run."""
    found = Fleets()
    for sites in SIZES:
        progress(f"writing {sites:,} sites")
        root = write_fleet(scratch / f"fleet-{sites}", sites)
        rows = {case: FleetMeasurement(sites, case) for case in (COLD, UNCHANGED, CHANGED)}
        for turn in range(runs):
            workload = _own(root, scratch / f"cache-{sites}-{turn}", variables)
            for case, row in rows.items():
                progress(f"{sites:,} sites, {case}, run {turn + 1} of {runs}")
                if case is CHANGED:
                    change_site(root, 0, turn)
                _take(row, workload)
        found.measurements += rows.values()
        progress(f"{sites:,} sites, memory")
        peak = peak_memory(_own(root, scratch / f"cache-{sites}-memory", variables))
        if peak is not None:
            found.peaks[sites] = peak
        for name, command in _peers(peers, root) if sites <= PEERS_UP_TO else ():
            progress(f"{sites:,} sites, {name}")
            workload = Workload(name, command, root, variables)
            row = FleetMeasurement(sites, name, failure=rehearse(workload))
            for _ in range(runs):
                _take(row, workload)
            found.measurements.append(row)
    return found


def _own(root: Path, cache: Path, variables: Mapping[str, str]) -> Workload:
    script = Path(sys.executable).with_name("oceana-dr")
    return Workload("oceana-dr", [os.fspath(script), "validate"], root, {**variables, "XDG_CACHE_HOME": f"{cache}"})


def _peers(peers: Path, root: Path) -> Iterator[tuple[str, Sequence[str]]]:
    files = [os.fspath(path) for path in sorted(root.glob("sites/*/site.yaml"))]
    schema = _schema_of_a_file(root)
    yield "yamllint", [os.fspath(peers / "bin" / "yamllint"), "-d", "relaxed", "--no-warnings", *files]
    yield "check-jsonschema", [os.fspath(peers / "bin" / "check-jsonschema"), "--schemafile", f"{schema}", *files]


def _schema_of_a_file(root: Path) -> Path:
    """The schema of the defaults, which asks for no key, with the two keys that only a site may have."""
    schemas = Path(__file__).resolve().parents[1] / "schemas"
    lenient = json.loads((schemas / "defaults.schema.json").read_text(encoding="utf-8"))
    whole = json.loads((schemas / "site.schema.json").read_text(encoding="utf-8"))
    lenient["properties"] |= {key: whole["properties"][key] for key in ("name", "operational")}
    path = root / "file.schema.json"
    path.write_text(json.dumps(lenient), encoding="utf-8")
    return path


def _take(row: FleetMeasurement, workload: Workload) -> None:
    if row.failure:
        return
    before = _used()
    seconds, code = run_once(workload)
    if code == 0:
        row.seconds.append(seconds)
        row.processor.append(_used() - before)
    else:
        row.failure = f"exit {code}"


def _used() -> float:
    """Seconds of processor time of all processes that have ended, their own children's too."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak_memory(workload: Workload) -> int | None:
    """Bytes that all processes of a run hold at most; what they share counts for each, so it is rather less."""
    if not Path("/proc/self/statm").exists():
        return None
    process = subprocess.Popen(
        workload.command,
        cwd=workload.folder,
        env=dict(workload.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(_resident(pid) for pid in _tree(process.pid)))
        time.sleep(SAMPLED_EVERY_S)
    return peak if process.returncode == 0 else None


def _tree(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:  # it has ended meanwhile
        return
    for child in children:
        yield from _tree(int(child))


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
