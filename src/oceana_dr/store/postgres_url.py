"""The address of a team's state, as libpq takes it: checked, and encrypted by default.

In: a URL that may hold a password. Out: parameters to connect with, and a name that may be shown.
Neither the URL nor a part of it that could be a piece of the password may come out in a message.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from oceana_dr.diagnostics import Refused, Unreadable

_SCHEMES: Final = ("postgresql://", "postgres://")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_VERIFIED: Final = "verify-full"
_NO_URL: Final = "it is no URL; in a password, signs such as @ and / are percent-encoded"
_DEFAULTS: Final = {
    "connect_timeout": "5",
    "application_name": "oceana-dr",
    # A server that fell silent is noticed within seconds, not after the quarter of an hour that TCP allows.
    "tcp_user_timeout": "10000",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where the state lies: what libpq is given, and what people are told."""

    parameters: dict[str, Any] = field(repr=False)
    name: str


def read_url(url: str, reference: str) -> Address:
    """Read the URL that a reference led to; raises `Unreadable`, or `Refused` where it is not encrypted."""
    from psycopg import Error
    from psycopg.conninfo import conninfo_to_dict

    if not url.startswith(_SCHEMES):
        raise _unusable(reference, "it does not begin with postgresql://")
    try:
        given = conninfo_to_dict(url)
    except Error:
        raise _unusable(reference, _NO_URL) from None
    # libpq takes what follows a sign that was not encoded for the host or the database.
    if any("@" in str(given.get(part, "")) for part in ("host", "dbname", "port")):
        raise _unusable(reference, _NO_URL)
    hosts = _hosts(given)
    parameters = {**_DEFAULTS, **given}
    away = [host for host in hosts if not host.startswith("/")]
    if away:
        _encrypt(parameters, away, reference)
    database = given.get("dbname") or given.get("user") or ""
    return Address(parameters, f"the team's state ({'/'.join(filter(None, (','.join(hosts), str(database))))})")


def _hosts(given: Mapping[str, Any]) -> list[str]:
    """Every host that libpq may connect to: it looks in its environment, and in files of services, as well."""
    named = [given.get("host") or os.environ.get("PGHOST"), given.get("hostaddr") or os.environ.get("PGHOSTADDR")]
    named += [given.get("service") or os.environ.get("PGSERVICE")]
    return [host for part in named if part for host in str(part).split(",") if host]


def _encrypt(parameters: dict[str, Any], hosts: list[str], reference: str) -> None:
    """TLS, with the server's certificate and name verified, but for this very machine."""
    if "sslmode" not in parameters:
        parameters["sslmode"] = _VERIFIED
        parameters.setdefault("sslrootcert", _authorities())
    elif parameters["sslmode"] != _VERIFIED and not _LOOPBACK.issuperset(hosts):
        raise Refused(
            f"the state's URL at {reference} says sslmode={parameters['sslmode']}: anybody on the way could answer for"
            f" {', '.join(hosts)}",
            hint="leave sslmode out; sslrootcert=FILE names an authority of your own",
        )


def _authorities() -> str:
    """This machine's authorities. libpq's own idea of them, `system`, is a folder of psycopg's build, and empty."""
    import ssl

    paths = ssl.get_default_verify_paths()
    return paths.cafile or "system"


def _unusable(reference: str, why: str) -> Unreadable:
    return Unreadable(
        f"the state's URL at {reference} cannot be used: {why}",
        hint="postgresql://USER:PASSWORD@HOST/DATABASE; PGPASSFILE keeps the password out of it",
    )
