"""What both databases together say, in the words of the catalogue.

In: a sight of each. Out: attributes of a database, or `Unknown` with the reason.
A database's own word counts for its role. A lag that was measured too long ago is not known, and a standby that the
broker only remembers is none.
"""

from __future__ import annotations

from typing import Final

from oceana_dr.drivers.dataguard.advice import OLD_PRIMARY, TO_REBUILD, advised
from oceana_dr.drivers.dataguard.contract import Database as Shown
from oceana_dr.drivers.dataguard.contract import Lag, Role
from oceana_dr.drivers.dataguard.look import Sight, Sights
from oceana_dr.drivers.dataguard.members import Database, Pair
from oceana_dr.drivers.dataguard.session import Cut, Out, Said
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown, Value

ROLE: Final = "Role"
STATE: Final = "Intended State"
LAG: Final = "Lag seconds"
STATUS: Final = "Database Status"
UNREACHABLE: Final = "unreachable"


def attributes_of(pair: Pair, sights: Sights, database: Database) -> Attributes | Unknown:
    """What is known of a database."""
    if lost := lost_role(pair, sights, database):
        # The broker calls it a standby already; its own file says primary until it is reinstated.
        return {ROLE: Role.PRIMARY.value, STATUS: lost}
    own = sights[database.side]
    found = own.of(database)
    if found is None:
        return Unknown(_why(own, database))
    return {
        ROLE: found.role.value,
        STATE: found.intended_state or Unknown("its intended state is not shown"),
        LAG: _lag(pair, found),
        STATUS: found.status.word,
    }


def role_of(pair: Pair, sights: Sights, database: Database) -> Role | None:
    """Its role, where that is known for certain."""
    found = attributes_of(pair, sights, database)
    return None if isinstance(found, Unknown) else next((item for item in Role if item == found[ROLE]), None)


def lost_role(pair: Pair, sights: Sights, database: Database) -> str | None:
    """ORA-16661 or ORA-16795, where the one that took over says it of this one: it was failed over from."""
    peer = pair.other(database)
    sight = sights[peer.side]
    itself = sight.of(peer)
    if itself is None or itself.role is not Role.PRIMARY:
        return None
    told = sight.problems(database)
    return next((code for code in (TO_REBUILD, OLD_PRIMARY) if code in told), None)


def _why(sight: Sight, database: Database) -> str:
    match sight.session:
        case Out(off=True):
            return UNREACHABLE
        case Out(why=why):
            return f"not read: {why}"
        case Cut(why=why):
            return f"not read: no answer from {database}: {why}"
        case Said():
            told = advised(sight.codes)
            return told or f"what dgmgrl shows of {database} is in no form that is known"


def _lag(pair: Pair, found: Shown) -> Value:
    if found.role is Role.PRIMARY:
        return 0  # nobody is ahead of it
    lags = {"transport lag": found.transport_lag, "apply lag": found.apply_lag}
    for what, lag in lags.items():
        if why := _doubt(lag, pair.lag_age_s):
            return Unknown(f"its {what} {why}")
    return max(lag.seconds or 0 for lag in lags.values())


def _doubt(lag: Lag, limit_s: int) -> str:
    if lag.seconds is None:
        return "is not shown"
    if lag.age_s is None:
        return "has no time of measurement"
    return f"was measured {lag.age_s} seconds ago" if lag.age_s > limit_s else ""
