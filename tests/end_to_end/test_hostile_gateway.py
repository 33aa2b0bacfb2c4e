"""A gateway that is down, or talks nonsense: an exit code and what is wrong, never a traceback, never a false plan."""

import json
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.hostile import behind, gateway
from tests.end_to_end.program import Program

OBSERVED = "2026-01-01T00:00:00Z"


def estate(resources: Any, observed: Any = OBSERVED) -> bytes:
    return json.dumps({"observed_at": observed, "resources": resources}).encode()


NONSENSE: dict[str, tuple[int, bytes]] = {
    "a page": (200, b"<html><body>Sign in to the wireless network</body></html>"),
    "an error page": (502, b"<html>Bad gateway</html>"),
    "nothing": (200, b""),
    "no rights": (401, b'{"title": "no token"}'),
    "a problem that drives the terminal": (403, json.dumps({"detail": "\x1b[2Jgo away\n\x07"}).encode()),
    "a redirect": (302, b"{}"),
    "a huge answer": (200, b'{"x": "' + b"x" * 9_000_000 + b'"}'),
    "deep nesting": (200, b"[" * 200_000),
    "not UTF-8": (200, b'{"observed_at": "\xff"}'),
    "a list": (200, b"[]"),
    "null": (200, b"null"),
    "no resources": (200, b'{"observed_at": "x"}'),
    "resources of another kind": (200, estate([])),
    "a resource that is a text": (200, estate({"dc1/cm": "fine"})),
    "a value that is none": (200, estate({"dc1/cm": {"state": {"a": 1}}})),
    "a number with a point": (200, estate({"dc1/cm": {"state": 1.5}})),
    "a number without end": (200, b'{"observed_at": "x", "resources": {"dc1/cm": {"state": ' + b"9" * 5000 + b"}}}"),
    "half a character": (200, estate({"dc1/cm": {"state": "\ud800"}})),
    "no address": (200, estate({"here and there": {"state": "x"}})),
    "a time that is none": (200, estate({}, 7)),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_from_a_gateway_is_said_to_be_nonsense(name: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    with gateway(lambda _: NONSENSE[name]) as endpoint:
        behind(program, endpoint)
        if name == "no address":
            program.run("plan", "acme", code=3)  # nothing that is known was read
            return
        done = program.run("plan", "acme", code=1)
        assert "gateway" in done.stderr or "127.0.0.1" in done.stderr
        assert "\x1b" not in done.stderr
        assert done.stdout == ""
        program.run("snapshot", "acme", "-o", "live.json", code=1)
        assert not (program.root / "live.json").exists()


def test_an_empty_estate_is_not_taken_for_one_that_agrees(tmp_path: Path) -> None:
    program = Program(tmp_path)
    with gateway(lambda _: (200, estate({}))) as endpoint:
        behind(program, endpoint)
        assert program.run("plan", "acme", code=3).stdout
        program.run("drift", "acme", code=2)


def test_strange_values_are_shown_and_drive_nothing(tmp_path: Path) -> None:
    program = Program(tmp_path)
    live = program.json("snapshot", "acme")["resources"]
    live["dc1/smgr/cluster3/SocialConnector"] = {"MaintenanceMode": {"override": True, "value": "\x1b[2J\u202ex"}}
    live["dc9/nowhere"] = {"state": "\x07"}
    del live["dc9/nowhere"]
    with gateway(lambda _: (200, estate(live))) as endpoint:
        behind(program, endpoint)
        done = program.run("plan", "acme", code=None)
        assert done.returncode in {0, 3}
        assert not {"\x1b", "\u202e", "\x07"} & set(done.stdout + done.stderr)
        done = program.run("drift", "acme", code=2)
        assert not {"\x1b", "\u202e", "\x07"} & set(done.stdout + done.stderr)


def free_port() -> int:
    with socket.socket() as here:
        here.bind(("127.0.0.1", 0))
        port: int = here.getsockname()[1]
        return port


@pytest.mark.parametrize(
    "endpoint", ["http://127.0.0.1:{port}", "https://127.0.0.1:{port}", "http://no-such-host.invalid"]
)
def test_a_gateway_that_nobody_serves_is_named(endpoint: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("plan", "acme", "-o", "plan.json", "--operational", "dc2")
    behind(program, endpoint.format(port=free_port()))
    for command in ("plan acme", "drift acme", "snapshot acme", "apply plan.json --yes"):
        done = program.run(*command.split(), code=1)
        assert "does not answer" in done.stderr
        assert "cannot be reached" in done.stderr
    done = program.run("lab", "crew", "acme", code=3)
    assert "no lab" in done.stderr
    program.run("show", "plan.json")
    program.run("explain", "dc1/cm")
    program.run("validate")


def test_an_endpoint_that_is_none_is_refused_in_its_place(tmp_path: Path) -> None:
    program = Program(tmp_path)
    behind(program, "ftp://gateway.acme.example")
    assert "oceana-dr.yaml:5" in program.run("plan", "acme", code=1).stderr


def test_a_token_is_never_sent_in_clear_text(tmp_path: Path) -> None:
    program = Program(tmp_path)
    behind(program, "http://gateway.acme.example", "env:TOKEN")
    done = program.run("plan", "acme", code=1, TOKEN="canary-token")
    assert "clear text" in done.stderr
    assert "canary" not in done.stderr


def test_a_gateway_that_is_slow_can_be_left(tmp_path: Path) -> None:
    program = Program(tmp_path)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        behind(program, f"http://127.0.0.1:{silent.getsockname()[1]}")
        with subprocess.Popen(
            program.command("plan", "acme"),
            cwd=program.root,
            env=program.environment,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            connection, _ = silent.accept()
            connection.recv(1000)
            process.send_signal(2)
            began = time.monotonic()
            _, said = process.communicate(timeout=10)
            connection.close()
    assert time.monotonic() - began < 5
    assert process.returncode == 4
    assert "stopped" in said
    assert "Traceback" not in said


def lying(live: dict[str, Any], operation: Callable[[str], tuple[int, bytes]]) -> Callable[[str], tuple[int, bytes]]:
    """A gateway that reads well, and says this of every operation."""

    def answer(path: str) -> tuple[int, bytes]:
        if "/operations" in path:
            return operation(path)
        if path.endswith("/estate") or "/estate?" in path:
            return 200, estate(live)
        return 200, json.dumps({"clock": {"now": time.monotonic() * 20_000, "scale": 20_000}}).encode()

    return answer


@pytest.mark.parametrize(
    "answer",
    [
        (200, b"<html>"),
        (200, b'{"key": "x", "state": "perhaps"}'),
        (202, b"[]"),
        (500, b'{"detail": "\x1b[2J"}'),
        (409, b'{"detail": "no", "rule": {"a": "\\u001b[2J"}}'),
        (200, b'{"key": "k", "state": "done"}'),
        (200, b'{"key": "k", "state": "failed", "message": ["\\u001b[2J"]}'),
        (404, b""),
    ],
    ids=str,
)
def test_what_an_operation_answers_is_never_taken_for_done_unless_it_reads_back(
    answer: tuple[int, bytes], tmp_path: Path
) -> None:
    program = Program(tmp_path)
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    live = program.json("snapshot", "acme")["resources"]
    program.run("plan", "acme", "-o", "plan.json")
    with gateway(lying(live, lambda _: answer)) as endpoint:
        behind(program, endpoint)
        done = program.run("apply", "plan.json", "--yes", code=4)
        assert "A01" in done.stderr
        assert "\x1b" not in done.stdout + done.stderr
        assert "no lab" not in done.stderr
    assert program.json("history", "acme", "--format", "json")[0]["state"] == "stopped"
