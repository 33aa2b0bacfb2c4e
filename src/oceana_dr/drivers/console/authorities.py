"""Certificate authorities of one's own, for a browser that asks none of the system's.

In: a folder that is the browser's home, a file in PEM. Out: the browser's certificate store there.
It must never make the browser trust a certificate that no authority has signed.
"""

from __future__ import annotations

import shutil
import ssl
import subprocess
from pathlib import Path
from typing import Final

from oceana_dr.diagnostics import Unreadable

_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"
_WITHIN_S: Final = 30.0


def trusting(home: str, file: str) -> None:
    """Make a store with these authorities; raises `Unreadable` where they cannot be read or the store not be made."""
    certificates = _certificates(Path(file))
    program = shutil.which("certutil")
    if program is None:
        raise Unreadable(
            "`drivers.console.ca` needs certutil, which puts authorities into a browser's store",
            hint="install it (Debian: apt install libnss3-tools)",
        )
    store = Path(home, ".pki", "nssdb")
    store.mkdir(parents=True)
    _do(program, "-N", "-d", f"sql:{store}", "--empty-password")
    for number, certificate in enumerate(certificates, 1):
        one = Path(home, f"authority-{number}.pem")
        one.write_text(certificate, "ascii")
        _do(program, "-A", "-d", f"sql:{store}", "-n", f"authority {number}", "-t", "C,,", "-i", str(one))


def _certificates(file: Path) -> list[str]:
    try:
        text = file.read_text("ascii")
        ssl.create_default_context(cadata=text)  # says what is wrong with a certificate better than a store does
    except (OSError, ValueError) as error:
        raise Unreadable(f"{file} cannot be read as certificates in PEM: {error}") from None
    return [f"{_BEGIN}{part.partition(_END)[0]}{_END}\n" for part in text.split(_BEGIN)[1:]]


def _do(*command: str) -> None:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=_WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unreadable(f"{command[0]} does not run: {error}") from None
    if done.returncode != 0:
        raise Unreadable(f"{command[0]} does not take it: {' '.join(done.stderr.split())[:200]}")
