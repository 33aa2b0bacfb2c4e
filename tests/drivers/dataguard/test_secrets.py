"""The password goes to dgmgrl by its standard input, and stands in no argument, no environment and no word of ours."""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path

import pytest

from oceana_dr.drivers.contract import ActRequest, Declined, Done
from oceana_dr.drivers.dataguard.doctor import ask
from oceana_dr.drivers.dataguard.stand_in import make_stand_in
from oceana_dr.drivers.dataguard.writer import open_writer
from tests.dataguard_fixtures import SWITCHOVER, act, read, setting

CANARY = "Canary-7f3a@9c/secret"
VARIABLE = "TESTS_ORACLE_PASSWORD"
LOGIN = {"user": "sys", "secret": f"env:{VARIABLE}"}


def processes() -> dict[str, bytes]:
    """Arguments and environments of every process but this one, by its number and file."""
    found: dict[str, bytes] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        if folder.name == str(os.getpid()):
            continue
        for name in ("cmdline", "environ"):
            try:
                found[f"{folder.name}/{name}"] = (folder / name).read_bytes()
            except OSError:
                continue  # it has ended, or belongs to somebody else
    return found


@pytest.fixture
def password(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv(VARIABLE, CANARY)
    return CANARY


def test_while_dgmgrl_runs_no_other_process_shows_the_password(tmp_path: Path, password: str) -> None:
    stand_in = make_stand_in(tmp_path, password=password)
    stop = threading.Event()
    writer = open_writer(setting(stand_in, stop=stop, **LOGIN))
    with stand_in.being("lost"):
        thread = threading.Thread(target=lambda: writer.act(ActRequest("k", "P26", SWITCHOVER, "ann")))
        thread.start()
        until = time.monotonic() + 10
        while not stand_in.sent and time.monotonic() < until:
            time.sleep(0.01)
        seen = processes()
        stop.set()
        thread.join()
    assert stand_in.sent
    running = [place for place, data in seen.items() if str(tmp_path).encode() in data]
    assert running
    assert [place for place, data in seen.items() if password.encode() in data] == []


def test_it_is_in_no_result_no_check_and_no_log(
    tmp_path: Path, password: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    stand_in = make_stand_in(tmp_path, password=password)
    said = [repr(read(stand_in, **LOGIN)), repr(tuple(ask(setting(stand_in, **LOGIN))))]
    outcome = act(stand_in, SWITCHOVER, **LOGIN)
    assert isinstance(outcome, Done)
    said += [repr(outcome), caplog.text, (tmp_path / "log").read_text()]
    assert not [text for text in said if password in text]


def test_a_broker_that_repeats_it_is_not_repeated(tmp_path: Path, password: str) -> None:
    stand_in = make_stand_in(tmp_path)
    echoing = tmp_path / "echoing"
    echoing.write_text("#!/bin/sh\ncat; echo 'ORA-01017: invalid username/password; logon denied'\n")
    echoing.chmod(0o755)
    for said in (
        repr(read(stand_in, program=str(echoing), **LOGIN)),
        repr(act(stand_in, SWITCHOVER, program=str(echoing), **LOGIN)),
        repr(tuple(ask(setting(stand_in, program=str(echoing), **LOGIN)))),
    ):
        assert password not in said


@pytest.mark.parametrize("wrong", ['a"b', "a\nSWITCHOVER TO orcl_stby"])
def test_a_password_that_would_be_more_than_one_word_is_never_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv(VARIABLE, wrong)
    stand_in = make_stand_in(tmp_path)
    outcome = act(stand_in, SWITCHOVER, **LOGIN)
    assert isinstance(outcome, Declined)
    assert "the password has a character that dgmgrl cannot be given" in outcome.message
    assert stand_in.sent == ()


def test_without_the_secret_nothing_is_begun(tmp_path: Path) -> None:
    stand_in = make_stand_in(tmp_path)
    outcome = act(stand_in, SWITCHOVER, user="sys", secret="env:TESTS_THERE_IS_NONE")
    assert isinstance(outcome, Declined)
    assert "there is no secret at env:TESTS_THERE_IS_NONE" in outcome.message
