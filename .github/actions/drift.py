"""Compares every site with its live estate, for a job of GitHub Actions.

In: a file to write; GitHub's variables. Out: the text for one issue, the job summary, the output `over` (`true` where
there is nothing to tell); 1 where a site could not be compared at all and nothing else is to be told.
It must never change an estate: `drift` reads only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HEAD = "<!-- oceana-dr drift -->\n"
ROOM = 60_000
NOTHING, DIFFERS = 0, 2


def main() -> int:
    """Compare, write, say."""
    sites = sorted(path.parent.name for path in Path("sites").glob("*/site.yaml"))
    found = {site: oceana_dr("drift", site) for site in sites}
    told = {site: done for site, done in found.items() if done.returncode != NOTHING}
    text = HEAD + (body(told) if told else "Every estate is as it was last applied.\n")
    Path(sys.argv[1]).write_text(text, "utf-8")
    append("GITHUB_STEP_SUMMARY", text)
    append("GITHUB_OUTPUT", f"over={'' if told else 'true'}\n")
    print(json.dumps({site: done.returncode for site, done in found.items()}))
    return 0


def body(told: dict[str, subprocess.CompletedProcess[str]]) -> str:
    """Each site with what the command says, as text; all have an equal share of the room."""
    share = ROOM // len(told)
    return "\n".join(f"### {site}\n\n{fenced(said(done), share)}\n" for site, done in told.items())


def said(done: subprocess.CompletedProcess[str]) -> str:
    return done.stdout if done.returncode == DIFFERS else f"could not be compared:\n{done.stderr}"


def fenced(text: str, share: int) -> str:
    """As it is: no letter of it is markup."""
    lines, size = [], 0
    for line in text.rstrip().splitlines():
        size += len(line.encode()) + 1
        if size > share - 100:
            lines.append("... more: oceana-dr drift")
            break
        lines.append(line)
    fence = "`" * (3 + max((len(line) - len(line.lstrip("`")) for line in lines), default=0))
    return "\n".join([f"{fence}text", *lines, fence])


def oceana_dr(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    return subprocess.run(["oceana-dr", *arguments], capture_output=True, text=True, check=False)


def append(variable: str, text: str) -> None:
    """Add to one of GitHub's files, where there is one."""
    if name := os.environ.get(variable):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main())
