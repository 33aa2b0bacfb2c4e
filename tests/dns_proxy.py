"""A relay before a name server that loses, delays or cuts what goes over TCP; UDP passes.

An update goes over TCP and a question over UDP, so that what becomes of the one can still be read by the other.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Final

from oceana_dr.drivers.dns.trial_relay import framed, take_message
from tests.dns_server import HOST, free_ports

PASS: Final = "pass"
DROP_ANSWER: Final = "drop answer"
"""The server gets the message, and its answer is lost."""
DROP_MESSAGE: Final = "drop message"
"""The message is taken, and never arrives."""
LATE: Final = "late"
"""The message arrives after the sender has given up."""
CUT: Final = "cut"
"""The server gets the message; of its answer half arrives."""


@dataclass
class Relay:
    """Listens on `port`; `mode` says what happens to the next connections, `seen` how many came."""

    port: int
    mode: str = PASS
    late_s: float = 0.5
    seen: int = 0
    late: list[threading.Thread] = field(default_factory=list)
    closed: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)

    def close_tcp(self) -> None:
        """From now on there is no connection."""
        self.closed.set()
        self.gone.wait()

    def until_late(self) -> None:
        """Wait until everything that came late has arrived."""
        for thread in self.late:
            thread.join()


@contextmanager
def relay(server: int) -> Iterator[Relay]:
    """A relay before the server on this port."""
    found = Relay(free_ports(1)[0])
    stop = threading.Event()
    with (
        socket.create_server((HOST, found.port)) as listening,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as questions,
    ):
        questions.bind((HOST, found.port))
        threads = [
            threading.Thread(target=_tcp, args=(found, listening, server, stop)),
            threading.Thread(target=_udp, args=(questions, server, stop)),
        ]
        for item in (listening, questions):
            item.settimeout(0.05)
        for thread in threads:
            thread.start()
        try:
            yield found
        finally:
            stop.set()
            for thread in (*threads, *found.late):
                thread.join()


def _udp(questions: socket.socket, server: int, stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(OSError):
            data, sender = questions.recvfrom(4096)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as onward:
                onward.settimeout(5)
                onward.sendto(data, (HOST, server))
                questions.sendto(onward.recv(4096), sender)


def _tcp(relay: Relay, listening: socket.socket, server: int, stop: threading.Event) -> None:
    while not stop.is_set():
        if relay.closed.is_set():
            listening.close()
            relay.gone.set()
            return
        with suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(5)
                relay.seen += 1
                _handle(relay, connection, server)


def _handle(relay: Relay, connection: socket.socket, server: int) -> None:
    mode = relay.mode
    message = framed(take_message(connection))
    match mode:
        case "drop message":
            return
        case "late":
            thread = threading.Timer(relay.late_s, _asked, (message, server))
            relay.late.append(thread)
            thread.start()
            return
        case _:
            answer = _asked(message, server)
    if mode == CUT:
        connection.sendall(answer[: len(answer) // 2])
    elif mode == PASS:
        connection.sendall(answer)


def _asked(message: bytes, server: int) -> bytes:
    with socket.create_connection((HOST, server), timeout=5) as onward:
        onward.sendall(message)
        return framed(take_message(onward))
