"""What dgmgrl prints, in the forms of 11.2 to 21c: each answer is read for what it says, and for nothing else."""

from __future__ import annotations

import pytest

from oceana_dr.drivers.dataguard.contract import (
    Ending,
    Lag,
    Readiness,
    Refused,
    Role,
    Status,
    Succeeded,
    ToFinish,
)
from oceana_dr.drivers.dataguard.ending import ending_of
from oceana_dr.drivers.dataguard.lag import lag_of
from oceana_dr.drivers.dataguard.readiness import readiness_of
from oceana_dr.drivers.dataguard.showing import configuration_of, databases_of
from oceana_dr.drivers.dataguard.text import codes_of, lines_of, login_of, version_of
from tests.drivers.dataguard.forms import NAMES, form, heading


def lines(name: str) -> tuple[str, ...]:
    return lines_of(form(name))


@pytest.mark.parametrize("name", NAMES)
def test_each_form_names_its_source(name: str) -> None:
    assert any(line.startswith("# source: ") for line in heading(name))


@pytest.mark.parametrize(
    ("name", "primary", "standby", "fast", "status"),
    [
        ("configuration-11.2", "orcl", "orcl_stby", False, Status("SUCCESS")),
        ("configuration-12.1-unreachable", "orcl", "orcl_stby", False, Status("ERROR", 0)),
        ("configuration-12.2-failed-over", "orcl_stby", "orcl", True, Status("WARNING", 4)),
        ("configuration-19c", "orcl", "orcl_stby", False, Status("SUCCESS", 18)),
        ("configuration-21c-fast-start", "orcl", "orcl_stby", True, Status("SUCCESS", 46)),
    ],
)
def test_a_configuration_has_members_roles_and_a_status(
    name: str, primary: str, standby: str, *, fast: bool, status: Status
) -> None:
    found = configuration_of(lines(name))
    assert found is not None
    assert found.name == "oceana_analytics"
    assert [(item.name, item.role) for item in found.members] == [(primary, Role.PRIMARY), (standby, Role.STANDBY)]
    assert found.fast_start_failover is fast
    assert found.status == status


def test_what_is_said_of_a_member_stays_with_it() -> None:
    gone = configuration_of(lines("configuration-12.1-unreachable"))
    assert gone is not None
    assert [item.problems for item in gone.members] == [("ORA-12543: TNS:destination host unreachable",), ()]
    over = configuration_of(lines("configuration-12.2-failed-over"))
    assert over is not None
    new, old = over.members
    assert codes_of(new.problems) == ("ORA-16824",)
    assert (old.disabled, old.target, codes_of(old.problems)) == (True, True, ("ORA-16661",))


def test_no_configuration_is_none_and_its_number_is_told() -> None:
    assert configuration_of(lines("configuration-none")) is None
    assert codes_of(lines("configuration-none")) == ("ORA-16532",)


NOW = Lag(0, 0)


@pytest.mark.parametrize(
    ("name", "role", "lags", "status", "codes"),
    [
        ("database-12.1-primary", Role.PRIMARY, (Lag(), Lag()), "SUCCESS", ()),
        ("database-12.1-standby", Role.STANDBY, (NOW, NOW), "SUCCESS", ()),
        ("database-12.1-cut-off", Role.STANDBY, (Lag(0, 255), Lag(0, 255)), "WARNING", ("ORA-16857",)),
        ("database-12.2-disabled", Role.STANDBY, (Lag(), Lag()), "ORA-16661", ()),
        ("database-18c-verbose", Role.STANDBY, (Lag(123, 1), Lag(4411, 1)), "WARNING", ("ORA-16853",)),
        ("database-19c-error", Role.PRIMARY, (Lag(), Lag()), "ERROR", ("ORA-16737",)),
    ],
)
def test_a_database_has_role_state_lags_and_a_status(
    name: str, role: Role, lags: tuple[Lag, Lag], status: str, codes: tuple[str, ...]
) -> None:
    (found,) = databases_of(lines(name)).values()
    assert (found.role, found.intended_state) == (role, "APPLY-ON" if role is Role.STANDBY else "TRANSPORT-ON")
    assert (found.transport_lag, found.apply_lag) == lags
    assert found.status == Status(status)
    assert codes_of(found.problems) == codes


