"""A stand-in for what runs on an Omnichannel Database server: csession and powershell.exe with ccontrol, their answers.

In: a state file, a program's name, its words and standard input. Out: what the program would print.
It has never met Caché: it knows the lines that this driver sends, each with the answer of the state, and refuses all
others as Caché would. Of the standard library only, and little of it: a trial starts it hundreds of times.
"""

from __future__ import annotations

import json
import re
import sys
import time
import zlib

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any  # a state is JSON that a trial has written itself

    State = dict[str, Any]

_PROMPT = "%SYS>"
_SIMPLE = re.compile(r'set k="(\w+)",v=(\S+) xecute odrw')
_START = re.compile(r'set odrn="([0-9a-f]+)",odrc=0,odrio=\$io')
_WRITE = (
    'set odrw="set odrc=odrc+1,v=$translate($zconvert(v,""O"",""JS""),""|"",""/"")'
    ' write !,$char(79,68,82),""|"",odrn,""|"",k,""|"",v,""|"",$zcrc(odrn_""|""_k_""|""_v,7),""|."",!"'
)
_HAS = re.compile(r'if ##class\(%Dictionary\.CompiledMethod\)\.%ExistsId\("([^"]+)"\) (.*)')
_SERVICE = (
    'set odrs=##class(Security.Services).Get("%Service_Mirror",.odrp)'
    ' if $system.Status.IsOK(odrs) set k="service",v=+$get(odrp("Enabled")) xecute odrw'
)
_NEW = re.compile(r'set odrr=##class\(%ResultSet\)\.%New\("SYS\.Mirror:(\w+)"\)')
_EXECUTE = re.compile(r'set odrs=odrr\.Execute\("([A-Z0-9]+)"\),odrm=odrr\.GetColumnCount\(\),odrl=0')
_HEADS = re.compile(r'for i=1:1:odrm set k="(\w+)\.0\."_i,v=odrr\.GetColumnName\(i\) xecute odrw')
_ROWS = re.compile(
    r"while odrr\.Next\(\) && \(odrl<(\d+)\) \{ set odrl=odrl\+1 for i=1:1:odrm \{"
    r' set k="(\w+)\."_odrl_"\."_i,v=odrr\.GetData\(i\) xecute odrw \} \}'
)
_COUNT = re.compile(r'set k="(\w+)",v=odrl_","_odrm xecute odrw')
_ACT = re.compile(
    r'set odrs="" if \$namespace="%SYS",##class\(%Dictionary\.CompiledMethod\)\.%ExistsId'
    r'\("SYS\.Mirror\|\|(\w+)"\),(\S+)'
    r' set k="sent",v="\1" xecute odrw set odrs=##class\(SYS\.Mirror\)\.\1\((?:\.odru)?\)'
)
_STATUS = 'if odrs\'="" set k="status",v=$system.Status.IsOK(odrs) xecute odrw'
_ERROR = 'if odrs\'="",\'$system.Status.IsOK(odrs) set k="error",v=$system.Status.GetErrorText(odrs) xecute odrw'
_CALL = re.compile(r"##class\(([^)]+)\)\.(%?\w+)\(|\$system\.(\w+)\.(\w+)\(")


def main(path: str, program: str, words: list[str], data: str) -> int:
    """Answer once, as the program."""
    state = _load(path)
    if state.get("silent"):
        time.sleep(60)
    code, said = answer(path, program, words, data)
    sys.stdout.write(said)
    return code


def answer(path: str, program: str, words: list[str], data: str) -> tuple[int, str]:
    """The exit code, and what is printed."""
    state = _load(path)
    if state.get("locked"):
        return 1, "Access Denied\n" if program == "csession" else "Access is denied.\n"
    if program == "csession":
        session = _Session(path, state, words)
        return session.run(data), "".join(session.said)
    if program == "powershell.exe" and words == ["-NoProfile", "-NonInteractive", "-Command", "-"]:
        return _powershell(path, state, data)
    return 1, f"{program}: this stand-in knows no such command\n"


def _load(path: str) -> State:
    with open(path, encoding="utf-8") as file:
        found: State = json.load(file)
    return found


