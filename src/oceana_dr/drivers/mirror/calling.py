"""One call on one server, sent once: a method of SYS.Mirror, or a start or stop of the instance.

In: a server, how it is asked, what to call. Out: `Done`, `Declined` where it was surely not called, else `InDoubt`.
A call must never be repeated here, and an answer that is not whole never says that it was not made.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.contract import Declined, Done, InDoubt, Outcome
from oceana_dr.drivers.mirror import host, objectscript
from oceana_dr.drivers.mirror.contract import NAMESPACE, Server
from oceana_dr.drivers.mirror.records import Garbled, new_word, read_records
from oceana_dr.drivers.mirror.session import LARGEST, Way
from oceana_dr.drivers.ssh import Finished, Lost, Unreached, run


def call(server: Server, way: Way, method: str) -> Outcome:
    """A method of SYS.Mirror."""
    word = new_word()
    words = (way.csession, server.instance, "-U", NAMESPACE)
    found = _sent(server, way, words, objectscript.acting(word, method), word)
    if not isinstance(found, Mapping):
        return found
    if "sent" not in found:
        return Declined(f"nothing was sent: SYS.Mirror.{method} cannot be called on Server {server.letter}", "S-25")
    if found.get("status") == "1":
        return Done()
    return InDoubt(f"SYS.Mirror.{method} on Server {server.letter} says: {found.get('error', 'nothing')[:300]}")


def control(server: Server, way: Way, verb: host.Verb) -> Outcome:
    """Start or stop Caché, as `ccontrol` does."""
    word = new_word()
    script = host.controlling(word, server.instance, verb)
    found = _sent(server, way, (way.powershell, *host.WORDS), script, word)
    if not isinstance(found, Mapping):
        return found
    if found.get("exit") == "0":
        return Done()
    return InDoubt(f"ccontrol {verb} on Server {server.letter} ended with {found.get('exit', 'nothing')[:20]}")


def _sent(server: Server, way: Way, words: Sequence[str], script: bytes, word: str) -> Mapping[str, str] | Outcome:
    result = run(server.target, words, script, Bounds(way.answer_s, LARGEST, way.stop))
    match result:
        case Unreached(why=why):
            return Declined(f"nothing was sent: {why}", "not-sent")
        case Lost(why=why):
            return InDoubt(f"Server {server.letter} was asked, and: {why}")
        case Finished(stdout=stdout):
            try:
                return read_records(stdout, word)
            except Garbled as error:
                return InDoubt(f"Server {server.letter} was asked, and {error}")
        case _:
            assert_never(result)
