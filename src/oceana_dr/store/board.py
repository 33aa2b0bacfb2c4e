"""Questions of a run where people at other terminals and machines see them, claim them and answer them.

In: a run's questions; what people say about them, under their names. Out: the one answer that counts.
A question is claimed by one person at a time, for a while, and answered once: each change is one transaction in which
the question is looked at again. What people did is kept in order, for the run to write down.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from oceana_dr.diagnostics import Refused, StateLocked, Unreadable
from oceana_dr.estate.values import Json
from oceana_dr.store.database import Connection, Database
from oceana_dr.store.lock import in_ms, iso

CLAIM: Final = timedelta(minutes=15)
"""How long a claim lasts if its holder does not say otherwise."""
LONGEST_CLAIM: Final = timedelta(hours=4)

OPEN: Final = "open"
SIGNING: Final = "signing"
"""Answered, and waits for its second person."""
ANSWERED: Final = "answered"
TAKEN: Final = "taken"
"""The run has it."""
WITHDRAWN: Final = "withdrawn"
"""It is asked no more: something has changed since."""
_DAMAGED: Final = "answer at the terminal of the run, or with --answers FILE"
_WAITING: Final = (OPEN, SIGNING, ANSWERED)
_COLUMNS: Final = "site, run, number, step, digest, question, asked, state, holder, place, until_ms, answer"


@dataclass(frozen=True, slots=True)
class Posted:
    """A question at the desk. `holder` has claimed it at `place` until `until_ms`, by the state's clock."""

    site: str
    run: str
    number: int
    step: str
    digest: str
    question: Mapping[str, Any]
    asked: str
    state: str
    holder: str
    place: str
    until_ms: int
    answer: Mapping[str, Any] | None

    @property
    def until(self) -> datetime:
        """When the claim ends."""
        return datetime.fromtimestamp(self.until_ms / 1000, UTC)

    def holder_at(self, now: datetime) -> str:
        """Who has it claimed then; nobody where the claim has run out."""
        return self.holder if in_ms(now) < self.until_ms else ""


class ClaimedByAnother(StateLocked):
    """Somebody else answers this question."""


@dataclass(frozen=True, slots=True)
class DeskEvent:
    """Something a person did about a question."""

    number: int
    at: str
    act: str
    by: str
    whom: str
    place: str


@dataclass(frozen=True, slots=True)
class Person:
    """Who says something, and at which machine."""

    name: str
    place: str


class Board:
    """The desk of one run, as the run itself uses it."""

    def __init__(self, database: Database, site: str, run: str) -> None:
        self._database = database
        self._site = site
        self._run = run

    def post(self, step: str, digest: str, question: Mapping[str, Json], like: Collection[str] = ()) -> Posted:
        """Show the question: the one that stands there, if it is this very one, else it is withdrawn for this one.

        `like`: digests of questions whose answers count for this one, too; its claim and answer stay then.
        """
        with self._database.writing(self._site) as connection:
            now = connection.now()
            rows = _rows(connection, self._site, self._run)
            for row in rows:
                if row.step != step or row.state not in _WAITING:
                    continue
                if row.digest in like:
                    _set(connection, row, digest=digest, question=json.dumps(question))
                if row.digest == digest or row.digest in like:
                    return _row(connection, row)
                _set(connection, row, state=WITHDRAWN)
                if row.holder:
                    _note(connection, row, now, "withdrawn", Person(row.holder, row.place))
            number = 1 + max((row.number for row in rows), default=0)
            connection.execute(
                f"INSERT INTO question ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', '', 0, '')",  # noqa: S608 - names
                (self._site, self._run, number, step, digest, json.dumps(question), iso(now), OPEN),
            )
        return Posted(self._site, self._run, number, step, digest, question, iso(now), OPEN, "", "", 0, None)

    def look(self, number: int) -> tuple[Posted | None, datetime, tuple[DeskEvent, ...]]:
        """The question now, the time by the state's clock, and what people did about it, oldest first."""
        with self._database.reading() as connection:
            if connection is None:
                return None, datetime.now(UTC), ()
            found = next((row for row in _rows(connection, self._site, self._run) if row.number == number), None)
            events = connection.execute(
                "SELECT question, at, act, by, whom, place FROM desk_event WHERE site = ? AND run = ? AND question = ?"
                " ORDER BY rowid",
                (self._site, self._run, number),
            ).fetchall()
            return found, connection.now(), tuple(DeskEvent(*event) for event in events)

    def settle(self, number: int, own: Mapping[str, Json]) -> Mapping[str, Any] | None:
        """The answer that counts: one given at the desk before, else `own`; from now on there is no other.

        None where the question stands there no more. Raises `ClaimedByAnother` while somebody else has it claimed.
        """
        with self._database.writing(self._site) as connection:
            row = next(item for item in _rows(connection, self._site, self._run) if item.number == number)
            if row.state not in {OPEN, SIGNING}:
                return row.answer
            holder = row.holder_at(connection.now())
            if holder and not _same(holder, str(own.get("by", ""))):
                raise _held(row)
            _set(connection, row, state=TAKEN, answer=json.dumps(own))
            return own

    def close(self, number: int) -> None:
        """The run has the answer in its journal: nobody is to be asked this question any more."""
        with self._database.writing(self._site) as connection:
            row = next(item for item in _rows(connection, self._site, self._run) if item.number == number)
            if row.state != TAKEN:
                _set(connection, row, state=TAKEN)


