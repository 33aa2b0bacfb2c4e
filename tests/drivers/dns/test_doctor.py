"""What `doctor` hears of name servers, and that asking changes nothing."""

import time
from collections.abc import Mapping
from typing import Any

import pytest

from oceana_dr.drivers.dns import doctor
from oceana_dr.drivers.dns.options import DnsOptions
from oceana_dr.drivers.protocol import Aspect, Health, Setting
from oceana_dr.drivers.trial import site_for_tests
from tests.dns_server import DC1, HOST, KEY, NAMES, STRANGER, ZONE, NameServers, free_ports
from tests.drivers.dns.stand import read, secrets, view, zones

__all__ = ["secrets"]


def heard(views: Mapping[str, Any], answer_s: float = 3.0) -> dict[Aspect, list[tuple[Health, str]]]:
    """Health and words, by aspect."""
    options = DnsOptions.model_validate({"zones": {ZONE: views}, "answer_s": answer_s})
    found: dict[Aspect, list[tuple[Health, str]]] = {}
    for check in doctor.ask(Setting("globex", options, site_for_tests())):
        found.setdefault(check.aspect, []).append((check.health, check.says))
    return found


def test_all_is_well_and_nothing_changed(servers: NameServers) -> None:
    before = [sight.serial for sight in _sights(servers)]
    found = heard({"public": view(servers), "inside": view(servers, inside=True)})
    assert {health for items in found.values() for health, _ in items} == {Health.GOOD}
    assert [says for _, says in found[Aspect.REACH]].count("answers over TCP") == 2
    assert [says for _, says in found[Aspect.CLOCK]] == ["0.0 s behind ours; a signature may be 300 s old"] * 2
    assert [sight.serial for sight in _sights(servers)] == before
    assert read(zones({"public": view(servers)})) == {name: {"A": DC1[name], "TTL": 3600} for name in NAMES}


def test_a_key_without_the_permission_is_told(servers: NameServers) -> None:
    found = heard({"public": view(servers, key={"name": STRANGER, "secret": "env:TESTS_DNS_KEY"})})
    assert found[Aspect.AUTHENTICATION] == [(Health.GOOD, "accepts the key stranger")]
    ((health, says),) = found[Aspect.PERMISSIONS]
    assert health is Health.BAD
    assert says.endswith("answers REFUSED: the key may not change these names there")


def test_a_wrong_key_is_told(servers: NameServers) -> None:
    ((health, says),) = heard({"public": view(servers, key={"name": KEY, "secret": "env:TESTS_DNS_INSIDE"})})[
        Aspect.AUTHENTICATION
    ]
    assert health is Health.BAD
    assert "another secret under the name of the key" in says


def test_what_is_no_key_is_told(servers: NameServers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TESTS_DNS_KEY", "not base64!")
    found = heard({"public": view(servers)})
    assert found[Aspect.SECRETS] == [(Health.GOOD, "is there")]
    assert found[Aspect.AUTHENTICATION] == [(Health.BAD, "the secret env:TESTS_DNS_KEY is no TSIG secret")]


def test_a_clock_that_is_wrong_is_told(servers: NameServers, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = time.time
    monkeypatch.setattr(time, "time", lambda: plain() + 200)
    ((health, says),) = heard({"public": view(servers)})[Aspect.CLOCK]
    assert (health, says) == (Health.BAD, "3 min behind ours; a signature may be 300 s old")
    monkeypatch.setattr(time, "time", lambda: plain() + 900)
    found = heard({"public": view(servers)})
    assert found[Aspect.CLOCK][0][0] is Health.BAD
    assert "and a signature may be 300 s old" in found[Aspect.CLOCK][0][1]
    assert found[Aspect.AUTHENTICATION] == [(Health.UNKNOWN, "only an accepted signature tells")]


def test_nobody_there_is_unknown_or_bad_and_never_good(servers: NameServers) -> None:
    (closed,) = free_ports(1)
    found = heard({"public": view(servers, primary=f"{HOST}:{closed}")}, answer_s=0.2)
    assert Health.BAD in {health for health, _ in found[Aspect.REACH]}
    for aspect in (Aspect.AUTHENTICATION, Aspect.CLOCK, Aspect.PERMISSIONS, Aspect.VERSION):
        assert {health for health, _ in found[aspect]} == {Health.UNKNOWN}, aspect


def test_a_server_that_nobody_listed_is_told(servers: NameServers) -> None:
    some = view(servers, servers={f"ns1.{ZONE}": f"{HOST}:{servers.primary}"})
    assert (Health.BAD, f"its NS records name ns2.{ZONE} too") in heard({"public": some})[Aspect.REACH]


def test_a_name_of_no_zone_is_told(servers: NameServers) -> None:
    options = DnsOptions.model_validate({"zones": {"acme.example": {"public": view(servers)}}})
    (check, *_) = doctor.ask(Setting("globex", options, site_for_tests()))
    assert (check.health, check.says) == (Health.BAD, "no zone of `drivers.dns` holds it")


def _sights(servers: NameServers) -> Any:
    from oceana_dr.drivers.dns.look import look

    return look(zones({"public": view(servers)}).views[ZONE][0], NAMES, 3.0)