def change(path: str, edit: Callable[[State], Any]) -> Any:
    """Change the state, alone; `edit` gets it and returns what this returns."""
    import fcntl
    import os

    with open(f"{path}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = _load(path)
        found = edit(state)
        with open(f"{path}.new", "w", encoding="utf-8") as file:
            json.dump(state, file)
        os.replace(f"{path}.new", path)
    return found


def _record(word: str, key: str, value: object) -> str:
    value = str(value).replace("\\", "\\\\").replace("|", "/")
    total = zlib.crc32(f"{word}|{key}|{value}".encode())
    return f"ODR|{word}|{key}|{value}|{total}|."


def server_of(state: State, instance: str) -> str | None:
    """The letter of the server that has this instance; None if there is none."""
    return next((letter for letter, item in state["servers"].items() if item["instance"] == instance), None)


class _Session:
    """A terminal in %SYS: one line after the other, as typed."""

    def __init__(self, path: str, state: State, words: list[str]) -> None:
        self.path, self.state = path, state
        self.letter = (server_of(state, words[0]) or "") if words[1:] == ["-U", "%SYS"] else ""
        self.said: list[str] = []
        self.word, self.count, self.writes = "", 0, False
        self.rows: list[list[str]] = []
        self.heads: list[str] = []
        self.status, self.row = "", 0

    def say(self, text: str) -> None:
        self.said.append(f"{text}\n")

    def run(self, data: str) -> int:
        if not self.letter or not self.state["servers"][self.letter]["running"]:
            self.say("Sign-on inhibited: Cache is down, or there is no such instance")
            return 1
        self.say(f"\nNode: STAND-IN, Instance: {self.state['servers'][self.letter]['instance']}\n")
        for line in data.splitlines():
            self.said.append(_PROMPT)
            if line == "halt":
                return 0
            self.line(line)
        return 0

    def put(self, key: str, value: object) -> None:
        if not self.writes:
            self.say("\n<UNDEFINED> *odrw")
            return
        self.say("\n" + _record(self.word, key, value))
        self.count += 1

    def line(self, line: str) -> None:  # noqa: C901, PLR0912 - one branch for each line that is known
        own = self.state["servers"][self.letter]
        if found := _START.fullmatch(line):
            self.word = found[1]
        elif line == _WRITE:
            self.writes = True
        elif found := _HAS.fullmatch(line):
            if found[1] in self.state["methods"]:
                self.line(found[2])
        elif line == 'set k="end",v=odrc xecute odrw':
            self.put("end", self.count)
        elif (found := _SIMPLE.fullmatch(line)) and found[2] in _VALUES:
            self.put(found[1], _VALUES[found[2]](self.state, own))
        elif line == _SERVICE:
            self.put("service", 1 if own.get("service", True) else 0)
        elif found := _NEW.fullmatch(line):
            self.heads, self.rows = _lists(self.state, self.letter).get(found[1], ([], []))
        elif (found := _EXECUTE.fullmatch(line)) and found[1] == self.state["mirror"]:
            self.row = 0
        elif found := _HEADS.fullmatch(line):
            for number, head in enumerate(self.heads, 1):
                self.put(f"{found[1]}.0.{number}", head)
        elif found := _ROWS.fullmatch(line):
            for row in self.rows[: int(found[1])]:
                self.row += 1
                for number, cell in enumerate(row, 1):
                    self.put(f"{found[2]}.{self.row}.{number}", cell)
        elif found := _COUNT.fullmatch(line):
            self.put(found[1], f"{self.row},{len(self.heads)}")
        elif found := _ACT.fullmatch(line):
            if f"SYS.Mirror||{found[1]}" in self.state["methods"]:
                self.act(found[2], found[1], own)
        elif line == "use odrio":
            pass
        elif line == _STATUS:
            if self.status:
                self.put("status", 1 if self.status == "ok" else 0)
        elif line == _ERROR:
            if self.status and self.status != "ok":
                self.put("error", self.status)
        elif found := _CALL.search(line):
            self.say(f"\n<METHOD DOES NOT EXIST> *{found[2] or found[4]},{found[1] or found[3]}")
        else:
            self.say("\n<SYNTAX>")

    def act(self, guard: str, method: str, own: State) -> None:
        """What SYS.Mirror does; the state is changed, or the status says why not."""
        if not _VALUES[guard](self.state, own):
            return
        self.put("sent", method)
        self.status = change(self.path, lambda state: _METHODS[method](state, self.letter))
        self.state = _load(self.path)


def _is(part: str) -> Callable[[State, State], object]:
    return lambda _, own: 1 if own["part"] == part else 0


_VALUES: dict[str, Callable[[State, State], object]] = {
    "$namespace": lambda *_: "%SYS",
    "$zversion": lambda *_: "Cache for Windows (stand-in) 2017.2.2",
    "$system.Mirror.IsMember()": lambda _, own: {"none": 0, "async": 2}.get(own["part"], 1),
    "$system.Mirror.IsPrimary()": _is("primary"),
    "$system.Mirror.IsBackup()": _is("backup"),
    "$system.Mirror.IsAsyncMember()": _is("async"),
    "$system.Mirror.MirrorName()": lambda state, own: "" if own["part"] == "none" else state["mirror"],
    "$system.Mirror.GetMemberType()": lambda _, own: {
        "none": "Not Member",
        "async": own.get("type", "Disaster Recovery"),
    }.get(own["part"], "Failover"),
}


def _lists(state: State, letter: str) -> dict[str, tuple[list[str], list[list[str]]]]:
    own = state["servers"][letter]
    if own["part"] == "none":
        return {"MemberStatusList": (state["columns"], []), "MirroredDatabaseList": (["Name"], [])}
    members = [_member(item) for item in state["servers"].values() if item["part"] != "none"]
    names = own.get("databases", state["databases"])
    databases = [[f":mirror:{state['mirror']}:{name}", "Normal"] for name in names]
    return {"MemberStatusList": (state["columns"], members), "MirroredDatabaseList": (["Name", "Status"], databases)}


def _member(item: State) -> list[str]:
    kind = "Failover" if item["part"] in {"primary", "backup"} else "Disaster Recovery"
    if not item["running"] or item.get("lost"):
        since = "Disconnected on 2026-01-01 02:10:00"
        return [item["member"], kind, "Down", since, since]
    status = {"primary": "Primary", "backup": "Backup", "async": "Connected"}[item["part"]]
    transfer = {"primary": "N/A", "backup": "Active"}.get(item["part"], item.get("lag", "Caught up"))
    dejournaling = "N/A" if item["part"] == "primary" else item.get("lag", "Caught up")
    return [item["member"], kind, item.get("status", status), transfer, dejournaling]


def _becomes(own: State, part: str) -> None:
    """Take a part, and keep in the file what Caché keeps there of it."""
    own["part"] = part
    own["cpf"].update(
        AsyncMemberGUID="7E0F" if part == "async" else "", ValidatedMember="0" if part == "async" else "1"
    )


def promote(state: State, letter: str) -> str:
    primary = next((item for item in state["servers"].values() if item["part"] == "primary"), None)
    if primary is None or not primary["running"] or primary.get("lost"):
        return "ERROR #2088: the primary does not answer"
    for item in state["servers"].values():
        if item["part"] == "backup":
            _becomes(item, "async")
    _becomes(state["servers"][letter], "backup")
    state["changes"] += 1
    return "ok"


def promote_alone(state: State, letter: str) -> str:
    _becomes(state["servers"][letter], "primary")
    state["changes"] += 1
    return "ok"


def demote(state: State, letter: str) -> str:
    own = state["servers"][letter]
    if own["part"] != "backup":
        return "ERROR #2090: only a backup can be demoted"
    _becomes(own, "async")
    state["changes"] += 1
    return "ok"


_METHODS = {"Promote": promote, "PromoteWithNoPartner": promote_alone, "Demote": demote}


def stop(state: State, letter: str) -> str:
    """Caché stops in order: a backup that is there takes the primary's part, and the agent tells who was primary."""
    own = state["servers"][letter]
    own["running"] = False
    heir = next((item for item in state["servers"].values() if item["part"] == "backup" and item["running"]), None)
    if own["part"] == "primary" and heir is not None:
        _becomes(heir, "primary")
        own["part"], own["cpf"]["ValidatedMember"] = "backup", "0"
    state["changes"] += 1
    return "ok"


def start(state: State, letter: str) -> str:
    """Caché starts; with ValidatedMember 1 it takes the part that it had."""
    own = state["servers"][letter]
    own["running"] = True
    if own["cpf"].get("JoinMirror") == "0":
        own["part"] = "none"
    elif own["part"] == "backup":
        _becomes(own, "backup")
    state["changes"] += 1
    return "ok"


def _powershell(path: str, state: State, data: str) -> tuple[int, str]:
    """The two scripts that are known: looking, and starting or stopping an instance."""
    word = re.search(r"^\$odrn = '([0-9a-f]+)'; \$script:odrc = 0$", data, re.MULTILINE)
    named = re.search(r"& ccontrol (qlist|start|stop) '([A-Za-z0-9_-]+)'", data)
    letter = server_of(state, named[2]) if named else None
    if word is None or named is None or letter is None:
        return 1, "This stand-in knows no such script, or no such instance.\n"
    plain = data.replace(word[1], "@word@").replace(f"'{named[2]}'", "'@instance@'")
    if zlib.crc32(plain.encode()) not in state["scripts"]:
        return 1, "This stand-in knows no such script.\n"
    own = state["servers"][letter]
    records: list[tuple[str, object]] = [("now", _now())]
    if named[1] == "qlist":
        status = "running, since" if own["running"] else "down, last used"
        status = f"{status} Mon Jan 05 08:00:00 2026"
        records += [("fields", 10), ("name", own["instance"]), ("version", "2017.2.2.865.0"), ("status", status)]
        records += [(f"cpf.{key.lower()}", value) for key, value in sorted(own["cpf"].items())] + [("cpf", "read")]
    else:
        change(path, lambda now: (stop if named[1] == "stop" else start)(now, letter))
        records += [("exit", 0)]
    records.append(("end", len(records)))
    return 0, "".join(f"{_record(word[1], key, value)}\n" for key, value in records)


def _now() -> str:
    now = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(now)) + f".{int(now * 1000) % 1000:03d}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:], sys.stdin.read()))
