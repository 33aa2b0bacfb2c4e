"""What the servers of a view have now: the zone's serial, its name servers, and the names that are asked for.

In: a view, names. Out: by server what it has, or why it could not tell; all servers are asked at once.
Only an authoritative answer counts: a resolver, or a server that has lost its zone, knows nothing here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.drivers.contract import Denied
from oceana_dr.drivers.dns.contract import (
    Alias,
    AnswerLost,
    Found,
    NoRecords,
    NotSent,
    Records,
    Seen,
    Server,
    Silent,
    View,
)
from oceana_dr.drivers.dns.exchange import ask, keyring

if TYPE_CHECKING:
    import dns.message

Sight = Seen | Silent
_MOST_AT_ONCE: Final = 16


class NotTold(Exception):
    """The answer does not say what was asked."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One server of a view, how long it may take, and the keys where the view is chosen by one."""

    view: View
    server: Server
    timeout_s: float
    keys: Any = None


def look(view: View, names: Sequence[str], timeout_s: float) -> tuple[Sight, ...]:
    """What every server of the view has, the primary first; raises `Unreadable` where a key is needed and bad."""
    return look_all((view,), names, timeout_s)[0]


def look_all(views: Sequence[View], names: Sequence[str], timeout_s: float) -> tuple[tuple[Sight, ...], ...]:
    """The same for several views, all servers of all of them at once."""
    from concurrent.futures import ThreadPoolExecutor

    asking = [(Asking(view, server, timeout_s, _keys(view))) for view in views for server in view.everyone]
    with ThreadPoolExecutor(min(len(asking), _MOST_AT_ONCE) or 1) as threads:
        found = list(threads.map(lambda item: look_at(item, names), asking))
    return tuple(tuple(seen for item, seen in zip(asking, found, strict=True) if item.view is view) for view in views)


def look_at(asking: Asking, names: Sequence[str]) -> Sight:
    """What one server has: a question for each name, and two for the zone."""
    try:
        return Seen(
            asking.server,
            _serial(asking),
            _name_servers(asking),
            {name: _found(_asked(asking, name, "A"), name) for name in names},
        )
    except (NotSent, AnswerLost, NotTold) as error:
        return Silent(asking.server, str(error))
    except Denied as error:
        return Silent(asking.server, f"refuses the signature: {error.message}")


def at_primary(view: View, names: Sequence[str], timeout_s: float) -> Sight:
    """What the primary of a view has."""
    return look_at(Asking(view, view.primary, timeout_s, _keys(view)), names)


def _keys(view: View) -> Any:
    return keyring(view.key) if view.signs_queries else None


def _serial(asking: Asking) -> int:
    answer = _asked(asking, asking.view.zone, "SOA")
    for rrset in answer.answer:
        for item in rrset:
            if hasattr(item, "serial"):
                return int(item.serial)
    raise NotTold(f"tells no serial of {asking.view.zone}")


def _name_servers(asking: Asking) -> tuple[str, ...]:
    answer = _asked(asking, asking.view.zone, "NS")
    found = (str(item.target).rstrip(".").lower() for rrset in answer.answer for item in rrset)
    return tuple(sorted(found))


def _asked(asking: Asking, name: str, kind: str) -> dns.message.Message:
    """An authoritative answer to one question, asked without recursion."""
    import dns.flags
    import dns.message
    import dns.rcode

    question = dns.message.make_query(f"{name}.", kind, flags=0)
    if asking.keys is not None:
        question.use_tsig(asking.keys, f"{asking.view.key.name}.", algorithm=asking.view.key.algorithm)
    answer = ask(question, asking.server, asking.timeout_s)
    if answer.rcode() not in {dns.rcode.NOERROR, dns.rcode.NXDOMAIN}:
        raise NotTold(f"answers {dns.rcode.to_text(answer.rcode())} to {name} {kind}")
    if not answer.flags & dns.flags.AA:
        raise NotTold(f"is no authority for {asking.view.zone}: its answer is not authoritative")
    return answer


def _found(answer: dns.message.Message, name: str) -> Found:
    """The address records in an answer; whatever the name's alias leads to is not looked at."""
    import dns.name
    import dns.rdatatype

    asked = dns.name.from_text(f"{name}.")
    for rrset in answer.answer:
        if rrset.name != asked:
            continue
        if rrset.rdtype == dns.rdatatype.CNAME:
            return Alias(str(rrset[0].target).rstrip("."))
        if rrset.rdtype == dns.rdatatype.A:
            return Records(tuple(sorted(item.address for item in rrset)), int(rrset.ttl))
    return NoRecords()
