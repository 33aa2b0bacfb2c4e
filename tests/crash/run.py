"""`python -m tests.crash.run`: cut every scenario's run at every point, go on, and print what was counted.

The exit code is 1 where a promise was broken, a case got stuck, or a kind of fault was never met.
"""

from __future__ import annotations

import argparse
import multiprocessing
import pickle
import sys
import time
from pathlib import Path

from tests.crash.report import page, text, verdict
from tests.crash.tasks import N0, N1, N2, N3, N4, N5, N12, Result, Task, do, tasks

GOALS = (N0, N1, N2, N3, N4, N5, N12)


def progress(message: str) -> None:
    """One line that is written over on a terminal, one line each elsewhere."""
    if sys.stderr.isatty():
        print(f"\r{message:<100}", end="", file=sys.stderr, flush=True)
    else:
        print(message, file=sys.stderr, flush=True)


def carry_out(listed: list[Task], jobs: int, kept: Path | None) -> list[Result]:
    """Every task, several at a time; what is kept is not done again."""
    found: list[Result] = pickle.loads(kept.read_bytes()) if kept and kept.exists() else []
    done = {item.task for item in found}
    listed = [task for task in listed if task not in done]
    began = time.monotonic()
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        for result in pool.imap_unordered(do, listed):
            found.append(result)
            if kept:
                kept.write_bytes(pickle.dumps(found))
            wrong = sum(len(item.figures.wrong) for item in found)
            cases = sum(item.figures.cases for item in found)
            minutes = (time.monotonic() - began) / 60
            progress(
                f"{len(found)} of {len(done) + len(listed)} parts, {cases:,} cases, {wrong} wrong, {minutes:.1f} min; "
                f"last {result.task.goal} {result.begins.scenario}"
            )
    return found


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.crash.run", description="The crash matrix of every scenario.")
    parser.add_argument("--jobs", type=int, default=2, help="processes (2)")
    parser.add_argument("--full", action="store_true", help="all 32 topologies, every pair of crashes: hours")
    parser.add_argument("--only", nargs="+", choices=GOALS, default=list(GOALS), help="only these goals")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the report there as a page, too")
    parser.add_argument("--keep", type=Path, metavar="FILE", help="keep every result there, and do not do it again")
    options = parser.parse_args()
    results = carry_out(tasks(set(options.only), full=options.full), max(1, options.jobs), options.keep)
    print(text(results))
    if options.write:
        options.write.write_text(page(results), encoding="utf-8", newline="")
    wrong = verdict(results)
    print(*wrong, sep="\n", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
