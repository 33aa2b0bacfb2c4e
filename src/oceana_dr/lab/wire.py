"""Bytes to requests and answers to bytes, strictly: what a socket brings is bounded and checked here.

In: method, target, content type and body as they came. Out: status and bytes, or None for no answer.
Whatever comes in, what goes out is JSON with a status that says whose fault it was.
"""

from __future__ import annotations

import json
import time
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from oceana_dr.diagnostics import OceanaError
from oceana_dr.estate.strict_json import DuplicateKey, load_json
from oceana_dr.lab.answers import BadRequest, NoAnswer, Reply, problem
from oceana_dr.lab.service import Service

LARGEST: Final = 1024 * 1024
_DEEPEST: Final = 32
_LONGEST_TARGET: Final = 64 * 1024


def answer(service: Service, method: str, target: str, content_type: str, body: bytes) -> tuple[int, bytes] | None:
    """Answer one request."""
    try:
        parts = urlsplit(_bounded(target))
        query = parse_qs(parts.query, max_num_fields=1000)
        data = _body(content_type, body) if body else None
        reply = service.handle(method, parts.path, query, data)
    except BadRequest as bad:
        reply = bad.reply
    except ValueError:
        reply = problem(400, "the target cannot be read")
    except OceanaError as error:
        reply = problem(503, error.message)
    if isinstance(reply, NoAnswer):
        if reply.sent:
            return None
        reply = problem(503, "the gateway is down (a fault of this lab)")
    if reply.delay_s:
        time.sleep(reply.delay_s)
    return reply.status, encoded(reply)


def encoded(reply: Reply) -> bytes:
    """The body as it travels."""
    return json.dumps(reply.body, ensure_ascii=True, separators=(",", ":")).encode()


def _bounded(target: str) -> str:
    if len(target) > _LONGEST_TARGET:
        raise BadRequest(400, "the target is too long")
    return target


def _body(content_type: str, body: bytes) -> Any:
    if len(body) > LARGEST:
        raise BadRequest(413, f"a body has {LARGEST} bytes at most")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        # A page in somebody's browser cannot send this type to a lab on loopback unasked.
        raise BadRequest(415, "send Content-Type: application/json")
    try:
        data = load_json(body.decode())
        json.dumps(data, ensure_ascii=False).encode()  # half a surrogate pair is JSON and cannot be text
    except DuplicateKey as error:
        raise BadRequest(400, str(error)) from None
    except (ValueError, RecursionError):
        raise BadRequest(400, "the body is not JSON in UTF-8") from None
    if _depth(data) > _DEEPEST:
        raise BadRequest(400, f"the body is nested more than {_DEEPEST} deep")
    return data


def _depth(data: Any) -> int:
    """How deep a document is nested, without recursion."""
    depth, level = 0, [data]
    while level and depth <= _DEEPEST:
        depth += 1
        inner: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                inner += item.values()
            elif isinstance(item, list):
                inner += item
        level = inner
    return depth
