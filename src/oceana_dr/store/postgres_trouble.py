"""What PostgreSQL complains about, as what a command may end with.

In: its error, the server's name, what was being done. Out: an `OceanaError`.
Its own words are shown only where they cannot repeat what a URL or a statement holds.
"""

from __future__ import annotations

from typing import Final

import psycopg
from psycopg import errors

from oceana_dr.diagnostics import OceanaError, OutOfSpace, StateLocked, StateUnreachable, Unreadable

_LOST: Final = "goes on with this machine's copy: oceana-dr --local-state REASON …"
_LOGIN: Final = ("password authentication failed", "no password supplied", "pg_hba.conf", "role")
_TRUST: Final = ("certificate", "SSL", "tls")


def postgres_trouble(error: psycopg.Error, name: str, doing: str) -> OceanaError:
    """The error for people; `doing` completes "could not be …"."""
    match error:
        case errors.DiskFull():
            return OutOfSpace(f"{name} could not be {doing}: its disk is full", hint="free some space there")
        case errors.LockNotAvailable() | errors.QueryCanceled():
            return StateLocked(f"another process has been writing {name} for some seconds", hint="try again")
        case errors.InsufficientPrivilege():
            return Unreadable(f"{name} could not be {doing}: its user may not", hint="grant it the schema's tables")
        case errors.ReadOnlySqlTransaction():
            return Unreadable(
                f"{name} could not be {doing}: it is a standby, and only read",
                hint="name all its servers in the URL, with target_session_attrs=read-write",
            )
        case psycopg.OperationalError() | psycopg.InterfaceError() | errors.IdleInTransactionSessionTimeout():
            return StateUnreachable(f"{name} {_silence(str(error))}", hint=f"is it lost? A person who knows {_LOST}")
        case _:
            code = error.sqlstate or type(error).__name__
            return Unreadable(f"{name} could not be {doing} (PostgreSQL's error {code})", hint="ask who keeps it")


def _silence(text: str) -> str:
    if any(part in text for part in _LOGIN):
        return "does not let us in"
    if any(part in text for part in _TRUST):
        return "is not trusted: its certificate is not the one of that host, or its authority is not known here"
    return "does not answer"
