"""HTTP to a gateway with the standard library: one connection for a request, TLS verified, all bounded.

In: an endpoint, a reference to a token. Out: status and JSON, `NotSent` or `AnswerLost`.
A connection is never kept: a kept one that died would look like a lost answer. The token is looked up
for each request, is sent over TLS or loopback only, and never stands in a message.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode, urlsplit

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.gateway.contract import AnswerLost, NotSent, Query
from oceana_dr.drivers.secret import Secret, named, resolve
from oceana_dr.estate.strict_json import DuplicateKey, load_json
from oceana_dr.estate.values import SecretRef

if TYPE_CHECKING:
    from http.client import HTTPConnection  # imported when a request is made: in-process labs never need it

_LARGEST: Final = 8 * 1024 * 1024
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer with what `doctor` looks at: the date it bears, when we asked and heard, when its certificate ends.

    Times in seconds since 1970; `expires` is None without TLS.
    """

    status: int
    body: Any
    date: str | None
    sent: float
    received: float
    expires: float | None


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    target: str
    payload: bytes | None
    headers: dict[str, str]
    token: Secret | None


class HttpTransport:
    """Requests to one endpoint, such as `https://gateway.acme.example`."""

    def __init__(
        self, endpoint: str, token: SecretRef | None = None, *, connect_s: float = 5.0, answer_s: float = 30.0
    ) -> None:
        self._endpoint = endpoint
        parts = urlsplit(endpoint)
        self._tls = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port
        self._base = parts.path.rstrip("/")
        self._token = token
        self._connect_s = connect_s
        self._answer_s = answer_s
        if token is not None and not self._tls and self._host not in _LOOPBACK:
            raise Unreadable(
                f"the token for {endpoint} would travel in clear text", hint="use https in `drivers.gateway.endpoint`"
            )

    def request(self, method: str, path: str, query: Query | None = None, body: Any = None) -> tuple[int, Any]:
        """Send one request and read its answer."""
        answered = self.answered(method, path, query, body)
        return answered.status, answered.body

    def answered(self, method: str, path: str, query: Query | None = None, body: Any = None) -> Answered:
        """As `request`, with what the answer came with."""
        target = self._base + path + (f"?{urlencode(query, doseq=True)}" if query else "")
        headers = {"Accept": "application/json"}
        token = None if self._token is None else _token(self._token)
        payload = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        if payload is not None:
            headers["Content-Type"] = "application/json"
        asked = _Request(method, target, payload, headers, token)
        connection = self._connect()
        try:
            return self._exchange(connection, asked)
        finally:
            connection.close()

    def _connect(self) -> HTTPConnection:
        from http.client import HTTPConnection, HTTPSConnection

        if self._tls:
            import ssl

            context = ssl.create_default_context()
            connection: HTTPConnection = HTTPSConnection(
                self._host, self._port, timeout=self._connect_s, context=context
            )
        else:
            connection = HTTPConnection(self._host, self._port, timeout=self._connect_s)
        try:
            connection.connect()
            if connection.sock is not None:
                connection.sock.settimeout(self._answer_s)
        except (OSError, ValueError) as error:
            connection.close()
            raise NotSent(f"{self._endpoint} cannot be reached: {_reason(error)}{self._advice()}") from None
        return connection

    def _advice(self) -> str:
        return "; a lab is served by `oceana-dr lab start`" if self._host in _LOOPBACK else ""

    def _exchange(self, connection: HTTPConnection, asked: _Request) -> Answered:
        from http.client import HTTPException

        sent, expires, token = time.time(), _expires(connection), asked.token
        try:
            own = {} if token is None else {"Authorization": f"Bearer {token.reveal()}"}
            connection.request(asked.method, asked.target, asked.payload, {**asked.headers, **own})
            response = connection.getresponse()
            text = response.read(_LARGEST + 1)
        except (OSError, HTTPException) as error:
            raise AnswerLost(f"{self._endpoint} did not answer: {_reason(error)}") from None
        if token is not None:
            # A gateway that complains may repeat what it was sent; as plain text, and as JSON writes it.
            text = text.replace(json.dumps(token.reveal())[1:-1].encode(), b"(secret)")
            text = text.replace(token.reveal().encode(), b"(secret)")
        if len(text) > _LARGEST:
            raise AnswerLost(f"the answer of {self._host} is larger than {_LARGEST} bytes")
        try:
            body = load_json(text) if text.strip() else None
            if b"\\ud" in text.lower():
                json.dumps(body, ensure_ascii=False).encode()  # half of a surrogate pair is no text
        except DuplicateKey as error:
            raise AnswerLost(f"the answer of {self._host} cannot be used: {error}") from None
        except (ValueError, RecursionError):
            raise AnswerLost(f"the answer of {self._host} is not JSON (HTTP {response.status})") from None
        return Answered(response.status, body, response.getheader("Date"), sent, time.time(), expires)


def _expires(connection: HTTPConnection) -> float | None:
    """When the certificate of the other side runs out."""
    ask = getattr(connection.sock, "getpeercert", None)
    until = None if ask is None else (ask() or {}).get("notAfter")
    if until is None:
        return None
    from ssl import cert_time_to_seconds

    return float(cert_time_to_seconds(until))


def _token(reference: SecretRef) -> Secret:
    """The token; checked here, for what HTTP says of a wrong header repeats the header."""
    token = resolve(reference)
    if not (token.reveal().isascii() and token.reveal().isprintable()):
        raise Unreadable(
            f"the secret {named(reference)} is no token: it holds a line break or a letter that HTTP does not carry",
            hint="the token stands alone there, on one line",
        )
    return token


def _reason(error: Exception) -> str:
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:200]
