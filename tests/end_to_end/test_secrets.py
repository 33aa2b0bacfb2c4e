"""A secret is looked up where it is used and stands nowhere else: no output, no file, no argument of a process."""

import json
import re
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from oceana_dr.lab.server import LabServer, labs_of
from tests.end_to_end.hostile import Inside, behind, gateway, shell
from tests.end_to_end.program import Program
from tests.planning import SITES, edit
from tests.warm import NO_LIMITS

CANARY = "canary-7f3a91c2"
OURS = ("python", "pytest", "sh", "cat", "sleep")
"""The program, and what a `command:` of these tests is made of: a vault's client needs its user's environment."""
LINES = {
    "backup password": ("password: env:ACME_BACKUP_PASSWORD", "password: {value}"),
    "storage password": ("password: env:ACME_BACKUP_STORAGE_PASSWORD", "password: {value}"),
}
SHAPES = {
    "plain": CANARY,
    "in quotes": f'"{CANARY}"',
    "looks like a reference": f"evn:{CANARY}",
    "over two lines": f'"{CANARY}\n      {CANARY}"',
    "a block": f"|\n      {CANARY}\n      {CANARY}",
    "a list": f"[{CANARY}]",
    "a table": f"{{text: {CANARY}}}",
    "a list in lines": f"\n      - {CANARY}",
    "an open quote": f'"{CANARY}',
    "a tag": f"!secret {CANARY}",
    "an anchor": f"&{CANARY} {CANARY}",
}


