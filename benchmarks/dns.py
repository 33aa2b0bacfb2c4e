"""`python -m benchmarks.dns --peers FOLDER`: three names of a zone read and moved, beside octoDNS, on a real BIND.

In: this machine, with `named`. Out: a table for zones of 10, 1,000 and 10,000 records.
Both are whole processes against the same server. oceana-dr asks for the names that it is to move; octoDNS, which keeps
whole zones, reads its records from a file and the zone from the server each time: that is what it is for.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from benchmarks.timing import Workload, rehearse, run_once
from oceana_dr.drivers.dns.trial_relay import HOST, free_port

SIZES: Final = (10, 1_000, 10_000)
ZONE: Final = "globex.example"
NAMES: Final = ("token", "aawg", "amc")
SECRET: Final = "c2VjcmV0LW9mLXRoZS1iZW5jaG1hcmstMzItYnl0ZXM="
SIDES: Final = (
    {"token": "192.0.2.10", "aawg": "192.0.2.11", "amc": "192.0.2.12"},
    {"token": "198.51.100.10", "aawg": "198.51.100.11", "amc": "198.51.100.12"},
)
OURS, PEER = "oceana-dr", "octoDNS"
LOOK, MOVE, BACK = "look, nothing to do", "move three names", "move them back"
_STARTS_WITHIN_S: Final = 30.0

_CONFIGURATION: Final = """\
options {
  directory "%(folder)s"; pid-file none; session-keyfile "%(folder)s/session.key"; lock-file none;
  listen-on port %(port)d { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; allow-query { any; }; dnssec-validation no; empty-zones-enable no; notify no;
};
controls { };
key "oceana-dr" { algorithm hmac-sha256; secret "%(secret)s"; };
zone "globex.example" { type primary; file "zone.db"; allow-transfer { any; }; allow-update { key "oceana-dr"; }; };
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", type=Path, default=Path(".venv-bench"), help="environment that octoDNS is in")
    parser.add_argument("--runs", type=int, default=7)
    chosen = parser.parse_args()
    program = shutil.which("named", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        print("there is no `named` here to measure with (Debian: bind9)")
        return 0
    with ExitStack() as stack:
        acts: dict[tuple[str, int], Workload] = {}
        for size in SIZES:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="oceana-dr-bench-")))
            port = stack.enter_context(_server(folder, program, size))
            acts |= {(row, size): workload for row, workload in _acts(folder, chosen.peers.absolute(), port, size)}
        _print(_measured(acts, chosen.runs))
    return 0


def _acts(folder: Path, peers: Path, port: int, size: int) -> Iterator[tuple[str, Workload]]:
    """Rows by what is done and by whom; each moves the names there and back, so that the other begins where it did."""
    here, there = SIDES
    tools: tuple[tuple[str, _Ours | _Theirs], ...] = (
        (OURS, _Ours(folder, port)),
        (PEER, _Theirs(folder, peers, port, size)),
    )
    for name, tool in tools:
        yield f"{LOOK} · {name}", tool.look(here)
        yield f"{MOVE} · {name}", tool.move(here, there)
        yield f"{BACK} · {name}", tool.move(there, here)


def _measured(acts: dict[tuple[str, int], Workload], runs: int) -> dict[str, dict[int, str]]:
    """The median in milliseconds by row and size, or why there is none. Sizes take turns: noise falls on all alike."""
    failed = {key: failure for key, workload in acts.items() if (failure := rehearse(workload))}
    taken: dict[tuple[str, int], list[float]] = {key: [] for key in acts}
    for _ in range(runs):
        for key, workload in acts.items():
            seconds, code = run_once(workload)
            taken[key].append(seconds)
            if code:
                failed.setdefault(key, f"exit {code}")
    rows: dict[str, dict[int, str]] = {}
    for (row, size), seconds_of_all in taken.items():
        median = f"{statistics.median(seconds_of_all) * 1000:,.0f} ms"
        rows.setdefault(row, {})[size] = failed.get((row, size), median)
    return rows


