"""A stand-in for PowerShell on a Windows server, for trials and tests: it is not PowerShell, and proves nothing of it.

In: the command that an SSH client asked for, on standard input a script of this package and its data. Out: the answer
that the script declares, about services in a file. It runs no other script, and must never be taken for a Windows.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from binascii import a2b_base64, b2a_base64

TYPE_CHECKING = False  # it is started a hundred times: what costs is imported where it is used
if TYPE_CHECKING:
    from typing import Any, Self, TextIO

SCRIPTS = os.path.join(os.path.dirname(__file__), "scripts")  # noqa: PTH118, PTH120 - pathlib costs more than the rest
LONGEST_COMMAND = 8191
HANGS_S = 4


class Failure(Exception):
    """An error of Windows: a type, an identifier, a sentence in the server's language."""


def main() -> None:
    """What sshd runs for each login; the folder holds `mood`, `count` and a file for each server address."""
    folder = sys.argv[1]
    command = os.environ.get("SSH_ORIGINAL_COMMAND", "")
    mood = _text(folder, "mood")
    if len(command) > LONGEST_COMMAND:
        sys.exit(0)  # what cmd.exe was seen to do: cut, silent, content
    words = command.split(" ")
    if words[0] != "powershell.exe" or "-EncodedCommand" not in words or mood == "no powershell":
        _say(sys.stderr, "Der Befehl ist entweder falsch geschrieben oder konnte nicht gefunden werden.")
        sys.exit(1)
    if a2b_base64(words[-1]).decode("utf-16-le") != _text(SCRIPTS, "loader.ps1"):
        sys.exit("stand-in: this loader is unknown")
    script, given = (a2b_base64(line).decode() for line in sys.stdin.buffer.read().split(b"\n")[:2])
    common = _text(SCRIPTS, "common.ps1")
    name = next((item for item in ("look", "change") if script == common + _text(SCRIPTS, f"{item}.ps1")), None)
    if name is None:
        sys.exit("stand-in: this script is unknown")
    _answer(folder, mood, name, json.loads(given))


def _text(folder: str, name: str) -> str:
    try:
        with open(f"{folder}/{name}", encoding="utf-8") as file:  # noqa: PTH123 - as above
            return file.read()
    except FileNotFoundError:
        return ""


def _answer(folder: str, mood: str, name: str, data: dict[str, Any]) -> None:
    if mood in {"hang", f"hang at {name}"}:
        time.sleep(HANGS_S)
    while mood == "flood":
        _say(sys.stdout, "x" * 10_000)
    with Server(folder, os.environ["SSH_CONNECTION"].split()[2]) as server:
        if mood == "meanwhile" and name == "change":
            server.state["services"]["ISCAgent"]["start"] = 3
        try:
            answer, status = (server.look(data), 0) if name == "look" else server.change(data)
        except Failure as error:
            kind, identifier, says = error.args
            answer = {"changed": server.changed, "type": kind, "error": identifier, "says": says}
            status = 1
    if mood == f"lost at {name}":
        time.sleep(HANGS_S)
    lines = [f"ODR-BEGIN {data['nonce']}", json.dumps(answer), f"ODR-END {data['nonce']} {status}"]
    if mood == f"cut at {name}":
        _say(sys.stdout, lines[0], lines[1][:40])
        os.kill(os.getppid(), 9)
        sys.exit(0)
    if mood == f"no end at {name}":
        _say(sys.stdout, *lines[:2])
        sys.exit(0)
    _say(sys.stdout, *_spoilt(mood, lines, data["nonce"]))
    sys.exit(status)


def _spoilt(mood: str, lines: list[str], nonce: str) -> list[str]:
    """An answer that is none to this call."""
    match mood:
        case "another's answer":
            return [line.replace(nonce, "0" * 16) for line in lines]
        case "another status":
            return [*lines[:2], f"{lines[2][:-1]}7"]
        case "no json":
            return [lines[0], "{'it': is no JSON}", lines[2]]
        case "another form":
            return [lines[0], json.dumps({"services": "none"}), lines[2]]
        case "more behind it":
            return [*lines, "and more"]
        case _:
            return lines


def _say(stream: TextIO, *lines: str) -> None:
    stream.write("".join(f"{line}\r\n" for line in lines))
    stream.flush()


