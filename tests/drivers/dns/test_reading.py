"""What is read of names: from every server of every view, or not at all."""

import sys
from dataclasses import replace

import dns.update
import pytest

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.dns.contract import PREFIX
from oceana_dr.drivers.dns.reader import DnsReader
from oceana_dr.drivers.dns.zones import Zones
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Unknown
from tests.dns_server import DC1, HOST, INSIDE_DC1, NAMES, ZONE, NameServers, free_ports
from tests.drivers.dns.stand import ADDRESSES, read, secrets, view, zones

__all__ = ["secrets"]


def unknown(found: Zones, name: str = NAMES[0]) -> str:
    resource = read(found)[name]
    assert isinstance(resource, Unknown)
    return resource.reason


def test_a_name_is_what_all_servers_have(servers: NameServers) -> None:
    assert read(zones({"public": view(servers)})) == {name: {"A": DC1[name], "TTL": 3600} for name in NAMES}


def test_two_views_say_the_same_in_addresses_of_their_own(servers: NameServers) -> None:
    found = zones({"public": view(servers), "inside": view(servers, inside=True)})
    assert read(found) == {name: {"A": DC1[name], "TTL": 3600} for name in NAMES}
    plain = zones({"inside": view(servers, inside=True, addresses={})})
    assert read(plain) == {name: {"A": INSIDE_DC1[name], "TTL": 3600} for name in NAMES}


def test_a_view_that_differs_is_told_with_who_says_what(servers: NameServers) -> None:
    found = zones({"public": view(servers), "inside": view(servers, inside=True, addresses={})})
    reason = unknown(found)
    assert reason.startswith("the servers disagree: 192.0.2.10 (TTL 3600) on ns1.globex.example")
    assert "10.21.4.10 (TTL 3600) on ns1.globex.example" in reason
    assert "in view inside" in reason


def test_a_view_with_the_address_of_another_one_is_told(servers: NameServers) -> None:
    wrong = view(servers, addresses={DC1[NAMES[0]]: "10.21.4.10"})
    found = zones({"inside": wrong})
    reason = f"has {DC1[NAMES[0]]} in view inside, where it should be 10.21.4.10"
    assert unknown(found).startswith(f"ns1.{ZONE} ({HOST} port {servers.primary}) {reason}; ns2.{ZONE}")
    assert read(found)[NAMES[1]] == {"A": DC1[NAMES[1]], "TTL": 3600}


def test_a_server_that_is_behind_is_told(servers: NameServers) -> None:
    with servers.paused(servers.secondary):
        message = dns.update.UpdateMessage(f"{ZONE}.")
        message.replace(f"{NAMES[0]}.", 3600, "A", "192.0.2.7")
        assert servers.update(message) == "NOERROR"
        quick = zones({"public": view(servers)}, answer_s=0.2)
        assert unknown(quick).startswith(f"ns2.{ZONE} ({HOST} port {servers.secondary}) does not answer within")
    servers.until(servers.secondary, NAMES[0], "192.0.2.7", 3600)


def test_the_hidden_primary_is_asked_too(servers: NameServers) -> None:
    hidden = view(servers, servers={f"ns2.{ZONE}": f"{HOST}:{servers.secondary}"}, not_asked={f"ns1.{ZONE}": "lost"})
    found = zones({"public": hidden})
    assert [str(item) for item in found.views[ZONE][0].everyone] == [
        f"the primary ({HOST} port {servers.primary})",
        f"ns2.{ZONE} ({HOST} port {servers.secondary})",
    ]
    assert read(found)[NAMES[0]] == {"A": DC1[NAMES[0]], "TTL": 3600}


def test_a_server_of_the_ns_records_must_be_listed_or_left_out_with_a_reason(servers: NameServers) -> None:
    some = view(servers, servers={f"ns1.{ZONE}": f"{HOST}:{servers.primary}"})
    assert f"name ns2.{ZONE}, which `drivers.dns` does not" in unknown(zones({"public": some}))
    assert read(zones({"public": {**some, "not_asked": {f"ns2.{ZONE}": "down"}}}))[NAMES[0]] == {
        "A": DC1[NAMES[0]],
        "TTL": 3600,
    }


def test_what_is_left_out_is_not_asked_wherever_it_stands(servers: NameServers) -> None:
    found = zones({"public": view(servers, not_asked={f"NS2.{ZONE}": "lost with Data Center 1"})}, answer_s=0.6)
    with servers.paused(servers.secondary):
        assert read(found)[NAMES[0]] == {"A": DC1[NAMES[0]], "TTL": 3600}


