"""A mirror that stands in for a real one: a folder with a state and programs, and what people do at its consoles.

In: a folder. Out: `Stand`, with options for the driver; acts of people by the catalogue's procedures.
It shows how the driver speaks and what it makes of the answers, never that Caché would answer so.
"""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from oceana_dr.drivers.contract import Declined, Done, InDoubt, Outcome
from oceana_dr.drivers.mirror import host, stand_in
from oceana_dr.drivers.mirror.options import MirrorOptions
from oceana_dr.estate.action import Action, RunProcedure

PROGRAMS: Final = ("csession", "powershell.exe")
_PROGRAM: Final = """\
#!{python} -IS
import sys
sys.path.insert(0, {folder!r})
import stand_in
sys.exit(stand_in.main({state!r}, {program!r}, sys.argv[1:], sys.stdin.read()))
"""
# What the forced command of an SSH server runs: the words that were asked for, of these programs only.
_SHELL: Final = """\
#!{python} -IS
import os, shlex, sys
sys.path.insert(0, {folder!r})
import stand_in
words = shlex.split(os.environ.get("SSH_ORIGINAL_COMMAND", ""))
program = words[0] if words else "nothing"
sys.exit(stand_in.main({state!r}, program, words[1:], sys.stdin.read()))
"""
_COLUMNS: Final = ("Member Name", "Member Type", "Status", "Journal Transfer", "Dejournaling")
_METHODS: Final = (
    "%SYSTEM.Mirror||GetMemberType",
    "Security.Services||Get",
    "SYS.Mirror||Promote",
    "SYS.Mirror||PromoteWithNoPartner",
    "SYS.Mirror||Demote",
)
AT_REST: Final = {"A": "primary", "B": "backup", "C": "async"}


class Stand:
    """The programs in `folder`, and the servers that they speak for."""

    def __init__(self, folder: Path, letters: str = "ABC") -> None:
        self.folder = folder
        self._path = str(folder / "state.json")
        scripts = (host.LOOK, *(host.CONTROL.replace("@verb@", verb) for verb in ("start", "stop")))
        state = {
            "mirror": "AOCMIRROR",
            "databases": ["MULTIMEDIA_DATA", "COBROWSE_DATA"],
            "columns": list(_COLUMNS),
            "methods": list(_METHODS),
            "scripts": [zlib.crc32(script.encode("ascii")) for script in scripts],
            "changes": 0,
            "servers": {letter: _server(letter) for letter in letters},
        }
        Path(self._path).write_text(json.dumps(state), "utf-8")
        here = str(Path(stand_in.__file__).parent)
        for program in PROGRAMS:
            self._write(program, _PROGRAM.format(python=sys.executable, folder=here, state=self._path, program=program))
        self._write("shell", _SHELL.format(python=sys.executable, folder=here, state=self._path))

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.write_text(text, "utf-8")
        path.chmod(0o755)

    def options(self, login: Mapping[str, Any] | str = "local", **others: object) -> MirrorOptions:
        """Options that lead here: programs of this machine, or a login whose command is `shell`."""
        programs = {
            name: str(self.folder / program) for name, program in zip(("csession", "powershell"), PROGRAMS, strict=True)
        }
        servers = {letter: {"instance": item["instance"]} for letter, item in self.state["servers"].items()}
        if login != "local":
            programs = {}
            servers = {letter: {**item, "host": "127.0.0.1"} for letter, item in servers.items()}
        return MirrorOptions.model_validate({"login": login, "servers": servers, **programs, **others})

    @property
    def state(self) -> dict[str, Any]:
        """As it is now."""
        found: dict[str, Any] = json.loads(Path(self._path).read_text("utf-8"))
        return found

    def set(self, **values: object) -> None:
        """Change the state as a whole."""
        stand_in.change(self._path, lambda state: state.update(values))

    def be(self, letter: str, **values: object) -> None:
        """Change one server."""
        stand_in.change(self._path, lambda state: state["servers"][letter].update(values))

    def control(self, letter: str, *, running: bool) -> None:
        """Start or stop an instance, as the Caché icon does."""
        act = stand_in.start if running else stand_in.stop
        stand_in.change(self._path, lambda state: act(state, letter))

    @contextmanager
    def being(self, word: str) -> Iterator[None]:
        """`silent`: no program answers; `locked`: none lets the account in."""
        self.set(**{word: True})
        try:
            yield
        finally:
            self.set(**{word: False})

    def perform(self, action: Action, by: str) -> Outcome:  # noqa: ARG002 - whoever it is
        """What a person does at the console that a procedure names; only what the mirror shows of it."""
        if self.state.get("silent"):
            return InDoubt("the console does not answer")
        if self.state.get("locked"):
            return Declined("the console lets nobody in", "auth")
        if not isinstance(action, RunProcedure) or (act := ACTS.get(action.procedure)) is None:
            return Declined("nothing at this stand-in is called that", "stand-in")
        said = stand_in.change(self._path, lambda state: act(state, action.arguments))
        return Done() if said == "ok" else Declined(said, "stand-in")


