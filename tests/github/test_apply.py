"""The workflow `apply`: what it takes for a reviewed plan, what it runs with nobody there, what it leaves to people."""

import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests import warm
from tests.github.runner import Api, Repository, document, github_api, step
from tests.planning import ROOT, copy_project, edit
from tests.signers import NEEDS_SSH_KEYGEN, commit, git, key_of, line

WORKFLOW = "workflows/apply.yml"
COMMIT = "c0ffee"
EXCUSED = "  approvals: false               # plans for the lab need none; those for a gateway always do\n"
CHANGE = ("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
REVIEWED: dict[str, Any] = {
    "/repos/acme/estate/actions/runs/42": {
        "path": ".github/workflows/plan.yml@refs/pull/7/merge",
        "event": "pull_request",
        "head_repository": {"full_name": "acme/estate"},
        "conclusion": "success",
        "head_sha": COMMIT,
    },
    f"/repos/acme/estate/commits/{COMMIT}/pulls": [
        {"merged_at": "2026-11-29T02:00:00Z", "head": {"sha": COMMIT}, "base": {"ref": "main"}},
    ],
    "/repos/acme/estate/environments/estates": {
        "protection_rules": [
            {"type": "required_reviewers", "reviewers": [{"type": "Team"}]},
            {"type": "branch_policy"},
        ],
        "deployment_branch_policy": {"protected_branches": True, "custom_branch_policies": False},
    },
}


@pytest.fixture
def api() -> Iterator[Api]:
    with github_api() as one:
        one.answers = json.loads(json.dumps(REVIEWED))
        yield one


@pytest.fixture
def checkout(tmp_path: Path, api: Api) -> Repository:
    """The project after the merge."""
    root = copy_project(tmp_path)
    edit(
        root / "oceana-dr.yaml",
        ("policy:", "state: {backend: postgres}\npolicy:"),
        ("time_scale: 600 ", "time_scale: 20000 "),
    )
    (root / ".github").symlink_to(ROOT / ".github")
    expressions = {
        "inputs.site": "acme",
        "inputs.run": "42",
        "inputs.plan": "",
        "github.token": "a-token",
        "github.actor": "ann",
        "secrets.OCEANA_DR_STATE_URL": "",
        "secrets.OCEANA_DR_GATEWAY_TOKEN": "",
    }
    return Repository(root, expressions, environment_of(api))


def environment_of(api: Api) -> dict[str, str]:
    return {"GITHUB_API_URL": api.url, "GITHUB_REPOSITORY": "acme/estate", "GITHUB_REF_NAME": "main"}


def planned(one: Repository, url: str, *options: str) -> Repository:
    """The repository with a team's state and the plan of acme as artifact, and its id as what was typed."""
    environment = {"OCEANA_DR_STATE_URL": url, "OCEANA_DR_NO_CACHE": "1", **warm.STARTED_WITH, "HOME": str(one.root)}
    (one.root / "plans").mkdir(exist_ok=True)
    for arguments in (CHANGE, ("plan", "acme", "-o", "plans/acme.plan.json", *options)):
        done = warm.run(arguments, one.root, environment)
        assert done.returncode == 0, done.stderr
    found = json.loads(one.file("plans/acme.plan.json"))["id"]
    typed = {"inputs.plan": found, "secrets.OCEANA_DR_STATE_URL": url}
    return replace(one, expressions={**one.expressions, **typed})


def test_a_reviewed_plan_is_shown_then_applied_with_nobody_there(
    checkout: Repository, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = planned(checkout, postgres_url)
    plan = one.expressions["inputs.plan"]
    one.run(step(WORKFLOW, "Origin"))
    one.run(step(WORKFLOW, "Show"))
    assert "### acme: " in one.file("summary")
    (one.root / "summary").unlink()
    one.run(step(WORKFLOW, "Apply"))
    assert one.file("summary").startswith("### acme: Applied\n\n```text\n")
    assert plan in one.file("summary"), "the report names its plan"
    assert "**finished, all 1 steps done.**" in one.file("summary"), "the report as GitHub shows it"

    (one.root / "summary").unlink()
    another = replace(one, expressions={**one.expressions, "inputs.plan": "sha256:0"})
    assert "::error title=acme::Not applied: refused" in another.run(step(WORKFLOW, "Apply"), code=3).stdout
    assert plan in one.file("summary"), "which one it is instead"
    monkeypatch.syspath_prepend(str(ROOT / ".github/actions/apply"))
    script = import_module("apply")
    assert script.plan_file(one.root / "plans", "acme") == one.root / "plans" / "acme.plan.json"
    assert script.plan_file(one.root / "plans", "../plans/acme") is None, "whatever somebody typed"


def test_what_needs_people_is_left_to_them_with_the_command(checkout: Repository, postgres_url: str) -> None:
    one = planned(checkout, postgres_url, "--operational", "dc2")
    plan = one.expressions["inputs.plan"]
    edit(one.root / "sites" / "acme" / "site.yaml", ("directory: /srv/backup/acme", "directory: /srv/backup/acme2"))
    shown = one.run(step(WORKFLOW, "Show"), code=3).stdout
    assert re.findall(r"^::error title=(OD\d+)::", shown, re.MULTILINE) == ["OD2035", "OD2036", "OD2038"]
    assert "**Not with nobody there.** A person runs it:" in one.file("summary"), "before anybody is asked to approve"
    (one.root / "summary").unlink()
    said = one.run(step(WORKFLOW, "Apply"), code=3).stdout
    assert "::error title=acme::Not applied: refused; see the summary of this job" in said
    summary = one.file("summary")
    assert [code for code in ("OD2035", "OD2036", "OD2037", "OD2038") if code in summary] == [
        "OD2035",
        "OD2036",
        "OD2038",
    ]
    assert (
        "A person runs it:\n\n```text\ngh run download 42 --name plans --dir plans\n"
        f"oceana-dr apply plans/acme.plan.json --plan-id {plan}\n```\n"
    ) in summary


@NEEDS_SSH_KEYGEN
def test_a_plan_of_a_pull_request_is_applied_when_people_approved_it_who_did_not_make_it(
    checkout: Repository, postgres_url: str
) -> None:
    """Nobody has the commit that GitHub merged for the plan; approvals come with the repository."""
    here, there = checkout.root, checkout.root.parent / "github"
    approving = "{required: 1, override_roles: []}\npeople: {jane: [jane@acme.example], omar: [omar@acme.example]}"
    edit(here / "oceana-dr.yaml", (EXCUSED, ""), ("approvals: {required: 1}", f"approvals: {approving}"))
    edit(here / "sites/defaults.yaml", ("  required: 2", "  required: 1"))
    (here / "allowed_signers").write_text(line("jane") + line("omar"))
    (here / ".gitignore").write_text(".oceana-dr/\n.github\nplans/\nsummary\noutput\n")
    commit(here, "as it was", by="sam")
    git(here, "checkout", "-q", "-b", "move")
    edit(here / "sites/acme/site.yaml", ("directory: /srv/backup/acme", "directory: /srv/backup/acme2"))
    commit(here, by="jane")
    git(here, "checkout", "-q", "--detach", "main")
    git(here, "merge", "-q", "--no-ff", "-m", "Merge move into main", "move", by="github")
    made_from = git(here, "rev-parse", "HEAD").strip()
    one = planned(checkout, postgres_url)
    shown = json.loads(one.file("plans/acme.plan.json"))
    assert shown["source"]["commit"] == made_from
    assert shown["meta"]["approvals"] == {
        "required": 1,
        "roles": {},
        "says": "1 person who did not make the change",
    }
    (here / "approvals").mkdir()
    for name, code in (("jane", 3), ("omar", 0)):
        environment = {"OCEANA_DR_STATE_URL": "", **warm.STARTED_WITH, "HOME": str(here)}
        done = warm.run(("approve", "plans/acme.plan.json", "--key", str(key_of(name))), here, environment)
        assert done.returncode == code, done.stdout + done.stderr
    for file in (here / "plans/acme.plan.json.approvals").iterdir():
        file.rename(here / "approvals" / file.name)

    # Merged by squashing: what the plan was made from is a commit that no branch has.
    git(here, "checkout", "-q", "main")
    git(here, "merge", "-q", "--squash", "move")
    commit(here, by="jane")
    git(here, "branch", "-q", "-D", "move")
    git(here.parent, "init", "-q", "--bare", str(there))
    git(here, "push", "-q", str(there), "main", f"{made_from}:refs/pull/7/merge")
    git(there, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(here, "remote", "add", "origin", there.as_uri())
    git(here, "reflog", "expire", "--expire=now", "--all")
    git(here, "gc", "-q", "--prune=now")

    said = one.run(step(WORKFLOW, "Apply"), code=3).stdout
    assert f"git fetch origin {made_from}" in " ".join(said.split())
    (here / "summary").unlink()
    one.run(step(WORKFLOW, "Fetch"))
    assert git(here, "cat-file", "-t", made_from) == "commit\n"
    one.run(step(WORKFLOW, "Apply"))
    assert one.file("summary").startswith("### acme: Applied\n")
    assert "approved: by omar" in one.file("summary")


@pytest.fixture
def call_origin(api: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """The script of the step Origin, which is started as a process above; here it refuses, and why is returned."""
    for name, value in {**environment_of(api), "GITHUB_TOKEN": "a-token"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(ROOT / ".github/actions/tell"))
    monkeypatch.setattr(sys, "argv", ["origin.py", "42", "estates"])

    def call() -> str:
        assert import_module("origin").main() == 3
        return capsys.readouterr().out

    return call


RUN, PULLS, ENVIRONMENT = REVIEWED


@pytest.mark.parametrize(
    ("path", "answer", "why"),
    [
        (RUN, {**REVIEWED[RUN], "path": ".github/workflows/mine.yml"}, "not of .github/workflows/plan.yml"),
        (RUN, {**REVIEWED[RUN], "event": "workflow_dispatch"}, "for workflow_dispatch"),
        (RUN, {**REVIEWED[RUN], "head_repository": {"full_name": "mallory/estate"}}, "ran what a fork says"),
        (RUN, {**REVIEWED[RUN], "conclusion": "failure"}, "did not succeed: failure"),
        (RUN, {}, "not of .github/workflows/plan.yml"),
        (PULLS, [], "not the last one of a pull request that was merged into main"),
        (PULLS, [{**REVIEWED[PULLS][0], "merged_at": None}], "not the last one"),
        (PULLS, [{**REVIEWED[PULLS][0], "head": {"sha": "later"}}], "not the last one"),
        (PULLS, [{**REVIEWED[PULLS][0], "base": {"ref": "mine"}}], "not the last one"),
        (ENVIRONMENT, {"protection_rules": [], "deployment_branch_policy": {}}, "has no required reviewers"),
        (ENVIRONMENT, {**REVIEWED[ENVIRONMENT], "deployment_branch_policy": None}, "is open to every branch"),
    ],
)
def test_a_plan_from_elsewhere_is_refused_before_anybody_is_asked(
    api: Api, path: str, answer: Any, why: str, call_origin: Callable[[], str]
) -> None:
    api.answers[path] = answer
    assert why in call_origin()
    assert api.writes == []


def test_a_github_that_says_nothing_has_not_said_yes(checkout: Repository, api: Api) -> None:
    api.status = 404
    assert (
        "::error title=not applied::GitHub refused GET actions/runs/42"
        in checkout.run(step(WORKFLOW, "Origin"), code=3).stdout
    )


def test_secrets_are_in_the_protected_environment_only_and_one_site_is_applied_once_at_a_time() -> None:
    found = document(WORKFLOW)
    assert found["concurrency"] == {"group": "apply-${{ inputs.site }}", "cancel-in-progress": False}
    assert found["jobs"]["apply"]["environment"] == "estates"
    assert found["jobs"]["apply"]["needs"] == "check"
    assert "secrets." not in json.dumps(found["jobs"]["check"])
    steps = found["jobs"]["apply"]["steps"]
    assert [one["name"] for one in steps if "secrets." in json.dumps(one)] == ["Apply"]
    for job in found["jobs"].values():
        assert set(job["permissions"].values()) == {"read"}
