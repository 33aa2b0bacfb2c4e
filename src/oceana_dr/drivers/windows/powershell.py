"""One script on one Windows server, and its answer.

In: a target, a script of this package, data. Out: `Answered`, or why nothing was run, or that nobody knows.
Data must never become code; and what does not end with this call's own sentinel must never count as an answer.
"""

from __future__ import annotations

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, TypeAlias

from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.ssh import Cause, Finished, Lost, SshTarget, Unreached, run
from oceana_dr.estate.values import Json

Script = Literal["look", "change"]

LONGEST_COMMAND: Final = 8191
"""Characters that cmd.exe takes in a line (Microsoft, article 830473); what is longer may be cut, and end with 0."""
DONE: Final = 0
FAILED: Final = 1
MOVED: Final = 2
"""How a script ends: with what it was asked for, with an error of Windows, or because something had changed."""
_SCRIPTS: Final = Path(__file__).with_name("scripts")
_START: Final = ("powershell.exe", "-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text")
_SAID: Final = 200


@dataclass(frozen=True, slots=True)
class Answered:
    """The script ended by itself, with this status, and this is its answer."""

    status: int
    answer: Mapping[str, Any]  # Any: JSON of a script that is ours, on a server that is not


Reply: TypeAlias = Answered | Unreached | Lost


class TooLong(Exception):
    """The command would not arrive whole; nothing was sent."""


class _Unclear(Exception):
    """What came is no answer to this call."""


def ask(target: SshTarget, script: Script, data: Mapping[str, Json], bounds: Bounds) -> Reply:
    """Run a script there, once, with these data."""
    nonce = secrets.token_hex(8)
    try:
        words = command()
    except TooLong as error:
        return Unreached(Cause.OTHER, f"{target}: {error}")
    found = run(target, words, payload(script, {**data, "nonce": nonce}), bounds)
    if not isinstance(found, Finished):
        return found
    try:
        return _answer(found, nonce)
    except _Unclear as error:
        return Lost(f"{target}: {error}")


def command() -> Sequence[str]:
    """The command that the server is asked to run: always the same, the script comes on its input."""
    words = (*_START, "-EncodedCommand", b64encode(_text("loader").encode("utf-16-le")).decode("ascii"))
    if len(" ".join(words)) > LONGEST_COMMAND:
        raise TooLong(f"the command has more than {LONGEST_COMMAND} characters")
    return words


def payload(script: Script, data: Mapping[str, Json]) -> bytes:
    """What the loader reads: the script, then its data, each a line of base64."""
    text = json.dumps(data)
    return b"".join(b64encode(part.encode()) + b"\n" for part in (source(script), text))


@cache
def source(script: Script) -> str:
    """The script as it runs there."""
    return _text("common") + _text(script)


def _text(name: str) -> str:
    return (_SCRIPTS / f"{name}.ps1").read_text("ascii")


def _answer(found: Finished, nonce: str) -> Answered:
    """What stands between the two sentinels of this call, and nothing after them."""
    lines = found.stdout.decode("ascii", "replace").replace("\r\n", "\n").split("\n")
    while lines and not lines[-1].strip():
        lines.pop()
    if len(lines) < 3 or lines[-3] != f"ODR-BEGIN {nonce}" or not lines[-1].startswith(f"ODR-END {nonce} "):
        raise _Unclear(f"no end of an answer came: {_said(found)}")
    status = lines[-1].rpartition(" ")[2]
    if status != str(found.exit):
        raise _Unclear(f"the answer ends with {status[:20]}, and the command with {found.exit}")
    try:
        answer = json.loads(lines[-2])
    except ValueError:
        raise _Unclear("the answer is not JSON") from None
    if not isinstance(answer, dict):
        raise _Unclear("the answer is no object")
    return Answered(found.exit, answer)


def _said(found: Finished) -> str:
    """What came instead, on one line: for people, it may be in any language."""
    text = (found.stderr.strip() or found.stdout.strip()).decode("utf-8", "replace")
    shown = "".join(item if item.isprintable() else " " for item in text[:_SAID])
    return f"it ended with {found.exit}" + (
        f" and said: {' '.join(shown.split())}" if shown.strip() else " and said nothing"
    )
