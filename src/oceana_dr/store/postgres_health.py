"""How it stands with a team's database: its version, its clock, its tables, what we may do there.

In: a URL and the reference it was found at. Out: `TeamHealth`; what keeps us from asking is an `OceanaError`.
It must never make a table, nor take a lock.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from oceana_dr.diagnostics import Unreadable
from oceana_dr.store import schema

_ASK = """
SELECT extract(epoch FROM clock_timestamp())::float8, current_setting('server_version'),
  coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false),
  has_schema_privilege(current_schema(), 'CREATE'),
  (SELECT bool_and(has_table_privilege(quote_ident(schemaname) || '.' || quote_ident(tablename), 'INSERT, UPDATE'))
     FROM pg_tables WHERE schemaname = current_schema() AND tablename IN ('journal', 'run', 'lock', 'baseline'))
"""


@dataclass(frozen=True, slots=True)
class TeamHealth:
    """What the server says of itself. `skew_s`: its clock ahead of ours; `tables`: their version, None without any.

    `may_write`: into the tables that are there; None without any, and then `may_create` counts.
    """

    name: str
    version: str
    encrypted: bool
    skew_s: float
    tables: int | None
    may_create: bool
    may_write: bool | None


def team_health(url: str, reference: str) -> TeamHealth:
    """Ask the server, in one look."""
    try:
        import psycopg

        from oceana_dr.store.postgres_trouble import postgres_trouble
        from oceana_dr.store.postgres_url import read_url
    except ImportError:
        raise Unreadable(
            "a team's state needs psycopg, which is not installed here",
            hint="install it: pip install 'oceana-dr[postgres]'",
        ) from None
    address = read_url(url, reference)
    try:
        with psycopg.connect(**address.parameters, autocommit=True) as connection:
            connection.execute("SET statement_timeout = '5s'")
            sent = time.time()
            row = connection.execute(_ASK).fetchone()
            received = time.time()
            assert row is not None
            there, version, encrypted, may_create, may_write = row
            tables = None
            if may_write is not None:
                found = connection.execute("SELECT version FROM schema_version").fetchone()
                tables = None if found is None else int(found[0])
    except psycopg.Error as error:
        raise postgres_trouble(error, address.name, "read") from None
    skew = there - (sent + received) / 2
    return TeamHealth(address.name, version, bool(encrypted), skew, tables, bool(may_create), may_write)


def known_tables(version: int) -> bool:
    """Whether this program knows tables of that version."""
    return 1 <= version <= schema.VERSION
