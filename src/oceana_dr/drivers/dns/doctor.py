"""Whether the name servers can be worked with: reach over UDP and TCP, key, clock, zone, permission.

In: a site, the options. Out: answers for `doctor`, server by server.
Nothing is changed: what may be is found out with an update that adds, under its conditions, what is there already.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.checking import check_secret, skew_check
from oceana_dr.drivers.contract import Denied
from oceana_dr.drivers.dns.agreement import unlisted
from oceana_dr.drivers.dns.contract import FUDGE_S, Alias, AnswerLost, NotSent, Seen, Server, View
from oceana_dr.drivers.dns.exchange import keyring, over_tcp, skew_s
from oceana_dr.drivers.dns.look import Sight, look
from oceana_dr.drivers.dns.reader import is_name, name_of
from oceana_dr.drivers.dns.sending import rehearse
from oceana_dr.drivers.dns.transaction import Edit
from oceana_dr.drivers.dns.zones import Zones, zones_of
from oceana_dr.drivers.protocol import Aspect, Check, Health

if TYPE_CHECKING:
    from oceana_dr.drivers.dns.options import DnsOptions
    from oceana_dr.drivers.protocol import Setting


def ask(setting: Setting[DnsOptions]) -> Iterator[Check]:
    """The aspects of every view that holds a name of the site."""
    zones = zones_of(setting.options)
    names: dict[str, list[str]] = {}
    for address in sorted(filter(is_name, setting.bound.resources)):
        name = name_of(address)
        zone = zones.zone_of(name)
        if zone is None:
            yield Check(
                Aspect.REACH, Health.BAD, "no zone of `drivers.dns` holds it", name, "add its zone to `drivers.dns`"
            )
        else:
            names.setdefault(zone, []).append(name)
    for zone, members in names.items():
        for view in zones.views[zone]:
            yield from _view(zones, view, members, setting.mark)


def _view(zones: Zones, view: View, names: list[str], mark: bytes) -> Iterator[Check]:
    secret = check_secret(view.key.secret, mark)
    yield secret
    try:
        sights = look(view, names, zones.timeout_s)
    except Unreadable as error:  # the key that the view is chosen by
        yield Check(Aspect.REACH, Health.UNKNOWN, error.message, view.key.name, error.hint or "")
        return
    yield from _reach(zones, view, sights)
    yield _version(zones, view)
    if secret.health is Health.GOOD:
        try:
            keys = keyring(view.key)
        except Unreadable as error:
            yield Check(Aspect.AUTHENTICATION, Health.BAD, error.message, view.key.name, error.hint or "")
        else:
            yield from _signed(zones, view, keys)
            yield _permission(zones, view, sights[0], keys)


def _reach(zones: Zones, view: View, sights: Iterable[Sight]) -> Iterator[Check]:
    """Each server over UDP, with the zone; the primary over TCP is seen by the signed question."""
    for item in sights:
        about = _about(zones, view, item.server)
        if not isinstance(item, Seen):
            yield Check(Aspect.REACH, Health.BAD, item.reason, about, "is UDP port 53 open from here?")
        elif missing := unlisted(view, item):
            says = f"its NS records name {', '.join(missing)} too"
            yield Check(Aspect.REACH, Health.BAD, says, about, "add it to `servers`, or to `not_asked` with a reason")
        else:
            yield Check(Aspect.REACH, Health.GOOD, f"{view.zone} with serial {item.serial}, over UDP", about)


def _signed(zones: Zones, view: View, keys: Any) -> Iterator[Check]:
    """A signed question to the primary over TCP, as an update would go: the key and both clocks."""
    about = _about(zones, view, view.primary)
    sent = time.time()
    try:
        answer = over_tcp(_question(view, keys), view.primary, zones.timeout_s)
    except (NotSent, AnswerLost) as error:
        yield Check(Aspect.REACH, Health.BAD, str(error), about, "is TCP port 53 open from here?")
        yield Check(Aspect.AUTHENTICATION, Health.UNKNOWN, "the server does not answer over TCP", about)
        yield Check(Aspect.CLOCK, Health.UNKNOWN, "the server does not answer over TCP", about)
        return
    except Denied as error:
        clock = error.rule == "BADTIME"
        hint = "set both clocks by NTP" if clock else "is it the key of this server, with this algorithm?"
        yield Check(Aspect.CLOCK if clock else Aspect.AUTHENTICATION, Health.BAD, error.message, about, hint)
        other = Aspect.AUTHENTICATION if clock else Aspect.CLOCK
        yield Check(other, Health.UNKNOWN, "only an accepted signature tells", about)
        return
    yield Check(Aspect.REACH, Health.GOOD, "answers over TCP", about)
    yield Check(Aspect.AUTHENTICATION, Health.GOOD, f"accepts the key {view.key.name}", about)
    yield _clock(about, skew_s(answer, (sent + time.time()) / 2))


def _clock(about: str, skew: int | None) -> Check:
    if skew is None:
        return Check(Aspect.CLOCK, Health.UNKNOWN, "its answer has no time", about)
    found = skew_check(float(skew), about)
    return replace(found, says=f"{found.says}; a signature may be {FUDGE_S} s old")


def _version(zones: Zones, view: View) -> Check:
    """What the primary calls itself, where it tells: many are told not to."""
    import dns.message

    about = _about(zones, view, view.primary)
    try:
        # Over TCP: BIND answers this over UDP a few times a second only, and is silent to others.
        answer = over_tcp(dns.message.make_query("version.bind.", "TXT", "CH", flags=0), view.primary, zones.timeout_s)
    except (NotSent, AnswerLost):
        return Check(Aspect.VERSION, Health.UNKNOWN, "the server does not answer", about)
    texts = [b"".join(item.strings).decode("ascii", "replace") for rrset in answer.answer for item in rrset]
    says = f"calls itself {texts[0][:60]}" if texts else "does not tell its version"
    return Check(Aspect.VERSION, Health.GOOD if texts else Health.NONE, says, about)


def _permission(zones: Zones, view: View, seen: Sight, keys: Any) -> Check:
    """An update that adds what is there: taken from who may change these names, and nothing changes."""
    about = _about(zones, view, view.primary)
    if not isinstance(seen, Seen):
        return Check(Aspect.PERMISSIONS, Health.UNKNOWN, seen.reason, about)
    if aliases := [f"{name} is {found}" for name, found in seen.names.items() if isinstance(found, Alias)]:
        return Check(Aspect.PERMISSIONS, Health.BAD, "; ".join(aliases), about, "a name with a CNAME cannot be moved")
    edits = [Edit(name, found, found) for name, found in seen.names.items() if not isinstance(found, Alias)]
    try:
        rehearse(view, edits, keys, zones.timeout_s)
    except Denied as error:
        health = Health.UNKNOWN if error.rule == "not-sent" else Health.BAD
        return Check(Aspect.PERMISSIONS, health, error.message, about, "may the key update these names?")
    return Check(Aspect.PERMISSIONS, Health.GOOD, f"takes updates of {', '.join(seen.names)}", about)


def _about(zones: Zones, view: View, server: Server) -> str:
    return f"{server}, view {view.name}" if len(zones.views[view.zone]) > 1 else str(server)


def _question(view: View, keys: Any) -> Any:
    import dns.message

    question = dns.message.make_query(f"{view.zone}.", "SOA", flags=0)
    question.use_tsig(keys, f"{view.key.name}.", algorithm=view.key.algorithm)
    return question
