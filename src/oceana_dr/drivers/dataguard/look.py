"""What each of the two databases says of itself and of the other, both asked at once.

In: a pair. Out: a `Sight` of each.
What one says of the other must stay apart from what that one says of itself: a broker that is cut off remembers.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from oceana_dr.drivers.dataguard.contract import Configuration
from oceana_dr.drivers.dataguard.contract import Database as Shown
from oceana_dr.drivers.dataguard.members import Database, Pair
from oceana_dr.drivers.dataguard.session import Cut, Out, Said, Session, talk
from oceana_dr.drivers.dataguard.showing import configuration_of, databases_of
from oceana_dr.drivers.dataguard.text import codes_of

Sights = Mapping[str, "Sight"]
_MOST: Final = 2


@dataclass(frozen=True, slots=True)
class Sight:
    """What one database told: the configuration, each database as it sees it (by name in small letters)."""

    database: Database
    session: Session
    configuration: Configuration | None
    shown: Mapping[str, Shown]
    codes: tuple[str, ...]

    def of(self, database: Database) -> Shown | None:
        """What it says of a database; None where it does not say that, or not to the end."""
        found = self.shown.get(database.name.lower())
        member = self.configuration.member(database.name) if self.configuration is not None else None
        # SHOW CONFIGURATION and SHOW DATABASE come from one broker: where they differ, one was misread.
        agrees = member is not None and (member.role is None or found is None or member.role is found.role)
        return found if agrees else None

    def problems(self, database: Database) -> tuple[str, ...]:
        """Codes that it tells of a database."""
        found = self.shown.get(database.name.lower())
        member = self.configuration.member(database.name) if self.configuration is not None else None
        told = (*(found.problems if found else ()), *(member.problems if member else ()))
        return codes_of((*((found.status.word,) if found else ()), *told))


def look(pair: Pair) -> Sights:
    """Both sights, by side."""
    with ThreadPoolExecutor(max_workers=_MOST) as pool:
        found = pool.map(lambda item: sight_of(pair, item), pair.databases.values())
        return {item.database.side: item for item in found}


def sight_of(pair: Pair, database: Database) -> Sight:
    """What this database tells."""
    names = (database.name, pair.other(database).name)
    commands = ("SHOW CONFIGURATION", *(f"SHOW DATABASE {name}" for name in names))
    session = talk(database.login, commands, pair.showing)
    match session:
        case Said(lines=lines, database=reached) if reached is None or reached.lower() == database.name.lower():
            return Sight(database, session, configuration_of(lines), databases_of(lines), codes_of(lines))
        case Said(database=reached):
            why = f"{database.login.connect} leads to {reached}, and should lead to {database.name}"
            return Sight(database, Out(why, "set `connect` of this database"), None, {}, ())
        case Out(codes=codes):
            return Sight(database, session, None, {}, codes)
        case Cut():
            return Sight(database, session, None, {}, ())
