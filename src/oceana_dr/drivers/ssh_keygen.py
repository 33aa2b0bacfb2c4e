"""Signatures by OpenSSH: `ssh-keygen -Y`, as git makes and verifies them.

In: bytes, a key or a signature, the allowed signers file, a moment. Out: a signature; or whose it is, or why nobody's.
No key and no passphrase passes through here: ssh-keygen asks the agent, the token or the person itself. What a
signature claims of itself is never believed: the allowed signers file says whose key it is.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import OceanaError, Unreadable

NAMESPACE: Final = "oceana-dr-approval"
"""What a signature is for: one made for git or for a file does not verify here."""

_VERIFY_S: Final = 30
_GOOD: Final = re.compile(r"^Good \"[^\"]*\" signature .* key (?P<key>SHA256:[A-Za-z0-9+/]+)\s*$", re.MULTILINE)
_PATTERN: Final = re.compile(r"[*?!]")
_MISSING: Final = "install OpenSSH's client: apt-get install openssh-client, or dnf install openssh-clients"


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose keys count: the allowed signers file, and keys that are revoked, if there is a file of them."""

    allowed: Path
    revoked: Path | None = None


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose signature it is: the principals that the allowed signers file gives the key, and its fingerprint."""

    principals: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Unproven:
    """The signature proves nothing, and why."""

    why: str


def sign(key: Path, data: bytes) -> str:
    """Sign with a private key, or with the agent that has the private one to this public key.

    ssh-keygen may ask a person for the passphrase, or to touch a token: it is waited for. Raises `OceanaError`.
    """
    done = _run(["-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE], data, waits=True)
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        raise OceanaError(
            f"ssh-keygen did not sign with {key}: {_said(done)}",
            hint="name another key with --key, or load it: ssh-add",
        )
    return done.stdout.decode("ascii", "replace")


def verify(signers: Signers, data: bytes, signature: str, at: datetime) -> Signer | Unproven:
    """Whose signature over exactly these bytes it is, by the signers and revocations of now, at a moment.

    Times in the allowed signers file are read as UTC, on every machine. Raises `Unreadable` without ssh-keygen.
    """
    for path in (signers.allowed, signers.revoked):
        if path is not None and not path.is_file():
            return Unproven(f"there is no {path.name}")
    with tempfile.TemporaryDirectory(prefix="oceana-dr-") as folder:
        held = Path(folder) / "signature"
        held.write_text(signature, encoding="ascii", errors="replace")
        when = f"-Overify-time={at.astimezone(UTC):%Y%m%d%H%M%S}"
        files = ["-s", str(held), "-f", str(signers.allowed)]
        found = _run(["-Y", "find-principals", *files, when], b"")
        named = found.stdout.decode("utf-8", "replace").splitlines()
        if found.returncode or not named:
            return Unproven(_unknown(_said(found), signers))
        if any(_PATTERN.search(name) for name in named):
            return Unproven(f"{signers.allowed.name} gives its key to {named[0]}, which names nobody")
        verifying = ["-Y", "verify", *files, "-I", named[0], "-n", NAMESPACE, when]
        done = _run(verifying, data)
        good = _GOOD.search(done.stdout.decode("utf-8", "replace"))
        if done.returncode or good is None:
            return Unproven(_refused(named[0], _said(done), signers))
        # Asked for by itself: ssh-keygen says of a revoked key only that it does not verify.
        if signers.revoked is not None and _run([*verifying, "-r", str(signers.revoked)], data).returncode:
            return Unproven(f"the key of {named[0]} is revoked")
    return Signer(tuple(named), good["key"])


def _unknown(said: str, signers: Signers) -> str:
    if "expired" in said or "not yet valid" in said:
        return f"its key does not count now in {signers.allowed.name}"
    if "signature" in said or "sshsig" in said:
        return "its signature cannot be read"
    return f"its key is nobody's in {signers.allowed.name}"


def _refused(principal: str, said: str, signers: Signers) -> str:
    if "namespace" in said:
        return f"the signature of {principal} was made for something else, or may not approve plans"
    if "expired" in said or "not yet valid" in said:
        return f"the key of {principal} does not count now in {signers.allowed.name}"
    if "incorrect signature" in said.lower() or "signature verification failed" in said.lower():
        return f"{principal} signed something else: the statement was changed"
    return f"it does not verify as {principal}: {said}"


def _run(arguments: Sequence[str], data: bytes, *, waits: bool = False) -> subprocess.CompletedProcess[bytes]:
    command = ["ssh-keygen", *arguments]
    try:
        return subprocess.run(
            command,
            input=data,
            stdout=subprocess.PIPE,
            # Whoever is to touch a token has to be told so.
            stderr=None if waits and sys.stderr.isatty() else subprocess.PIPE,
            check=False,
            timeout=None if waits else _VERIFY_S,
            env={**os.environ, "TZ": "UTC", "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise Unreadable("approvals need ssh-keygen, which is not installed here", hint=_MISSING) from None
    except (OSError, subprocess.SubprocessError) as error:
        raise Unreadable(f"ssh-keygen could not be run: {error}") from None


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    """Its complaint, on one line."""
    lines = [line.strip() for line in (done.stderr or b"").decode("utf-8", "replace").splitlines() if line.strip()]
    return "; ".join(lines)[:300] or f"exit {done.returncode}"