class _Ours:
    """oceana-dr's driver in a process of its own."""

    def __init__(self, folder: Path, port: int) -> None:
        self._folder = folder
        where = f"{HOST}:{port}"
        key = {"name": "oceana-dr", "secret": "env:OCEANA_DR_BENCH_KEY"}
        view = {"primary": where, "servers": {f"ns1.{ZONE}": where}, "key": key}
        (folder / "options.json").write_text(json.dumps({"zones": {ZONE: {"public": view}}}))

    def look(self, here: dict[str, str]) -> Workload:
        return self.move(here, here)

    def move(self, here: dict[str, str], there: dict[str, str]) -> Workload:
        command = [
            *(sys.executable, "-m", "benchmarks.dns_move", f"{self._folder}/options.json"),
            *(json.dumps({f"{name}.{ZONE}": address for name, address in side.items()}) for side in (here, there)),
        ]
        environment = {**os.environ, "OCEANA_DR_BENCH_KEY": SECRET}
        return Workload(OURS, command, Path(__file__).resolve().parents[1], environment)


class _Theirs:
    """octoDNS with the whole zone in YAML; a change of the file is not timed."""

    def __init__(self, folder: Path, peers: Path, port: int, size: int) -> None:
        self._folder, self._peers, self._size = folder, peers, size
        for side in range(2):
            (folder / f"source{side}").mkdir()
            (folder / f"source{side}" / f"{ZONE}.yaml").write_text(_yaml(size, SIDES[side]))
            (folder / f"config{side}.yaml").write_text(_octodns(folder / f"source{side}", port))

    def look(self, here: dict[str, str]) -> Workload:
        return self._sync(here)

    def move(self, here: dict[str, str], there: dict[str, str]) -> Workload:
        del here
        return self._sync(there, "--doit", "--force")  # three of ten records are more than its limit lets pass

    def _sync(self, side: dict[str, str], *arguments: str) -> Workload:
        config = f"{self._folder}/config{SIDES.index(side)}.yaml"
        command = [f"{self._peers}/bin/octodns-sync", "--config-file", config, *arguments]
        return Workload(PEER, command, self._folder, os.environ)


@contextmanager
def _server(folder: Path, program: str, size: int) -> Iterator[int]:
    port = free_port()
    (folder / "zone.db").write_text(_zone(size))
    (folder / "named.conf").write_text(_CONFIGURATION % {"folder": folder, "port": port, "secret": SECRET})
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, "-g", "-c", f"{folder}/named.conf"], stdout=log, stderr=log)
    try:
        until = time.monotonic() + _STARTS_WITHIN_S
        while b"all zones loaded" not in (folder / "log").read_bytes():
            if time.monotonic() > until or process.poll() is not None:
                raise SystemExit((folder / "log").read_text())
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def _others(size: int) -> Iterator[tuple[str, str]]:
    return ((f"host-{number}", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}") for number in range(size - 3))


def _zone(size: int) -> str:
    head = "$TTL 3600\n@ IN SOA ns1 hostmaster 1 3600 600 86400 60\n@ IN NS ns1\nns1 IN A 127.0.0.1\n"
    return head + "".join(f"{name} IN A {address}\n" for name, address in (*SIDES[0].items(), *_others(size)))


def _yaml(size: int, side: dict[str, str]) -> str:
    """All records of the zone, as `octodns-dump` would write them."""
    names = {**side, **dict(_others(size)), "ns1": "127.0.0.1"}
    own = f"? ''\n: ttl: 3600\n  type: NS\n  value: ns1.{ZONE}.\n"
    return own + "".join(f"{name}:\n  ttl: 3600\n  type: A\n  value: {names[name]}\n" for name in sorted(names))


def _octodns(source: Path, port: int) -> str:
    return json.dumps(  # JSON is YAML
        {
            "providers": {
                "file": {
                    "class": "octodns.provider.yaml.YamlProvider",
                    "directory": str(source),
                    "enforce_order": False,
                },
                "bind": {
                    "class": "octodns_bind.Rfc2136Provider",
                    "host": HOST,
                    "port": port,
                    "key_name": "oceana-dr",
                    "key_secret": SECRET,
                    "key_algorithm": "hmac-sha256",
                },
            },
            "zones": {f"{ZONE}.": {"sources": ["file"], "targets": ["bind"]}},
        }
    )


def _print(rows: dict[str, dict[int, str]]) -> None:
    width = max(map(len, rows), default=0)
    print(f"{'whole processes, median':{width}}  " + "  ".join(f"{size:>9,} records" for size in SIZES))
    for row in sorted(rows, key=_place):
        print(f"{row:{width}}  " + "  ".join(f"{rows[row].get(size, ''):>17}" for size in SIZES))


def _place(row: str) -> tuple[int, int]:
    what, _, who = row.partition(" · ")
    return (LOOK, MOVE, BACK).index(what), (OURS, PEER).index(who)


if __name__ == "__main__":
    sys.exit(main())
