"""Servers to test the driver against: a real SSH server with a stand-in for PowerShell, or those of somebody's options.

In: options, or None for servers of its own. Out: a `Trial`.
The stand-in must never be taken for a Windows: what it answers is what the scripts declare, no more.
"""

from __future__ import annotations

import json
import shlex
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from struct import pack
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.ssh_trial import SshServer, ssh_server
from oceana_dr.drivers.trial import Attempt, site_for_tests
from oceana_dr.drivers.windows.reader import open_reader
from oceana_dr.drivers.windows.recovery import DELAY, SECONDS_A_DAY
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.values import Json

if TYPE_CHECKING:
    from oceana_dr.drivers.windows.options import WindowsOptions

AGENT: Final = Address("dc1/omnichannel/A/ISCAgent")
HOSTS: Final[Mapping[str, str]] = {
    "ocdb-a.globex.example": "127.0.0.2",
    "ocdb-b.globex.example": "127.0.0.3",
    "ocdb-c.globex.example": "127.0.0.4",
    "acm-app-1.globex.example": "127.0.0.5",
    "acm-app-2.globex.example": "127.0.0.6",
    "acm-sql-1.globex.example": "127.0.0.7",
    "acm-sql-2.globex.example": "127.0.0.8",
}
"""Where the servers of the site for tests are, each on an address of loopback of its own."""
_STAND_IN: Final = Path(__file__).with_name("stand_in.py")
_PASSWORD: Final = "hunter2-in-a-file"  # noqa: S105 - of nobody, to see that it gets nowhere
_FILE: Final = f'<settings><add value="Server=acm-sql-1.globex.example;Password={_PASSWORD}"/></settings>'
_COPIES: Final = (r"C:\Windows\System32\Nav360Config.xml", r"C:\Windows\SysWOW64\Nav360Config.xml")


@dataclass
class Stand:
    """Seven servers of Windows that are none: one SSH server, and the stand-in's files."""

    server: SshServer
    folder: Path

    @property
    def login(self) -> dict[str, Any]:
        """What `WindowsOptions` has for it, with times short enough for a test."""
        return {**self.server.login, "hosts": dict(HOSTS), "answer_s": 10.0, "settle_s": 2}

    def state(self, host: str) -> dict[str, Any]:
        """What a server has."""
        found: dict[str, Any] = json.loads(self._file(host).read_text())
        return found

    def set_state(self, host: str, state: Mapping[str, Any]) -> None:
        """Give a server another state."""
        self._file(host).write_text(json.dumps(state))

    def reset(self) -> None:
        """All of them as at the beginning."""
        (self.folder / "mood").unlink(missing_ok=True)
        (self.folder / "count").write_text("")
        for host, state in _states().items():
            self.set_state(host, state)

    def arrived(self) -> int:
        """How many changes have been made on all of them."""
        return len((self.folder / "count").read_text())

    @contextmanager
    def being(self, mood: str) -> Iterator[None]:
        """In this mood, for as long as it is entered; `stand_in` says which there are."""
        (self.folder / "mood").write_text(mood)
        try:
            yield
        finally:
            (self.folder / "mood").unlink()

    def _file(self, host: str) -> Path:
        return self.folder / f"{HOSTS[host]}.json"


class WindowsTrial:
    """The driver on these servers; `stand` is None where they are somebody's."""

    def __init__(self, against: str, setting: Setting[Any], stand: Stand | None) -> None:
        self.against = against
        self.setting = setting
        self.secrets = () if stand is None else _secrets(stand)
        self._stand = stand
        self.attempts = _attempts(setting, alone=stand is not None)

    def arrived(self) -> int | None:
        """Changes that the stand-in has made."""
        return None if self._stand is None else self._stand.arrived()

    def silence(self) -> AbstractContextManager[None] | None:
        """Connections come about, and nothing is said."""
        return None if self._stand is None else self._stand.server.silent()

    def lock_out(self) -> AbstractContextManager[None] | None:
        """No key is let in."""
        return None if self._stand is None else self._stand.server.letting_nobody_in()


