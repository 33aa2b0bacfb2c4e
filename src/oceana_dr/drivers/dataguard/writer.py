"""Changes roles: looks at both databases, sends one command once, and looks at both again.

In: a procedure of the catalogue that is SWITCHOVER, FAILOVER or REINSTATE. Out: `Done`, `Declined`, or `InDoubt`.
Nothing is ever sent a second time: without an answer, or with steps that are left, both databases are read again.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Final, assert_never

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.contract import ActRequest, Declined, Denied, Done, InDoubt, Outcome
from oceana_dr.drivers.dataguard.advice import advised
from oceana_dr.drivers.dataguard.command import Command, Verb, command_of
from oceana_dr.drivers.dataguard.contract import Ending, Refused, Role, Succeeded, ToFinish, Unclear
from oceana_dr.drivers.dataguard.ending import ending_of
from oceana_dr.drivers.dataguard.look import Sights, look
from oceana_dr.drivers.dataguard.members import Database, Pair, pair_of
from oceana_dr.drivers.dataguard.readying import check_ready, is_done
from oceana_dr.drivers.dataguard.roles import attributes_of, role_of
from oceana_dr.drivers.dataguard.session import Cut, Out, Said, Session, shown, talk
from oceana_dr.estate.values import Json, Unknown, to_json

if TYPE_CHECKING:
    from oceana_dr.drivers.dataguard.options import DataGuardOptions
    from oceana_dr.drivers.protocol import Setting

_FIRST_PAUSE_S: Final = 0.2
_LONGEST_PAUSE_S: Final = 10.0
_LINES: Final = 12


def open_writer(setting: Setting[DataGuardOptions]) -> DataGuardWriter:
    """A writer for the site's databases."""
    return DataGuardWriter(pair_of(setting), setting.bound, setting.stop)


class DataGuardWriter:
    """Acts on a pair of databases. A set `stop` ends the waiting, not what was sent: that is in doubt then."""

    def __init__(self, pair: Pair, bound: BoundCatalogue, stop: threading.Event | None = None) -> None:
        self._pair = pair
        self._bound = bound
        self._stop = stop or threading.Event()

    @property
    def _both(self) -> tuple[Database, ...]:
        return tuple(self._pair.databases.values())

    def act(self, request: ActRequest) -> Outcome:
        """One command at most; whether it is so already is looked at first."""
        try:
            command = command_of(request.action, self._bound, self._pair)
            before = look(self._pair)
            if is_done(command, self._pair, before):
                return Done({"command": str(command), "sent": False, "reads": self._reads(before)})
            self._check_not_half_done(command, before)
            check_ready(command, self._pair, before)
        except Denied as error:
            return error.declined
        return self._ended(command, talk(command.sender.login, (str(command),), self._pair.acting), before)

    def _check_not_half_done(self, command: Command, sights: Sights) -> None:
        """The roles have changed before, and the rest is people's: another SWITCHOVER would be a second change."""
        if command.verb is Verb.REINSTATE or role_of(self._pair, sights, command.target) is not Role.PRIMARY:
            return
        other = self._pair.other(command.target)
        found = attributes_of(self._pair, sights, other)
        state = found.reason if isinstance(found, Unknown) else str(found["Role"])
        raise Denied(
            f"nothing was sent: {command.target} is PRIMARY already, and {other} is no standby: {state}", "role"
        )

    def _ended(self, command: Command, session: Session, before: Sights) -> Outcome:
        match session:
            case Out(why=why, codes=codes):
                return Declined(f"nothing was sent: {why}", codes[0] if codes else "not-sent")
            case Cut(why=why):
                lost = f"{command} was sent to {command.sender}, and no answer came: {why}"
                return self._settled(command, (), lost, {})
            case Said(lines=lines):
                says: list[Json] = [shown(line) for line in lines if line.strip()]
                return self._told(command, ending_of(lines), {"says": says[-_LINES:]}, before)
            case _:
                assert_never(session)

    def _told(self, command: Command, ending: Ending, evidence: dict[str, Json], before: Sights) -> Outcome:
        match ending:
            case Succeeded(database=database) if database.lower() == command.target.name.lower():
                return self._settled(command, (), f"{command} succeeded, it says", evidence)
            case Succeeded(database=database):
                return self._settled(command, (), f"{command} was answered with success of {database}", evidence)
            case ToFinish(steps=steps, codes=codes):
                rest = "; ".join(steps) or "what its answer names"
                why = f"the roles have changed, and this is left to do by hand: {rest}" + _because(codes)
                return self._settled(command, steps, f"{command} is not sent again: {why}", evidence)
            case Refused(codes=codes, begun=False):
                return self._refused(command, codes, evidence, before)
            case Refused(codes=codes):
                return self._settled(command, (), f"{command} failed after it had begun{_because(codes)}", evidence)
            case Unclear(codes=codes):
                return self._settled(
                    command, (), f"{command} was answered in no known words{_because(codes)}", evidence
                )
            case _:
                assert_never(ending)

    def _refused(self, command: Command, codes: tuple[str, ...], evidence: dict[str, Json], before: Sights) -> Outcome:
        """Nothing was changed, if both databases still are what they were."""
        now = look(self._pair)
        if is_done(command, self._pair, now):
            return self._done(command, now, (), evidence)
        roles = [[role_of(self._pair, item, database) for item in (before, now)] for database in self._both]
        if all(old is new for old, new in roles):
            why = f"{command} is refused by {command.sender}{_because(codes)}"
            return Declined(why, codes[0] if codes else "refused")
        return self._settled(command, (), f"{command} was refused{_because(codes)}", evidence)

    def _settled(self, command: Command, steps: tuple[str, ...], why: str, evidence: dict[str, Json]) -> Done | InDoubt:
        """Both databases are read until they show it; what they do not show in time is in doubt."""
        until, pause = time.monotonic() + self._pair.settle_s, _FIRST_PAUSE_S
        while True:
            sights = look(self._pair)
            if is_done(command, self._pair, sights):
                return self._done(command, sights, steps, evidence)
            if time.monotonic() >= until or self._stop.wait(pause):
                seen = "; ".join(f"{name}: {text}" for name, text in self._reads(sights).items())
                return InDoubt(f"{why}. Now {seen}")
            pause = min(pause * 1.5, _LONGEST_PAUSE_S)

    def _done(self, command: Command, sights: Sights, steps: tuple[str, ...], evidence: dict[str, Json]) -> Done:
        left: dict[str, Json] = {"left to do": list(steps)} if steps else {}
        sent: dict[str, Json] = {"command": str(command), "sent to": command.sender.name, "sent": True}
        return Done({**sent, **evidence, **left, "reads": self._reads(sights)})

    def _reads(self, sights: Sights) -> dict[str, Json]:
        """Each database in a few words."""
        found: dict[str, Json] = {}
        for database in self._both:
            read = attributes_of(self._pair, sights, database)
            told = read.reason if isinstance(read, Unknown) else f"{to_json(read['Role'])}, {read['Database Status']}"
            found[database.name] = told
        return found


def _because(codes: tuple[str, ...]) -> str:
    return f" ({advised(codes)})" if codes else ""
