"""`python -m fuzz.run [--seconds N] [TARGET…]`: fuzz each target for a time and print what came of it.

In: seconds for each target, their names. Out: a table; findings as files in `.fuzz/findings/`; 1 if there are any.
The corpus is kept in `.fuzz/corpus/`, so that the next run goes on from this one.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from fuzz.lines import reached
from fuzz.seeds import dictionary, seeds
from fuzz.targets import TARGETS

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".fuzz"
SLOWEST_S = 20
MOST_MB = 1024
LONGEST = 1 << 17
PARTS = {
    "yaml": ("source/text.py", "source/yaml_tree.py", "source/yaml_problems.py", "source/scalars.py"),
    "site": ("source/load.py", "source/merge.py", "source/mis*.py", "source/model_errors.py", "source/checks/*.py"),
    "defaults": ("source/load.py", "source/merge.py"),
    "project": ("source/project.py", "source/project_model.py"),
    "plan": ("plan/codec.py", "plan/fields.py", "plan/consistency.py", "estate/values.py", "estate/predicate.py"),
    "snapshot": ("operations/live.py", "estate/estate.py"),
    "answers": ("drivers/operator/answers.py",),
    "cache": ("source/cache.py",),
    "fmt": ("source/formatter/*.py",),
    "journal": ("store/frame.py", "store/journal.py", "store/records.py"),
}
_LAST = re.compile(r"#(\d+)\s+\w+\s+cov: (\d+) ft: (\d+)")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one target; `edges` and `features` in libFuzzer's sense."""

    target: str
    executions: int
    seconds: int
    edges: int
    features: int
    lines: tuple[int, int]
    corpus: int
    findings: tuple[Path, ...]


def fuzz(target: str, seconds: int) -> Result:
    """Run one target in a process of its own."""
    corpus, findings = WORK / "corpus" / target, WORK / "findings" / target
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    for data in seeds(target):
        (corpus / hashlib.sha256(data).hexdigest()[:16]).write_bytes(data)
    words = WORK / f"{target}.dict"
    words.write_text("".join(f'"{_escaped(word)}"\n' for word in dictionary(target)))
    done = subprocess.run(
        [
            *(sys.executable, "-m", "fuzz.one", target, str(corpus), f"-dict={words}", f"-artifact_prefix={findings}/"),
            *(f"-max_total_time={seconds}", f"-timeout={SLOWEST_S}", f"-rss_limit_mb={MOST_MB}", f"-max_len={LONGEST}"),
        ],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    said = done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")
    (WORK / f"{target}.log").write_text(said)
    figures = _LAST.findall(said)
    executions, edges, features = map(int, figures[-1]) if figures else (0, 0, 0)
    kept = [path.read_bytes() for path in sorted(corpus.iterdir())]
    modules = reached(TARGETS[target], kept, PARTS[target])
    lines = (sum(part for part, _ in modules.values()), sum(whole for _, whole in modules.values()))
    return Result(
        target,
        executions,
        seconds,
        edges,
        features,
        lines,
        len(kept),
        tuple(sorted(path for path in findings.iterdir() if not path.name.startswith("slow-unit"))),
    )


def _escaped(word: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in b'"\\' else f"\\x{byte:02X}" for byte in word)


def main() -> int:
    """Fuzz, print, and say by the exit code whether anything was found."""
    parser = argparse.ArgumentParser(prog="fuzz.run", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=60, help="for each target (60)")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)} (all)")
    options = parser.parse_args()
    unknown = sorted(set(options.targets) - set(TARGETS))
    if unknown:
        parser.error(f"there is no target {', '.join(unknown)}; there are {', '.join(TARGETS)}")
    print(
        f"{'target':10}{'executions':>12}{'a second':>10}{'edges':>8}{'lines reached':>16}{'corpus':>8}  findings",
        flush=True,
    )
    found = 0
    for target in options.targets or TARGETS:
        result = fuzz(target, options.seconds)
        found += len(result.findings)
        part, whole = result.lines
        share = f"{part}/{whole} {100 * part // max(whole, 1)}%"
        rate = result.executions // max(result.seconds, 1)
        names = ", ".join(str(path.relative_to(ROOT)) for path in result.findings) or "none"
        print(
            f"{target:10}{result.executions:>12}{rate:>10}{result.edges:>8}{share:>16}{result.corpus:>8}  {names}",
            flush=True,
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
