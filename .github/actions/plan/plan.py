"""Plans every site that differs from a commit, for a job of GitHub Actions.

In: the commit, a folder, whether the live estate may be read; GitHub's variables. Out: `SITE.plan.json` and
`SITE.plan.html` each, `comment.md`, the job summary, annotations on stdout, the output `sites`; the exit code of the
worst plan.
It must never speak to GitHub: a job that runs the code of a pull request gets no right to write.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOM = 65_536
"""Bytes of a comment, and of what is added to the summary: a summary may be longer, a reader's patience not."""
HEAD = "<!-- oceana-dr plan -->\n"
WORST_FIRST = (1, 3, 0)
STATE_URL = "env:OCEANA_DR_STATE_URL"
SNAPSHOT = "snapshot.json"


def main() -> int:
    """Plan, write, say; 0, 1 for an error, 3 where a plan is refused."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--base", required=True)
    asked.add_argument("--folder", type=Path, required=True)
    asked.add_argument("--trusted", default="false")
    options = asked.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    sites = changed(options.base)
    codes = {site: plan(site, options.folder, trusted=options.trusted == "true") for site in sites}
    planned = [site for site in sites if (options.folder / f"{site}.plan.json").exists()]
    text = comment(sites, planned, options.folder)
    (options.folder / "comment.md").write_text(text, "utf-8")
    append("GITHUB_STEP_SUMMARY", text)
    append("GITHUB_OUTPUT", f"sites={json.dumps(sites)}\n")
    return next((code for code in WORST_FIRST if code in codes.values()), 1 if codes else 0)


def changed(base: str) -> list[str]:
    """The sites whose plan can differ from what it was at the commit."""
    from oceana_dr.operations.selecting import changed_sites
    from oceana_dr.source.project import list_sites, open_project

    project = open_project(Path())
    return list(changed_sites(project, list_sites(project), base))


def plan(site: str, folder: Path, *, trusted: bool) -> int:
    """Make and keep the plan of a site; what went wrong is an annotation."""
    file = folder / f"{site}.plan.json"
    arguments = [*without_team(trusted=trusted), "plan", site, "-o", str(file), "--format", "github"]
    if not trusted:
        snapshot = Path("sites") / site / SNAPSHOT
        if not snapshot.exists():
            print(f"::notice title={site}::not planned: {snapshot} is not there, and nothing live may be read")
            return 0
        arguments += ["--live", str(snapshot)]
    done = oceana_dr(*arguments)
    print(done.stdout, end="")
    if file.exists():
        page = oceana_dr(*without_team(trusted=False), "show", str(file), "--format", "html")  # showing asks nobody
        file.with_suffix(".html").write_text(page.stdout, "utf-8")
    if done.returncode not in {0, 3}:
        said = done.stderr.strip().replace("%", "%25").replace("\r", "").replace("\n", "%0A")
        print(f"::error title={site} cannot be planned::{said}")
    return done.returncode


def without_team(*, trusted: bool) -> list[str]:
    """The option that leaves the team's state aside, where this job must not or cannot ask it."""
    from oceana_dr.source.project import open_project

    url = open_project(Path()).state.url
    if url is None or (trusted and (url != STATE_URL or os.environ.get(STATE_URL.removeprefix("env:")))):
        return []
    return ["--local-state", "a pull request is planned without the team's state"]


def comment(sites: list[str], planned: list[str], folder: Path) -> str:
    """One text for all sites; each has an equal share of the room."""
    if not sites:
        return f"{HEAD}No site differs from the base of this pull request.\n"
    lost = [
        f"### {site}: could not be planned; see the checks of this commit.\n" for site in sites if site not in planned
    ]
    aside = without_team(trusted=False)  # showing a plan asks nobody
    feet = {site: foot(site, folder) for site in planned}
    rest = [*lost, *feet.values()]
    room = (ROOM - len(HEAD) - sum(len(text.encode()) + 1 for text in rest)) // max(1, len(planned)) - 1
    texts = [
        oceana_dr(*aside, "show", str(folder / f"{site}.plan.json"), "--format", "markdown", "--room", str(room)).stdout
        + feet[site]
        for site in planned
    ]
    return HEAD + "\n".join([*lost, *texts])


def foot(site: str, folder: Path) -> str:
    """How this very plan is applied once the pull request is merged: by a pipeline where one may, else by a person."""
    from oceana_dr.operations.planfile import load_plan
    from oceana_dr.operations.unattended import against_unattended
    from oceana_dr.source.cache import Cache
    from oceana_dr.source.prepared import prepare_site
    from oceana_dr.source.project import open_project

    plan, run = load_plan(folder / f"{site}.plan.json"), os.environ.get("GITHUB_RUN_ID", "RUN")
    if plan.refused or not plan.steps:
        return ""
    project = open_project(Path())
    fetched = f"gh run download {run} --name plans --dir plans"
    approve = ""
    if "approvals" in plan.meta and plan.source.commit is not None:
        signs = f"{fetched}\ngit fetch origin {plan.source.commit}\noceana-dr approve plans/{site}.plan.json"
        approve = f"\nWho approves it, having read it:\n\n```sh\n{signs}\n```\n"
    if not against_unattended(project, plan, prepare_site(project, site, None, Cache(None))):
        how = f"gh workflow run apply.yml -f site={site} -f run={run} -f plan={plan.id}"
        return f"{approve}\nOnce merged, unattended:\n\n```sh\n{how}\n```\n"
    how = f"{fetched}\noceana-dr apply plans/{site}.plan.json --plan-id {plan.id}"
    return f"{approve}\nOnce merged, by a person:\n\n```sh\n{how}\n```\n"


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
