"""The gateway contract and the lab's own endpoints: a request in, an answer out.

In: method, path (percent-encoded), query, body as JSON. Out: a `Reply`, or `NoAnswer` where a fault takes it.
It knows no sockets: in-process and served labs share it. Whatever is asked, the answer is never a 500.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Estate
from oceana_dr.lab import endpoints
from oceana_dr.lab.acting import concerned
from oceana_dr.lab.answers import BadRequest, NoAnswer, Reply, problem, submitted
from oceana_dr.lab.clock import iso
from oceana_dr.lab.faults import SLOW_S, Fault, find
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.requests import Query, action_in, addresses_in, key_in, person_in, token_in

PRODUCT: Final = "Avaya Oceana 3.5 (lab)"
SCHEMA_FILE: Final = "gateway.openapi.json"


@dataclass(frozen=True, slots=True)
class _Call:
    """One request, its path taken apart."""

    method: str
    rest: tuple[str, ...]
    query: Query
    body: Any


class Service:
    """Answers for every lab that `labs` knows by its site's name."""

    def __init__(self, labs: Callable[[str], Lab | None]) -> None:
        self.labs = labs

    def handle(self, method: str, path: str, query: Query, body: Any = None) -> Reply | NoAnswer:
        """Answer one request; errors of the lab's store are `OceanaError`s."""
        parts = tuple(unquote(part) for part in path.strip("/").split("/"))
        try:
            match parts:
                case ("v1", "openapi.json"):
                    _only(method, "GET")
                    return Reply(200, json.loads(schema_path().read_bytes()))
                case ("v1", "sites", site, *rest):
                    return _through_faults(self._lab(site), _Call(method, tuple(rest), query, body))
                case ("v1", "lab", site, *rest):
                    return endpoints.answer(self._lab(site), method, tuple(rest), query, body)
                case _:
                    return problem(404, "no such path; see /v1/openapi.json")
        except BadRequest as bad:
            return bad.reply

    def _lab(self, site: str) -> Lab:
        lab = self.labs(site)
        if lab is None:
            raise BadRequest(404, f"there is no site {site[:80]!r} here")
        return lab


def schema_path() -> Path:
    """The contract's file: inside an installed package, or in the source tree."""
    package = Path(__file__).resolve().parents[1]
    packaged = package / "_schemas" / SCHEMA_FILE
    return packaged if packaged.exists() else package.parents[1] / "schemas" / SCHEMA_FILE


def _through_faults(lab: Lab, call: _Call) -> Reply | NoAnswer:
    """The contract's answer, with what the faults of the gateway make of it."""
    faults = lab.faults()
    if not faults:
        return _answer(lab, call)
    if (down := find(faults, "gateway-down")) and lab.spend(down):
        return NoAnswer(sent=False)
    addresses = _addresses(lab, call)
    if (lost := _act_fault(call, faults, "not-delivered", addresses)) and lab.spend(lost):
        return NoAnswer(sent=True)
    reply = _answer(lab, call)
    if (lost := _act_fault(call, faults, "answer-lost", addresses)) and lab.spend(lost):
        return NoAnswer(sent=True)
    if (slow := find(faults, "slow")) and lab.spend(slow):
        return Reply(reply.status, reply.body, SLOW_S)
    return reply


def _act_fault(call: _Call, faults: tuple[Fault, ...], name: str, addresses: tuple[Address, ...]) -> Fault | None:
    return find(faults, name, addresses) if call.method == "POST" else None


def _addresses(lab: Lab, call: _Call) -> tuple[Address, ...]:
    if call.method != "POST":
        return ()
    return concerned(lab.bound, lab.world(), action_in(call.body))


def _answer(lab: Lab, call: _Call) -> Reply:
    match call.rest:
        case ():
            _only(call.method, "GET")
            now, scale = lab.time()
            clock = {"now": now, "scale": scale}
            return Reply(
                200,
                {
                    "site": lab.site,
                    "product": PRODUCT,
                    "lab": True,
                    "fencing": True,
                    "clock": clock,
                    "permissions": ["read", "act"],
                },
            )
        case ("estate",):
            _only(call.method, "GET")
            found = lab.read(addresses_in(call.query))
            return Reply(200, {"observed_at": iso(lab.wall.now()), "resources": Estate(found).to_json()})
        case ("operations",):
            _only(call.method, "POST")
            body = call.body
            result, now = lab.submit(key_in(body), person_in(body, "actor"), action_in(body), token_in(body))
            return submitted(result, now)
        case ("operations", key):
            _only(call.method, "GET")
            return operation_reply(lab, key)
        case _:
            raise BadRequest(404, "no such path; see /v1/openapi.json")


def operation_reply(lab: Lab, key: str) -> Reply:
    """The operation of a key, or 404."""
    found = lab.operation(key)
    if found is None:
        return problem(404, "no operation has this key")
    operation, now = found
    return Reply(200, operation.to_json(now))


def _only(method: str, allowed: str) -> None:
    if method != allowed:
        raise BadRequest(405, f"only {allowed} is possible here")


def one_lab(lab: Lab) -> Callable[[str], Lab | None]:
    """A service's labs when there is just one."""
    labs: Mapping[str, Lab] = {lab.site: lab}
    return labs.get
