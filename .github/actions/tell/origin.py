"""Whether a plan comes from where reviewed plans come from, before anybody is asked to approve its run.

In: the run that made the plan, the environment that it is to be applied in; GITHUB_REF_NAME and what `rest` needs.
Out: 0, or 3 with every reason as an annotation. What the plan says is no matter here: its id does that.
It must never take silence for a yes.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from typing import Any

from rest import Refused, call

PLANNED_BY = ".github/workflows/plan.yml"
REFUSED = 3


def main() -> int:
    """Ask GitHub about the run and the environment."""
    asked = argparse.ArgumentParser()
    asked.add_argument("run", type=int)
    asked.add_argument("environment")
    options = asked.parse_args()
    try:
        problems = [*of_run(options.run), *of_environment(options.environment)]
    except Refused as error:
        problems = [str(error)]
    for problem in problems:
        print(f"::error title=not applied::{problem}")
    return REFUSED if problems else 0


def of_run(number: int) -> Iterator[str]:
    """Its plan was made by the workflow, of the last commit of a pull request that was merged here."""
    run = answer(f"actions/runs/{number}")
    path = str(run.get("path")).partition("@")[0]
    if path != PLANNED_BY or run.get("event") != "pull_request":
        yield f"run {number} is one of {path} for {run.get('event')}, not of {PLANNED_BY} for a pull request"
    if (run.get("head_repository") or {}).get("full_name") != os.environ["GITHUB_REPOSITORY"]:
        yield f"run {number} ran what a fork says"
    if run.get("conclusion") != "success":
        yield f"run {number} did not succeed: {run.get('conclusion') or run.get('status')}"
    commit, branch = run.get("head_sha"), os.environ["GITHUB_REF_NAME"]
    pulls: Any = call("GET", f"commits/{commit}/pulls")
    merged = [
        one for one in pulls if one.get("merged_at") and one["head"]["sha"] == commit and one["base"]["ref"] == branch
    ]
    if not merged:
        yield f"commit {commit} of run {number} is not the last one of a pull request that was merged into {branch}"


def of_environment(name: str) -> Iterator[str]:
    """People must approve what runs in it, and no other branch may: GitHub makes an environment without either."""
    found = answer(f"environments/{name}")
    rules = {rule.get("type"): rule for rule in found.get("protection_rules") or ()}
    if not (rules.get("required_reviewers") or {}).get("reviewers"):
        yield f"the environment {name} has no required reviewers"
    if not found.get("deployment_branch_policy"):
        yield f"the environment {name} is open to every branch"


def answer(path: str) -> dict[str, Any]:
    """What GitHub says about one thing."""
    found = call("GET", path)
    if not isinstance(found, dict):
        raise Refused(f"GitHub did not answer {path} with an object")
    return found


if __name__ == "__main__":
    sys.exit(main())
