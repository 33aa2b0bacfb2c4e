"""Approvals at the keyboard, with real keys and a real repository: who counts, who does not, and that `apply` holds."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.cli.main import run
from oceana_dr.operations import applying
from oceana_dr.operations.stores import state_of
from oceana_dr.source.project import open_project
from oceana_dr.store.records import Approved, Override, Turned
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.state import local_state
from tests.planning import copy_project, edit
from tests.signers import NEEDS_SSH_KEYGEN, commit, git, key_of, line, public

pytestmark = NEEDS_SSH_KEYGEN

EXCUSED = "  approvals: false               # plans for the lab need none; those for a gateway always do\n"
PEOPLE = """people:
  jane: [jane@acme.example]
  omar: [omar@acme.example, omar@home.example]
roles: {change-manager: [omar, kim@acme.example], board: [lee, jane]}
policy:
"""
ASKED = "{required: 2, roles: {change-manager: 1}, override_roles: [board], revoked_keys: revoked_keys}"


class Site:
    """A project in a repository, in which jane moves the backup; commands run in this process."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self._capsys = capsys

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a command says, on both streams, on one line."""
        self._capsys.readouterr()
        found = run(list(arguments))
        said = self._capsys.readouterr()
        assert found == code, f"exit {found}\n{said.out}\n{said.err}"
        return " ".join((said.out + said.err).split())

    def json(self, *arguments: str, code: int = 0) -> Any:
        self._capsys.readouterr()
        assert run([*arguments, "--format", "json"]) == code
        return json.loads(self._capsys.readouterr().out)

    def change(self, old: str, new: str, *, by: str = "jane") -> None:
        edit(self.root / "sites/acme/site.yaml", (old, new))
        commit(self.root, by=by)

    def plan(self, name: str = "plan.json") -> Path:
        self.run("plan", "acme", "-o", name)
        return self.root / name

    def approve(self, name: str, *more: str, code: int = 0, plan: str = "plan.json") -> str:
        return self.run("approve", plan, "--key", str(key_of(name)), *more, code=code)

    def apply(self, *more: str, code: int = 0, by: str = "pat", plan: str = "plan.json") -> str:
        return self.run("apply", plan, "--yes", "--operator", by, *more, code=code)

    def records(self) -> list[object]:
        runs = local_state(self.root / "state").runs
        return [entry.record for place in runs.all("acme") for entry in runs.read(place).entries]

    def team_turned(self) -> list[Turned]:
        """Whom the state that the environment names has on record."""
        every = Refusals(state_of(open_project(self.root)).database).all("acme")
        return [entry.record for entry in every if isinstance(entry.record, Turned)]

    def turned(self) -> list[Turned]:
        every = Refusals(local_state(self.root / "state").database).all("acme")
        return [entry.record for entry in every if isinstance(entry.record, Turned)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Site:
    root = copy_project(tmp_path)
    edit(
        root / "oceana-dr.yaml",
        ("time_scale: 600 ", "time_scale: 20000 "),
        (EXCUSED, ""),
        ("policy:\n", PEOPLE),
        ("{required: 1}", ASKED),
    )
    (root / "allowed_signers").write_text(
        line("jane")
        + line("omar", 'namespaces="oceana-dr-approval"')
        + line("omar2", principals="omar@home.example")
        + "".join(map(line, ("kim", "lee", "sam", "gone")))
        + line("old", 'valid-before="20261101"')
    )
    (root / "revoked_keys").write_text(f"{public('gone')}\n")
    (root / ".gitignore").write_text("state/\nhome/\nplan*\n")
    for name, value in {"OCEANA_DR_STATE": str(root / "state"), "OCEANA_DR_NO_CACHE": "1", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HOME", str(root / "home"))
    monkeypatch.chdir(root)
    commit(root, by="sam")
    found = Site(root, capsys)
    found.change("directory: /srv/backup/acme", "directory: /srv/backup/acme2")
    return found


def later(monkeypatch: pytest.MonkeyPatch, span: timedelta) -> None:
    monkeypatch.setattr(applying, "wall", lambda: datetime.now(UTC) + span)


def test_a_plan_is_run_when_others_have_approved_it(site: Site) -> None:
    site.plan()
    said = site.apply(code=3)
    assert (
        "OD2027 the plan needs 2 approvals and has none; missing: 1 by change-manager (omar, kim@acme.example)" in said
    )
    assert "no override; what to do" not in said or "Without it: board (lee, jane)" in said
    assert said.endswith("= help: somebody else approves it: oceana-dr approve plan.json")
    assert "jane made the change, and does not approve it" in site.approve("jane", code=3)
    assert "missing: 1 by change-manager (omar, kim@acme.example)" in site.approve("lee")
    assert "has 1 (lee@acme.example)" in site.apply(code=3)
    assert "approved by 2 people" in site.approve("omar")
    found = site.json("approvals", "plan.json")
    assert found["approved"] is True
    assert [(item["by"], item["role"]) for item in found["counted"]] == [
        ("lee@acme.example", ""),
        ("omar", "change-manager"),
    ]
    assert found["authors"] == ["jane", "sam@acme.example"]  # sam was the last one at defaults.yaml
    site.apply()
    approved = [item for item in site.records() if isinstance(item, Approved)]
    assert [(item.by, item.role, item.principal) for item in approved] == [
        ("lee@acme.example", "", "lee@acme.example"),
        ("omar", "change-manager", "omar@acme.example"),
    ]
    assert {item.key for item in approved} == {item["key"] for item in found["counted"]}
    name = site.json("history", "acme")[0]["run"]
    assert [item["by"] for item in site.json("report", name)["approvals"]] == ["lee@acme.example", "omar"]
    assert "approved by omar as change-manager: SHA256:" in site.run("report", name)
    turned = [(item.exit_code, item.by) for item in site.turned()]
    assert [code for code, _ in turned] == [3, 3, 3]
    assert [by for _, by in turned][::2] == ["pat", "pat"]
    # The run is over, and nothing is to be done: nobody is asked.
    shutil.rmtree(site.root / "plan.json.approvals")
    assert "did all of this" in site.apply()


def test_nobody_approves_twice_neither_by_two_keys(site: Site) -> None:
    site.plan()
    site.approve("omar")
    site.approve("omar2")
    found = site.json("approvals", "plan.json", code=3)
    assert [item["by"] for item in found["counted"]] == ["omar"]
    assert [item["why"] for item in found["uncounted"]] == ["omar is counted already"]
    assert found["missing"] == [{"count": 1, "role": "", "people": []}]
    assert "omar is counted already" in site.apply(code=3)


UNCOUNTED = [
    ("mallory", (), "its key is nobody's in allowed_signers"),
    ("gone", (), "the key of gone@acme.example is revoked"),
    ("old", (), "its key does not count now in allowed_signers"),
    ("lee", ("--role", "change-manager"), "lee@acme.example does not have the role change-manager"),
    ("lee", ("--valid-for", "4d"), "it lasts longer than an approval may (3 d)"),
]


def test_what_would_not_count_is_refused_kept_nowhere_and_written_down(site: Site) -> None:
    site.plan()
    for name, more, why in UNCOUNTED:
        assert why in site.approve(name, *more, code=3)
    assert "is no duration" in site.approve("lee", "--valid-for", "for ever", code=1)
    assert "is no duration" in site.approve("lee", "--valid-for", "9999999999d", code=1)
    assert not (site.root / "plan.json.approvals").exists()
    assert site.json("approvals", "plan.json", code=3)["uncounted"] == []
    assert [turned.reason.partition("count: ")[2] for turned in site.turned()] == [why for _, _, why in UNCOUNTED]
    assert UNCOUNTED[0][2] in site.run("history", "acme", "--refusals")


def test_a_changed_plan_needs_new_approvals(site: Site) -> None:
    site.plan()
    for name in ("lee", "omar"):
        site.approve(name)
    site.change("directory: /srv/backup/acme2", "directory: /srv/backup/acme3")
    site.plan("plan2.json")
    shutil.copytree(site.root / "plan.json.approvals", site.root / "plan2.json.approvals")
    found = site.json("approvals", "plan2.json", code=3)
    assert found["counted"] == []
    assert {item["why"][:24] for item in found["uncounted"]} == {"it approves another plan"}
    site.apply(plan="plan2.json", code=3)
    said = site.run("show", "plan2.json", "--since-approved")
    assert '"/srv/backup/acme2" → "/srv/backup/acme3"' in said
    assert "no plan of acme was approved before this one" in site.run("show", "plan.json", "--since-approved", code=1)
    site.approve("lee", plan="plan2.json")
    assert '"/srv/backup/acme2" → "/srv/backup/acme3"' in site.run("show", "plan2.json", "--since-approved")


def test_what_a_stranger_puts_beside_a_plan_counts_for_nothing(site: Site) -> None:
    site.plan()
    site.approve("lee")
    folder = site.root / "plan.json.approvals"
    (good,) = folder.iterdir()
    shutil.rmtree(site.root / "state")  # only the files are left
    document = json.loads(good.read_bytes())
    for name, changes in {
        "longer": {"expires": "2099-01-01T00:00:00Z"},
        "role": {"role": "change-manager"},
        "site": {"site": "globex"},
    }.items():
        changed = {**document, "statement": {**document["statement"], **changes}}
        (folder / f"{name}.json").write_text(json.dumps(changed))
    (folder / "big.json").write_bytes(b" " * 9_000_000)
    (folder / "link.json").symlink_to(good)
    (folder / "text.json").write_text("approved by everybody")
    found = site.json("approvals", "plan.json", code=3)
    assert [item["by"] for item in found["counted"]] == ["lee@acme.example"]
    why = {item["found"].rpartition("/")[2]: item["why"] for item in found["uncounted"]}
    assert why == {
        "big.json": "it is larger than 16 KiB",
        "link.json": "it is no JSON",
        "text.json": "it is no JSON",
        **dict.fromkeys(
            ("longer.json", "role.json", "site.json"),
            "lee@acme.example signed something else: the statement was changed",
        ),
    }
    told = site.apply(code=3)
    assert "does not count: plan.json.approvals/big.json: it is larger than 16 KiB" in told


def test_an_approval_ends(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.plan()
    site.approve("lee")
    site.approve("omar", "--valid-for", "4h")
    later(monkeypatch, timedelta(hours=5))
    assert "it expired" in site.run("approvals", "plan.json", code=3)
    assert "has 1 (lee@acme.example)" in site.apply(code=3)
    site.approve("omar")
    site.run("approvals", "plan.json")


def test_a_key_that_is_taken_away_takes_its_approvals_with_it(site: Site) -> None:
    site.plan()
    for name in ("lee", "omar"):
        site.approve(name)
    site.run("approvals", "plan.json")
    (site.root / "revoked_keys").write_text(f"{public('gone')}\n{public('lee')}\n")
    assert "revoked_keys has changes that are not committed" in site.run("approvals", "plan.json", code=3)
    commit(site.root, by="sam")
    assert "the key of lee@acme.example is revoked" in site.run("approvals", "plan.json", code=3)


def test_whoever_adds_a_key_has_to_commit_it(site: Site) -> None:
    site.plan()
    with (site.root / "allowed_signers").open("a") as file:
        file.write(line("mallory"))
    said = site.approve("mallory", code=3)
    assert "allowed_signers has changes that are not committed" in said


def test_nobody_approves_a_change_that_nobody_made(site: Site) -> None:
    path = site.root / "sites/acme/site.yaml"
    edit(path, ("directory: /srv/backup/acme2", "directory: /srv/backup/acme4"))
    site.plan()
    said = site.approve("lee", code=3)
    assert "the plan was made from files with changes that are not committed" in said
    assert "= help: commit the change, then: oceana-dr plan acme -o plan.json" in said
    assert "Nobody can approve it" in site.run("approvals", "plan.json", code=3)
    git(site.root, "checkout", "-q", "--", "sites")
    site.change("directory: /srv/backup/acme2", "directory: /srv/backup/acme")
    site.run("plan", "acme", "--operational", "dc2", "--scenario", "planned-switchover", "-o", "what-if.json")
    said = site.approve("lee", plan="what-if.json", code=3)
    assert "the plan is a what-if: no line of the site says that dc2 is operational" in said


def test_a_site_by_name_and_the_way_back_need_approvals_too(site: Site) -> None:
    said = site.apply(plan="acme", code=3)
    assert "= help: oceana-dr plan acme -o plan.json; somebody else: oceana-dr approve plan.json" in said
    site.plan()
    for name in ("lee", "omar"):
        site.approve(name)
    site.apply(plan="acme")  # the same plan, made anew
    name = site.json("history", "acme")[0]["run"]
    site.run("rollback", name, "-o", "plan-back.json")
    site.apply(plan="plan-back.json", code=3)
    for who in ("lee", "omar"):
        site.approve(who, plan="plan-back.json")
    site.apply(plan="plan-back.json")


def test_a_run_is_gone_on_with_under_approvals_only(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.plan()
    for name in ("lee", "omar"):
        site.approve(name)
    shutil.rmtree(site.root / "state")
    site.run("lab", "break", "acme", "refuse:dc1/smgr", "--once")
    site.apply(code=4)
    shutil.rmtree(site.root / "plan.json.approvals")
    with monkeypatch.context() as then:
        later(then, timedelta(days=4))
        assert "has none" in site.apply(code=3)
    site.apply()  # from the state, where the run that began has put them
    assert sum(isinstance(item, Approved) for item in site.records()) == 2


def test_without_approvals_only_by_the_role_and_never_by_the_author(site: Site) -> None:
    site.plan()
    reason = ("--override", "approval", "--reason", "CHG-114: both are on a plane")
    said = site.apply(*reason, by="sam", code=3)
    assert "OD2027 cannot be overridden" in said
    said = site.apply(*reason, by="jane", code=3)
    assert "jane made the change, and does not override it" in said
    assert "nothing is overridden without a reason" in site.apply("--override", "approval", by="lee", code=3)
    site.apply(*reason, by="lee")
    assert [item for item in site.records() if isinstance(item, Override)] == [
        Override("approval", "lee", "CHG-114: both are on a plane")
    ]


def test_without_ssh_keygen_it_says_what_to_install(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.plan()
    site.approve("lee")
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "git").symlink_to(str(shutil.which("git")))
    monkeypatch.setenv("PATH", str(tools))
    for command in (["approve", "plan.json", "--key", str(key_of("omar"))], ["approvals", "plan.json"]):
        assert "apt-get install openssh-client" in site.run(*command, code=1)
    assert "approvals need ssh-keygen" in site.apply(code=1)


def test_who_approves_at_one_machine_lets_another_one_run_it(
    site: Site, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each has its own state folder, and nothing is carried but the plan file: the team's database has all of it."""
    edit(site.root / "oceana-dr.yaml", ("policy:\n", "state: {backend: postgres}\npolicy:\n"))
    commit(site.root, by="sam")

    def at(machine: str, url: str = postgres_url) -> None:
        monkeypatch.setenv("OCEANA_DR_STATE", str(site.root / "state" / machine))
        monkeypatch.setenv("OCEANA_DR_STATE_URL", url)

    def approve(name: str) -> str:
        said = site.approve(name)
        shutil.rmtree(site.root / "plan.json.approvals")
        return said

    at("dc1")
    site.plan()
    assert "Approvals: 2 people who did not make the change, among them 1 change-manager" in site.run(
        "show", "plan.json"
    )
    approve("lee")
    at("dc2")
    (missing,) = site.json("approvals", "plan.json", code=3)["missing"]
    assert (missing["count"], missing["role"]) == (1, "change-manager")
    unattended = ("apply", "plan.json", "--unattended", "--operator", "pat")
    assert "has 1 (lee@acme.example)" in site.run(*unattended, code=3)

    # dc3 has lost the database: what is approved and refused there comes to the others by `state push`.
    at("dc3")
    monkeypatch.setenv("OCEANA_DR_STATE_URL", "")
    alone = ("--local-state", "the database is gone, CHG-7")
    site.run(*alone, "apply", "plan.json", "--yes", "--operator", "kim", code=3)
    site.run(*alone, "approve", "plan.json", "--key", str(key_of("omar")))
    shutil.rmtree(site.root / "plan.json.approvals")
    at("dc3")
    assert site.run("state", "push", "acme") == "pushed: 1 approval pushed: 1 refusal"
    assert site.run("state", "push", "acme") == "acme: nothing is new"

    at("dc2")
    assert site.json("approvals", "plan.json")["approved"] is True
    site.run(*unattended)
    assert {item.by for item in site.team_turned()} == {"pat", "kim"}
    at("dc1")
    (row,) = site.json("history", "acme")
    assert (row["state"], row["operator"]) == ("finished", "pat")
    assert [item["by"] for item in site.json("report", row["run"])["approvals"]] == ["lee@acme.example", "omar"]
