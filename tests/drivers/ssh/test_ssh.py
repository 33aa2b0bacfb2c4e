"""Commands over a real SSH server on loopback: what was run, what was not, and what nobody knows."""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import ValidationError

from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.ssh import Cause, Finished, LocalTarget, Lost, SshTarget, Unreached, _by_words, run, ssh_words
from oceana_dr.drivers.ssh_options import SshOptions
from oceana_dr.drivers.ssh_trial import HOST, SshServer
from tests.ssh_fixtures import running_server

BOUNDS = Bounds(20.0)


@pytest.fixture(scope="module")
def server() -> Iterator[SshServer]:
    with running_server() as found:
        yield found


@pytest.fixture
def target(server: SshServer) -> SshTarget:
    return SshOptions.model_validate(server.login).target(HOST)


def cause(found: object) -> Cause:
    assert isinstance(found, Unreached), found
    assert found.why
    return found.cause


def test_words_arrive_as_they_are_whatever_stands_in_them(target: SshTarget) -> None:
    words = ["printf", "%s|", "a b", "$HOME", "`id`", "'", '"', "; exit 3", "-n", ""]
    assert run(target, words, b"", BOUNDS) == Finished(0, "".join(f"{w}|" for w in words[2:]).encode(), b"")


def test_input_and_both_outputs_pass_side_by_side_and_the_status_comes_back(target: SshTarget) -> None:
    data = bytes(range(256)) * 1200
    found = run(target, ["sh", "-c", "cat; echo careful >&2; exit 7"], data, BOUNDS)
    assert found == Finished(7, data, b"careful\n")


def test_what_ssh_says_of_itself_is_not_taken_for_the_commands_words(target: SshTarget) -> None:
    found = run(target, ["sh", "-c", "echo Permission denied >&2; exit 1"], b"", BOUNDS)
    assert found == Finished(1, b"", b"Permission denied\n")


def test_a_command_that_reads_no_input_is_no_failure(target: SshTarget) -> None:
    assert run(target, ["true"], b"x" * 500_000, BOUNDS) == Finished(0, b"", b"")


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("exit 255", "ended with 255"),
        ("kill -9 $(ps -o ppid= -p $PPID); sleep 1", "broke off"),
    ],
)
def test_who_cannot_tell_a_lost_connection_from_an_end_says_so(target: SshTarget, script: str, says: str) -> None:
    found = run(target, ["sh", "-c", script], b"", BOUNDS)
    assert isinstance(found, Lost)
    assert says in found.why


def test_a_stop_or_a_flood_while_it_runs_leaves_it_in_doubt(target: SshTarget, tmp_path: Path) -> None:
    flood = run(target, ["sh", "-c", "while :; do echo flood flood flood; done"], b"", Bounds(20.0, largest=10_000))
    assert isinstance(flood, Lost)
    assert "more than 10000 bytes" in flood.why
    stop, begun = threading.Event(), tmp_path / "begun"
    os.mkfifo(begun)

    def stop_then() -> None:
        begun.read_bytes()
        stop.set()

    watching = threading.Thread(target=stop_then)
    watching.start()
    stopped = run(target, ["sh", "-c", f"echo > {begun}; sleep 1"], b"", Bounds(20.0, stop=stop))
    watching.join()
    assert isinstance(stopped, Lost)
    assert "stopped" in stopped.why


