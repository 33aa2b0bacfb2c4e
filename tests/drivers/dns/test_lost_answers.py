"""What becomes of an update whose answer does not come: it is looked for on the primary, and never sent again."""

import pytest

from oceana_dr.drivers.contract import Declined, Done, InDoubt
from tests import dns_proxy
from tests.dns_proxy import relay
from tests.dns_server import DC1, DC2, HOST, ZONE, NameServers
from tests.drivers.dns.stand import move, read, secrets, view, zones

__all__ = ["secrets"]


def behind(servers: NameServers, port: int) -> dict[str, object]:
    """The view whose primary is reached through a relay."""
    return view(
        servers,
        primary=f"{HOST}:{port}",
        servers={f"ns1.{ZONE}": f"{HOST}:{port}", f"ns2.{ZONE}": f"{HOST}:{servers.secondary}"},
    )


@pytest.mark.parametrize("mode", [dns_proxy.DROP_ANSWER, dns_proxy.CUT])
def test_an_update_that_arrived_is_found_on_the_primary(servers: NameServers, mode: str) -> None:
    with relay(servers.primary) as way:
        way.mode = mode
        outcome = move(zones({"public": behind(servers, way.port)}))
        assert isinstance(outcome, Done)
        assert way.seen == 1
    assert {address for address, _ in servers.where(servers.secondary).values()} == set(DC2.values())  # type: ignore[misc]  # all names have one


def test_an_update_that_never_arrived_is_in_doubt(servers: NameServers) -> None:
    with relay(servers.primary) as way:
        way.mode = dns_proxy.DROP_MESSAGE
        outcome = move(zones({"public": behind(servers, way.port)}, answer_s=0.3))
        assert isinstance(outcome, InDoubt)
        assert "does not answer over TCP: the connection was closed, and does not show the change" in outcome.reason
        assert way.seen == 1
        way.mode = dns_proxy.PASS
        assert isinstance(move(zones({"public": behind(servers, way.port)})), Done)


def test_an_update_that_arrives_late_is_in_doubt_and_then_there(servers: NameServers) -> None:
    with relay(servers.primary) as way:
        way.mode, way.late_s = dns_proxy.LATE, 1.0
        found = zones({"public": behind(servers, way.port)}, answer_s=0.3)
        assert isinstance(move(found), InDoubt)
        way.until_late()
        assert way.seen == 1
    servers.until(servers.secondary, "token.globex.example", DC2["token.globex.example"], 3600)
    again = move(zones({"public": view(servers)}))
    assert isinstance(again, Done)
    assert read(zones({"public": view(servers)}))["token.globex.example"] == {
        "A": DC2["token.globex.example"],
        "TTL": 3600,
    }


def test_without_a_connection_nothing_was_sent(servers: NameServers) -> None:
    with relay(servers.primary) as way:
        found = zones({"public": behind(servers, way.port)}, answer_s=0.3)
        way.close_tcp()
        outcome = move(found)
    assert isinstance(outcome, Declined)
    assert outcome.rule == "not-sent"
    assert {address for address, _ in servers.where(servers.primary).values()} == set(DC1.values())  # type: ignore[misc]  # all names have one