def test_several_answers_of_one_session_are_told_apart() -> None:
    both = lines_of(form("configuration-19c") + form("database-19c-error") + form("database-12.1-standby"))
    configuration = configuration_of(both)
    assert configuration is not None
    assert configuration.status == Status("SUCCESS", 18)
    assert {name: item.role for name, item in databases_of(both).items()} == {
        "orcl": Role.PRIMARY,
        "orcl_stby": Role.STANDBY,
    }


def test_a_database_that_is_shown_twice_and_differently_is_not_known() -> None:
    changed = form("database-12.1-standby").replace("PHYSICAL STANDBY", "PRIMARY")
    assert databases_of(lines_of(form("database-12.1-standby") + changed)) == {}


WARNING = "Warning: primary database was not reachable"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("validate-12.1-ready", Readiness(Role.STANDBY, True, True, True, ())),
        ("validate-12.1-primary-gone", Readiness(Role.STANDBY, False, True, False, (WARNING,))),
        ("validate-19c-primary", Readiness(Role.PRIMARY, True, None, None, ())),
        ("validate-19c-disabled", None),
    ],
)
def test_readiness_is_what_stands_there(name: str, expected: Readiness | None) -> None:
    assert readiness_of(lines(name)) == expected


def test_a_warning_that_forbids_nothing_is_told() -> None:
    found = readiness_of(lines("validate-19c-ready"))
    assert found is not None
    assert found.switchover
    assert found.warnings == ("Warning: standby redo logs not configured for thread 1 on orcl",)


STEP = ('start up and mount instance "orcl" of database "orcl"',)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("switchover-12.1", Succeeded("orcl_stby")),
        ("switchover-21c", Succeeded("orcl_stby")),
        ("switchover-11.2-to-finish", ToFinish(STEP, ("ORA-01109", "ORA-12514"))),
        ("switchover-19c-to-finish", ToFinish(STEP, ("ORA-12545",))),
        ("switchover-refused", Refused(("ORA-16558",), begun=False)),
        ("failover-12.1", Succeeded("orcl_stby")),
        ("failover-refused", Refused(("ORA-16600",), begun=False)),
        ("reinstate-12.1", Succeeded("orcl")),
        ("reinstate-19c-failed", Refused(("ORA-16653",), begun=False)),
    ],
)
def test_the_end_of_an_act_is_told_by_its_sentence(name: str, expected: Ending) -> None:
    assert ending_of(lines(name)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0 seconds (computed 1 second ago)", Lag(0, 1)),
        ("1 minute 10 seconds (computed 0 seconds ago)", Lag(70, 0)),
        ("2 day(s) 20 hours 42 minutes 3 seconds (computed 2 minutes 1 second ago)", Lag(247323, 121)),
        ("0 seconds", Lag(0, None)),
        ("(unknown)", Lag()),
        ("0 seconds (computed ? ago)", Lag(0, None)),
        ("minus 1 second (computed 0 seconds ago)", Lag()),
        ("0", Lag()),
    ],
)
def test_a_lag_has_seconds_and_an_age(text: str, expected: Lag) -> None:
    assert lag_of(text) == expected


@pytest.mark.parametrize(
    ("name", "version", "login"),
    [
        ("configuration-11.2", "11.2.0.1.0", (None, None)),
        ("configuration-12.1-unreachable", "12.1.0.2.0", (None, "SYSDBA")),
        ("configuration-19c", "19.10.0.0.0", ("ORCL", "SYSDBA")),
        ("configuration-none", None, ("orcl", "SYSDG")),
        ("switchover-21c", None, None),
    ],
)
def test_banner_and_login_are_told_apart_from_answers(
    name: str, version: str | None, login: tuple[str | None, str | None] | None
) -> None:
    assert version_of(lines(name)) == version
    assert login_of(lines(name)) == login
