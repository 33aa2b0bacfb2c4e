"""What `doctor` hears of the broker: nothing unknown is good, and a warning is not well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.dataguard.doctor import ask
from oceana_dr.drivers.dataguard.stand_in import StandIn
from oceana_dr.drivers.protocol import Aspect, Check, Health
from tests.dataguard_fixtures import setting

ASKED = frozenset({Health.GOOD, Health.NONE})


def asked(stand_in: StandIn, **changes: object) -> tuple[Check, ...]:
    return tuple(ask(setting(stand_in, **changes)))


def worst(checks: tuple[Check, ...]) -> dict[str, str]:
    return {f"{item.aspect} {item.about}": item.says for item in checks if item.health not in ASKED}


def test_a_pair_in_order_is_well_and_told(stand_in: StandIn) -> None:
    checks = asked(stand_in)
    assert worst(checks) == {}
    said = [f"{item.aspect}: {item.says}" for item in checks]
    assert "version: dgmgrl 12.1.0.2.0" in said
    assert "authentication: lets in by CONNECT /@orcl" in said
    assert "permissions: as SYSDBA" in said
    assert "reach: SUCCESS, 23 s old" in said
    assert "permissions: is off" in said
    assert "reach: 0 s behind" in said
    assert "permissions: ready for a switchover" in said
    assert stand_in.sent == ()


@pytest.mark.parametrize(
    ("state", "mood", "about", "says"),
    [
        ("dc1", "lagging", "reach orcl_stby", "its transport lag was measured 255 seconds ago"),
        ("dc1", "unready", "permissions orcl_stby", "not ready for a switchover"),
        ("lost", "", "reach orcl_stby", "its transport lag was measured 255 seconds ago"),
        ("failed-over", "", "reach orcl", "PRIMARY, ORA-16661"),
        ("dc2-half", "", "permissions ", "no database is known to be a standby"),
    ],
)
def test_what_is_not_in_order_is_said(stand_in: StandIn, state: str, mood: str, about: str, says: str) -> None:
    stand_in.state = state
    with stand_in.being(mood):
        assert worst(asked(stand_in))[about] == says


def test_a_wrong_password_is_bad_and_everything_behind_it_unknown(stand_in: StandIn) -> None:
    with stand_in.being("locked"):
        checks = asked(stand_in)
    login = [item for item in checks if item.aspect is Aspect.AUTHENTICATION]
    assert {item.health for item in login} == {Health.BAD}
    assert all("ORA-01017" in item.says for item in login)
    assert all(item.health is Health.UNKNOWN for item in checks if item.aspect is Aspect.PERMISSIONS)


def test_a_program_that_is_not_there_is_bad(stand_in: StandIn) -> None:
    checks = asked(stand_in, program=str(stand_in.folder / "nothing"))
    assert {item.health for item in checks if item.about == "orcl" and item.aspect is Aspect.REACH} == {
        Health.BAD,
        Health.UNKNOWN,
    }
    assert not [item for item in checks if item.health is Health.GOOD]


@pytest.mark.parametrize(("word", "health"), [("ENABLED", Health.BAD), ("Perhaps", Health.UNKNOWN)])
def test_a_database_that_could_move_by_itself_is_not_well(stand_in: StandIn, word: str, health: Health) -> None:
    dialogues = stand_in.folder / "dialogues.txt"
    text = dialogues.read_text("utf-8").replace("Fast-Start Failover: DISABLED", f"Fast-Start Failover: {word}")
    dialogues.write_text(text, "utf-8")
    assert [item.health for item in asked(stand_in) if item.about == "fast-start failover"] == [health]


def test_a_site_without_analytics_has_nothing_to_be_asked(stand_in: StandIn) -> None:
    whole = setting(stand_in)
    bindings = {**whole.bound.bindings, "topology.analytics": "no"}
    without = replace(whole, bound=BoundCatalogue(whole.bound.catalogue, bindings))
    assert {item.health for item in ask(without)} == {Health.NONE}
