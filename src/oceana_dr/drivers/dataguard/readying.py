"""Whether a command may be sent: what both databases say, and what the broker itself thinks of it.

In: a command, sights of both. Out: nothing where it may, `Already` where it is so; raises `Denied` with what to do.
What is not known to be in order is not in order.
"""

from __future__ import annotations

from typing import Final

from oceana_dr.drivers.contract import Denied
from oceana_dr.drivers.dataguard.advice import OLD_PRIMARY, TO_REBUILD, advised
from oceana_dr.drivers.dataguard.command import Command, Verb
from oceana_dr.drivers.dataguard.contract import Readiness, Role
from oceana_dr.drivers.dataguard.look import Sights
from oceana_dr.drivers.dataguard.members import Database, Pair
from oceana_dr.drivers.dataguard.readiness import readiness_of
from oceana_dr.drivers.dataguard.roles import LAG, attributes_of, lost_role, role_of
from oceana_dr.drivers.dataguard.session import Out, Said, talk
from oceana_dr.drivers.dataguard.text import codes_of
from oceana_dr.estate.values import Unknown

_MOST: Final = 3


def is_done(command: Command, pair: Pair, sights: Sights) -> bool:
    """Whether both databases read as they should after the command."""
    target, other = command.target, pair.other(command.target)
    if command.verb is Verb.REINSTATE:
        return role_of(pair, sights, target) is Role.STANDBY and role_of(pair, sights, other) is Role.PRIMARY
    taken_over = role_of(pair, sights, target) is Role.PRIMARY
    if command.verb is Verb.FAILOVER:
        return taken_over and (bool(lost_role(pair, sights, other)) or role_of(pair, sights, other) is Role.STANDBY)
    return taken_over and role_of(pair, sights, other) is Role.STANDBY


def check_ready(command: Command, pair: Pair, sights: Sights) -> None:
    """Raises `Denied` unless everything is known to be as the command needs it."""
    match command.verb:
        case Verb.SWITCHOVER:
            _check_role(pair, sights, command.sender, Role.PRIMARY)
            _check_role(pair, sights, command.target, Role.STANDBY)
            _check_lag(pair, sights, command.target)
            _check_switchover(command.target, _validated(pair, command.target))
        case Verb.FAILOVER:
            _check_role(pair, sights, command.target, Role.STANDBY)
            _check_nobody_serves(pair, sights, command.target)
            _check_failover(command.target, _validated(pair, command.target))
        case Verb.REINSTATE:
            _check_role(pair, sights, command.sender, Role.PRIMARY)
            _check_old_primary(pair, sights, command.target)


def _check_role(pair: Pair, sights: Sights, database: Database, wanted: Role) -> None:
    found = attributes_of(pair, sights, database)
    if isinstance(found, Unknown):
        raise Denied(f"nothing was sent: {database} has to be {wanted}, and nobody knows: {found.reason}", "role")
    if code := lost_role(pair, sights, database):
        raise Denied(f"nothing was sent: {database}: {advised([code])}", code)
    if found["Role"] != wanted:
        raise Denied(f"nothing was sent: {database} has to be {wanted}, and is {found['Role']}", "role")


def _check_lag(pair: Pair, sights: Sights, standby: Database) -> None:
    found = attributes_of(pair, sights, standby)
    lag = found[LAG] if not isinstance(found, Unknown) else found
    if isinstance(lag, Unknown):
        raise Denied(f"nothing was sent: how far {standby} is behind is not known: {lag.reason}", "lag")


def _check_nobody_serves(pair: Pair, sights: Sights, standby: Database) -> None:
    """A primary that answers would be a second one after the failover."""
    other = pair.other(standby)
    if isinstance(sights[other.side].session, Said) and role_of(pair, sights, other) is not Role.STANDBY:
        raise Denied(
            f"nothing was sent: {other} answers, and a failover would make two primaries: switch over, or fence it off",
            "two-primaries",
        )


def _check_old_primary(pair: Pair, sights: Sights, target: Database) -> None:
    code, own = lost_role(pair, sights, target), sights[target.side].session
    if code == TO_REBUILD:
        raise Denied(f"nothing was sent: {target}: {advised([TO_REBUILD])}", TO_REBUILD)
    if code != OLD_PRIMARY:
        raise Denied(f"nothing was sent: {pair.other(target)} does not say that {target} needs it (ORA-16661)", "role")
    if isinstance(own, Out) and own.down:
        raise Denied(f"nothing was sent: {target} has to be mounted: {own.why}", "not-mounted")


def _validated(pair: Pair, standby: Database) -> Readiness:
    session = talk(standby.login, (f"VALIDATE DATABASE {standby.name}",), pair.showing)
    if not isinstance(session, Said):
        raise Denied(f"nothing was sent: VALIDATE DATABASE {standby}: {session.why}", "validate")
    found = readiness_of(session.lines)
    if found is None:
        told = advised(codes_of(session.lines)) or "its answer is in no form that is known"
        raise Denied(f"nothing was sent: VALIDATE DATABASE {standby}: {told}", "validate")
    return found


def _check_switchover(standby: Database, found: Readiness) -> None:
    if found.role is not Role.STANDBY or found.switchover is not True:
        raise Denied(_not_ready(standby, "switchover", known=found.switchover is False, found=found), "not-ready")


def _check_failover(standby: Database, found: Readiness) -> None:
    if found.role is not Role.STANDBY or found.failover is not True:
        raise Denied(_not_ready(standby, "failover", known=found.failover is False, found=found), "not-ready")
    if found.primary_runs is not False:
        raise Denied(
            f"nothing was sent: {standby} still sees a primary that runs: switch over, or fence it off first",
            "two-primaries",
        )


def _not_ready(standby: Database, what: str, *, known: bool, found: Readiness) -> str:
    says = "; ".join(found.warnings[:_MOST])
    verdict = f"is not ready for a {what}" if known else f"does not say that it is ready for a {what}"
    return f"nothing was sent: {standby} {verdict}" + (f": {says}" if says else "; VALIDATE DATABASE VERBOSE says more")