class Server:
    """One Windows server: its state is a file, locked while it is used."""

    def __init__(self, folder: str, address: str) -> None:
        self.path = f"{folder}/{address}.json"
        self.count = f"{folder}/count"
        self.changed = False

    def __enter__(self) -> Self:
        self.file = open(self.path, "r+", encoding="utf-8")  # noqa: PTH123 - as above; closed at the exit
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.state = json.load(self.file)
        return self

    def __exit__(self, *_: object) -> None:
        self.file.seek(0)
        self.file.truncate()
        json.dump(self.state, self.file)
        self.file.close()

    def look(self, data: dict[str, Any]) -> dict[str, Any]:
        """As look.ps1."""
        if self.state.get("denies"):
            raise Failure(
                "System.Management.Automation.MethodInvocationException", "Win32Exception", "Zugriff verweigert"
            )
        return {
            "services": [
                {"key": item["key"], "found": [self.service(name) for name in self.fitting(item)]}
                for item in data["services"]
            ],
            "files": [self.read(path, data["names"]) for path in data["files"]],
            "administrator": self.state.get("administrator", True),
            "bits": self.state.get("bits", 64),
            "now": self.state.get("now") or time.strftime("%Y-%m-%dT%H:%M:%S.0000000Z", time.gmtime()),
            "powershell": self.state.get("powershell", "5.1.14393.0"),
            "windows": "10.0.14393.0",
        }

    def fitting(self, wanted: dict[str, Any]) -> list[str]:
        """The names that fit, without regard to case, as `-eq` and `-like` compare."""
        import re

        pattern = (
            re.escape(wanted["text"]).replace(r"\*", ".*") if wanted["by"] != "name" else re.escape(wanted["text"])
        )
        shown = {
            name: found["display"] if wanted["by"] == "display" else name
            for name, found in self.state["services"].items()
        }
        return [name for name, text in shown.items() if re.fullmatch(pattern, text, re.IGNORECASE)]

    def service(self, name: str) -> dict[str, Any]:
        """As Read-Service of common.ps1."""
        found = self.state["services"][name]
        return {"name": name, **{key: found[key] for key in ("status", "start", "delayed", "actions")}}

    def read(self, path: str, names: list[str]) -> dict[str, Any]:
        """As Read-File of look.ps1."""
        import hashlib
        import re
        from xml.parsers import expat

        text = self.state.get("files", {}).get(path)
        if text is None:
            return {"path": path, "there": False}
        digest = hashlib.sha256(text.encode()).hexdigest()
        try:
            expat.ParserCreate().Parse(text, True)
        except expat.ExpatError:
            return {"path": path, "there": True, "xml": False, "digest": digest, "times": []}
        times = [len(re.findall(rf"(?i)(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", text)) for name in names]
        return {"path": path, "there": True, "xml": True, "digest": digest, "times": times}

    def change(self, data: dict[str, Any]) -> tuple[dict[str, Any], int]:
        """As change.ps1."""
        for item in data["changes"]:
            found = {key: item["found"][key] for key in ("name", "status", "start", "delayed", "actions")}
            if self.service(item["name"]) != found:
                return {"changed": False, "moved": item["name"]}, 2
        for item in data["changes"]:
            self.bring(item["name"], item["wanted"])
        return {"changed": self.changed, "services": [self.service(item["name"]) for item in data["changes"]]}, 0

    def bring(self, name: str, wanted: dict[str, Any]) -> None:
        """As Set-Wanted of change.ps1; `stuck` is a service that cannot be started."""
        service = self.state["services"][name]
        if "start" in wanted:
            self.arrived()
            service |= {"start": {"Automatic": 2, "Manual": 3, "Disabled": 4}[wanted["start"]], "delayed": False}
        if "reset" in wanted:
            self.arrived()
            actions = [int(item) for item in wanted["actions"].replace("restart", "1").split("/")]
            numbers = (wanted["reset"], 0, 0, len(actions) // 2, 20, *actions)
            registry = b"".join(number.to_bytes(4, "little") for number in numbers)
            service["actions"] = b2a_base64(registry, newline=False).decode()
        if "status" in wanted:
            self.arrived()
            if service.get("stuck"):
                raise Failure(
                    "System.Management.Automation.MethodInvocationException", "TimeoutException", "Zeitüberschreitung"
                )
            service["status"] = wanted["status"]

    def arrived(self) -> None:
        """Count it: something is changed now."""
        self.changed = True
        with open(self.count, "a", encoding="utf-8") as file:  # noqa: PTH123 - as above
            file.write(".")


if __name__ == "__main__":
    main()