def questions(database: Database, site: str, run: str) -> tuple[tuple[Posted, ...], datetime]:
    """What waits at the desk of a run, oldest first, and the time by the state's clock."""
    with database.reading() as connection:
        if connection is None:
            return (), datetime.now(UTC)
        rows = _rows(connection, site, run)
        return tuple(row for row in rows if row.state in _WAITING), connection.now()


def claim(database: Database, posted: Posted, person: Person, length: timedelta = CLAIM) -> Posted:
    """Take a question for a while, or for a while longer; raises `ClaimedByAnother` while it is somebody else's."""
    with database.writing(posted.site) as connection:
        row, now = _open_row(connection, posted), connection.now()
        holder = row.holder_at(now)
        if holder and not _same(holder, person.name):
            raise _held(row)
        if row.holder and not holder and not _same(row.holder, person.name):
            _note(connection, row, now, "claim ran out", Person(row.holder, row.place))
        _set(connection, row, holder=person.name, place=person.place, until_ms=in_ms(now + length))
        _note(connection, row, now, "claimed", person)
        return _row(connection, posted)


def hand_over(database: Database, posted: Posted, person: Person, to: str, length: timedelta = CLAIM) -> Posted:
    """Give a question that is yours, or nobody's, to somebody: it is theirs from now on, for a while."""
    with database.writing(posted.site) as connection:
        row, now = _open_row(connection, posted), connection.now()
        holder = row.holder_at(now)
        if holder and not _same(holder, person.name):
            raise _held(row)
        _set(connection, row, holder=to, place="", until_ms=in_ms(now + length))
        _note(connection, row, now, "handed over", person, to)
        return _row(connection, posted)


def release(database: Database, posted: Posted, person: Person) -> Posted:
    """Give a claim up; raises `ClaimedByAnother` where it is somebody else's."""
    with database.writing(posted.site) as connection:
        row, now = _open_row(connection, posted), connection.now()
        if not row.holder_at(now):
            raise Refused(f"nobody has claimed {row.step}", hint=f"oceana-dr desk claim {row.site} '{row.step}'")
        if not _same(row.holder, person.name):
            raise _held(row)
        _set(connection, row, holder="", place="", until_ms=0)
        _note(connection, row, now, "released", person)
        return _row(connection, posted)


def give(database: Database, posted: Posted, person: Person, answer: Mapping[str, Json], *, whole: bool) -> Posted:
    """Answer a question, once; `whole` is False where a second person has still to sign it."""
    with database.writing(posted.site) as connection:
        row, now = _open_row(connection, posted), connection.now()
        holder = row.holder_at(now)
        if holder and not _same(holder, person.name):
            raise _held(row)
        until = in_ms(now + CLAIM)  # who has answered keeps it until the second person has signed
        state = ANSWERED if whole else SIGNING
        _set(connection, row, state=state, holder=person.name, place=person.place, until_ms=until)
        _set(connection, row, answer=json.dumps(answer))
        _note(connection, row, now, "answered", person)
        return _row(connection, posted)


