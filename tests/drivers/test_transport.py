"""HTTP as the driver meets it: answers that are lost, too large, no JSON; a token at the last moment."""

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from oceana_dr.diagnostics import SystemUnavailable, Unreadable
from oceana_dr.drivers.gateway.contract import AnswerLost, NotSent
from oceana_dr.drivers.gateway.reader import ask
from oceana_dr.drivers.gateway.transport import HttpTransport
from oceana_dr.estate.values import SecretRef


def whole_request(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    announced = re.search(rb"Content-Length: (\d+)", head)
    while announced and len(body) < int(announced[1]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def answering(answer: bytes) -> Iterator[tuple[str, Callable[[], bytes]]]:
    """A server that reads one request, sends these bytes and hangs up."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                received.append(whole_request(connection))
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/base", lambda: received[0]
        thread.join()


def http(body: bytes, status: str = "200 OK", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n\r\n".encode() + body


def test_an_answer() -> None:
    with answering(http(b'{"a": 1}', "202 Accepted")) as (endpoint, received):
        assert HttpTransport(endpoint).request("POST", "/v1/x", {"address": ["a/b", "c"]}, {"k": "ü"}) == (
            202,
            {"a": 1},
        )
        assert received().startswith(b"POST /base/v1/x?address=a%2Fb&address=c HTTP/1.1\r\n")
        assert "ü".encode() in received()


@pytest.mark.parametrize(
    "answer",
    [b"", b"SSH-2.0-OpenSSH\r\n", http(b"<html>"), http(b"{", length=100), http(b"[" * 100_000)],
)
def test_answers_that_are_none(answer: bytes) -> None:
    with answering(answer) as (endpoint, _), pytest.raises(AnswerLost):
        HttpTransport(endpoint).request("GET", "/v1/x")


def test_an_answer_without_a_body() -> None:
    with answering(http(b"", "204 No Content")) as (endpoint, _):
        assert HttpTransport(endpoint).request("GET", "/v1/x") == (204, None)


def test_a_redirect_is_not_followed() -> None:
    with answering(http(b"{}", "302 Found")) as (endpoint, _), pytest.raises(SystemUnavailable, match="302"):
        ask(HttpTransport(endpoint), "/v1/x")


def test_the_token_is_looked_up_for_each_request(monkeypatch: pytest.MonkeyPatch) -> None:
    with answering(http(b"{}")) as (endpoint, received):
        transport = HttpTransport(endpoint, SecretRef("env:GATEWAY_TOKEN"))
        with pytest.raises(Unreadable, match="env:GATEWAY_TOKEN"):
            transport.request("GET", "/v1/x")
        monkeypatch.setenv("GATEWAY_TOKEN", "s3cret")
        transport.request("GET", "/v1/x")
        assert b"Authorization: Bearer s3cret\r\n" in received()


def test_tls_is_verified() -> None:
    with answering(b"no TLS here") as (endpoint, _), pytest.raises(NotSent):
        HttpTransport(endpoint.replace("http://", "https://")).request("GET", "/v1/x")


def test_an_answer_that_says_a_thing_twice_is_lost() -> None:
    with (
        answering(http(b'{"lab": true, "lab": false}')) as (endpoint, _),
        pytest.raises(AnswerLost, match="'lab' stands"),
    ):
        HttpTransport(endpoint).request("GET", "/x")


def test_what_cannot_be_reached_is_named_in_full_with_how_a_lab_is_served() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for host, hint in (("127.0.0.1", True), ("gateway.invalid", False)):
        with pytest.raises(NotSent) as lost:
            HttpTransport(f"http://{host}:{port}/base").request("GET", "/x")
        said = str(lost.value)
        assert f"http://{host}:{port}/base cannot be reached" in said
        assert ("lab start" in said) is hint
