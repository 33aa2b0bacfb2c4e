"""A person at an 80-column ASCII terminal, logged in by a real SSH server; then another one goes on where they left."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shlex
import shutil
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oceana_dr.drivers.ssh_trial import HOST, SshServer
from oceana_dr.operations.runs import latest_run
from oceana_dr.source.project import open_project
from oceana_dr.store.records import Answered, Asked, Note, Stopped
from tests.end_to_end.program import Program
from tests.ssh_fixtures import running_server

_KEYS = "  Enter next, < back"


@dataclass
class Login:
    """Where to log in, and with which key."""

    server: SshServer

    @property
    def words(self) -> list[str]:
        folder = self.server.folder
        options = {"UserKnownHostsFile": folder / "known_hosts", "IdentityFile": folder / "key"}
        listed = [f"-o{name}={value}" for name, value in options.items()]
        port, user = str(self.server.port), self.server.user
        return ["ssh", "-tt", "-F", "none", *listed, "-oBatchMode=yes", "-p", port, f"{user}@{HOST}"]


@pytest.fixture
def login() -> Iterator[Login]:
    """A server of OpenSSH on loopback."""
    if shutil.which("ssh") is None:
        pytest.skip("there is no ssh on this machine")
    with running_server() as server:
        yield Login(server)


class Seat:
    """Somebody at a terminal of 80 by 24 that is logged in elsewhere."""

    def __init__(self, login: Login, command: str) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        environment = {"PATH": os.environ["PATH"], "TERM": "vt100", "HOME": str(login.server.folder)}
        self._process = subprocess.Popen(
            [*login.words, command], stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
        )
        os.close(slave)
        self.seen = b""
        self._from = 0

    def see(self, text: str) -> None:
        """Wait until it stands on the screen, behind what was waited for before."""
        end = time.monotonic() + 30
        while (at := self.seen.find(text.encode(), self._from)) < 0:
            ready, _, _ = select.select([self._master], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"not on the screen: {text!r}\n{self.seen.decode(errors='replace')}"
            self.seen += self._read()
        self._from = at + len(text)

    def type(self, after: str, text: str) -> None:
        self.see(after)
        os.write(self._master, f"{text}\n".encode())

    def left(self) -> int:
        """The exit code of what ran there."""
        while more := self._read():
            self.seen += more
        os.close(self._master)
        return self._process.wait(20)

    def _read(self) -> bytes:
        try:
            return os.read(self._master, 4096)
        except OSError:
            return b""


def test_two_people_work_at_a_step_by_ssh_one_after_the_other(login: Login, tmp_path: Path) -> None:
    found = Program(tmp_path)
    found.move("acme")
    found.run("plan", "acme", "-o", "plan.json")
    shot = found.root / "calendar.png"
    shot.write_bytes(b"a picture")
    variables = {**found.environment, "LC_ALL": "C"}
    told = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())

    def apply(name: str) -> str:
        words = shlex.join(found.command("apply", "plan.json", "--yes", "--operator", name))
        return f"cd {shlex.quote(str(found.root))} && exec env {told} {words}"

    ann = Seat(login, apply("ann"))
    ann.see("-- P01  the window is open, administration is frozen ------ manual p. 12, 71 --")
    ann.type("ca[n]not", "t the change board was asked twice")
    ann.type("Noted.", "p")
    ann.see("ann paused it")
    assert ann.left() == 8

    ben = Seat(login, apply("ben"))
    ben.see("goes on with plan")
    ben.see("The run stood still from ")
    ben.type("ca[n]not", "e calendar.png")
    ben.type("calendar.png: 9 bytes, SHA-256", "c")
    ben.type("your name [ben]:", "<")
    ben.type("ca[n]not", "c")
    ben.type("your name [ben]:", "")
    ben.type("second person:", "ann")
    ben.type("what do you see:", "the freeze is in the calendar")
    ben.see("-- P03  stop outbound campaigns")
    ben.type("ca[n]not", "p")
    assert ben.left() == 8

    for seat in (ann, ben):
        text = seat.seen.decode("ascii").replace("\r", "")
        screens = [part.partition(_KEYS)[0] for part in text.split("\n\n") if part.startswith("-- ")]
        assert screens
        assert all(len(line) < 80 for part in screens for line in part.splitlines())
        assert all(part.count("\n") < 22 for part in screens)
        assert "\x1b]52" not in text, "a vt100 is not known to take a clipboard"
    past = latest_run(open_project(found.root), "acme")
    assert past is not None
    records = [entry.record for entry in past.entries]
    assert [(item.step, item.by, item.text) for item in records if isinstance(item, Note)] == [
        ("P01", "ann", "the change board was asked twice")
    ]
    (answered,) = (item for item in records if isinstance(item, Answered))
    assert (answered.answer["by"], answered.answer["second"]) == ("ben", "ann")
    files = answered.answer["files"]
    assert isinstance(files, list)
    assert files[0]["path"] == "calendar.png"  # type: ignore[index,call-overload]
    assert [item.exit_code for item in records if isinstance(item, Stopped)] == [8, 8]
    assert len([item for item in records if isinstance(item, Asked)]) >= 3
