"""A command on another machine by OpenSSH's client, or the same command on this one.

In: a target, words, bytes for the command's input, bounds. Out: `Finished`, `Unreached` (nothing was run) or `Lost`.
It must never ask for a password, accept a host key that nobody wrote down, nor say that nothing was run when it may be.
"""

from __future__ import annotations

import os
import shlex
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeAlias

from oceana_dr.drivers.child import Bounds, End, Ended, NotStarted, run_child

_FAILED: Final = 255
"""ssh's own exit status when it failed (ssh(1), EXIT STATUS). A command may end with it too."""
_ALIVE_S: Final = 5
_ALIVE_TIMES: Final = 3
_LARGEST_LOG: Final = 65536
_SAID: Final = 300
_LET_IN: Final = "Authenticated to "
_IDLE: Final = ("@", "Transferred: ", "Bytes per second: ", _LET_IN)


@dataclass(frozen=True, slots=True)
class SshTarget:
    """Whom to log in to. `key_file`: a private key without a passphrase, or None for those of the agent.

    `known_hosts`: the only file whose host keys count. Nothing of ssh_config counts.
    """

    host: str
    user: str
    known_hosts: Path
    port: int = 22
    key_file: Path | None = None
    connect_timeout_s: int = 10

    def __str__(self) -> str:
        return self.host if self.port == 22 else f"{self.host} port {self.port}"


@dataclass(frozen=True, slots=True)
class LocalTarget:
    """This machine. `environment`: what the command needs besides `PATH` and `HOME`; never a secret."""

    environment: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return "this machine"


Target: TypeAlias = SshTarget | LocalTarget


class Cause(StrEnum):
    """Why a command was not run. Only `off` is what something that was switched off looks like."""

    PROGRAM = "program"
    """It is not on this machine, or cannot be started."""
    NAME = "name"
    """No address has this name."""
    OFF = "off"
    """Nothing comes back from the address."""
    REFUSED = "refused"
    """The machine is there, and nobody listens."""
    SILENT = "silent"
    """A connection comes about, and no SSH server speaks."""
    HOST_KEY = "host key"
    """It is not the machine whose key was written down, or none was."""
    AUTHENTICATION = "authentication"
    """Our key does not let us in."""
    OTHER = "other"


_WORDS: Final = (
    ("Permission denied", Cause.AUTHENTICATION),
    ("Too many authentication failures", Cause.AUTHENTICATION),
    ("Could not resolve hostname", Cause.NAME),
    ("during banner exchange", Cause.SILENT),
    ("kex_exchange_identification", Cause.SILENT),
    ("Connection closed by", Cause.SILENT),
    ("Connection reset by", Cause.SILENT),
    ("Connection refused", Cause.REFUSED),
    ("Connection timed out", Cause.OFF),
    ("No route to host", Cause.OFF),
    ("Host is down", Cause.OFF),
)
"""What ssh says before it is let in, the more telling first."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The command has ended by itself, with this exit status and all that it said."""

    exit: int
    stdout: bytes
    stderr: bytes


@dataclass(frozen=True, slots=True)
class Unreached:
    """The command was not run: sure, for ssh sends it only after it was let in."""

    cause: Cause
    why: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Lost:
    """It may have been run, in part or as a whole, and nobody knows how it ended."""

    why: str


Result: TypeAlias = Finished | Unreached | Lost


def run(target: Target, words: Sequence[str], data: bytes, bounds: Bounds) -> Result:
    """Run a command, once. Its words are quoted for a POSIX shell where one is at the other end."""
    match target:
        case LocalTarget():
            return _run_here(target, words, data, bounds)
        case SshTarget():
            with tempfile.TemporaryDirectory(prefix="oceana-dr-ssh-") as folder:
                log = Path(folder) / "log"
                return _run_there(target, words, data, bounds, log)


def ssh_words(target: SshTarget, words: Sequence[str], log: Path) -> list[str]:
    """The command line of ssh. What ssh itself has to say goes to the log, apart from what the command says."""
    options = {
        "BatchMode": "yes",
        "StrictHostKeyChecking": "yes",
        "UserKnownHostsFile": f'"{target.known_hosts}"',
        "GlobalKnownHostsFile": os.devnull,
        "UpdateHostKeys": "no",
        "CheckHostIP": "no",
        "PreferredAuthentications": "publickey",
        "ConnectTimeout": str(target.connect_timeout_s),
        "ConnectionAttempts": "1",
        "ServerAliveInterval": str(_ALIVE_S),
        "ServerAliveCountMax": str(_ALIVE_TIMES),
        "ControlMaster": "no",
        "ControlPath": "none",
        "ClearAllForwardings": "yes",
        "ForwardAgent": "no",
        "PermitLocalCommand": "no",
        "LogLevel": "VERBOSE",
    }
    if target.key_file is not None:
        options |= {"IdentitiesOnly": "yes", "IdentityFile": f'"{target.key_file}"', "IdentityAgent": "none"}
    given = [word for name, value in options.items() for word in ("-o", f"{name}={value}")]
    where = ["-p", str(target.port), "-l", target.user, target.host, "--", shlex.join(words)]
    return ["ssh", "-F", os.devnull, "-T", "-x", "-E", str(log), *given, *where]


