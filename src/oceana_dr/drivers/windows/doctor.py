"""Whether the servers can be worked with: reach, key, version, clock, and what the login may ask.

In: a site, the options. Out: answers for `doctor`, server by server.
Nothing is changed: whether a service may be started is known only of an administrator, of others it stays unknown.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, assert_never

from oceana_dr.drivers.checking import check_secret, skew_check
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.drivers.ssh import Cause
from oceana_dr.drivers.windows.contract import Files, Place, Seen, Service, Silent
from oceana_dr.drivers.windows.fields import NotTold, the_one
from oceana_dr.drivers.windows.look import MOST_AT_ONCE, look
from oceana_dr.drivers.windows.places import places_of
from oceana_dr.estate.values import SecretRef

if TYPE_CHECKING:
    from oceana_dr.drivers.protocol import Setting
    from oceana_dr.drivers.windows.options import WindowsOptions

_OLDEST: Final = 3
"""The first PowerShell with what the scripts use, on Server 2012."""
_OTHERS: Final = (Aspect.AUTHENTICATION, Aspect.VERSION, Aspect.CLOCK, Aspect.PERMISSIONS)
_LET_IN: Final = frozenset({"", Cause.AUTHENTICATION})
"""Where the SSH server itself was reached, whatever came of it."""


def ask(setting: Setting[WindowsOptions]) -> Iterator[Check]:
    """The login's key, then the aspects of every server of the site."""
    options = setting.options
    if options.key_file is None:
        yield Check(Aspect.SECRETS, Health.NONE, "keys of the SSH agent are used")
    else:
        yield check_secret(SecretRef(f"file:{Path(options.key_file).expanduser()}"), setting.mark)
    by_host: dict[str, list[Place]] = {}
    for places in places_of(setting.bound, options).values():
        by_host.setdefault(places[0].host, []).extend(places)
    with ThreadPoolExecutor(min(len(by_host), MOST_AT_ONCE) or 1) as threads:
        for checks in threads.map(lambda item: _host(setting, *item), sorted(by_host.items())):
            yield from checks


def _host(setting: Setting[WindowsOptions], host: str, places: Sequence[Place]) -> Sequence[Check]:
    sent = time.time()
    sight = look(host, places, setting.options, setting.stop)
    match sight:
        case Silent():
            return tuple(_silent(host, sight))
        case Seen():
            return tuple(_seen(host, sight, places, (sent + time.time()) / 2))
        case _:
            assert_never(sight)


def _silent(host: str, sight: Silent) -> Iterator[Check]:
    if sight.cause not in _LET_IN:
        yield Check(Aspect.REACH, Health.BAD, sight.why, host, sight.hint)
        for aspect in _OTHERS:
            yield Check(aspect, Health.UNKNOWN, "nothing was answered", host)
    elif sight.cause == Cause.AUTHENTICATION:
        yield Check(Aspect.REACH, Health.GOOD, "an SSH server with the known host key", host)
        yield Check(Aspect.AUTHENTICATION, Health.BAD, sight.why, host, sight.hint)
        for aspect in _OTHERS[1:]:
            yield Check(aspect, Health.UNKNOWN, "nobody was let in", host)
    else:
        yield Check(Aspect.REACH, Health.UNKNOWN, sight.why, host)
        hint = "is PowerShell there, and in the PATH of SSH sessions?"
        yield Check(Aspect.VERSION, Health.BAD, "the script of this driver gives no answer there", host, hint)
        for aspect in (Aspect.AUTHENTICATION, Aspect.CLOCK, Aspect.PERMISSIONS):
            yield Check(aspect, Health.UNKNOWN, "nothing was answered", host)


def _seen(host: str, seen: Seen, places: Sequence[Place], asked_at: float) -> Iterator[Check]:
    yield Check(Aspect.REACH, Health.GOOD, "an SSH server with the known host key", host)
    yield Check(Aspect.AUTHENTICATION, Health.GOOD, "lets the key in", host)
    yield _version(host, seen, places)
    yield _clock(host, seen, asked_at)
    yield _permissions(host, seen, places)


def _version(host: str, seen: Seen, places: Sequence[Place]) -> Check:
    says = f"PowerShell {seen.powershell} with {seen.bits} bits on Windows {seen.windows}"
    major = seen.powershell.partition(".")[0]
    if not major.isdecimal() or int(major) < _OLDEST:
        return Check(Aspect.VERSION, Health.BAD, says, host, f"PowerShell {_OLDEST} or newer is needed")
    if seen.bits != 64 and any(isinstance(item, Files) for item in places):
        hint = "Windows shows a 32-bit process SysWOW64 in the place of System32: use the 64-bit PowerShell"
        return Check(Aspect.VERSION, Health.BAD, says, host, hint)
    return Check(Aspect.VERSION, Health.GOOD, says, host)


def _clock(host: str, seen: Seen, asked_at: float) -> Check:
    try:
        told = datetime.fromisoformat(seen.now[:23]).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return Check(Aspect.CLOCK, Health.UNKNOWN, "it tells no time", host)
    return skew_check(round(told - asked_at, 1), host)


def _permissions(host: str, seen: Seen, places: Sequence[Place]) -> Check:
    unclear = []
    for place in places:
        try:
            if isinstance(place, Service):
                the_one(place, seen)
        except NotTold as error:
            unclear.append(str(error))
    if unclear:
        return Check(Aspect.PERMISSIONS, Health.UNKNOWN, "; ".join(unclear), host)
    if not seen.administrator:
        hint = "only an administrator is known to be allowed; give the login that, or leave acts to people"
        return Check(
            Aspect.PERMISSIONS,
            Health.UNKNOWN,
            "may read services; whether it may start them nobody can tell",
            host,
            hint,
        )
    return Check(Aspect.PERMISSIONS, Health.GOOD, "an administrator, who may query and change services", host)
