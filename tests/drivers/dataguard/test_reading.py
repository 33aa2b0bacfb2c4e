"""What is read of both databases: each one's own word, its lag with the age of the measure, and who cannot be asked."""

from __future__ import annotations

import pytest

from oceana_dr.drivers.dataguard.stand_in import StandIn
from oceana_dr.estate.values import Unknown
from tests.dataguard_fixtures import DC1, DC2, read

PRIMARY = {"Role": "PRIMARY", "Intended State": "TRANSPORT-ON", "Lag seconds": 0, "Database Status": "SUCCESS"}
STANDBY = {"Role": "PHYSICAL STANDBY", "Intended State": "APPLY-ON", "Lag seconds": 0, "Database Status": "SUCCESS"}


@pytest.mark.parametrize(("state", "primary", "standby"), [("dc1", DC1, DC2), ("dc2", DC2, DC1)])
def test_both_are_read_from_their_own_side(stand_in: StandIn, state: str, primary: str, standby: str) -> None:
    stand_in.state = state
    assert read(stand_in) == {primary: PRIMARY, standby: STANDBY}


def test_a_lag_that_was_measured_long_ago_is_no_lag(stand_in: StandIn) -> None:
    with stand_in.being("lagging"):
        found = read(stand_in)[DC2]
        patient = read(stand_in, lag_age_s=300)[DC2]
    assert not isinstance(found, Unknown)
    assert found["Lag seconds"] == Unknown("its transport lag was measured 255 seconds ago")
    assert not isinstance(patient, Unknown)
    assert patient["Lag seconds"] == 0


def test_a_database_whose_host_is_gone_is_unreachable_whatever_the_other_remembers(stand_in: StandIn) -> None:
    stand_in.state = "lost"
    found = read(stand_in)
    assert found[DC1] == Unknown("unreachable")
    standby = found[DC2]
    assert not isinstance(standby, Unknown)
    assert (standby["Role"], standby["Database Status"]) == ("PHYSICAL STANDBY", "WARNING")


def test_a_database_that_is_down_is_not_called_unreachable_and_says_what_to_do(stand_in: StandIn) -> None:
    stand_in.state = "dc2-half"
    found = read(stand_in)[DC1]
    assert isinstance(found, Unknown)
    assert found.reason.startswith("not read: CONNECT /@orcl: ORA-12514")
    assert "start and mount its instance" in found.reason


@pytest.mark.parametrize("state", ["failed-over", "mounted"])
def test_a_database_that_was_failed_over_from_is_an_old_primary_though_it_is_called_a_standby(
    stand_in: StandIn, state: str
) -> None:
    stand_in.state = state
    found = read(stand_in)
    assert found[DC1] == {"Role": "PRIMARY", "Database Status": "ORA-16661"}
    assert found[DC2] == PRIMARY


def test_who_is_not_let_in_is_told_with_the_reason(stand_in: StandIn) -> None:
    with stand_in.being("locked"):
        for resource in read(stand_in).values():
            assert isinstance(resource, Unknown)
            assert "ORA-01017: user or password is not accepted" in resource.reason


def test_an_alias_that_leads_to_the_other_database_is_found_out_where_the_version_tells(stand_in: StandIn) -> None:
    dialogues = stand_in.folder / "dialogues.txt"
    own = "@member orcl_stby\n> CONNECT\n"
    text = dialogues.read_text("utf-8").replace(own, f'{own}Connected to "ORCL_STBY"\n')  # as of 12.2
    dialogues.write_text(text, "utf-8")
    resource = read(stand_in, databases={"orcl": {"connect": "orcl_stby"}})[DC1]
    assert resource == Unknown("not read: orcl_stby leads to ORCL_STBY, and should lead to orcl")


def test_a_program_that_is_not_there_is_told(stand_in: StandIn) -> None:
    resource = read(stand_in, program=str(stand_in.folder / "nothing"))[DC1]
    assert isinstance(resource, Unknown)
    assert "cannot be started: No such file or directory" in resource.reason


def test_a_program_that_fails_is_told_with_its_own_words(stand_in: StandIn) -> None:
    broken = stand_in.folder / "broken"
    broken.write_text("#!/bin/sh\necho 'libclntsh.so.12.1: cannot open shared object file' >&2; exit 127\n")
    broken.chmod(0o755)
    resource = read(stand_in, program=str(broken))[DC1]
    assert isinstance(resource, Unknown)
    assert "dgmgrl does not run on this machine: libclntsh.so.12.1: cannot open shared object file" in resource.reason
