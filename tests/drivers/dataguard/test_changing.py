"""Switchover, failover, reinstatement: sent once, to the right database, and believed when both databases show it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from oceana_dr.drivers.contract import Declined, Done, InDoubt
from oceana_dr.drivers.dataguard.session import Login, Patience, Said, talk
from oceana_dr.drivers.dataguard.stand_in import StandIn
from oceana_dr.drivers.ssh import LocalTarget
from oceana_dr.estate.action import RunProcedure, SetValues
from oceana_dr.estate.address import Ref
from tests.dataguard_fixtures import FAILOVER, REINSTATE, SWITCHOVER, act


def test_a_switchover_is_told_to_the_primary_and_read_on_both(stand_in: StandIn) -> None:
    outcome = act(stand_in, SWITCHOVER)
    assert isinstance(outcome, Done)
    assert stand_in.sent == ("orcl\tSWITCHOVER TO orcl_stby",)
    assert outcome.evidence["sent to"] == "orcl"
    assert outcome.evidence["reads"] == {"orcl": "PHYSICAL STANDBY, SUCCESS", "orcl_stby": "PRIMARY, SUCCESS"}
    assert 'Switchover succeeded, new primary is "orcl_stby"' in outcome.evidence["says"]  # type: ignore[operator]  # a list


def test_what_is_so_already_is_not_sent(stand_in: StandIn) -> None:
    stand_in.state = "dc2"
    outcome = act(stand_in, SWITCHOVER)
    assert isinstance(outcome, Done)
    assert outcome.evidence["sent"] is False
    assert stand_in.sent == ()


def test_steps_that_are_left_mean_that_the_roles_have_changed_and_nothing_is_sent_again(stand_in: StandIn) -> None:
    with stand_in.being("half"):
        outcome = act(stand_in, SWITCHOVER)
        assert isinstance(outcome, InDoubt)
        assert "SWITCHOVER TO orcl_stby is not sent again: the roles have changed" in outcome.reason
        assert 'start up and mount instance "orcl" of database "orcl"' in outcome.reason
        assert "static entry <DB_UNIQUE_NAME>_DGMGRL" in outcome.reason
        assert "orcl_stby: PRIMARY" in outcome.reason
        again = act(stand_in, SWITCHOVER)
    assert isinstance(again, Declined)
    assert "orcl_stby is PRIMARY already, and orcl is no standby" in again.message
    assert len(stand_in.sent) == 1
    stand_in.state = "dc2"  # somebody has mounted it
    assert isinstance(act(stand_in, SWITCHOVER), Done)
    assert len(stand_in.sent) == 1


def test_an_answer_that_is_cut_off_is_settled_by_reading_both(stand_in: StandIn) -> None:
    with stand_in.being("cut"):
        outcome = act(stand_in, SWITCHOVER)
    assert isinstance(outcome, Done)
    assert len(stand_in.sent) == 1


@pytest.mark.parametrize(("mood", "done"), [("late", True), ("lost", False)])
def test_without_an_answer_in_time_both_are_read(stand_in: StandIn, mood: str, *, done: bool) -> None:
    with stand_in.being(mood):
        outcome = act(stand_in, SWITCHOVER, act_s=0.5)
    assert len(stand_in.sent) == 1
    if done:
        assert isinstance(outcome, Done)
    else:
        assert isinstance(outcome, InDoubt)
        assert "was sent to orcl, and no answer came: no end within 0 s" in outcome.reason
        assert "Now orcl: PRIMARY, SUCCESS; orcl_stby: PHYSICAL STANDBY, SUCCESS" in outcome.reason


def test_a_stop_ends_the_waiting_and_leaves_a_doubt(stand_in: StandIn) -> None:
    stop = threading.Event()
    with stand_in.being("lost"):
        threading.Timer(0.6, stop.set).start()
        outcome = act(stand_in, SWITCHOVER, stop=stop)
    assert isinstance(outcome, InDoubt | Declined)
    assert isinstance(outcome, InDoubt) == bool(stand_in.sent)


def test_a_refusal_that_changed_nothing_declines_with_what_to_do(stand_in: StandIn) -> None:
    with stand_in.being("refused"):
        outcome = act(stand_in, SWITCHOVER)
    assert isinstance(outcome, Declined)
    assert outcome.rule == "ORA-16625"
    assert (
        "ORA-16625: the broker cannot reach the other database: see network, listener and instance" in outcome.message
    )


@pytest.mark.parametrize(
    ("state", "mood", "why"),
    [
        ("dc1", "lagging", "how far orcl_stby is behind is not known: its transport lag was measured 255 seconds ago"),
        ("dc1", "unready", "orcl_stby is not ready for a switchover: Warning: standby redo logs not configured"),
        ("dc1", "locked", "ORA-01017"),
        ("lost", "", "orcl has to be PRIMARY, and nobody knows: unreachable"),
        ("failed-over", "", "orcl_stby is PRIMARY already, and orcl is no standby: PRIMARY"),
    ],
)
def test_a_switchover_is_not_sent_unless_both_are_known_to_be_ready(
    stand_in: StandIn, state: str, mood: str, why: str
) -> None:
    stand_in.state = state
    with stand_in.being(mood):
        outcome = act(stand_in, SWITCHOVER)
    assert isinstance(outcome, Declined)
    assert "nothing was sent" in outcome.message
    assert why in outcome.message
    assert stand_in.sent == ()


def test_a_failover_is_told_to_the_standby(stand_in: StandIn) -> None:
    stand_in.state = "lost"
    assert isinstance(act(stand_in, FAILOVER), Done)
    assert stand_in.sent == ("orcl_stby\tFAILOVER TO orcl_stby",)
    assert isinstance(act(stand_in, FAILOVER), Done)
    assert len(stand_in.sent) == 1


@pytest.mark.parametrize(
    ("state", "mood", "why"),
    [
        ("dc1", "", "orcl answers, and a failover would make two primaries"),
        ("lost", "seen", "orcl_stby still sees a primary that runs"),
    ],
)
def test_a_failover_beside_a_primary_that_lives_is_not_sent(stand_in: StandIn, state: str, mood: str, why: str) -> None:
    stand_in.state = state
    with stand_in.being(mood):
        outcome = act(stand_in, FAILOVER)
    assert isinstance(outcome, Declined)
    assert why in outcome.message
    assert stand_in.sent == ()


def test_a_failover_that_is_refused_has_changed_nothing(stand_in: StandIn) -> None:
    stand_in.state = "lost"
    with stand_in.being("refused"):
        outcome = act(stand_in, FAILOVER)
    assert isinstance(outcome, Declined)
    assert outcome.rule == "ORA-16600"


def test_a_reinstatement_is_told_to_the_new_primary(stand_in: StandIn) -> None:
    stand_in.state = "mounted"
    outcome = act(stand_in, REINSTATE)
    assert isinstance(outcome, Done)
    assert stand_in.sent == ("orcl_stby\tREINSTATE DATABASE orcl",)
    assert isinstance(act(stand_in, REINSTATE), Done)
    assert len(stand_in.sent) == 1


def test_a_reinstatement_of_a_database_that_is_not_mounted_is_refused_and_says_so(stand_in: StandIn) -> None:
    stand_in.state = "failed-over"
    outcome = act(stand_in, REINSTATE)
    assert isinstance(outcome, Declined)
    assert outcome.rule == "ORA-16653"
    assert "is the old primary mounted" in outcome.message


def test_a_reinstatement_that_failed_half_way_is_in_doubt(stand_in: StandIn) -> None:
    stand_in.state = "mounted"
    with stand_in.being("begun"):
        outcome = act(stand_in, REINSTATE)
    assert isinstance(outcome, InDoubt)
    assert "failed after it had begun (ORA-16653" in outcome.reason


def test_a_database_that_needs_no_reinstatement_is_left_alone(stand_in: StandIn) -> None:
    outcome = act(stand_in, REINSTATE)
    assert isinstance(outcome, Declined)
    assert stand_in.sent == ()


def test_a_database_that_has_to_be_made_anew_is_not_reinstated(stand_in: StandIn) -> None:
    dialogues = stand_in.folder / "dialogues.txt"
    text = dialogues.read_text("utf-8").replace(
        "ORA-16661: the standby database needs to be reinstated", "ORA-16795: x"
    )
    dialogues.write_text(text, "utf-8")
    stand_in.state = "mounted"
    outcome = act(stand_in, REINSTATE)
    assert isinstance(outcome, Declined)
    assert "ORA-16795: the database cannot be reinstated any more: make the standby anew" in outcome.message


@pytest.mark.parametrize(
    ("action", "why"),
    [
        (RunProcedure("freeze-administration", {"scenario": "recovery"}), "is no command of the broker"),
        (RunProcedure("oracle-backup-new-primary", {"to": "dc2"}), "is no command of the broker"),
        (RunProcedure("no-such-procedure", {}), "no-such-procedure"),
        (SetValues({Ref("dc2/oracle#Role"): "PRIMARY"}), "sets nothing"),
    ],
)
def test_nothing_else_is_ever_sent(stand_in: StandIn, action: RunProcedure | SetValues, why: str) -> None:
    outcome = act(stand_in, action)  # type: ignore[arg-type]  # an action of another kind is what is tried
    assert isinstance(outcome, Declined)
    assert why in outcome.message
    assert stand_in.sent == ()


def test_a_refusal_after_which_nobody_can_be_read_is_in_doubt(stand_in: StandIn) -> None:
    dialogues = stand_in.folder / "dialogues.txt"
    text = dialogues.read_text("utf-8").replace(
        "SWITCHOVER TO orcl_stby [refused]", "SWITCHOVER TO orcl_stby [refused] => lost"
    )
    dialogues.write_text(text, "utf-8")
    with stand_in.being("refused"):
        outcome = act(stand_in, SWITCHOVER)
    assert isinstance(outcome, InDoubt)
    assert "SWITCHOVER TO orcl_stby was refused (ORA-16625" in outcome.reason
    assert "Now orcl: unreachable" in outcome.reason


def test_a_login_in_unknown_words_never_hides_that_an_act_was_begun(tmp_path: Path) -> None:
    other = tmp_path / "dgmgrl"
    other.write_text("#!/bin/sh\necho 'You are in.'; echo 'Performing switchover NOW, please wait...'\n")
    other.chmod(0o755)
    session = talk(Login(LocalTarget(), (str(other),), "orcl"), ("SWITCHOVER TO orcl_stby",), Patience(10.0))
    assert isinstance(session, Said)
