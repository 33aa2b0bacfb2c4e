"""A question to one server, and what it answers: by `powershell.exe` first, and by `csession` where Caché runs.

In: a server, what its programs are called, bounds. Out: `Seen`, or `Silent` with the reason.
An answer that is cut, mixed up or not from the namespace %SYS must never count as one.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeVar, assert_never

from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.mirror import host, objectscript
from oceana_dr.drivers.mirror.contract import NAMESPACE, Host, Instance, Seen, Server, Sight, Silent
from oceana_dr.drivers.mirror.members import instance_from
from oceana_dr.drivers.mirror.records import Garbled, new_word, read_records
from oceana_dr.drivers.ssh import Cause, Finished, Lost, Result, Unreached, run

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from oceana_dr.drivers.mirror.options import MirrorOptions

Found = TypeVar("Found")

LARGEST: Final = 256 * 1024
_LOGIN: Final = (b"Username:", b"Password:")
_DENIED: Final = (b"Access Denied", b"<PROTECT>")


@dataclass(frozen=True)
class Way:
    """How servers are asked: programs, the mirror's name, the longest that an answer may take, what stops."""

    csession: str
    powershell: str
    mirror: str
    answer_s: float
    stop: threading.Event = field(default_factory=threading.Event)


def way_of(options: MirrorOptions, stop: threading.Event) -> Way:
    """As the options say."""
    return Way(options.csession, options.powershell, options.mirror, options.answer_s, stop)


def look_all(servers: Sequence[Server], way: Way) -> dict[str, Sight]:
    """What every server says, by its letter; all of them at once."""
    from concurrent.futures import ThreadPoolExecutor

    if not servers:
        return {}
    with ThreadPoolExecutor(len(servers)) as pool:
        found = pool.map(lambda server: look(server, way), servers)
    return {server.letter: sight for server, sight in zip(servers, found, strict=True)}


def look(server: Server, way: Way) -> Sight:
    """What one server says."""
    found = look_at_host(server, way)
    if isinstance(found, Silent) or not found.running:
        return found if isinstance(found, Silent) else Seen(found, None)
    return Seen(found, look_at_instance(server, way))


def look_at_host(server: Server, way: Way) -> Host | Silent:
    """Whether the instance runs, and what its configuration file keeps."""
    word = new_word()
    said = _said(server, way, (way.powershell, *host.WORDS), host.looking(word, server.instance))
    if isinstance(said, Silent):
        return said
    return _whole(lambda: host.host_from(read_records(said, word), server.instance, datetime.now(UTC)), said)


def look_at_instance(server: Server, way: Way) -> Instance | Silent:
    """What Caché says of itself and of the mirror."""
    found = asked(server, way, lambda word: objectscript.reading(word, way.mirror))
    return found if isinstance(found, Silent) else _whole(lambda: instance_from(found), b"")


def asked(server: Server, way: Way, script: Callable[[str], bytes]) -> Mapping[str, str] | Silent:
    """The records that a script in the namespace %SYS prints."""
    word = new_word()
    words = (way.csession, server.instance, "-U", NAMESPACE)
    said = _said(server, way, words, script(word))
    if isinstance(said, Silent):
        return said
    return _whole(lambda: _in_namespace(read_records(said, word)), said)


def _in_namespace(found: Mapping[str, str]) -> Mapping[str, str]:
    namespace = found.get("namespace")
    if namespace != NAMESPACE:
        raise Garbled(f"the session is in namespace {namespace}, not {NAMESPACE}")
    return found


def _whole(read: Callable[[], Found], said: bytes) -> Found | Silent:
    try:
        return read()
    except Garbled as error:
        return Silent(str(error), hint=_hint(said))


def _hint(said: bytes) -> str:
    if any(word in said for word in _LOGIN):
        return "Caché asks for a user: let the account in by the operating system (%Service_Console)"
    if any(word in said for word in _DENIED):
        return "give the account %Admin_Manage and its namespace %SYS, and no startup namespace"
    return ""


def _said(server: Server, way: Way, words: Sequence[str], script: bytes) -> bytes | Silent:
    """Its standard output; the exit status of neither program says anything about the answer."""
    return heard(run(server.target, words, script, Bounds(way.answer_s, LARGEST, way.stop)))


def heard(result: Result) -> bytes | Silent:
    """What was said, or why nothing is known of it."""
    match result:
        case Finished(stdout=stdout):
            return stdout
        case Unreached(cause=cause, why=why, hint=hint):
            return Silent(why, cause is Cause.OFF, hint)
        case Lost(why=why):
            return Silent(why)
        case _:
            assert_never(result)
