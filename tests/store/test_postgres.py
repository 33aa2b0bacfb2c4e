"""The team's database: what goes wrong with it is said plainly, and its URL never is."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from oceana_dr.diagnostics import OceanaError, Refused, StateLocked, StateUnreachable, Unreadable
from oceana_dr.estate.estate import Estate
from oceana_dr.store import postgres, postgres_url
from oceana_dr.store.baseline import Baseline, read_baseline, write_baseline
from oceana_dr.store.postgres import PostgresDatabase
from oceana_dr.store.postgres_trouble import postgres_trouble
from oceana_dr.store.postgres_url import read_url

SECRET = "s3cr3t-word"
TLS = Path(__file__).parent / "tls"
"""A certificate of `localhost`, signed by itself, until 2126; its key guards nothing."""


def at(url: str) -> PostgresDatabase:
    return PostgresDatabase(lambda: url, "env:STATE")


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://ann:{SECRET}@db/state",
        f"postgresql://ann:{SECRET}@ss@db.acme.example/state",
        f"postgresql://ann:12/{SECRET}@db.acme.example/state",
        f"postgresql://ann:{SECRET}?x@db.acme.example/state",
        f"postgresql://ann:{SECRET}@db.acme.example/state?sslmod=verify-full",
        f"postgresql://ann:{SECRET}@db.acme.example/state?sslmode=require",
        f"postgresql://ann:{SECRET}@/state?host=/nowhere/at/all",
        f"postgresql://ann:{SECRET}@127.0.0.1:1/state?sslmode=disable",
        f"postgresql://ann:{SECRET}@127.0.0.1:1/state?sslrootcert=/nowhere",
    ],
)
def test_no_error_repeats_the_password(url: str) -> None:
    with pytest.raises(OceanaError) as caught:
        read_baseline(at(url), "acme")
    error: BaseException | None = caught.value
    while error is not None:
        assert SECRET not in f"{error} {getattr(error, 'hint', '')} {error.args}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def test_the_server_is_verified_unless_the_url_says_otherwise_of_this_machine() -> None:
    found = read_url(f"postgresql://ann:{SECRET}@db.acme.example/state", "env:STATE")
    assert (found.parameters["sslmode"], found.parameters["sslrootcert"]) == (
        "verify-full",
        ssl.get_default_verify_paths().cafile,
    )
    assert found.name == "the team's state (db.acme.example/state)"
    own = read_url("postgresql://db.acme.example/state?sslmode=verify-full&sslrootcert=/ca.pem", "env:STATE")
    assert own.parameters["sslrootcert"] == "/ca.pem"
    for mode in ("disable", "prefer", "require", "verify-ca"):
        with pytest.raises(Refused, match=f"sslmode={mode}"):
            read_url(f"postgresql://localhost,db.acme.example/state?sslmode={mode}", "env:STATE")
        assert read_url(f"postgresql://localhost/state?sslmode={mode}", "env:STATE").parameters["sslmode"] == mode
    socket = read_url("postgresql:///state?host=/run/postgresql", "env:STATE")
    assert "sslmode" not in socket.parameters


@pytest.mark.parametrize("variable", ["PGHOST", "PGHOSTADDR", "PGSERVICE"])
def test_a_host_that_only_the_environment_names_is_verified_too(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(variable, "192.0.2.7")
    found = read_url("postgresql:///state", "env:STATE")
    assert found.parameters["sslmode"] == "verify-full"
    assert "192.0.2.7" in found.name
    assert read_url("postgresql:///state?service=ours", "env:STATE").parameters["sslmode"] == "verify-full"


@contextmanager
def doorkeeper() -> Iterator[int]:
    """A server behind TLS, as `localhost`, that lets nobody in: who hears so has trusted its certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(TLS / "localhost.pem", TLS / "localhost.key")
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            with raw, suppress(OSError):
                raw.recv(8)  # may we speak TLS?
                raw.sendall(b"S")
                with context.wrap_socket(raw, server_side=True) as guarded:
                    guarded.recv(1000)
                    said = b"SFATAL\0C28P01\0Mpassword authentication failed\0\0"
                    guarded.sendall(b"E" + struct.pack("!i", len(said) + 4) + said)

    keeper = threading.Thread(target=answer)
    keeper.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        keeper.join()


