"""Whether the broker can be worked with: `dgmgrl` and its version, login, configuration, lag, readiness.

In: a setting. Out: answers for `doctor`, database by database.
Nothing is changed. A warning of the broker is not well, and what it does not show is unknown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from oceana_dr.drivers.checking import check_secret, skew_check
from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.dataguard.advice import advised
from oceana_dr.drivers.dataguard.contract import Readiness, Role, Status
from oceana_dr.drivers.dataguard.look import Sight, Sights, look
from oceana_dr.drivers.dataguard.members import Database, Pair, pair_of
from oceana_dr.drivers.dataguard.readiness import readiness_of
from oceana_dr.drivers.dataguard.roles import LAG, attributes_of, role_of
from oceana_dr.drivers.dataguard.session import Cut, Out, Said, talk
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.drivers.ssh import Cause, Finished, SshTarget, run
from oceana_dr.estate.values import Unknown

if TYPE_CHECKING:
    from oceana_dr.drivers.dataguard.options import DataGuardOptions
    from oceana_dr.drivers.protocol import Setting

_EVERY: Final = tuple(item for item in Aspect if item is not Aspect.CERTIFICATE)
_UNATTENDED: Final = "DISABLE FAST_START FAILOVER: Oracle would move by itself, and nothing else of Oceana with it"
_ENOUGH: Final = frozenset({"SYSDBA", "SYSDG"})


def ask(setting: Setting[DataGuardOptions]) -> Iterator[Check]:
    """The aspects of both databases."""
    pair = pair_of(setting)
    if not pair.databases:
        yield from (Check(item, Health.NONE, "the site has no Avaya Analytics") for item in _EVERY)
        return
    login = next(iter(pair.databases.values())).login
    if login.secret is None:
        yield Check(Aspect.SECRETS, Health.NONE, "the wallet logs in")
    else:
        yield check_secret(login.secret, setting.mark)
    sights = look(pair)
    for database in pair.databases.values():
        yield from _login(sights[database.side])
        yield _clock(pair, database)
        yield _status(pair, sights, database)
    yield _configuration(sights)
    yield _unattended(sights)
    yield from _standby(pair, sights)


def _login(sight: Sight) -> Iterator[Check]:
    about, session = sight.database.name, sight.session
    match session:
        case Cut(why=why):
            yield Check(Aspect.REACH, Health.BAD, f"dgmgrl does not come back: {why}", about, "is its listener there?")
            yield Check(Aspect.AUTHENTICATION, Health.UNKNOWN, "nobody answered", about)
            yield Check(Aspect.VERSION, Health.UNKNOWN, "nobody answered", about)
        case Out(why=why, hint=hint, codes=codes, version=version, cause=cause):
            reached = bool(codes) and not session.off and not session.down
            yield Check(
                Aspect.REACH, Health.GOOD if reached else Health.BAD, "answers" if reached else why, about, hint
            )
            let_in = Health.BAD if reached or cause is Cause.AUTHENTICATION else Health.UNKNOWN
            yield Check(Aspect.AUTHENTICATION, let_in, why, about, hint)
            yield _version(about, version)
        case Said(privilege=privilege, version=version):
            yield Check(Aspect.REACH, Health.GOOD, f"dgmgrl on {sight.database.login.target} is let in", about)
            yield Check(Aspect.AUTHENTICATION, Health.GOOD, f"lets in by {sight.database.login.wording}", about)
            yield _version(about, version)
            enough = Health.GOOD if privilege in _ENOUGH else Health.UNKNOWN
            says = f"as {privilege}" if privilege else "it does not say with which privilege"
            yield Check(Aspect.PERMISSIONS, enough, says, about, "" if privilege in _ENOUGH else "it needs SYSDG")


def _version(about: str, version: str | None) -> Check:
    if version is None:
        return Check(Aspect.VERSION, Health.UNKNOWN, "dgmgrl does not tell its version", about)
    return Check(Aspect.VERSION, Health.GOOD, f"dgmgrl {version}", about)


def _clock(pair: Pair, database: Database) -> Check:
    """The clock of the machine that `dgmgrl` runs on; the databases tell none, and what is read of them is relative."""
    target = database.login.target
    if not isinstance(target, SshTarget):
        return Check(Aspect.CLOCK, Health.NONE, "dgmgrl runs on this machine", database.name)
    asked = time.time()
    result = run(target, ("date", "-u", "+%s"), b"", Bounds(pair.showing.seconds, stop=pair.showing.stop))
    middle = (asked + time.time()) / 2
    text = result.stdout.decode("ascii", "replace").strip() if isinstance(result, Finished) else ""
    if not (text.isascii() and text.isdecimal()):
        return Check(Aspect.CLOCK, Health.UNKNOWN, "the machine does not tell its time", str(target))
    return skew_check(int(text) + 0.5 - middle, str(target))


def _status(pair: Pair, sights: Sights, database: Database) -> Check:
    found = attributes_of(pair, sights, database)
    if isinstance(found, Unknown):
        return Check(Aspect.REACH, Health.UNKNOWN, f"its role is not known: {found.reason}", database.name)
    codes = sights[database.side].problems(database)
    says = f"{found['Role']}, {found['Database Status']}"
    good = found["Database Status"] == "SUCCESS"
    return Check(Aspect.REACH, Health.GOOD if good else Health.BAD, says, database.name, "" if good else advised(codes))


def _configuration(sights: Sights) -> Check:
    """The worst that one of them says; unknown where none says anything."""
    seen = [item.configuration for item in sights.values() if item.configuration is not None]
    told = {item.status for item in seen if item.status is not None}
    name = seen[0].name if seen else "configuration"
    if not told or len(seen) < len(sights):
        return Check(Aspect.REACH, Health.UNKNOWN, "its status is not shown by both databases", f"configuration {name}")
    bad = sorted({item.word for item in told if item.word != "SUCCESS"})
    codes = [code for sight in sights.values() for item in (sight.database,) for code in sight.problems(item)]
    says = f"{' and '.join(bad) or 'SUCCESS'}{_age(told)}"
    return Check(Aspect.REACH, Health.BAD if bad else Health.GOOD, says, f"configuration {name}", advised(codes))


def _unattended(sights: Sights) -> Check:
    """Whether Oracle could move by itself: in Oceana 3.5 nothing may switch over unattended."""
    told = {item.configuration.fast_start_failover for item in sights.values() if item.configuration is not None}
    about = "fast-start failover"
    if True in told:
        return Check(Aspect.PERMISSIONS, Health.BAD, "is on", about, _UNATTENDED)
    known = told == {False}
    return Check(Aspect.PERMISSIONS, Health.GOOD if known else Health.UNKNOWN, "is off" if known else "not told", about)


def _age(told: set[Status]) -> str:
    ages = [item.age_s for item in told if item.age_s is not None]
    return f", {max(ages)} s old" if ages else ""


def _standby(pair: Pair, sights: Sights) -> Iterator[Check]:
    """Whether the lag can be read, and what the broker thinks of a switchover."""
    standby = next((i for i in pair.databases.values() if role_of(pair, sights, i) is Role.STANDBY), None)
    if standby is None:
        yield Check(Aspect.PERMISSIONS, Health.UNKNOWN, "no database is known to be a standby")
        return
    found = attributes_of(pair, sights, standby)
    lag = found[LAG] if not isinstance(found, Unknown) else found
    unknown = isinstance(lag, Unknown)
    says = lag.reason if isinstance(lag, Unknown) else f"{lag} s behind"
    yield Check(Aspect.REACH, Health.UNKNOWN if unknown else Health.GOOD, says, standby.name)
    session = talk(standby.login, (f"VALIDATE DATABASE {standby.name}",), pair.showing)
    yield _ready(standby, readiness_of(session.lines) if isinstance(session, Said) else None)


def _ready(standby: Database, found: Readiness | None) -> Check:
    if found is None or found.switchover is None:
        return Check(Aspect.PERMISSIONS, Health.UNKNOWN, "VALIDATE DATABASE does not say if it is ready", standby.name)
    says = f"{'' if found.switchover else 'not '}ready for a switchover"
    hint = "; ".join(found.warnings[:3])
    return Check(Aspect.PERMISSIONS, Health.GOOD if found.switchover else Health.BAD, says, standby.name, hint)
