"""A relay before a name server for trials: it passes everything on, is silent, or refuses.

In: the port of a server on loopback. Out: a port before it.
What comes while it is silent must never arrive later: a trial would be disturbed by its own past.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from oceana_dr.drivers.trial import Moody

HOST: Final = "127.0.0.1"
_LONGEST_S: Final = 5.0
_LOOK_S: Final = 0.05
_REFUSED: Final = 5


@dataclass
class Relay(Moody):
    """Where it listens, and how it is disposed."""

    port: int


def free_port() -> int:
    """A port of loopback that is free for UDP and TCP."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as some:
            some.bind((HOST, 0))
            port: int = some.getsockname()[1]
            with suppress(OSError), socket.create_server((HOST, port)):
                return port


@contextmanager
def relay(server: int) -> Iterator[Relay]:
    """A relay before this port, for as long as it is entered."""
    found, stop = Relay(free_port()), threading.Event()
    with (
        socket.create_server((HOST, found.port)) as listening,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as questions,
    ):
        questions.bind((HOST, found.port))
        for item in (listening, questions):
            item.settimeout(_LOOK_S)
        threads = [
            threading.Thread(target=_streams, args=(found, listening, server, stop), daemon=True),
            threading.Thread(target=_datagrams, args=(found, questions, server, stop), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            yield found
        finally:
            stop.set()
            for thread in threads:
                thread.join()


def _datagrams(relay: Relay, questions: socket.socket, server: int, stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(OSError):
            data, sender = questions.recvfrom(65535)
            if relay.mood == "refusing":
                questions.sendto(_refused(data), sender)
            elif not relay.mood:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as onward:
                    onward.settimeout(_LONGEST_S)
                    onward.sendto(data, (HOST, server))
                    questions.sendto(onward.recv(65535), sender)


def _streams(relay: Relay, listening: socket.socket, server: int, stop: threading.Event) -> None:
    while not stop.is_set():
        with suppress(OSError):
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(_LONGEST_S)
                message = take_message(connection)
                if relay.mood == "refusing":
                    connection.sendall(framed(_refused(message)))
                elif not relay.mood:
                    with socket.create_connection((HOST, server), _LONGEST_S) as onward:
                        onward.sendall(framed(message))
                        connection.sendall(framed(take_message(onward)))


def _refused(message: bytes) -> bytes:
    """The header of a message as that of its refusal, without what follows it."""
    return message[:2] + bytes((message[2] | 0x80, _REFUSED)) + bytes(8)


def framed(message: bytes) -> bytes:
    """A message with its length before it, as it goes over TCP (RFC 1035, 4.2.2)."""
    return len(message).to_bytes(2, "big") + message


def take_message(connection: socket.socket) -> bytes:
    """The next message, without its length; raises `ConnectionError` where it ends before."""
    return _take(connection, int.from_bytes(_take(connection, 2), "big"))


def _take(connection: socket.socket, count: int) -> bytes:
    taken = b""
    while len(taken) < count:
        part = connection.recv(count - len(taken))
        if not part:
            raise ConnectionError("closed")
        taken += part
    return taken