def _run_here(target: LocalTarget, words: Sequence[str], data: bytes, bounds: Bounds) -> Result:
    try:
        ended = run_child(words, data, bounds, target.environment)
    except NotStarted as error:
        return Unreached(Cause.PROGRAM, str(error))
    if ended.end is End.ITSELF and ended.exit >= 0:
        return Finished(ended.exit, ended.stdout, ended.stderr)
    return Lost(_broken_off(ended, bounds))


def _run_there(target: SshTarget, words: Sequence[str], data: bytes, bounds: Bounds, log: Path) -> Result:
    agent = {name: os.environ[name] for name in ("SSH_AUTH_SOCK",) if name in os.environ}
    try:
        ended = run_child(ssh_words(target, words, log), data, bounds, agent)
    except NotStarted as error:
        return Unreached(Cause.PROGRAM, str(error), "install OpenSSH's client: apt-get install openssh-client")
    said = _log(log)
    if ended.end is End.ITSELF and 0 <= ended.exit < _FAILED:
        return Finished(ended.exit, ended.stdout, ended.stderr)
    if _LET_IN not in said:
        return _unreached(target, ended, said, bounds)
    if ended.end is not End.ITSELF:
        return Lost(f"{target}: {_broken_off(ended, bounds)}")
    return Lost(
        f"{target}: the connection broke off, or the command ended with 255: {_last(said) or 'ssh says no more'}"
    )


def _unreached(target: SshTarget, ended: Ended, said: str, bounds: Bounds) -> Unreached:
    """Why nobody was let in. ssh speaks English only, and the words of the system are in C's language."""
    match ended.end:
        case End.ITSELF:
            return _by_words(target, said or ended.stderr.decode("utf-8", "replace"), ended.exit)
        case End.STOPPED:
            return Unreached(Cause.OTHER, f"{target}: stopped before it was let in")
        case End.LATE | End.FLOOD:
            return Unreached(Cause.SILENT, f"{target} does not let anybody in within {bounds.timeout_s:.0f} s")


def _by_words(target: SshTarget, said: str, status: int) -> Unreached:
    if "Host key verification failed" in said:
        return _host_key(target, said)
    last = _last(said) or f"ssh ended with {status}"
    cause = next((cause for words, cause in _WORDS if words in said), Cause.OTHER)
    match cause:
        case Cause.AUTHENTICATION:
            hint = "is the key in the user's authorized_keys there, and without a passphrase or in the agent?"
            return Unreached(cause, f"{target.user} is not let in at {target}: {last}", hint)
        case Cause.NAME:
            return Unreached(cause, f"no address is known of {target.host}", "is the name of the site's file in DNS?")
        case Cause.OFF:
            return Unreached(cause, f"{target} cannot be reached: {last}", "is it on, and the port open from here?")
        case Cause.REFUSED:
            return Unreached(cause, f"{target} refuses connections", "is an SSH server running there?")
        case Cause.SILENT:
            return Unreached(cause, f"{target} takes a connection and does not speak SSH: {last}")
        case _:
            return Unreached(cause, f"{target}: {last}")


def _host_key(target: SshTarget, said: str) -> Unreached:
    if "IDENTIFICATION HAS CHANGED" in said:
        why = f"{target} shows another host key than the one in {target.known_hosts}"
        return Unreached(
            Cause.HOST_KEY, why, "find out why before you write the new one down: it may be another machine"
        )
    why = f"no host key of {target} is in {target.known_hosts}"
    return Unreached(
        Cause.HOST_KEY, why, f"get it from the machine itself; ssh-keyscan -p {target.port} {target.host} shows it"
    )


def _broken_off(ended: Ended, bounds: Bounds) -> str:
    match ended.end:
        case End.ITSELF:
            return f"it was ended by signal {-ended.exit}"
        case End.LATE:
            return f"no end within {bounds.timeout_s:.0f} s"
        case End.FLOOD:
            return f"it says more than {bounds.largest} bytes"
        case End.STOPPED:
            return "stopped while it ran"


def _log(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST_LOG).decode("utf-8", "replace")
    except OSError:
        return ""


def _last(text: str) -> str:
    """The last complaint, on one line, without what cannot be shown."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith(_IDLE)]
    return "".join(item if item.isprintable() else "?" for item in lines[-1])[:_SAID] if lines else ""
