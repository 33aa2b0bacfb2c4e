"""Runs of a team: in its database line by line, with a copy in this machine's state folder.

In: the copy's shelf, the database. Out: journals that are written to both.
Nothing may be done whose intent is not in the team's database; what was done is never lost because that is away.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from oceana_dr.diagnostics import StateLocked, StateUnreachable, Unreadable
from oceana_dr.store.database import Connection, Database
from oceana_dr.store.file_shelf import FileShelf
from oceana_dr.store.frame import Damaged, scan
from oceana_dr.store.journal import Contents, Entry, Journal, contents_of
from oceana_dr.store.lease import Lease
from oceana_dr.store.records import Intent, Resumed, RunStarted
from oceana_dr.store.runs import RunFiles

_ANNOUNCES: Final = (RunStarted, Resumed, Intent)


class TeamShelf:
    """The runs of a team. Those that only this machine knows (it ran without the team's state) are among them."""

    def __init__(self, here: FileShelf, database: Database) -> None:
        self._here = here
        self._database = database
        self.place = here.place

    def sites(self) -> tuple[str, ...]:
        """Every site that has runs."""
        with self._database.reading() as connection:
            rows = connection.execute("SELECT DISTINCT site FROM journal").fetchall() if connection else []
        return tuple(sorted({row[0] for row in rows} | set(self._here.sites())))

    def runs(self, site: str) -> tuple[str, ...]:
        """Every run of a site that has a journal."""
        return tuple(sorted({*self.shared(site), *self._here.runs(site)}))

    def shared(self, site: str) -> tuple[str, ...]:
        """The runs that the team's database has."""
        with self._database.reading() as connection:
            if connection is None:
                return ()
            rows = connection.execute("SELECT DISTINCT run FROM journal WHERE site = ?", (site,)).fetchall()
        return tuple(sorted(row[0] for row in rows))

    def unpushed(self, site: str) -> tuple[str, ...]:
        """Runs of which this machine has more than the team's database."""
        places = [self.place(site, run) for run in self._here.runs(site)]
        return tuple(place.run for place in places if self._rest_of(place))

    def forked(self, site: str) -> tuple[str, ...]:
        """Runs that this machine and the team's database went on with in two ways."""
        found = []
        for run in self._here.runs(site):
            place = self.place(site, run)
            ours, team = self._here.journal(place) or b"", b"".join(self._lines(place))
            if not ours.startswith(team) and not team.startswith(ours):
                found.append(run)
        return tuple(found)

    def forget(self, site: str, lease: Lease) -> None:
        """Drop every run of a lab."""
        with lease.fenced.writing(site) as connection:
            for table in ("journal", "run_plan"):
                connection.execute(f"DELETE FROM {table} WHERE site = ?", (site,))  # noqa: S608 the names stand above

    def put_plan(self, place: RunFiles, data: bytes) -> None:
        """Keep a new run's plan here and there; raises `FileExistsError` if either has such a run."""
        self._here.put_plan(place, data)
        with self._database.writing(place.site) as connection:
            if not _add_plan(connection, place, data):
                raise FileExistsError(place.run)

    def plan(self, place: RunFiles) -> bytes:
        """The copy of a run's plan."""
        with self._database.reading() as connection:
            row = (
                connection
                and connection.execute(
                    "SELECT plan FROM run_plan WHERE site = ? AND run = ?", (place.site, place.run)
                ).fetchone()
            )
        return bytes(row[0]) if row else self._here.plan(place)

    def read(self, place: RunFiles) -> Contents:
        """A run's journal: the team's, or the copy where that goes on from it."""
        theirs, ours = self._lines(place), self._here.journal(place) or b""
        team = b"".join(theirs)
        return contents_of(place.journal, ours if ours.startswith(team) else team)

    def open(self, place: RunFiles, lease: Lease | None) -> Journal:
        """A run's journal, to write to both; the copy is brought up to the team's first, and the other way round."""
        if lease is None:
            raise Unreadable(f"{place.run} of {place.site} cannot be written without the site's lock")
        theirs, ours = self._lines(place), self._here.journal(place) or b""
        team = b"".join(theirs)
        if not ours.startswith(team):
            self._here.put_journal(place, team)
            ours = team
        return self._here.open(place, lease, _TeamReplica(lease, place, theirs, _rest(place, ours, len(theirs))))

    def push(self, place: RunFiles, lease: Lease) -> int:
        """Bring a run that this machine has, or has more of, into the team's database; returns how many records.

        Raises `StateLocked` where both have gone on with it, each in its own way.
        """
        theirs, ours = self._lines(place), self._here.journal(place) or b""
        team = b"".join(theirs)
        if not ours.startswith(team):
            if team.startswith(ours):
                return 0
            raise StateLocked(
                f"run {place.run} went on in two ways: here and in the team's state",
                hint=f"the team's counts; keep {place.journal} for the report",
            )
        rest = _rest(place, ours, len(theirs))
        if rest:
            with lease.fenced.writing(place.site) as connection:
                _add_plan(connection, place, self._here.plan(place))
            _TeamReplica(lease, place, theirs, rest)
        return len(rest)

    def pull(self, place: RunFiles) -> int:
        """Bring the copy of a run up to the team's; returns how many bytes were new."""
        team, ours = b"".join(self._lines(place)), self._here.journal(place) or b""
        if ours.startswith(team):
            return 0
        if not self._here.has_plan(place):
            self._here.put_plan(place, self.plan(place))
        self._here.put_journal(place, team)
        return len(team) - len(ours)

    def _rest_of(self, place: RunFiles) -> list[bytes]:
        theirs, ours = self._lines(place), self._here.journal(place) or b""
        return _rest(place, ours, len(theirs)) if ours.startswith(b"".join(theirs)) else []

    def _lines(self, place: RunFiles) -> list[bytes]:
        with self._database.reading() as connection:
            if connection is None:
                return []
            rows = connection.execute(
                "SELECT line FROM journal WHERE site = ? AND run = ? ORDER BY number", (place.site, place.run)
            ).fetchall()
        return [bytes(row[0]) for row in rows]


class _TeamReplica:
    """A journal's lines on their way to the team's database, each under the lease's token."""

    def __init__(self, lease: Lease, place: RunFiles, theirs: Sequence[bytes], rest: Sequence[bytes]) -> None:
        self._lease = lease
        self._place = place
        self._sent = len(theirs)
        self._waiting = list(rest)
        self._send()

    def before(self, entry: Entry, line: bytes) -> None:
        """What announces stands there before it stands here: whoever takes over must know of what may be done."""
        if isinstance(entry.record, _ANNOUNCES):
            self._waiting.append(line)
            try:
                self._send()
            except BaseException:
                self._waiting.pop()
                raise

    def after(self, entry: Entry, line: bytes) -> None:
        """What has happened is kept here, and sent when the database answers again."""
        if isinstance(entry.record, _ANNOUNCES):
            return
        self._waiting.append(line)
        try:
            self._send()
        except StateUnreachable:
            return  # before the next act it has to be there: `before` sends what waits

    def _send(self) -> None:
        """Add every line that waits. A line may have arrived though its answer was lost; no other may stand there."""
        if not self._waiting:
            return
        place = self._place
        with self._lease.fenced.writing(place.site) as connection:
            found = connection.execute(
                "SELECT line FROM journal WHERE site = ? AND run = ? AND number > ? ORDER BY number",
                (place.site, place.run, self._sent),
            ).fetchall()
            there = [bytes(row[0]) for row in found]
            if there != self._waiting[: len(there)]:
                raise StateLocked(f"another process has written the journal of run {place.run}")
            for number, line in enumerate(self._waiting[len(there) :], self._sent + len(there) + 1):
                connection.execute(
                    "INSERT INTO journal VALUES (?, ?, ?, ?, ?)",
                    (place.site, place.run, number, line, self._lease.token),
                )
        self._sent += len(self._waiting)
        self._waiting.clear()


def _add_plan(connection: Connection, place: RunFiles, data: bytes) -> bool:
    """Whether the plan was new there."""
    added = connection.execute(
        "INSERT INTO run_plan VALUES (?, ?, ?) ON CONFLICT DO NOTHING RETURNING run", (place.site, place.run, data)
    )
    return added.fetchone() is not None


def _rest(place: RunFiles, ours: bytes, sent: int) -> list[bytes]:
    """The whole lines of the copy after those that were sent."""
    try:
        found = scan(ours)
    except Damaged as error:
        raise Unreadable(f"{place.journal} is damaged: {error}") from error
    return [ours[line.offset : line.end] for line in found.lines[sent:]]
