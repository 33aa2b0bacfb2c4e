"""What `doctor` hears of Windows servers: each aspect, and nothing good that nobody answered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.drivers.ssh import Cause
from oceana_dr.drivers.windows import doctor
from oceana_dr.drivers.windows.contract import Seen, Sight, Silent
from oceana_dr.drivers.windows.doctor import ask
from oceana_dr.drivers.windows.trial import HOSTS, Stand
from tests.drivers.windows.conftest import Open

A, APP2 = "ocdb-a.globex.example", "acm-app-2.globex.example"
SEEN = Seen({}, (), True, 64, "2001-01-01T00:00:00.0000000Z", "5.1", "10.0")
SERVER = (Aspect.REACH, Aspect.AUTHENTICATION, Aspect.VERSION, Aspect.CLOCK, Aspect.PERMISSIONS)


def said(setting: Open, **options: Any) -> dict[tuple[str, Aspect], Check]:
    return {(item.about, item.aspect): item for item in ask(setting(**options))}


def healths(found: dict[tuple[str, Aspect], Check], host: str) -> list[Health]:
    return [found[HOSTS[host], aspect].health for aspect in SERVER]


def test_all_is_well_with_servers_that_are(stand: Stand, setting: Open) -> None:
    found = said(setting)
    assert {item.health for item in found.values()} == {Health.GOOD}
    assert len(found) == 1 + len(HOSTS) * len(SERVER)
    assert stand.arrived() == 0


def test_each_server_is_judged_by_what_it_tells(stand: Stand, setting: Open) -> None:
    stand.set_state(A, stand.state(A) | {"administrator": False, "now": "2001-01-01T00:00:00.0000000Z"})
    stand.set_state(APP2, stand.state(APP2) | {"bits": 32, "services": {}})
    found = said(setting)
    assert healths(found, A) == [Health.GOOD, Health.GOOD, Health.GOOD, Health.BAD, Health.UNKNOWN]
    assert "whether it may start them nobody can tell" in found[HOSTS[A], Aspect.PERMISSIONS].says
    assert healths(found, APP2) == [Health.GOOD, Health.GOOD, Health.BAD, Health.GOOD, Health.UNKNOWN]
    assert "32 bits" in found[HOSTS[APP2], Aspect.VERSION].says
    assert "*High*Availability*" in found[HOSTS[APP2], Aspect.PERMISSIONS].says


@pytest.mark.parametrize(
    ("sight", "wanted"),
    [
        (replace(SEEN, powershell="2.0"), "good good bad bad unknown"),
        (replace(SEEN, now="nobody knows"), "good good good unknown unknown"),
        (Silent("it ended with 1 and said: Der Befehl ist falsch"), "unknown unknown bad unknown unknown"),
        (Silent("no address is known", cause=Cause.NAME), "bad unknown unknown unknown unknown"),
        (Silent("no connection", off=True, cause=Cause.OFF), "bad unknown unknown unknown unknown"),
    ],
)
def test_what_was_not_answered_is_never_good(
    setting: Open, monkeypatch: pytest.MonkeyPatch, sight: Sight, wanted: str
) -> None:
    monkeypatch.setattr(doctor, "look", lambda *_: sight)
    assert " ".join(healths(said(setting), APP2)) == wanted


def test_nothing_but_reach_is_good_of_a_server_that_lets_nobody_in(stand: Stand, setting: Open) -> None:
    with stand.server.letting_nobody_in():
        found = said(setting)
    assert healths(found, A) == [Health.GOOD, Health.BAD, *[Health.UNKNOWN] * 3]


def test_another_host_key_is_no_reach(setting: Open, tmp_path: Path) -> None:
    empty = tmp_path / "known_hosts"
    empty.touch()
    found = said(setting, known_hosts=str(empty))[HOSTS[A], Aspect.REACH]
    assert found.health is Health.BAD
    assert f"no host key of {HOSTS[A]}" in found.says
    assert "ssh-keyscan" in found.hint


def test_a_key_that_others_may_read_is_told(stand: Stand, setting: Open, tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes((stand.server.folder / "key").read_bytes())
    key.chmod(0o644)
    found = next(item for item in ask(setting(key_file=str(key))) if item.aspect is Aspect.SECRETS)
    assert found.health is Health.BAD
    assert "can be read or changed by others" in found.says
    assert next(iter(ask(setting(key_file=None)))).health is Health.NONE
