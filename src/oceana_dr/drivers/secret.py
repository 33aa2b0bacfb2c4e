"""The one place where a reference to a secret becomes the secret.

In: `env:NAME`, `file:PATH`, `command:…`. Out: its text, as late as possible, for one use.
It must never be kept, logged or put into an error: errors name the reference only.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import Unreadable
from oceana_dr.estate.values import SecretRef

_COMMAND_S: Final = 30
_LARGEST: Final = 64 * 1024


def resolve(secret: SecretRef) -> str:
    """The secret's text without its last line end; raises `Unreadable`."""
    kind, _, name = secret.reference.partition(":")
    match kind:
        case "env":
            found = os.environ.get(name)
        case "file":
            found = _file(secret, name)
        case "command":
            found = _command(secret, name)
        case _:
            raise Unreadable(f"{kind}: is no way to refer to a secret", hint="write env:NAME, file:PATH or command:…")
    if not found:
        raise Unreadable(f"there is no secret at {secret.reference}")
    return found.removesuffix("\n").removesuffix("\r")


def _file(secret: SecretRef, name: str) -> str:
    try:
        with Path(name).open("rb") as stream:
            return stream.read(_LARGEST).decode()
    except OSError as error:
        raise Unreadable(f"the secret {secret.reference} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Unreadable(f"the secret {secret.reference} is not text") from None


def _command(secret: SecretRef, line: str) -> str:
    import shlex
    import subprocess

    try:
        words = shlex.split(line)
        done = subprocess.run(
            words, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, timeout=_COMMAND_S
        )
    except (OSError, ValueError, subprocess.SubprocessError) as error:
        # Not the command's own words: they may repeat the secret.
        raise Unreadable(f"{secret.reference.partition(' ')[0]} … gave no secret: {type(error).__name__}") from None
    return done.stdout
