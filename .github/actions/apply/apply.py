"""Shows the plan that was reviewed, fetches what its approvals need, applies it, for a job of GitHub Actions.

In: `show`, `fetch` or `apply`, a site, the plan's id, the folder with plan files; RUN, ACTOR and GitHub's variables.
Out: the job summary; the exit code of `oceana-dr apply`. Whether a plan may run with nobody there, the program says.
It must never run a plan file of another id, nor one that lies outside of the folder.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOM = 60_000
APPROVALS = Path("approvals")
"""Where people put approvals who have no way to the team's state: files of the repository."""
MOST_BYTES = 16 * 1024
REFUSED = 3
VERDICTS = {
    0: "Applied",
    1: "Not applied: an error",
    3: "Not applied: refused",
    4: "Stopped part-way",
    5: "Not applied, or stopped: the plan is stale",
    6: "Not applied: somebody else is changing this site",
    7: "Not applied, or stopped: no change window is open",
    8: "Stopped: a person has to answer",
}


def main() -> int:
    """0 if the plan can be shown, or has been applied."""
    asked = argparse.ArgumentParser()
    asked.add_argument("what", choices=["show", "fetch", "apply"])
    asked.add_argument("site")
    asked.add_argument("plan")
    asked.add_argument("folder", type=Path)
    options = asked.parse_args()
    file = plan_file(options.folder, options.site)
    if file is None:
        print(f"::error title=not applied::the run has no plan of a site {escaped(options.site)}")
        return REFUSED
    match options.what:
        case "show":
            return show(file, options.plan)
        case "fetch":
            return fetch(file)
        case _:
            carry(file, options.plan)
            return apply(file, options.site, options.plan)


def plan_file(folder: Path, site: str) -> Path | None:
    """The file of the site; None for what is no site of it, whatever somebody typed."""
    return next((path for path in folder.glob("*.plan.json") if path.name == f"{site}.plan.json"), None)


def show(file: Path, plan: str) -> int:
    """For whoever approves the run: the plan as the pull request showed it, and whether it may run so at all."""
    done = oceana_dr("show", str(file), "--format", "json")
    if done.returncode or json.loads(done.stdout)["id"] != plan:
        said = done.stderr.strip() or f"its id is {json.loads(done.stdout)['id']}"
        print(f"::error title=not applied::{file.name} is not the plan {escaped(plan)}: {escaped(said)}")
        return REFUSED
    append(oceana_dr("show", str(file), "--format", "markdown", "--room", str(ROOM)).stdout)
    if not (found := against(file)):
        return 0
    for code, message in found:
        print(f"::error title={code}::{escaped(message)}")
    append(f"\n**Not with nobody there.** A person runs it:\n\n{fenced(by_hand(file, plan))}\n")
    return REFUSED


def fetch(file: Path) -> int:
    """The commit that the plan was made from, which no branch has: GitHub made it of the pull request.

    Without it nobody knows who made the change, and no approval counts; `apply` says so where any is needed.
    """
    commit = json.loads(file.read_bytes()).get("source", {}).get("commit")
    if not isinstance(commit, str) or not re.fullmatch(r"[0-9a-f]{40,64}", commit):
        return 0
    if git("cat-file", "-e", f"{commit}^{{commit}}").returncode == 0:
        return 0
    done = git("fetch", "--quiet", "--no-tags", "origin", commit, **credentials())
    if done.returncode:
        print(f"::warning title=the commit of the plan is not there::{escaped(done.stderr.strip())}")
    return 0


def credentials() -> dict[str, str]:
    """The job's token for git, by environment: neither an argument nor a file shows it."""
    token = os.environ.get("GITHUB_TOKEN", "")
    if not token:
        return {}
    login = base64.b64encode(f"x-access-token:{token}".encode()).decode()
    server = os.environ.get("GITHUB_SERVER_URL", "https://github.com")
    return {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"http.{server}/.extraheader",
        "GIT_CONFIG_VALUE_0": f"AUTHORIZATION: basic {login}",
    }