class Watched(Program):
    """Every command is run with the secrets in place, and everything it says and leaves is searched for them."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        (folder / "secret.txt").write_text(f"{CANARY}-file\n")
        names = ("BACKUP_STORAGE_PASSWORD", "BACKUP_PASSWORD", "ORACLE_PASSWORD", "MIRROR_KEY_PASSWORD")
        self.environment |= {f"{site.upper()}_{name}": f"{CANARY}-{name}" for site in SITES for name in names}
        self.environment |= {"OCEANA_CACHE_PASSWORD": f"{CANARY}-cache"}
        self.environment |= {"GATEWAY_TOKEN": f"{CANARY}-token", "OCEANA_DR_NO_CACHE": ""}
        self.environment["XDG_CACHE_HOME"] = str(folder / "cache")
        edit(
            self.root / "sites/acme/site.yaml",
            ("password: env:ACME_BACKUP_PASSWORD", f"password: file:{folder / 'secret.txt'}"),
        )
        self.said: list[str] = []

    def run(
        self,
        *arguments: str,
        code: int | None = 0,
        before: Callable[[], None] | None = None,
        limits: Mapping[int, int] = NO_LIMITS,
        **environment: str,
    ) -> subprocess.CompletedProcess[str]:
        done = super().run(*arguments, code=code, before=before, limits=limits, **environment)
        self.said.append(done.stdout + done.stderr)
        return done

    def betrayed(self) -> list[str]:
        """Where the canary stands though it must not."""
        found = [text for text in self.said if CANARY in text]
        for path in self.root.rglob("*"):
            if path.is_file() and path.name != "secret.txt" and CANARY.encode() in path.read_bytes():
                found.append(str(path))
            if path.suffix == ".db":
                found += [f"{path}: {row}" for row in rows(path) if CANARY in row]
        return found


def rows(path: Path) -> Iterator[str]:
    """Everything in a database, whatever pages it may lie on."""
    with sqlite3.connect(path) as connection:
        yield from connection.iterdump()
    connection.close()


def arguments_of_all(found: set[str], over: threading.Event) -> None:
    """Look at the arguments of every process, and at the environment of those that are not ours, until told to stop."""
    looked_at: set[tuple[str, str]] = set()
    while not over.is_set():
        for process in Path("/proc").glob("[0-9]*"):
            try:
                text = (process / "cmdline").read_bytes().decode("utf-8", "replace")
                around = ""
                if text and (process.name, text) not in looked_at:  # one that is just being started has none yet
                    looked_at.add((process.name, text))
                    ours = text.partition("\0")[0].rpartition("/")[2].startswith(OURS)
                    around = "" if ours else (process / "environ").read_bytes().decode("utf-8", "replace")
            except OSError:
                continue
            if CANARY in text + around:
                found.add(f"{text}: {around}")
        time.sleep(0.02)


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    program, seen, over = Watched(tmp_path), set[str](), threading.Event()
    watcher = threading.Thread(target=arguments_of_all, args=(seen, over))
    watcher.start()
    try:
        yield program
    finally:
        over.set()
        watcher.join()
    assert program.betrayed() == []
    assert seen == set()


@pytest.mark.parametrize("site", SITES)
def test_a_whole_switchover_keeps_the_secrets(site: str, watched: Watched) -> None:
    watched.run("validate")
    watched.run("validate", "--format", "json")
    watched.run("compile", site)
    watched.run("compile", site, "--operational", "dc2", "-o", "build/other-side")
    watched.run("snapshot", site)
    watched.run("snapshot", site, "-o", "live.json")
    watched.move(site)
    watched.run("plan", site)
    plan = watched.json("plan", site, "--format", "json", "-o", "plan.json")
    watched.run("plan", site, "--live", "live.json")
    watched.run("show", "plan.json")
    watched.run("verify", "plan.json")
    watched.run("apply", "plan.json", "--yes", "--json", code=8)
    watched.run("status", site)
    watched.run("apply", "plan.json", "--yes", "--answers", str(watched.answers(plan)))
    (row,) = watched.json("history", site, "--format", "json")
    watched.run("report", row["run"])
    watched.run("report", row["run"], "--format", "json")
    watched.run("rollback", row["run"], code=3)
    watched.run("drift", site)
    secrets = [address for address, resource in plan["initial"].items() if "secret" in json.dumps(resource)]
    for address in (*secrets, "P12", "P23", "dc1/backup/UCMService"):
        watched.run("explain", address, "--site", site, code=None)
    watched.run("lab", "status", site, "--format", "json")
    artifacts = (watched.root / "build" / site).rglob("*")
    assert any("env:" in path.read_text() or "file:" in path.read_text() for path in artifacts if path.is_file())


def test_errors_keep_the_secrets(watched: Watched) -> None:
    watched.run("lab", "break", "acme", "gateway-down")
    watched.run("plan", "acme", code=1)
    watched.run("lab", "break", "acme", "--mend")
    edit(watched.root / "sites/acme/site.yaml", ("operational: dc1", "operational: dc3"))
    watched.run("plan", "acme", code=1)
    for form in ("text", "concise", "json", "github"):
        watched.run("validate", "--format", form, code=1)
    (watched.root / "sites/acme/lab.seed.json").write_text("{")
    watched.run("drift", "acme", code=1)


def test_a_token_is_sent_and_stands_nowhere(watched: Watched) -> None:
    tokens: list[str] = []
    refusal = json.dumps({"detail": "not with this token"}).encode()
    with gateway(lambda _: (403, refusal), tokens) as endpoint:
        behind(watched, endpoint, "env:GATEWAY_TOKEN")
        for command in ("plan acme", "drift acme", "snapshot acme"):
            assert "not with this token" in watched.run(*command.split(), code=1).stderr
        watched.run("plan", "acme", code=1, GATEWAY_TOKEN="")
        assert "env:GATEWAY_TOKEN" in watched.said[-1]
        watched.run("plan", "acme", code=1, GATEWAY_TOKEN=f"{CANARY}\r\nX-Injected: {CANARY}")
        watched.run("plan", "acme", code=1, GATEWAY_TOKEN=f"{CANARY}\u2713")
    assert set(tokens) == {f"Bearer {CANARY}-token"}


def references(folder: Path) -> dict[str, str]:
    """The same token by each way to refer to it; the program that prints it takes a moment, so that it is seen."""
    token = folder / "token.txt"
    token.write_text(f"{CANARY}-token\n")
    token.chmod(0o600)
    return {"env": "env:GATEWAY_TOKEN", "file": f"file:{token}", "command": f'command:sh -c "sleep 0.05; cat {token}"'}


def test_a_gateway_that_repeats_the_token_does_not_betray_it(watched: Watched) -> None:
    subprocess.run(["git", "init", "-q"], cwd=watched.root, check=True)
    tokens: list[str] = []
    refusal = json.dumps({"detail": f"no: Bearer {CANARY}-token is nobody's", "title": f"{CANARY}-token"}).encode()
    settings = (watched.root / "oceana-dr.yaml").read_text()
    with gateway(lambda _: (403, refusal), tokens) as endpoint:
        for reference in references(watched.root.parent).values():
            (watched.root / "oceana-dr.yaml").write_text(settings)
            behind(watched, endpoint, reference)
            assert "no: Bearer (secret) is nobody's" in watched.run("plan", "acme", code=1).stderr
        assert "no: Bearer (secret) is nobody's" in watched.run("doctor", "acme", code=3).stdout
    with gateway(lambda _: (200, f"{CANARY}-token is not JSON".encode()), tokens) as endpoint:
        edit(watched.root / "oceana-dr.yaml", (tokens_endpoint(watched), endpoint))
        watched.run("plan", "acme", code=1)
    watched.run("doctor", "--json", code=3)  # nobody is there any more
    assert set(tokens) == {f"Bearer {CANARY}-token"}
    assert len(tokens) == 5
    (watched.root.parent / "token.txt").unlink()


def tokens_endpoint(watched: Watched) -> str:
    """The endpoint that the project names now."""
    found = re.search(r"http://127\.0\.0\.1:\d+", (watched.root / "oceana-dr.yaml").read_text())
    assert found is not None
    return found[0]


def test_a_run_behind_a_token_leaves_none(watched: Watched) -> None:
    reference = references(watched.root.parent)["command"]
    watched.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    with LabServer(labs_of(watched.root / ".oceana-dr", watched.root / "sites", 20_000)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            behind(watched, server.address, reference)
            watched.run("plan", "acme", "-o", "plan.json")
            watched.run("apply", "plan.json", "--yes", "--json")
            assert "all is well" in watched.run("doctor", "acme").stdout
            (row,) = watched.json("history", "acme", "--format", "json")
            watched.run("report", row["run"])
        finally:
            server.shutdown()
            thread.join()
    (watched.root.parent / "token.txt").unlink()


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("file:{folder}/none.txt", "cannot be read"),
        ("file:{folder}", "cannot be read"),
        ("file:{folder}/latin.txt", "not text"),
        ("file:{folder}/secret.txt", "can be read or changed by others (mode 0644)"),
        ("command:cat {folder}/secret.txt /nowhere", "gave no secret"),
        ('command:sh -c "echo {canary} >&2; exit 1"', "gave no secret"),
        ("command:no-such-program {canary}", "gave no secret"),
    ],
)
def test_a_secret_that_cannot_be_had_is_named_by_its_reference(reference: str, said: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    (tmp_path / "secret.txt").write_text(CANARY)
    (tmp_path / "latin.txt").write_bytes(CANARY.encode() + b"\xff")
    (tmp_path / "latin.txt").chmod(0o600)
    with gateway(lambda _: (200, b"{}")) as endpoint:
        behind(program, endpoint, reference.format(folder=tmp_path, canary=CANARY))
        done = program.run("plan", "acme", code=1)
    assert said in done.stderr
    assert CANARY not in done.stdout + done.stderr


@pytest.mark.parametrize("shape", SHAPES)
def test_a_secret_that_was_typed_is_refused_and_not_repeated(
    shape: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = Inside(tmp_path, capsys, monkeypatch)
    path = inside.program.root / "sites/acme/site.yaml"
    for old, new in LINES.values():
        edit(path, (old, new.format(value=SHAPES[shape])))
    for form in ("text", "concise", "json", "github"):
        code, out, err = inside.hear("validate", "acme", "--format", form)
        assert code == 1
        assert out
        assert CANARY not in out + err, form
    code, out, err = inside.hear("plan", "acme")
    assert code == 1
    assert CANARY not in out + err
    for left in inside.program.root.rglob("*"):
        assert left == path or not left.is_file() or CANARY.encode() not in left.read_bytes()


def test_a_secret_beside_another_mistake_is_not_repeated(tmp_path: Path) -> None:
    program = Program(tmp_path)
    path = program.root / "sites/acme/site.yaml"
    edit(
        path,
        ("password: env:ACME_BACKUP_PASSWORD", f"passwort: {CANARY}"),
        ("login: oceana-backup", f"login: [{CANARY}"),
    )
    text = path.read_text()
    for variant in (text, text.replace("login: [", "login: "), text.replace("passwort", "pasword")):
        path.write_text(variant)
        for form in ("text", "concise", "json", "github"):
            said = program.run("validate", "acme", "--format", form, code=None).stdout
            assert f"passwort: {CANARY}" not in said
            assert f"pasword: {CANARY}" not in said


def test_a_factory_password_is_refused_wherever_it_occurs(tmp_path: Path) -> None:
    program = Program(tmp_path)
    path = program.root / "sites/acme/site.yaml"
    edit(
        path, ("password: env:ACME_BACKUP_PASSWORD", "password: Oceana16"), ("login: oceana-backup", "login: Oceana16")
    )
    done = program.run("validate", "acme", code=1)
    assert "factory password" in done.stdout


def test_a_process_killed_while_it_writes_leaves_no_secret(watched: Watched) -> None:
    watched.move("acme")
    watched.answers(watched.json("plan", "acme", "--format", "json", "-o", "plan.json"))
    for delay in (0.3, 0.5, 0.7):
        with subprocess.Popen(
            watched.command("apply", "plan.json", "--yes", "--answers", "answers.json"),
            cwd=watched.root,
            env=watched.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            time.sleep(delay)
            process.kill()


def test_state_is_for_its_owner_alone(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    shell(program, "umask 0; oceana-dr apply acme --yes")
    for path in (program.root / ".oceana-dr/runs").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path
