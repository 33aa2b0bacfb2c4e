"""What a change does, and what it never does: all names of all views or none, and only from what was expected."""

import re
import threading

import dns.update
import pytest

from oceana_dr.drivers.contract import ActRequest, Declined, Done, InDoubt
from oceana_dr.drivers.dns.writer import DnsWriter
from oceana_dr.estate.action import RunProcedure
from tests.dns_server import DC1, DC2, HOST, INSIDE, INSIDE_DC1, INSIDE_DC2, KEY, NAMES, STRANGER, ZONE, NameServers
from tests.drivers.dns.stand import act, move, read, secrets, setting, view, zones

__all__ = ["secrets"]


def at(addresses: dict[str, str], ttl: int = 3600) -> dict[str, tuple[str, int]]:
    return {name: (address, ttl) for name, address in addresses.items()}


def test_the_three_names_move_on_every_server(servers: NameServers) -> None:
    outcome = move(zones({"public": view(servers)}))
    assert isinstance(outcome, Done)
    assert servers.where(servers.primary) == servers.where(servers.secondary) == at(DC2)
    (told,) = (outcome.evidence["views"],)
    assert isinstance(told, dict)
    assert isinstance(told["public"], dict)
    assert told["public"]["changed"] == sorted(NAMES)
    assert told["public"]["servers"] == [
        f"ns{n}.{ZONE} ({HOST} port {port})" for n, port in ((1, servers.primary), (2, servers.secondary))
    ]


def test_both_views_move_each_to_its_own_addresses(servers: NameServers) -> None:
    assert isinstance(move(zones({"public": view(servers), "inside": view(servers, inside=True)})), Done)
    for port in (servers.primary, servers.secondary):
        assert servers.where(port) == at(DC2)
        assert servers.where(port, INSIDE) == at(INSIDE_DC2)


def test_the_time_to_live_is_set_and_the_address_stays(servers: NameServers) -> None:
    found = zones({"public": view(servers)})
    outcome = act(found, setting("TTL", dict.fromkeys(NAMES, 60)), setting("TTL", dict.fromkeys(NAMES, 3600)))
    assert isinstance(outcome, Done)
    assert servers.where(servers.secondary) == at(DC1, 60)
    assert isinstance(move(found), Done)
    assert servers.where(servers.secondary) == at(DC2, 60)


def test_what_is_so_already_is_not_sent_again(servers: NameServers) -> None:
    found = zones({"public": view(servers)})
    first, second = move(found), move(found)
    assert isinstance(first, Done)
    assert isinstance(second, Done)
    assert first.evidence["views"]["public"]["serial"] == second.evidence["views"]["public"]["serial"]  # type: ignore[call-overload, index]  # JSON, whose form the first test holds


def test_drift_declines_and_changes_nothing(servers: NameServers) -> None:
    message = dns.update.UpdateMessage(f"{ZONE}.")
    message.replace(f"{NAMES[2]}.", 3600, "A", "192.0.2.9")
    servers.update(message)
    outcome = move(zones({"public": view(servers)}))
    assert outcome == Declined(
        f"{NAMES[2]} has 192.0.2.9 (TTL 3600) on ns1.{ZONE} ({HOST} port {servers.primary}), "
        f"and {DC1[NAMES[2]]} was expected",
        "drift",
    )
    assert servers.where(servers.primary) == {**at(DC1), NAMES[2]: ("192.0.2.9", 3600)}


def test_drift_after_the_look_is_refused_by_the_server(servers: NameServers, monkeypatch: pytest.MonkeyPatch) -> None:
    from oceana_dr.drivers.dns import exchange, sending

    plain = exchange.over_tcp

    def meanwhile(*arguments: object) -> object:
        monkeypatch.setattr(sending, "over_tcp", plain)
        message = dns.update.UpdateMessage(f"{ZONE}.")
        message.replace(f"{NAMES[1]}.", 3600, "A", "192.0.2.9")
        servers.update(message)
        return plain(*arguments)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(sending, "over_tcp", meanwhile)
    outcome = move(zones({"public": view(servers)}))
    assert isinstance(outcome, Declined)
    assert outcome.rule == "NXRRSET"
    assert f"{NAMES[1]} has 192.0.2.9 (TTL 3600), not {DC1[NAMES[1]]} (TTL 3600)" in outcome.message
    assert servers.where(servers.primary) == {**at(DC1), NAMES[1]: ("192.0.2.9", 3600)}


def test_a_second_address_that_nobody_planned_with_is_drift(servers: NameServers) -> None:
    message = dns.update.UpdateMessage(f"{ZONE}.")
    message.add(f"{NAMES[0]}.", 3600, "A", "192.0.2.8")
    servers.update(message)
    outcome = move(zones({"public": view(servers)}))
    assert isinstance(outcome, Declined)
    assert "has 192.0.2.10, 192.0.2.8 (TTL 3600)" in outcome.message


def test_a_cname_is_refused(servers: NameServers) -> None:
    message = dns.update.UpdateMessage(f"{ZONE}.")
    message.add(f"alias.{ZONE}.", 300, "CNAME", f"{NAMES[0]}.")
    assert servers.update(message) == "NOERROR"
    outcome = act(zones({"public": view(servers)}), setting("A", {f"alias.{ZONE}": "192.0.2.1", **DC2}))
    assert isinstance(outcome, Declined)
    assert outcome.rule == "CNAME"
    assert servers.where(servers.primary) == at(DC1)


