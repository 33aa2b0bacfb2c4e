"""The workflows: each script in a shell, against a GitHub on loopback; rights and pins as reviewers check them."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from shutil import which
from typing import Any

import pytest

from tests.github.runner import GITHUB, Api, Repository, document, github_api, step
from tests.planning import ROOT, copy_project, edit

WORKFLOWS = sorted(path.name for path in (GITHUB / "workflows").glob("*.yml"))
ACTION = "actions/plan/action.yml"
COMMENT = "<!-- oceana-dr plan -->"


@pytest.fixture
def api() -> Iterator[Api]:
    with github_api() as one:
        yield one


def git(root: Path, *arguments: str) -> None:
    who = ["-c", "user.name=ann", "-c", "user.email=ann@acme.example", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *who, *arguments], cwd=root, check=True, capture_output=True)


def pull_request(folder: Path, *, trusted: bool = True, **environment: str) -> Repository:
    """A project with one commit, and a change of acme on top of it: the move to Data Center 2."""
    root = copy_project(folder)
    git(root, "init", "-q")
    git(root, "add", ".")
    git(root, "commit", "-qm", "as it was")
    edit(root / "sites" / "acme" / "site.yaml", ("operational: dc1 ", "operational: dc2 "))
    expressions = {
        "github.action_path": str(GITHUB / "actions" / "plan"),
        "inputs.base": "HEAD",
        "inputs.folder": "plans",
        "inputs.trusted": str(trusted).lower(),
        "inputs.state-url": "",
        "inputs.gateway-token": "",
        "secrets.OCEANA_DR_STATE_URL": "",
        "secrets.OCEANA_DR_GATEWAY_TOKEN": "",
        "github.event.pull_request.number": "7",
        "github.token": "a-token",
        "steps.compare.outputs.over": "",
    }
    return Repository(root, expressions, {"GITHUB_RUN_ID": "42", **environment})


def lab(one: Repository, *arguments: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "oceana_dr", "lab", *arguments], cwd=one.root, check=True, capture_output=True
    )


def telling(folder: Path, api: Api) -> Repository:
    return pull_request(folder, GITHUB_API_URL=api.url, GITHUB_REPOSITORY="acme/estate")


def comment(text: str, *, by: str = "Bot", number: int = 5) -> dict[str, Any]:
    return {"id": number, "number": number, "body": text, "user": {"type": by}}


def test_a_pull_request_is_validated_and_the_sites_it_changes_are_planned(tmp_path: Path) -> None:
    one = pull_request(tmp_path)
    assert one.run(step(ACTION, "Validate")).stdout == ""
    said = one.run(step(ACTION, "Plan")).stdout
    assert re.search(
        r"^::notice file=sites/acme/site.yaml,line=\d+,title=acme%3A \d+ steps? of the plan::", said, re.MULTILINE
    )
    assert one.file("output") == 'sites=["acme"]\n'
    assert json.loads(one.file("plans/acme.plan.json"))["scenario"] == "planned-switchover"
    text = one.file("plans/comment.md")
    assert one.file("summary") == text
    assert one.file("plans/acme.plan.html").startswith("<!doctype html>"), "the page, for whoever has no tool"
    assert text.startswith(f"{COMMENT}\n<!-- oceana-dr plan acme -->\n### acme: planned switchover")
    assert "\nOnce merged, by a person:\n\n```sh\ngh run download 42 --name plans --dir plans\n" in text


def test_what_is_wrong_is_an_annotation_on_its_line(tmp_path: Path) -> None:
    one = pull_request(tmp_path)
    edit(one.root / "sites" / "acme" / "site.yaml", ("operational: dc2 ", "operatonal: dc2 "))
    assert "::error file=sites/acme/site.yaml,line=" in one.run(step(ACTION, "Validate"), code=1).stdout
    said = one.run(step(ACTION, "Plan"), code=1).stdout
    assert said.startswith("::error title=acme cannot be planned::")
    assert "acme: could not be planned" in one.file("plans/comment.md")


def test_a_plan_that_is_refused_fails_the_check_and_is_told_all_the_same(tmp_path: Path) -> None:
    one = pull_request(tmp_path)
    lab(one, "break", "acme", "unreachable:dc2/acm")
    one.run(step(ACTION, "Plan"), code=3)
    assert "**Refused" in one.file("plans/comment.md")


def test_a_fork_gets_the_committed_snapshot_or_nothing(tmp_path: Path) -> None:
    one = pull_request(tmp_path, trusted=False)
    lab(one, "break", "acme", "unreachable:dc2/acm")
    one.run(step(ACTION, "Plan"))
    assert "### acme: planned switchover" in one.file("plans/comment.md"), "nothing live is read"
    assert "**Refused" not in one.file("plans/comment.md")
    (one.root / "plans" / "acme.plan.json").unlink()
    (one.root / "sites" / "acme" / "snapshot.json").unlink()
    said = one.run(step(ACTION, "Plan")).stdout
    assert (
        said
        == "::notice title=acme::not planned: sites/acme/snapshot.json is not there, and nothing live may be read\n"
    )
    assert "could not be planned" in one.file("plans/comment.md")


def test_a_pull_request_of_a_team_is_planned_without_its_state_unless_the_job_may_read_it(tmp_path: Path) -> None:
    one = pull_request(tmp_path)
    edit(one.root / "oceana-dr.yaml", ("policy:", "state: {backend: postgres}\npolicy:"))
    one.run(step(ACTION, "Plan"))
    assert "### acme: planned switchover" in one.file("plans/comment.md")
    may = replace(one, expressions={**one.expressions, "inputs.state-url": "postgresql://ann@127.0.0.1:9/state"})
    assert "127.0.0.1" not in one.file("summary")
    said = may.run(step(ACTION, "Plan"), code=1).stdout
    assert "::error title=acme cannot be planned::" in said, "it is asked, and here it does not answer"


def test_nothing_that_changed_is_said_to_be_nothing(tmp_path: Path) -> None:
    one = pull_request(tmp_path)
    git(one.root, "checkout", "-q", "sites")
    one.run(step(ACTION, "Plan"))
    assert one.file("plans/comment.md") == f"{COMMENT}\nNo site differs from the base of this pull request.\n"


def test_a_pull_request_has_one_comment_which_is_updated_in_place(tmp_path: Path, api: Api) -> None:
    one = telling(tmp_path, api)
    (one.root / "plans").mkdir()
    (one.root / "plans" / "comment.md").write_text(f"{COMMENT}\nfirst\n", "utf-8")
    (one.root / ".github").symlink_to(GITHUB)
    tell = step("workflows/plan.yml", "Comment")
    one.run(tell)
    assert api.writes == [("POST", "/repos/acme/estate/issues/7/comments", {"body": f"{COMMENT}\nfirst\n"})]

    api.items = [comment("from a person")] * 120 + [
        comment(f"{COMMENT}\nfirst\n", number=9),
        comment(f"{COMMENT}\nmine", by="User"),
    ]
    api.calls.clear()
    one.run(tell)
    assert api.writes == [], "it says so already"
    (one.root / "plans" / "comment.md").write_text(f"{COMMENT}\nsecond\n", "utf-8")
    one.run(tell)
    assert api.writes == [("PATCH", "/repos/acme/estate/issues/comments/9", {"body": f"{COMMENT}\nsecond\n"})]

    api.status = 403
    said = one.run(tell, code=1).stderr
    assert said == "error: GitHub refused GET issues/7/comments?per_page=100&page=1: 403 Forbidden\n"


def test_drift_is_one_issue_as_long_as_there_is_some(tmp_path: Path, api: Api) -> None:
    one = telling(tmp_path, api)
    git(one.root, "checkout", "-q", "sites")
    (one.root / ".github").symlink_to(GITHUB)
    compare, tell = (step("workflows/drift.yml", name) for name in ("Compare", "Tell"))
    lab(one, "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    one.run(compare)
    one.run(tell)
    ((method, path, body),) = api.writes
    assert (method, path, body["title"]) == ("POST", "/repos/acme/estate/issues", "Drift of the estates")
    assert "### acme" in body["body"]
    assert "SocialConnector" in body["body"]
    assert "### globex" not in body["body"]

    api.items = [comment(body["body"], number=3)]
    api.calls.clear()
    one.run(tell)
    assert api.writes == []
    lab(one, "reset", "acme")
    (one.root / "output").unlink()
    one.run(compare)
    assert one.file("output") == "over=true\n"
    over = Repository(one.root, {**one.expressions, "steps.compare.outputs.over": "true"}, one.environment)
    over.run(tell)
    assert [(call[1], call[2]["state"]) for call in api.writes] == [("/repos/acme/estate/issues/3", "closed")]


@pytest.mark.parametrize("name", [f"workflows/{name}" for name in WORKFLOWS] + [ACTION])
def test_what_is_used_is_pinned_by_digest_and_no_script_holds_an_expression(name: str) -> None:
    found = document(name)
    jobs = list(found["jobs"].values()) if "jobs" in found else [found["runs"]]
    steps = [one for job in jobs for one in job["steps"]]
    for one in steps:
        uses = one.get("uses", "./")
        assert uses.startswith("./") or re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", uses), uses
        assert "${{" not in one.get("run", "") or name == "workflows/ci.yml"
    if "jobs" in found:
        assert found["permissions"] in ({}, {"contents": "read"})
        assert all("timeout-minutes" in job for job in jobs)


SHIMS = {
    "apt-get": 'echo "apt-get $*"',
    "sudo": 'echo "sudo $*"',
    "make": 'exec /usr/bin/make --dry-run "$@"',
    # pip: what it is to install is there, and is locked or ours.
    "python": """
        case "$*" in *--require-hashes*|*--no-deps*) ;; *) exit 9;; esac
        while [ $# -gt 0 ]; do
            case "$1" in -r) test -s "$2";; .|/*/../../..) test -f "$1/pyproject.toml";; esac
            shift
        done""",
}
RUN_ABOVE = {"Validate", "Plan", "Comment", "Compare", "Tell"}
RUN_IN_TEST_APPLY = {"Origin", "Show", "Fetch", "Apply"}


@pytest.mark.parametrize("name", [f"workflows/{name}" for name in WORKFLOWS] + [ACTION])
def test_what_prepares_a_job_starts_only_what_there_is(name: str, tmp_path: Path) -> None:
    """The steps that no other test runs: they install from an index, or run all these tests. Here they are run dry."""
    for entry in ROOT.iterdir():
        (tmp_path / entry.name).symlink_to(entry)
    shims = tmp_path / "shims"
    shims.mkdir()
    for program, script in SHIMS.items():
        (shims / program).write_text(f"#!/usr/bin/env bash\nset -e\n{script}\n", "utf-8")
        (shims / program).chmod(0o755)
    one = Repository(
        tmp_path,
        {"github.action_path": str(GITHUB / "actions" / "plan")},
        {"PATH": f"{shims}:{os.environ['PATH']}", "GITHUB_WORKSPACE": str(tmp_path)},
    )
    found = document(name)
    jobs = list(found["jobs"].values()) if "jobs" in found else [found["runs"]]
    steps = [item for job in jobs for item in job["steps"] if "run" in item]
    assert {item["name"] for item in steps if "name" in item} <= RUN_ABOVE | RUN_IN_TEST_APPLY | {"Install"}
    dry = [item for item in steps if item.get("name", "Install") == "Install"]
    assert dry or name != "workflows/ci.yml"
    for item in dry:
        one.run(item)


def test_who_runs_the_code_of_a_pull_request_may_write_nothing() -> None:
    jobs = document("workflows/plan.yml")["jobs"]
    assert jobs["plan"]["permissions"] == {"contents": "read"}
    assert jobs["plan"]["environment"] == "plans"
    assert "secrets." not in json.dumps(jobs["comment"])
    assert jobs["comment"]["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert "head.repo.full_name == github.repository" in jobs["comment"]["if"]
    (checkout,) = [one for one in jobs["comment"]["steps"] if "checkout" in one.get("uses", "")]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"


LINT = ROOT / ".venv-actionlint" / "node_modules" / "@tktco" / "node-actionlint"


@pytest.mark.skipif(not LINT.exists() or which("node") is None, reason="actionlint comes from npm: make actionlint")
def test_the_linter_of_workflows_has_nothing_to_say_of_ours_and_something_of_a_slip(tmp_path: Path) -> None:
    slip = tmp_path / "slip.yml"
    slip.write_text((GITHUB / "workflows" / "apply.yml").read_text().replace("inputs.plan", "inputs.plam"))
    ours = [str(GITHUB / "workflows" / name) for name in WORKFLOWS]
    command = ["node", str(ROOT / "scripts" / "actionlint" / "run.mjs"), str(LINT), *ours, str(slip)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    found = done.stdout.splitlines()
    assert found
    assert all(line.startswith(f"{slip}:") and 'property "plam" is not defined' in line for line in found), done.stdout


def test_nothing_that_a_stranger_could_use_is_found() -> None:
    command = [str(Path(sys.executable).with_name("zizmor")), "--offline", "--no-progress", "--quiet", str(GITHUB)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stdout