def carry(file: Path, plan: str) -> None:
    """Put the approvals of this plan that the repository holds beside it; whether they count, the program says."""
    beside = file.with_name(f"{file.name}.approvals")
    for one in sorted(APPROVALS.glob("*.json")):
        if one.is_symlink() or not one.is_file() or one.stat().st_size > MOST_BYTES:
            continue
        try:
            said = json.loads(one.read_bytes())["statement"]["plan"]
        except (ValueError, KeyError, TypeError, RecursionError):
            continue
        if said == plan:
            beside.mkdir(exist_ok=True)
            shutil.copyfile(one, beside / one.name)


def against(file: Path) -> list[tuple[str, str]]:
    """What keeps the plan from running with nobody there, as the program itself will say: nobody is asked in vain."""
    from oceana_dr.operations.planfile import load_plan
    from oceana_dr.operations.unattended import against_unattended
    from oceana_dr.source.cache import Cache
    from oceana_dr.source.prepared import prepare_site
    from oceana_dr.source.project import open_project

    project, plan = open_project(Path()), load_plan(file)
    site = prepare_site(project, plan.site, None, Cache(None))
    return [(item.code, item.message) for item in against_unattended(project, plan, site)]


def apply(file: Path, site: str, plan: str) -> int:
    """Apply it, and say how it went."""
    who = os.environ.get("ACTOR", "")
    done = oceana_dr("apply", str(file), "--plan-id", plan, "--unattended", "--operator", who)
    print(done.stdout, done.stderr, sep="")
    verdict = VERDICTS.get(done.returncode, f"Ended with {done.returncode}")
    texts = [f"### {site}: {verdict}", fenced(done.stderr)]
    if done.returncode == REFUSED:
        texts += ["A person runs it:", fenced(by_hand(file, plan))]
    if run := run_of(site, plan):
        texts.append(oceana_dr("report", run, "--format", "markdown").stdout)
    append("\n\n".join(texts) + "\n")
    if done.returncode:
        print(f"::error title={site}::{verdict}; see the summary of this job")
    return done.returncode


def by_hand(file: Path, plan: str) -> str:
    """What a person types, on a machine that has the project."""
    run = os.environ.get("RUN", "RUN")
    return f"gh run download {shlex.quote(run)} --name plans --dir plans\n" + shlex.join(
        ["oceana-dr", "apply", f"plans/{file.name}", "--plan-id", plan]
    )


def run_of(site: str, plan: str) -> str | None:
    """The newest run of the plan; None if it was not begun."""
    done = oceana_dr("history", site, "--format", "json")
    runs = json.loads(done.stdout) if done.returncode == 0 else []
    return max((one["run"] for one in runs if one["plan"] == plan), default=None)


def fenced(text: str) -> str:
    """As it is: no letter of it is markup."""
    lines, size = [], 0
    for line in text.rstrip().splitlines():
        size += len(line.encode()) + 1
        if size > ROOM // 3:
            lines.append("...")
            break
        lines.append(line)
    fence = "`" * (3 + max((len(line) - len(line.lstrip("`")) for line in lines), default=0))
    return "\n".join([f"{fence}text", *lines, fence])


def escaped(text: str) -> str:
    """Harmless in an annotation."""
    return text[:300].replace("%", "%25").replace("\r", "").replace("\n", "%0A")


def oceana_dr(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the program."""
    return subprocess.run(["oceana-dr", *arguments], capture_output=True, text=True, check=False)


def git(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run git, which asks nobody for a password."""
    variables = {**os.environ, "GIT_TERMINAL_PROMPT": "0", **environment}
    return subprocess.run(["git", *arguments], capture_output=True, text=True, check=False, env=variables)


def append(text: str) -> None:
    """Add to the job summary, where there is one."""
    if name := os.environ.get("GITHUB_STEP_SUMMARY"):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main())
