"""dgmgrl on the servers of the databases, by SSH: a real server on loopback, and the stand-in behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.drivers.contract import Declined, Done
from oceana_dr.drivers.dataguard.doctor import ask
from oceana_dr.drivers.dataguard.stand_in import StandIn
from oceana_dr.drivers.protocol import Aspect, Health
from oceana_dr.drivers.ssh_trial import HOST, SshServer
from oceana_dr.estate.values import Unknown
from tests.dataguard_fixtures import DC1, DC2, SWITCHOVER, act, read, setting
from tests.ssh_fixtures import running_server


@pytest.fixture(scope="module")
def server() -> Iterator[SshServer]:
    with running_server() as found:
        yield found


def there(server: SshServer, **changes: Any) -> dict[str, Any]:
    host = {"host": HOST}
    return {"ssh": {**server.login, "connect_s": 5}, "databases": {"orcl": host, "orcl_stby": host}, **changes}


def test_a_switchover_over_ssh_is_sent_once_and_read_back(server: SshServer, stand_in: StandIn) -> None:
    assert isinstance(act(stand_in, SWITCHOVER, **there(server)), Done)
    assert stand_in.sent == ("orcl\tSWITCHOVER TO orcl_stby",)
    found = read(stand_in, **there(server))
    assert [isinstance(item, Unknown) or item["Role"] for item in (found[DC1], found[DC2])] == [
        "PHYSICAL STANDBY",
        "PRIMARY",
    ]


def test_a_connection_that_breaks_after_the_command_was_sent_is_settled_by_reading(
    server: SshServer, stand_in: StandIn
) -> None:
    with stand_in.being("cut"):
        outcome = act(stand_in, SWITCHOVER, **there(server))
    assert isinstance(outcome, Done)
    assert len(stand_in.sent) == 1


def test_a_key_that_is_not_accepted_sends_nothing(server: SshServer, stand_in: StandIn) -> None:
    with server.letting_nobody_in():
        outcome = act(stand_in, SWITCHOVER, **there(server))
        found = read(stand_in, **there(server))
    assert isinstance(outcome, Declined)
    assert "is not let in" in outcome.message
    assert stand_in.sent == ()
    assert all(isinstance(item, Unknown) and item.reason != "unreachable" for item in found.values())


def test_doctor_tells_the_clock_of_where_dgmgrl_runs(server: SshServer, stand_in: StandIn) -> None:
    checks = tuple(ask(setting(stand_in, **there(server))))
    clocks = [item for item in checks if item.aspect is Aspect.CLOCK]
    assert [item.health for item in clocks] == [Health.GOOD, Health.GOOD]
    assert all(abs(item.skew_s or 99) < 60 for item in clocks)


def test_the_variables_of_oracle_arrive(server: SshServer, stand_in: StandIn, tmp_path: Path) -> None:
    showing = tmp_path / "showing"
    showing.write_text('#!/bin/sh\necho "ORA-99999: $ORACLE_HOME $TNS_ADMIN $NLS_LANG"\nenv >"$0.env"\n')
    showing.chmod(0o755)
    homes = {"oracle_home": "/opt/oracle/home", "tns_admin": "/etc/oracle"}
    read(stand_in, program=str(showing), **there(server), **homes)
    environment = showing.with_suffix(".env").read_text("utf-8").splitlines()
    assert "ORACLE_HOME=/opt/oracle/home" in environment
    assert "TNS_ADMIN=/etc/oracle" in environment
    assert "NLS_LANG=AMERICAN_AMERICA.AL32UTF8" in environment