@pytest.mark.parametrize(
    ("host", "authority", "said"),
    [
        ("localhost", f"sslrootcert={TLS / 'localhost.pem'}", "does not let us in"),
        ("127.0.0.1", f"sslrootcert={TLS / 'localhost.pem'}", "its certificate is not the one of that host"),
        ("localhost", "", "its certificate is not the one of that host, or its authority is not known here"),
    ],
)
def test_a_server_is_talked_to_under_its_own_name_and_by_an_authority_that_is_known(
    host: str, authority: str, said: str
) -> None:
    with doorkeeper() as port, pytest.raises(StateUnreachable, match=said):
        read_baseline(at(f"postgresql://ann:{SECRET}@{host}:{port}/state?{authority}"), "acme")


def test_who_is_not_there_is_unreachable_and_a_person_may_go_on_without(tmp_path: Path) -> None:
    with pytest.raises(StateUnreachable, match="does not answer") as caught:
        read_baseline(at(f"postgresql:///state?host={tmp_path}"), "acme")
    assert "--local-state" in (caught.value.hint or "")
    assert caught.value.exit_code == 1


@pytest.mark.parametrize(
    ("error", "kind", "text"),
    [
        (psycopg.OperationalError('password authentication failed for user "ann"'), StateUnreachable, "let us in"),
        (psycopg.OperationalError("SSL error: certificate verify failed"), StateUnreachable, "is not trusted"),
        (psycopg.errors.DiskFull(), Unreadable, "disk is full"),
        (psycopg.errors.LockNotAvailable(), StateLocked, "has been writing"),
        (psycopg.errors.InsufficientPrivilege(), Unreadable, "its user may not"),
        (psycopg.errors.ReadOnlySqlTransaction(), Unreadable, "standby"),
        (psycopg.errors.UniqueViolation(), Unreadable, "error 23505"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else "",
)
def test_what_the_server_complains_about_is_said_plainly(
    error: psycopg.Error, kind: type[OceanaError], text: str
) -> None:
    found = postgres_trouble(error, "the team's state (db/state)", "written")
    assert type(found) is kind or issubclass(type(found), kind)
    assert text in found.message
    assert found.hint


def test_without_psycopg_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres_url, "read_url", None)
    monkeypatch.setitem(__import__("sys").modules, "oceana_dr.store.postgres_url", None)
    with pytest.raises(Unreadable, match="psycopg") as caught:
        read_baseline(at("postgresql://db/state"), "acme")
    assert "oceana-dr[postgres]" in (caught.value.hint or "")


def test_a_connection_is_kept_and_one_that_died_is_made_anew(postgres_url: str) -> None:
    database = at(postgres_url)
    write_baseline(database, "acme", Baseline(Estate(), None, "then"))

    def process() -> int:
        with database.reading() as connection:
            assert connection is not None
            found: int = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
            return found

    first = process()
    assert process() == first
    with at(postgres_url).reading() as other:
        assert other is not None
        other.execute("SELECT pg_terminate_backend(?)", (first,))
    assert process() != first


def test_a_forked_child_uses_no_connection_of_its_parent(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    database = at(postgres_url)
    write_baseline(database, "acme", Baseline(Estate(), None, "then"))
    kept = database._idle._kept[:]
    with monkeypatch.context() as child:
        child.setattr(database._idle, "_owner", 1)
        assert database._idle.take() is None
        read_baseline(database, "acme")
        assert database._idle._kept == kept


def test_a_writer_that_is_paused_holds_nobody_up_for_long(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "_LIMITS", "SET LOCAL idle_in_transaction_session_timeout = '500ms'")

    def paused() -> None:
        with at(postgres_url).writing("acme") as connection:
            connection.execute("INSERT INTO baseline VALUES ('acme', '{}', 'first', 'then')")
            # The server ends the transaction of who does nothing in it, and lets the next one in.
            write_baseline(at(postgres_url), "acme", Baseline(Estate(), "second", "then"))

    with pytest.raises(StateUnreachable):
        paused()
    found = read_baseline(at(postgres_url), "acme")
    assert found is not None
    assert found.run == "second"


def test_writers_of_other_sites_are_not_waited_for(postgres_url: str) -> None:
    write_baseline(at(postgres_url), "acme", Baseline(Estate(), None, "then"))
    with at(postgres_url).writing("acme"):
        write_baseline(at(postgres_url), "globex", Baseline(Estate(), None, "then"))


def test_writers_that_make_the_tables_at_once_make_them_once(postgres_url: str) -> None:
    def write(number: int) -> None:
        write_baseline(at(postgres_url), f"site{number}", Baseline(Estate(), None, "then"))

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(write, number) for number in range(4)]:
            done.result()
    assert all(read_baseline(at(postgres_url), f"site{number}") for number in range(4))