def test_a_name_is_in_the_longest_zone_that_holds_it_in_whatever_case(servers: NameServers) -> None:
    (public,) = zones({"public": view(servers)}).views[ZONE]
    found = Zones({ZONE: (public,), f"eu.{ZONE}": (public,)})
    assert found.zone_of(f"token.EU.{ZONE}") == f"eu.{ZONE}"
    assert found.zone_of("Token.Globex.Example") == ZONE
    assert found.zone_of(f"not{ZONE}") is None


def test_without_the_library_the_driver_says_what_to_install(
    servers: NameServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    views = {"public": view(servers)}
    monkeypatch.setitem(sys.modules, "dns", None)
    with pytest.raises(Unreadable, match="needs dnspython") as error:
        zones(views)
    assert error.value.hint == 'pip install "oceana-dr[dns]"'


def test_a_cname_is_no_address(servers: NameServers) -> None:
    message = dns.update.UpdateMessage(f"{ZONE}.")
    message.add(f"alias.{ZONE}.", 300, "CNAME", f"{NAMES[0]}.")
    assert servers.update(message) == "NOERROR"
    reader = DnsReader(
        zones(
            {
                "public": view(
                    servers, servers={f"ns1.{ZONE}": f"{HOST}:{servers.primary}"}, not_asked={f"ns2.{ZONE}": "lags"}
                )
            }
        ),
        (),
    )
    (reading,) = reader.read([Address(f"{PREFIX}alias.{ZONE}")])
    assert reading.resource == Unknown(f"it is a CNAME to {NAMES[0]}, which has to be moved where it leads")


def test_a_name_without_an_address_has_none(servers: NameServers) -> None:
    reader = DnsReader(zones({"public": view(servers)}), ())
    (reading,) = reader.read([Address(f"{PREFIX}nothing.{ZONE}")])
    assert reading.resource == {"A": "none"}


def test_several_addresses_are_all_told(servers: NameServers) -> None:
    message = dns.update.UpdateMessage(f"{ZONE}.")
    message.add(f"{NAMES[0]}.", 3600, "A", "192.0.2.8")
    assert servers.update(message) == "NOERROR"
    servers.until(servers.secondary, NAMES[1], DC1[NAMES[1]], 3600)
    only = view(servers, servers={f"ns1.{ZONE}": f"{HOST}:{servers.primary}"}, not_asked={f"ns2.{ZONE}": "lags"})
    assert read(zones({"public": only}))[NAMES[0]] == {"A": (DC1[NAMES[0]], "192.0.2.8"), "TTL": 3600}


def test_a_name_of_no_zone_is_unknown(servers: NameServers) -> None:
    (reading,) = DnsReader(zones({"public": view(servers)}), ()).read([Address(f"{PREFIX}token.acme.example")])
    assert reading.resource == Unknown("`drivers.dns` has no zone that holds it")


def test_a_server_without_the_zone_is_no_authority(servers: NameServers) -> None:
    found = zones({"public": view(servers)})
    elsewhere = Zones({"acme.example": tuple(replace(item, zone="acme.example") for item in found.views[ZONE])})
    (reading,) = DnsReader(elsewhere, ()).read([Address(f"{PREFIX}token.acme.example")])
    assert isinstance(reading.resource, Unknown)
    assert "answers REFUSED to acme.example SOA" in reading.resource.reason


def test_a_view_whose_key_is_not_there_is_unknown(servers: NameServers) -> None:
    key = {"name": "inside", "secret": "env:TESTS_DNS_NOWHERE"}
    found = zones({"inside": view(servers, inside=True, key=key)})
    assert unknown(found) == "not read: there is no secret at env:TESTS_DNS_NOWHERE"


def test_nobody_there_is_unknown(servers: NameServers) -> None:
    (closed,) = free_ports(1)
    found = zones({"public": view(servers, primary=f"{HOST}:{closed}")}, answer_s=0.2)
    assert unknown(found) == f"the primary ({HOST} port {closed}) does not answer within 0.2 s over UDP"


@pytest.mark.parametrize("addresses", [ADDRESSES[:1], ADDRESSES[1:], []])
def test_only_what_is_asked_for_is_read(servers: NameServers, addresses: list[Address]) -> None:
    readings = DnsReader(zones({"public": view(servers)}), ADDRESSES).read(addresses)
    assert [reading.address for reading in readings] == addresses
