"""The tables of a store, and how those of an earlier version become them.

In: a transaction of either database. Out: the tables of this version, or `Unreadable` for a later one.
A statement here is never changed once it was released: a later version adds its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from oceana_dr.diagnostics import Unreadable
from oceana_dr.store.database import Connection

VERSION: Final = 4

_TABLES: Final = """
CREATE TABLE schema_version (version INTEGER NOT NULL);
CREATE TABLE baseline (site TEXT PRIMARY KEY, estate TEXT NOT NULL, run TEXT, at TEXT NOT NULL){strict};
CREATE TABLE lock (
  site TEXT PRIMARY KEY, id TEXT NOT NULL, who TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL,
  process TEXT NOT NULL, why TEXT NOT NULL, run TEXT, since TEXT NOT NULL, heartbeat TEXT NOT NULL,
  token {long} NOT NULL DEFAULT 0, ends_ms {long}){strict};
CREATE TABLE lock_event (
  {number} site TEXT NOT NULL, at TEXT NOT NULL, event TEXT NOT NULL, by TEXT NOT NULL, lock TEXT NOT NULL,
  note TEXT NOT NULL){strict};
CREATE TABLE run (
  site TEXT NOT NULL, run TEXT NOT NULL, plan TEXT NOT NULL, scenario TEXT NOT NULL, operator TEXT NOT NULL,
  state TEXT NOT NULL, started TEXT NOT NULL, finished TEXT, path TEXT NOT NULL, head TEXT NOT NULL,
  PRIMARY KEY (site, run)){strict};
CREATE TABLE observation (
  site TEXT NOT NULL, address TEXT NOT NULL, resource TEXT NOT NULL, by TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (site, address)){strict};
CREATE TABLE fence (site TEXT PRIMARY KEY, token {long} NOT NULL){strict}
"""

_GOVERNED: Final = """
CREATE TABLE approval (
  site TEXT NOT NULL, plan TEXT NOT NULL, digest TEXT NOT NULL, document {bytes} NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY (site, plan, digest)){strict};
CREATE TABLE approved_plan (
  site TEXT NOT NULL, plan TEXT NOT NULL, file {bytes} NOT NULL, at TEXT NOT NULL, PRIMARY KEY (site, plan)){strict};
CREATE TABLE refusal (
  site TEXT NOT NULL, chain TEXT NOT NULL, number INTEGER NOT NULL, line {bytes} NOT NULL, own INTEGER NOT NULL,
  PRIMARY KEY (site, chain, number)){strict}
"""
"""Who approved a plan, what was approved, who was turned away. `own`: of the chain that this database goes on with."""
_DESK: Final = """
CREATE TABLE question (
  site TEXT NOT NULL, run TEXT NOT NULL, number INTEGER NOT NULL, step TEXT NOT NULL, digest TEXT NOT NULL,
  question TEXT NOT NULL, asked TEXT NOT NULL, state TEXT NOT NULL, holder TEXT NOT NULL DEFAULT '',
  place TEXT NOT NULL DEFAULT '', until_ms {long} NOT NULL DEFAULT 0, answer TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (site, run, number)){strict};
CREATE TABLE desk_event (
  {number} site TEXT NOT NULL, run TEXT NOT NULL, question INTEGER NOT NULL, at TEXT NOT NULL, act TEXT NOT NULL,
  by TEXT NOT NULL, whom TEXT NOT NULL, place TEXT NOT NULL){strict}
"""

_PARTS = (_TABLES, _GOVERNED, _DESK)

_JOURNALS: Final = """
CREATE TABLE run_plan (
  site TEXT NOT NULL, run TEXT NOT NULL, plan BYTEA NOT NULL, PRIMARY KEY (site, run));
CREATE TABLE journal (
  site TEXT NOT NULL, run TEXT NOT NULL, number INTEGER NOT NULL, line BYTEA NOT NULL, token BIGINT NOT NULL,
  PRIMARY KEY (site, run, number))
"""

_FROM_1: Final = """
ALTER TABLE lock ADD COLUMN token {long} NOT NULL DEFAULT 0;
ALTER TABLE lock ADD COLUMN ends_ms {long};
CREATE TABLE fence (site TEXT PRIMARY KEY, token {long} NOT NULL){strict}
"""
"""A lock of version 1 has no lease: it ends with its process, or by hand."""

MIGRATIONS: Final[dict[int, str]] = {2: _FROM_1, 3: _GOVERNED, 4: _DESK}
"""By the version that they lead to, each from the one before."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a database writes what the two write differently; `journals`: it holds runs too, not files."""

    words: Mapping[str, str]
    journals: bool


SQLITE: Final = Dialect({"strict": " STRICT", "long": "INTEGER", "bytes": "BLOB", "number": ""}, journals=False)
POSTGRES: Final = Dialect(
    {"strict": "", "long": "BIGINT", "bytes": "BYTEA", "number": "rowid BIGINT GENERATED ALWAYS AS IDENTITY,"},
    journals=True,
)


def create(connection: Connection, dialect: Dialect) -> None:
    """Make every table; the transaction makes it all or nothing."""
    for script in _PARTS:
        _run(connection, script, dialect)
    if dialect.journals:
        _run(connection, _JOURNALS, dialect)
    connection.execute("INSERT INTO schema_version VALUES (?)", (VERSION,))


def version_of(connection: Connection, name: str) -> int:
    """The version of the tables that are there; raises `Unreadable` for one that this program does not know."""
    found = connection.execute("SELECT version FROM schema_version").fetchone()
    if found is None or not 1 <= found[0] <= VERSION:
        made = "nothing known" if found is None else f"version {found[0]}"
        raise Unreadable(
            f"{name} is of {made}; this program reads versions 1 to {VERSION}",
            hint="use the program that wrote it, or a later one",
        )
    version: int = found[0]
    return version


def migrate(connection: Connection, dialect: Dialect, found: int) -> None:
    """Make this version's tables of those of an earlier one, within the caller's transaction."""
    for version in range(found + 1, VERSION + 1):
        _run(connection, MIGRATIONS[version], dialect)
    connection.execute("UPDATE schema_version SET version = ?", (VERSION,))


def _run(connection: Connection, script: str, dialect: Dialect) -> None:
    for statement in script.format_map(dialect.words).split(";"):
        connection.execute(statement)
