"""One message to one server and its answer: over UDP with TCP where it is cut, or over TCP only.

In: a message, signed or not, a server, a time limit. Out: the answer, or `NotSent`, `AnswerLost`, `Denied`.
Nothing is ever sent twice, but a question over UDP, which changes nothing.
"""

from __future__ import annotations

import socket
import struct
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.contract import Denied
from oceana_dr.drivers.dns.contract import FUDGE_S, AnswerLost, Key, NotSent, Server
from oceana_dr.drivers.secret import named, resolve

if TYPE_CHECKING:
    import dns.message
    import dns.name
    import dns.tsig

    Keyring = dict[dns.name.Name, dns.tsig.Key]

_TRIES: Final = 2
_OTHER: Final = struct.Struct("!H6s")
"""The end of a TSIG record whose error is BADTIME: the length of the data, and the server's time."""


def ask(question: dns.message.Message, server: Server, timeout_s: float) -> dns.message.Message:
    """The answer to a question; raises `AnswerLost` after two tries, `Denied` where the signature is refused."""
    import dns.exception
    import dns.query
    import dns.tsig

    for _ in range(_TRIES):
        try:
            answer, _ = dns.query.udp_with_fallback(
                question, server.host, timeout_s, port=server.port, ignore_unexpected=True
            )
        except dns.exception.Timeout:
            continue
        except dns.tsig.PeerError:
            return over_tcp(question, server, timeout_s)  # what comes that way tells why
        except (dns.exception.DNSException, OSError, EOFError) as error:
            raise AnswerLost(f"does not answer as a name server: {_words(error)}") from None
        return answer
    raise AnswerLost(f"does not answer within {timeout_s:g} s over UDP")


def over_tcp(message: dns.message.Message, server: Server, timeout_s: float) -> dns.message.Message:
    """Send a message once; raises `NotSent`, `AnswerLost`, or `Denied` where the key or the time is refused."""
    import dns.exception
    import dns.message
    import dns.rcode
    import dns.tsig

    wire = message.to_wire()
    answered = _exchange(wire, server, timeout_s)
    try:
        answer = dns.message.from_wire(answered, keyring=message.keyring, request_mac=message.mac)
    except dns.tsig.PeerBadTime:
        raise Denied(_apart(server, answered), rule="BADTIME") from None
    except dns.tsig.PeerBadKey:
        raise Denied(f"{server} does not know the key", rule="BADKEY") from None
    except dns.tsig.PeerBadSignature:
        raise Denied(f"{server} has another secret under the name of the key", rule="BADSIG") from None
    except dns.exception.DNSException as error:
        raise AnswerLost(f"answers what cannot be believed: {_words(error)}") from None
    if not message.is_response(answer):
        raise AnswerLost("answers something else")
    if message.keyring is not None and not answer.had_tsig:
        raise AnswerLost(f"answers {dns.rcode.to_text(answer.rcode())} without a signature")
    return answer


def keyring(key: Key) -> Keyring:
    """The key with its secret; raises `Unreadable`."""
    import dns.tsigkeyring

    secret = resolve(key.secret)
    try:
        return dns.tsigkeyring.from_text({f"{key.name}.": (key.algorithm, secret.reveal())})
    except ValueError:
        raise Unreadable(
            f"the secret {named(key.secret)} is no TSIG secret", hint="it is base64, as `tsig-keygen` prints it"
        ) from None


def skew_s(answer: dns.message.Message, now: float) -> int | None:
    """Seconds by which the server's clock is ahead of ours, by a signed answer; None without a signature."""
    if not answer.tsig:
        return None
    ahead = int(answer.tsig[0].time_signed) - now
    return 0 if -1 < ahead <= 0 else round(ahead)  # it tells whole seconds, the last ones that passed


def _exchange(wire: bytes, server: Server, timeout_s: float) -> bytes:
    until = time.monotonic() + timeout_s
    try:
        connection = socket.create_connection((server.host, server.port), timeout_s)
    except OSError as error:
        raise NotSent(f"{server} cannot be reached over TCP: {_words(error)}") from None
    with connection:
        try:
            connection.sendall(struct.pack("!H", len(wire)) + wire)
            (length,) = struct.unpack("!H", _take(connection, 2, until))
            return _take(connection, length, until)
        except OSError as error:
            raise AnswerLost(f"does not answer over TCP: {_words(error)}") from None


def _take(connection: socket.socket, count: int, until: float) -> bytes:
    """Exactly so many bytes; raises `OSError` where they do not come in time."""
    taken = b""
    while len(taken) < count:
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        connection.settimeout(left)
        part = connection.recv(count - len(taken))
        if not part:
            raise ConnectionError("the connection was closed")
        taken += part
    return taken


def _apart(server: Server, wire: bytes) -> str:
    """How far the clocks are apart: a server that refuses a time says its own (RFC 8945, 5.2.3)."""
    length, stamp = _OTHER.unpack(wire[-_OTHER.size :])
    if length != len(stamp):
        return f"{server} refuses the time of the signature: the clocks are more than {FUDGE_S} s apart"
    theirs, ours = int.from_bytes(stamp, "big"), int(time.time())
    return (
        f"the clock of {server} says {_clock(theirs)}, ours says {_clock(ours)}: {abs(theirs - ours)} s apart, "
        f"and a signature may be {FUDGE_S} s old"
    )


def _clock(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def _words(error: Exception) -> str:
    """A line about an error of the network or of the library."""
    text = str(getattr(error, "strerror", None) or error) or type(error).__name__
    return " ".join(text.split())[:200]
