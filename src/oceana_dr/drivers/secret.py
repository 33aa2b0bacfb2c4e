"""The one place where a reference to a secret becomes the secret.

In: `env:NAME`, `file:PATH`, `command:…`. Out: a `Secret`, as late as possible, for one use.
It must never be kept, logged or put into an error: errors name the reference only, and no word of a command's.
"""

from __future__ import annotations

import os
import stat
from typing import Any, Final, NoReturn

from oceana_dr.diagnostics import Unreadable
from oceana_dr.estate.values import SecretRef

COMMAND_S: Final = 30.0
"""A vault that has not answered by then will not."""
LARGEST: Final = 64 * 1024
MASK: Final = "(secret)"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class Secret:
    """A secret's text. Whatever shows or logs it gets the mask, nothing saves it; `reveal` gives it, for one use."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text; to be handed to what needs it in the same expression, and bound to no name that lives longer."""
        return self._text

    def hide(self, text: str) -> str:
        """A text of somebody else, without the secret: what a target answers may repeat it."""
        return text.replace(self._text, MASK)

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, _spec: str) -> str:
        return MASK

    def __reduce_ex__(self, _protocol: object) -> NoReturn:
        raise TypeError("a secret is not saved")

    def __eq__(self, other: object) -> bool:
        from hmac import compare_digest

        return isinstance(other, Secret) and compare_digest(self._text.encode(), other._text.encode())

    __hash__ = None  # type: ignore[assignment] # in a set or as a key it would be kept


def fingerprint(secret: Secret, key: bytes) -> str:
    """Twelve digits that are the same for the same secret and key, and tell nothing of it to who has no key.

    To see that a secret was changed, or that two references lead to the same one.
    """
    import hmac

    return hmac.new(key, secret.reveal().encode(), "sha256").hexdigest()[:12]


def resolve(secret: SecretRef) -> Secret:
    """The secret without its last line end; raises `Unreadable`."""
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
    found = (found or "").removesuffix("\n").removesuffix("\r")
    if not found:
        raise Unreadable(f"there is no secret at {named(secret)}")
    return Secret(found)


def named(secret: SecretRef) -> str:
    """The reference as it is shown: of a command only the program, its arguments may be long."""
    kind, _, rest = secret.reference.partition(":")
    program, blank, _ = rest.strip().partition(" ")
    return f"command:{program} …" if kind == "command" and blank else secret.reference


def _file(secret: SecretRef, name: str) -> str:
    try:
        handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        link = os.path.islink(name)  # noqa: PTH114 - a name that a user wrote, and no other use of pathlib here
        why = "it is a symbolic link" if link else str(error.strerror)
        hint = "name the file itself: who may change the link could choose another" if link else None
        raise Unreadable(f"the secret {secret.reference} cannot be read: {why}", hint=hint) from None
    try:
        _check_owner(secret, os.fstat(handle), name)
        data = _bounded(handle)
    except OSError as error:
        raise Unreadable(f"the secret {secret.reference} cannot be read: {error.strerror}") from None
    finally:
        os.close(handle)
    return _text(secret, data)


def _check_owner(secret: SecretRef, found: os.stat_result, name: str) -> None:
    """Nobody but its owner may read it, and nobody but us or the system may own it."""
    if not stat.S_ISREG(found.st_mode):
        raise Unreadable(f"the secret {secret.reference} cannot be read: it is no regular file")
    if found.st_mode & _OTHERS:
        raise Unreadable(
            f"the secret {secret.reference} can be read or changed by others (mode {stat.S_IMODE(found.st_mode):04o})",
            hint=f"chmod 600 {name}, and change the secret if it was seen",
        )
    if found.st_uid not in {os.geteuid(), 0}:
        raise Unreadable(
            f"the secret {secret.reference} belongs to somebody else (user {found.st_uid})",
            hint="its owner is whoever runs oceana-dr, or root",
        )


def _bounded(handle: int) -> bytes:
    data = b""
    while len(data) <= LARGEST and (more := os.read(handle, LARGEST + 1 - len(data))):
        data += more
    return data


def _text(secret: SecretRef, data: bytes) -> str:
    if len(data) > LARGEST:
        raise Unreadable(f"the secret {named(secret)} is larger than {LARGEST} bytes: this is no secret")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        raise Unreadable(f"the secret {named(secret)} is not text") from None
    if "\0" in text:
        raise Unreadable(f"the secret {named(secret)} is not text")
    return text


def _command(secret: SecretRef, line: str) -> str:
    import shlex
    import subprocess

    try:
        words = shlex.split(line)
    except ValueError as error:
        raise Unreadable(f"{named(secret)} gave no secret, it is no command: {error}") from None
    try:
        # A session of its own: what it starts is ended with it.
        program = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
        )
    except (OSError, ValueError, IndexError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise Unreadable(f"{named(secret)} gave no secret, it cannot be started: {why}") from None
    try:
        data = _printed(program)
    finally:
        _end(program)
    if data is None:
        raise Unreadable(
            f"{named(secret)} gave no secret within {COMMAND_S:.0f} s", hint="does it ask somebody something?"
        )
    if len(data) <= LARGEST and program.returncode:
        # Not the command's own words: they may repeat the secret.
        raise Unreadable(
            f"{named(secret)} gave no secret: it ended with {program.returncode}",
            hint="run it yourself: what it says is not shown here, for it may hold the secret",
        )
    return _text(secret, data)


def _printed(program: Any) -> bytes | None:
    """What it prints, up to what no secret has; None when the time is up."""
    import select
    import subprocess
    import time

    deadline, handle, data = time.monotonic() + COMMAND_S, program.stdout.fileno(), b""
    while (left := deadline - time.monotonic()) > 0:
        if not select.select([handle], [], [], left)[0]:
            break
        more = os.read(handle, LARGEST + 1 - len(data))
        data += more
        if len(data) > LARGEST:
            return data
        if not more:
            try:
                program.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                break
            return data
    return None


def _end(program: Any) -> None:
    """Nothing of it goes on."""
    import signal
    from contextlib import suppress

    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()
    program.stdout.close()
