"""An SSH server on loopback for trials and tests: OpenSSH's own, with keys made for it.

In: the command that every login runs, whatever it asked for. Out: its port, and a login to it.
It must never listen to another machine, nor outlive the trial.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from oceana_dr.diagnostics import Refused

HOST: Final = "127.0.0.1"
_SERVER_FOLDERS: Final = ("/usr/sbin", "/usr/local/sbin")
_STARTS_WITHIN_S: Final = 10.0
# The key exchange is one that costs little: a trial logs in a hundred times.
_CONFIGURATION: Final = """\
Port %(port)d
%(listen)s
HostKey %(folder)s/host_key
AuthorizedKeysFile %(folder)s/authorized_keys
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
PermitUserRC no
PrintMotd no
PrintLastLog no
MaxStartups 100
KexAlgorithms curve25519-sha256
ForceCommand %(command)s
"""
# As root the server wants a user and a folder of its own, which a machine that runs none has not. They are there for
# this one only, in a view of the file system that nobody else has.
_ALONE: Final = """
mount --bind "$1/passwd" /etc/passwd && mount -t tmpfs none /run && mkdir /run/sshd && shift && exec "$@"
"""


@dataclass
class SshServer:
    """Where it listens, who may log in with which key, and whom it calls itself by."""

    folder: Path
    port: int
    user: str
    process: subprocess.Popen[bytes]

    @property
    def login(self) -> dict[str, Any]:
        """What `SshOptions` has for it."""
        return {
            "user": self.user,
            "known_hosts": str(self.folder / "known_hosts"),
            "key_file": str(self.folder / "key"),
            "port": self.port,
            "connect_s": 1,
        }

    @contextmanager
    def silent(self) -> Iterator[None]:
        """It takes connections and says nothing, for as long as it is entered."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    @contextmanager
    def letting_nobody_in(self) -> Iterator[None]:
        """No key is its user's, for as long as it is entered."""
        keys, aside = self.folder / "authorized_keys", self.folder / "authorized_keys.aside"
        keys.rename(aside)
        try:
            yield
        finally:
            aside.rename(keys)


@contextmanager
def ssh_server(command: str, addresses: Sequence[str] = (HOST,)) -> Iterator[SshServer]:
    """A server on addresses of loopback for as long as it is entered; raises `Refused` where there is none to start."""
    program = shutil.which("sshd", path=os.pathsep.join((os.environ.get("PATH", ""), *_SERVER_FOLDERS)))
    if program is None or shutil.which("ssh-keygen") is None:
        raise Refused("there is no SSH server here to test with", hint="install OpenSSH (Debian: openssh-server)")
    with tempfile.TemporaryDirectory(prefix="oceana-dr-sshd-") as name:
        folder, port, user = Path(name), _free_port(), pwd.getpwuid(os.getuid()).pw_name
        _keys(folder, [f"[{address}]:{port}" for address in addresses])
        listen = "\n".join(f"ListenAddress {address}" for address in addresses)
        values = {"folder": name, "port": port, "command": command, "listen": listen}
        (folder / "sshd_config").write_text(_CONFIGURATION % values)
        # Without starting itself anew for each login, where it still can: a trial has many.
        words = [*_alone(folder), str(Path(program).absolute()), "-D", "-e", "-r", "-f", f"{name}/sshd_config"]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
        try:
            _await(process, folder, (addresses[0], port))
            yield SshServer(folder, port, user, process)
        finally:
            _end(process)


def _keys(folder: Path, hosts: Sequence[str]) -> None:
    for name in ("host_key", "key"):
        make = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "trial", "-f", str(folder / name)]
        subprocess.run(make, check=True, stdin=subprocess.DEVNULL, capture_output=True)
    public = (folder / "host_key.pub").read_text("ascii")
    (folder / "known_hosts").write_text(f"{','.join(hosts)} {public}", "ascii")
    shutil.copy(folder / "key.pub", folder / "authorized_keys")


def _alone(folder: Path) -> list[str]:
    """What the server is started by where root starts it: with its user, and a shell without a profile."""
    if os.getuid() != 0 or _is_made_for_one():
        return []
    users = [line.split(":") for line in Path("/etc/passwd").read_text("utf-8").splitlines() if line.count(":") == 6]
    for user in users:
        if user[2] == "0":
            user[6] = "/bin/sh"
    if not any(user[0] == "sshd" for user in users):
        users.append(["sshd", "x", "65533", "65534", "", "/run/sshd", "/usr/sbin/nologin"])
    (folder / "passwd").write_text("".join(f"{':'.join(user)}\n" for user in users), "utf-8")
    return ["unshare", "-m", "sh", "-c", _ALONE, "sh", str(folder)]


def _is_made_for_one() -> bool:
    try:
        return bool(pwd.getpwnam("sshd")) and Path("/run/sshd").is_dir()
    except KeyError:
        return False


def _await(process: subprocess.Popen[bytes], folder: Path, where: tuple[str, int]) -> None:
    """Until it greets."""
    until = time.monotonic() + _STARTS_WITHIN_S
    while True:
        try:
            with socket.create_connection(where, 1.0) as connection:
                if connection.recv(4) == b"SSH-":
                    return
        except OSError:
            pass
        if process.poll() is not None or time.monotonic() > until:
            said = (folder / "log").read_text("utf-8", "replace").splitlines()
            raise Refused(f"the SSH server does not start: {said[-1] if said else 'it says nothing'}")
        time.sleep(0.02)


def _end(process: subprocess.Popen[bytes]) -> None:
    """The server and all that it has started: each session is a group of its own below it."""
    process.send_signal(signal.SIGCONT)
    process.terminate()
    try:
        process.wait(2.0)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as some:
        port: int = some.getsockname()[1]
        return port