def test_a_stop_that_was_there_before_runs_nothing(target: SshTarget, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    assert cause(run(target, ["touch", str(tmp_path / "there")], b"", Bounds(20.0, stop=stop))) is Cause.OTHER
    assert not (tmp_path / "there").exists()


def test_another_host_key_and_an_unknown_one_are_refused(server: SshServer, target: SshTarget, tmp_path: Path) -> None:
    empty, other = tmp_path / "empty", tmp_path / "other"
    empty.touch()
    public = (server.folder / "key.pub").read_text()
    other.write_text(f"[{HOST}]:{server.port} {public}")
    unknown = run(replace(target, known_hosts=empty), ["touch", str(tmp_path / "there")], b"", BOUNDS)
    assert cause(unknown) is Cause.HOST_KEY
    assert isinstance(unknown, Unreached)
    assert "no host key of" in unknown.why
    changed = run(replace(target, known_hosts=other), ["touch", str(tmp_path / "there")], b"", BOUNDS)
    assert isinstance(changed, Unreached)
    assert "another host key" in changed.why
    assert not (tmp_path / "there").exists()
    assert other.read_text() == f"[{HOST}]:{server.port} {public}", "a key was written down by itself"
    assert empty.read_text() == ""


def test_a_key_that_is_not_let_in_is_told_apart(server: SshServer, target: SshTarget, tmp_path: Path) -> None:
    shutil.copy(server.folder / "host_key", tmp_path / "stranger")
    found = run(replace(target, key_file=tmp_path / "stranger"), ["true"], b"", BOUNDS)
    assert cause(found) is Cause.AUTHENTICATION
    with server.letting_nobody_in():
        assert cause(run(target, ["true"], b"", BOUNDS)) is Cause.AUTHENTICATION
    assert run(target, ["true"], b"", BOUNDS) == Finished(0, b"", b"")


def test_a_missing_server_a_silent_one_and_a_missing_name_are_told_apart(server: SshServer, target: SshTarget) -> None:
    with socket.create_server((HOST, 0)) as nobody:
        free = nobody.getsockname()[1]
    assert cause(run(replace(target, port=free), ["true"], b"", BOUNDS)) is Cause.REFUSED
    assert cause(run(replace(target, host="nobody.invalid"), ["true"], b"", BOUNDS)) is Cause.NAME
    with server.silent():
        assert cause(run(target, ["true"], b"", BOUNDS)) is Cause.SILENT


def test_a_server_that_is_cut_off_in_the_greeting_is_silent(target: SshTarget) -> None:
    with socket.create_server((HOST, 0)) as listening:
        port = listening.getsockname()[1]

        def cut() -> None:
            connection, _ = listening.accept()
            connection.close()

        thread = threading.Thread(target=cut)
        thread.start()
        found = run(replace(target, port=port), ["true"], b"", BOUNDS)
        thread.join()
    assert cause(found) is Cause.SILENT


def test_ssh_asks_nobody_shares_nothing_and_reads_no_configuration(target: SshTarget) -> None:
    words = ssh_words(target, ["id"], Path("/log"))
    assert words[:3] == ["ssh", "-F", "/dev/null"]
    for option in ("BatchMode=yes", "StrictHostKeyChecking=yes", "ControlMaster=no", "ClearAllForwardings=yes"):
        assert option in words
    assert words[-3:] == [HOST, "--", "id"]


# ---------------------------------------------------------------------------------------------- this machine


def test_a_command_of_this_machine_sees_nothing_of_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OCEANA_DR_SECRET", "canary")
    found = run(LocalTarget({"TNS_ADMIN": "/srv/tns"}), ["env"], b"", BOUNDS)
    assert isinstance(found, Finished)
    assert b"canary" not in found.stdout
    assert b"TNS_ADMIN=/srv/tns\n" in found.stdout


def test_a_command_of_this_machine_may_end_with_255_and_one_that_is_not_there_is_told() -> None:
    assert run(LocalTarget(), ["sh", "-c", "exit 255"], b"", BOUNDS) == Finished(255, b"", b"")
    assert cause(run(LocalTarget(), ["no-such-program-at-all"], b"", BOUNDS)) is Cause.PROGRAM
    assert isinstance(run(LocalTarget(), ["sh", "-c", "kill -9 $$"], b"", BOUNDS), Lost)


def test_what_a_command_leaves_behind_is_ended_with_it(tmp_path: Path) -> None:
    found = run(LocalTarget(), ["sh", "-c", f"sleep 60 & echo $! > {tmp_path}/left; wait"], b"", Bounds(0.5))
    assert isinstance(found, Lost)
    assert "no end within" in found.why
    left = tmp_path / "left"
    if left.exists():  # a machine that is slow enough ends it before
        with pytest.raises(ProcessLookupError):
            _await_gone(int(left.read_text()))


def _await_gone(process: int) -> None:
    """Raises when there is no such process any more; a killed one is there until somebody has waited for it."""
    for _ in range(200):
        os.kill(process, 0)
        if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            raise ProcessLookupError
        threading.Event().wait(0.02)


@pytest.mark.parametrize("path", ["known_hosts", "/etc/a b$HOME", "/etc/%h", '/etc/"'])
def test_a_path_that_ssh_would_read_otherwise_is_no_option(path: str) -> None:
    with pytest.raises(ValidationError):
        SshOptions.model_validate({"user": "svc", "known_hosts": path})


@pytest.mark.parametrize("user", ["-oProxyCommand=id", "", "a b", "a\nb"])
def test_a_user_that_is_an_option_of_ssh_is_none(user: str) -> None:
    with pytest.raises(ValidationError):
        SshOptions.model_validate({"user": user, "known_hosts": "/etc/known_hosts"})


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("ssh: connect to host db port 22: Connection timed out", Cause.OFF),
        ("ssh: connect to host db port 22: No route to host", Cause.OFF),
        ("ssh: connect to host db port 22: Network is unreachable", Cause.OTHER),
        ("Connection timed out during banner exchange\nConnection to 10.0.0.1 port 22 timed out", Cause.SILENT),
        ("kex_exchange_identification: read: Connection reset by peer", Cause.SILENT),
        ("Unable to negotiate with 10.0.0.1 port 22: no matching host key type found.", Cause.OTHER),
        ("Received disconnect from 10.0.0.1 port 22:2: Too many authentication failures", Cause.AUTHENTICATION),
    ],
)
def test_only_silence_from_an_address_is_what_something_switched_off_looks_like(said: str, expected: Cause) -> None:
    """OpenSSH's own sentences, for ends that loopback does not have."""
    found = _by_words(SshTarget("db", "svc", Path("/known")), said, 255)
    assert found.cause is expected
    assert said.splitlines()[-1] in found.why or found.cause is Cause.AUTHENTICATION
