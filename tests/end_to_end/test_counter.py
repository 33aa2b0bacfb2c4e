"""Whoever waits for a fleet is told how far it is; nobody else is."""

import io
import sys
import time

import pytest

from oceana_dr.cli.progress import Counter


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def count(clock: list[float], each: float) -> None:
    with Counter("checked", "sites") as counter:
        for done in range(1, 1201):
            clock[0] += each
            counter(done, 1200)


def test_a_line_is_written_over_and_taken_away(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    count(clock, 1 / 256)
    lines = stream.getvalue().split("\r")
    assert lines[1] == "checked 256 of 1,200 sites"
    assert 8 <= len(lines) <= 24, "not for every site"
    longest = max(map(len, lines))
    assert lines[-2:] == [" " * longest, ""]
    assert "\n" not in stream.getvalue()


def test_what_takes_less_than_a_second_says_nothing(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    count(clock, 1 / 2048)
    assert stream.getvalue() == ""


def test_a_file_is_told_nothing(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    count(clock, 1)
    assert stream.getvalue() == ""