@pytest.mark.parametrize(
    ("key", "rule", "says"),
    [
        ({"name": STRANGER, "secret": "env:TESTS_DNS_KEY"}, "REFUSED", "the key may not change these names there"),
        ({"name": "nobody", "secret": "env:TESTS_DNS_KEY"}, "BADKEY", "does not know the key"),
        ({"name": KEY, "secret": "env:TESTS_DNS_INSIDE"}, "BADSIG", "another secret under the name of the key"),
        ({"name": KEY, "secret": "env:TESTS_DNS_NOWHERE"}, "key", "there is no secret at env:TESTS_DNS_NOWHERE"),
    ],
)
def test_a_key_that_is_not_accepted_declines(servers: NameServers, key: dict[str, str], rule: str, says: str) -> None:
    outcome = move(zones({"public": view(servers, key=key)}))
    assert isinstance(outcome, Declined)
    assert outcome.rule == rule
    assert says in outcome.message
    assert servers.where(servers.primary) == at(DC1)


def test_a_clock_that_is_wrong_is_told_with_both_times(servers: NameServers, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    plain = time.time
    monkeypatch.setattr(time, "time", lambda: plain() + 900)
    outcome = move(zones({"public": view(servers)}))
    assert isinstance(outcome, Declined)
    assert outcome.rule == "BADTIME"
    assert re.search(r"(899|900|901) s apart, and a signature may be 300 s old", outcome.message)
    assert servers.where(servers.primary) == at(DC1)


def test_a_server_that_is_not_the_primary_changes_nothing(servers: NameServers) -> None:
    outcome = move(zones({"public": view(servers, primary=f"{HOST}:{servers.secondary}")}))
    assert isinstance(outcome, Declined)
    assert outcome.rule in {"NOTIMP", "NOTAUTH", "REFUSED"}
    assert servers.where(servers.primary) == at(DC1)


def test_a_view_that_refuses_leaves_the_other_as_it_was(servers: NameServers) -> None:
    refusing = view(
        servers, inside=True, key={"name": STRANGER, "secret": "env:TESTS_DNS_KEY"}, view_by_key=False, addresses={}
    )
    outcome = move(zones({"public": view(servers), "partner": refusing}))
    assert isinstance(outcome, Declined)
    assert servers.where(servers.primary) == at(DC1)


def test_a_view_that_refuses_too_late_takes_the_other_back(
    servers: NameServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oceana_dr.drivers.dns import sending, writer

    plain = sending.send

    def meanwhile(*arguments: object) -> None:
        plain(*arguments)  # type: ignore[arg-type]  # passed on as they came
        monkeypatch.setattr(writer, "send", plain)
        message = dns.update.UpdateMessage(f"{ZONE}.")
        message.replace(f"{NAMES[1]}.", 3600, "A", "192.0.2.9")
        servers.update(message, INSIDE)

    monkeypatch.setattr(writer, "send", meanwhile)
    outcome = move(zones({"public": view(servers), "inside": view(servers, inside=True)}))
    assert isinstance(outcome, Declined)
    assert outcome.rule == "NXRRSET"
    assert servers.where(servers.primary) == at(DC1)
    assert servers.where(servers.primary, INSIDE) == {**at(INSIDE_DC1), NAMES[1]: ("192.0.2.9", 3600)}


def test_a_server_that_hangs_leaves_it_in_doubt_and_the_next_attempt_only_waits(servers: NameServers) -> None:
    quick = zones({"public": view(servers)}, answer_s=0.6, settle_s=0.6)
    with servers.paused(servers.secondary):
        outcome = move(quick)
        assert isinstance(outcome, InDoubt)
        assert "has the change, and not everybody does: ns2" in outcome.reason
        assert servers.where(servers.primary) == at(DC2)
    assert isinstance(move(zones({"public": view(servers)})), Done)
    assert servers.where(servers.secondary) == at(DC2)


def test_a_stop_ends_the_waiting_and_leaves_it_in_doubt(servers: NameServers) -> None:
    stop = threading.Event()
    stop.set()
    with servers.paused(servers.secondary):
        outcome = act(
            zones({"public": view(servers)}, answer_s=0.6, settle_s=60), setting("A", DC2), setting("A", DC1), stop
        )
    assert isinstance(outcome, InDoubt)


def test_names_can_be_made_and_taken_away(servers: NameServers) -> None:
    found = zones({"public": view(servers)})
    assert isinstance(act(found, setting("A", dict.fromkeys(NAMES, "none")), setting("A", DC1)), Done)
    assert servers.where(servers.secondary) == dict.fromkeys(NAMES)
    assert read(found) == {name: {"A": "none"} for name in NAMES}
    without = act(found, setting("A", DC2), setting("A", dict.fromkeys(NAMES, "none")))
    assert isinstance(without, Declined)
    assert "whose time to live could be kept" in without.message
    both = setting("A", DC2) | setting("TTL", dict.fromkeys(NAMES, 60))
    assert isinstance(act(found, both, setting("A", dict.fromkeys(NAMES, "none"))), Done)
    assert servers.where(servers.secondary) == at(DC2, 60)


def test_a_procedure_is_nothing_for_a_name_server(servers: NameServers) -> None:
    request = ActRequest("run/P24/1", "P24", RunProcedure("demote-to-async", {}), "tester")
    outcome = DnsWriter(zones({"public": view(servers)})).act(request)
    assert isinstance(outcome, Declined)