def sign(database: Database, posted: Posted, person: Person) -> Posted:
    """Stand behind somebody else's answer, as the second person."""
    with database.writing(posted.site) as connection:
        row = _open_row(connection, posted)
        if row.state != SIGNING or row.answer is None:
            raise Refused(f"{row.step} has no answer that waits for a second person", hint=f"oceana-dr desk {row.site}")
        if _same(str(row.answer["by"]), person.name):
            raise Refused(f"{row.step}: the second person must be somebody else than {person.name}")
        answer = {**row.answer, "second": person.name}
        _set(connection, row, state=ANSWERED, answer=json.dumps(answer))
        _note(connection, row, connection.now(), "signed", person)
        return _row(connection, posted)


def waiting_at(database: Database, site: str) -> tuple[tuple[str, str], ...]:
    """Run and step of every question of a site that this database waits with, oldest first."""
    with database.reading() as connection:
        if connection is None:
            return ()
        found = connection.execute(
            "SELECT run, step, state FROM question WHERE site = ? ORDER BY run, number", (site,)
        ).fetchall()
    return tuple((run, step) for run, step, state in found if state in _WAITING)


def _rows(connection: Connection, site: str, run: str) -> tuple[Posted, ...]:
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM question WHERE site = ? AND run = ? ORDER BY number",  # noqa: S608 - names of columns
        (site, run),
    ).fetchall()
    return tuple(_posted(row) for row in rows)


def _posted(row: tuple[Any, ...]) -> Posted:  # Any: a row of a database
    site, run, number, step, digest, question, asked, state, holder, place, until_ms, answer = row
    try:
        told, said = json.loads(question), json.loads(answer) if answer else None
    except ValueError as error:
        raise Unreadable(f"question {number} of run {run} cannot be read: {error}", hint=_DAMAGED) from error
    return Posted(site, run, number, step, digest, told, asked, state, holder, place, until_ms, said)


def _row(connection: Connection, posted: Posted) -> Posted:
    rows = _rows(connection, posted.site, posted.run)
    return next(row for row in rows if row.number == posted.number)


def _open_row(connection: Connection, posted: Posted) -> Posted:
    """The question as it is now; raises `Refused` where nothing is to be said about it any more."""
    row = _row(connection, posted)
    if row.state in {ANSWERED, TAKEN}:
        by = row.answer["by"] if row.answer else row.holder
        raise Refused(f"{row.step} is answered already, by {by}", hint=f"oceana-dr status {row.site}")
    if row.state == WITHDRAWN:
        raise Refused(
            f"{row.step} is not asked any more: something has changed", hint=f"oceana-dr desk show {row.site}"
        )
    return row


def _set(connection: Connection, row: Posted, **values: object) -> None:
    names = ", ".join(f"{name} = ?" for name in values)
    connection.execute(
        f"UPDATE question SET {names} WHERE site = ? AND run = ? AND number = ?",  # noqa: S608 - names of columns
        (*values.values(), row.site, row.run, row.number),
    )


def _note(  # noqa: PLR0917 - a row has as many columns
    connection: Connection, row: Posted, now: datetime, act: str, person: Person, whom: str = ""
) -> None:
    at = now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    connection.execute(
        "INSERT INTO desk_event (site, run, question, at, act, by, whom, place) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (row.site, row.run, row.number, at, act, person.name, whom, person.place),
    )


def _same(one: str, two: str) -> bool:
    return one.strip().casefold() == two.strip().casefold()


def _held(row: Posted) -> ClaimedByAnother:
    place = f" at {row.place}" if row.place else ""
    return ClaimedByAnother(
        f"{row.step} is claimed by {row.holder}{place} until {iso(row.until)}",
        hint=f"they hand it over: oceana-dr desk hand-over {row.site} '{row.step}' --to NAME",
    )