@contextmanager
def windows_trial(options: WindowsOptions | None) -> Iterator[WindowsTrial]:
    """The servers of the options under the names of the site for tests, or a stand-in; raises `Refused` without one."""
    from oceana_dr.drivers.windows.options import WindowsOptions

    bound = site_for_tests()
    if options is not None:
        yield WindowsTrial("the servers of the options", Setting("globex", options, bound), None)
        return
    with windows_stand() as stand:
        setting = Setting("globex", WindowsOptions.model_validate(stand.login), bound)
        yield WindowsTrial("OpenSSH on loopback, and a stand-in for PowerShell: no Windows", setting, stand)


@contextmanager
def windows_stand() -> Iterator[Stand]:
    """The servers for as long as it is entered."""
    with tempfile.TemporaryDirectory(prefix="oceana-dr-windows-") as name:
        # Without what else is installed there: it starts a hundred times.
        command = shlex.join([sys.executable, "-I", "-S", str(_STAND_IN), name])
        with ssh_server(command, tuple(HOSTS.values())) as server:
            stand = Stand(server, Path(name))
            stand.reset()
            yield stand


def failure_actions(reset_s: int, *actions: tuple[int, int]) -> str:
    """The registry's FailureActions, in base64."""
    head = pack("<5I", reset_s, 0, 0, len(actions), 20)
    return b64encode(head + b"".join(pack("<2I", *item) for item in actions)).decode()


def _states() -> dict[str, dict[str, Json]]:
    agent = _service("ISCAgent", actions=failure_actions(120 * SECONDS_A_DAY, *[(1, 0)] * 3))
    found: dict[str, dict[str, Json]] = {host: {"services": {"ISCAgent": agent}} for host in HOSTS if "ocdb" in host}
    for side, status in ((1, 4), (2, 1)):
        found[f"acm-sql-{side}.globex.example"] = {
            "services": {
                "MSSQLSERVER": _service("SQL Server (MSSQLSERVER)"),
                "MSSQLFDLauncher": _service("SQL Full-text"),
            }
        }
        found[f"acm-app-{side}.globex.example"] = {
            "services": {
                "AcmAudit": _service("ACM Audit Log Service", status),
                "AcmLicense": _service("ACM License Tracker", status),
                "AcmHa": _service("ACM High Availability"),
            },
            "files": dict.fromkeys(_COPIES, _FILE),
        }
    return found


def _service(display: str, status: int = 4, actions: str | None = None) -> dict[str, Json]:
    return {"display": display, "status": status, "start": 2, "delayed": False, "actions": actions}


def _attempts(setting: Setting[Any], *, alone: bool) -> tuple[Attempt, ...]:
    """The agent is stopped where nobody needs it; elsewhere a field of its recovery options is moved."""
    (reading,) = open_reader(setting).read([AGENT])
    found = reading.resource.get(DELAY) if isinstance(reading.resource, Mapping) else reading.resource
    if not isinstance(found, int):
        raise Refused(
            f"{AGENT} cannot be tested with: {found}", hint="Windows must restart the service after a failure"
        )
    if alone:
        place, was, other = Ref(f"{AGENT}#Service status"), "running", "stopped"
        stop, start = SetValues({place: other}), SetValues({place: was})
        return (Attempt("stop the agent's service", stop, before={place: was}, after={place: other}, undo=start),)
    delay = Ref(f"{AGENT}#{DELAY}")
    move, back = SetValues({delay: 0 if found else 1}), SetValues({delay: found})
    return (Attempt("restart it later", move, before=back.values, after=move.values, undo=back),)


def _secrets(stand: Stand) -> tuple[str, ...]:
    key = (stand.server.folder / "key").read_text("ascii").splitlines()
    return (key[2], _PASSWORD)