def _server(letter: str) -> dict[str, Any]:
    part = AT_REST[letter]
    cpf = {"AsyncMemberGUID": "", "AsyncMemberType": "0", "JoinMirror": "1", "SystemName": f"OCDB-{letter}"}
    cpf |= {"ValidatedMember": "1"} if part != "async" else {"ValidatedMember": "0", "AsyncMemberGUID": "7E0F"}
    return {"instance": f"CCDS{letter}", "member": f"OCDB-{letter}", "running": True, "part": part, "cpf": cpf}


def _promote_both_up(state: dict[str, Any], _arguments: Mapping[str, str]) -> str:
    """BackupAndRestore.exe: Switchover Cache up on both servers."""
    a, c = state["servers"]["A"], state["servers"]["C"]
    if c["part"] != "async" or not a["running"] or a["part"] != "primary":
        return "the scenario fits only while Server A is primary and Server C async"
    stand_in.promote(state, "C")
    return stand_in.stop(state, "A")


def _promote_primary_down(state: dict[str, Any], _arguments: Mapping[str, str]) -> str:
    """BackupAndRestore.exe: Switchover primary server down. No agent of Server A answers: its file stays as it is."""
    if state["servers"]["C"]["part"] != "async":
        return "Server C is not async"
    return stand_in.promote_alone(state, "C")


def _demote(state: dict[str, Any], _arguments: Mapping[str, str]) -> str:
    """Start Cache, then BackupAndRestore.exe: Demote to Async."""
    stand_in.start(state, "A")
    return stand_in.demote(state, "A")


def _take_out(state: dict[str, Any], arguments: Mapping[str, str]) -> str:
    own = state["servers"][arguments.get("server", "B")]
    own["cpf"] = {**own["cpf"], "JoinMirror": "0", "ValidatedMember": "0"}
    own.update(part="none", running=True, lost=False)
    state["changes"] += 1
    return "ok"


def _take_c_out(state: dict[str, Any], _arguments: Mapping[str, str]) -> str:
    return _take_out(state, {"server": "C"})


def _create(state: dict[str, Any], _arguments: Mapping[str, str]) -> str:
    """Server A makes the mirror."""
    state["servers"]["A"].update(_server("A"))
    state["changes"] += 1
    return "ok"


def _build_again(state: dict[str, Any], _arguments: Mapping[str, str]) -> str:
    """Server C joins Server A's mirror again."""
    for letter, own in state["servers"].items():
        own.update(_server(letter))
    state["changes"] += 1
    return "ok"


def _turn(letter: str, *, running: bool) -> Any:
    act = stand_in.start if running else stand_in.stop
    return lambda state, _arguments: act(state, letter)


ACTS: Final[dict[str, Any]] = {
    "promote-async-active-available": _promote_both_up,
    "promote-async-ha-all-available": _promote_both_up,
    "promote-async-single-dc1-offline": _promote_primary_down,
    "promote-async-ha-dc1-offline": _promote_primary_down,
    "demote-to-async": _demote,
    "remove-cache-mirroring": _take_out,
    "remove-cache-mirroring-server": _take_out,
    "remove-cache-mirroring-async": _take_c_out,
    "restore-omnichannel-database-dc1": lambda state, _arguments: stand_in.start(state, "A"),
    "configure-cache-mirroring-active-dc1": _create,
    "configure-cache-mirroring-backup-dc2": _build_again,
    "start-cache-c": _turn("C", running=True),
    "stop-cache-c": _turn("C", running=False),
    "stop-cache-a": _turn("A", running=False),
}
