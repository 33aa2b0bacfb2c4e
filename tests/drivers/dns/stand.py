"""The driver's parts on the two name servers, and what tests do with them."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from oceana_dr.drivers.contract import ActRequest, Outcome
from oceana_dr.drivers.dns.contract import PREFIX
from oceana_dr.drivers.dns.options import DnsOptions
from oceana_dr.drivers.dns.reader import DnsReader
from oceana_dr.drivers.dns.writer import DnsWriter
from oceana_dr.drivers.dns.zones import Zones, zones_of
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown, Value
from tests.dns_server import (
    DC1,
    DC2,
    HOST,
    INSIDE,
    INSIDE_DC1,
    INSIDE_DC2,
    INSIDE_SECRET,
    KEY,
    NAMES,
    SECRET,
    ZONE,
    NameServers,
)

INSIDE_ADDRESSES = {DC1[name]: INSIDE_DC1[name] for name in NAMES} | {DC2[name]: INSIDE_DC2[name] for name in NAMES}
ADDRESSES = [Address(PREFIX + name) for name in NAMES]


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESTS_DNS_KEY", SECRET)
    monkeypatch.setenv("TESTS_DNS_INSIDE", INSIDE_SECRET)


def view(pair: NameServers, /, *, inside: bool = False, **other: Any) -> dict[str, Any]:
    """One view as oceana-dr.yaml would have it."""
    name, secret = (INSIDE, "env:TESTS_DNS_INSIDE") if inside else (KEY, "env:TESTS_DNS_KEY")
    return {
        "primary": f"{HOST}:{pair.primary}",
        "servers": {f"ns1.{ZONE}": f"{HOST}:{pair.primary}", f"ns2.{ZONE}": f"{HOST}:{pair.secondary}"},
        "key": {"name": name, "secret": secret},
        **({"view_by_key": True, "addresses": INSIDE_ADDRESSES} if inside else {}),
        **other,
    }


def zones(views: Mapping[str, Any], answer_s: float = 3.0, settle_s: float = 10.0) -> Zones:
    """These views of the zone; answers in less than a second are not for a file, but for tests."""
    found = zones_of(DnsOptions.model_validate({"zones": {ZONE: views}}))
    return Zones(found.views, answer_s, settle_s)


def read(found: Zones) -> dict[str, Attributes | Unknown]:
    """The three names, by their names."""
    readings = DnsReader(found, ADDRESSES).read()
    return {str(reading.address).removeprefix(PREFIX): reading.resource for reading in readings}


def setting(label: str, values: Mapping[str, Value]) -> dict[Ref, Value]:
    """One attribute of some names."""
    return {Ref(f"{PREFIX}{name}#{label}"): value for name, value in values.items()}


def act(
    found: Zones,
    values: Mapping[Ref, Value],
    before: Mapping[Ref, Value] | None = None,
    stop: threading.Event | None = None,
) -> Outcome:
    """Have the writer set these values, which were found as `before`."""
    request = ActRequest("run/P34.names/1", "P34.names", SetValues(values), "tester", None, before or {})
    return DnsWriter(found, stop).act(request)


def move(found: Zones, before: Mapping[str, Value] = DC1) -> Outcome:
    """The three names to Data Center 2."""
    return act(found, setting("A", DC2), setting("A", before))
