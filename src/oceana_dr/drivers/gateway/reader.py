"""Reads resources through a gateway: one request for a whole site or for the addresses named.

In: a transport, the catalogue bound to the site. Out: readings with canonical values.
It must never write, and never fill a gap: what the gateway does not tell is `Unknown`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.contract import Reading
from oceana_dr.drivers.gateway.canonical import canonical_resource
from oceana_dr.drivers.gateway.contract import AnswerLost, NotSent, Transport, detail, site_path
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import ABSENT, Estate

HINT = "is `drivers.gateway.endpoint` in oceana-dr.yaml right, and does it answer?"


class GatewayReader:
    """Reads one site; `source` is what readings say they come from."""

    def __init__(self, transport: Transport, site: str, bound: BoundCatalogue, source: str = "gateway") -> None:
        self._transport = transport
        self._site = site
        self._bound = bound
        self._source = source

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        """The resources named, or all; raises `SystemUnavailable`."""
        if addresses is not None and not addresses:
            return ()
        query = None if addresses is None else {"address": addresses}
        body = ask(self._transport, f"{site_path(self._site)}/estate", query)
        match body:
            case {"observed_at": str() as observed_at, "resources": dict() as resources}:
                found = self._estate(resources)
            case _:
                raise SystemUnavailable("the gateway's answer is not an estate", hint=HINT)
        wanted = sorted(found.resources) if addresses is None else addresses
        return tuple(
            Reading(
                address,
                canonical_resource(self._bound, address, found.resources.get(address, ABSENT)),
                self._source,
                observed_at,
            )
            for address in wanted
        )

    def _estate(self, resources: dict[str, Any]) -> Estate:
        try:
            return Estate.from_json(resources)
        except ValueError as error:
            raise SystemUnavailable(f"the gateway's answer is not an estate: {error}") from None


def ask(transport: Transport, path: str, query: Any = None) -> Any:
    """The body of a GET; raises `SystemUnavailable` for anything but 200."""
    try:
        status, body = transport.request("GET", path, query)
    except (NotSent, AnswerLost) as error:
        raise SystemUnavailable(f"the gateway does not answer: {error}", hint=HINT) from None
    if status != 200:
        raise SystemUnavailable(f"the gateway will not tell: {detail(status, body)}", hint=HINT)
    return body
