"""Recovery options: the registry's bytes, the dialog's days and minutes, the words of sc.exe."""

from __future__ import annotations

import pytest

from oceana_dr.drivers.windows.recovery import (
    DELAY,
    FIRST,
    LATER,
    RESET,
    SECOND,
    Unclear,
    Unit,
    failure_words,
    fields_of,
    recovery_of,
)
from oceana_dr.drivers.windows.trial import failure_actions
from oceana_dr.estate.values import Value

RESTART, NOTHING = "Restart the Service", "Take No Action"
MANUAL: dict[str, Value] = {FIRST: RESTART, SECOND: RESTART, LATER: RESTART, RESET: 120, DELAY: 0}
"""Lines 704-709 of the manual."""


def read(unit: Unit, reset_s: int, *actions: tuple[int, int]) -> dict[str, Value]:
    return fields_of(recovery_of(failure_actions(reset_s, *actions)), unit)


def test_the_manuals_120_is_ten_million_seconds() -> None:
    assert failure_words(MANUAL, "days") == {"reset": 10_368_000, "actions": "restart/0/restart/0/restart/0"}
    assert read("days", 10_368_000, (1, 0), (1, 0), (1, 0)) == MANUAL


def test_120_seconds_are_told_as_what_they_are_and_never_as_120() -> None:
    assert read("days", 120, (1, 0), (1, 0), (1, 0))[RESET] == "120 seconds"


def test_who_says_that_it_counts_seconds_gets_seconds() -> None:
    assert read("seconds", 120, (1, 0), (1, 0), (1, 0)) == MANUAL
    assert failure_words(MANUAL, "seconds")["reset"] == 120
    assert read("seconds", 10_368_000, (1, 0))[RESET] == 10_368_000


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ([], [NOTHING, NOTHING, NOTHING]),
        ([(1, 0)], [RESTART, RESTART, RESTART]),
        ([(1, 0), (0, 0)], [RESTART, NOTHING, NOTHING]),
        ([(2, 0), (3, 0), (9, 0)], ["Restart the Computer", "Run a Program", "action 9"]),
        ([(1, 0), (1, 0), (1, 0), (0, 0)], [RESTART, RESTART, RESTART]),
    ],
)
def test_each_failure_has_its_action_and_the_last_goes_for_all_that_follow(
    actions: list[tuple[int, int]], words: list[str]
) -> None:
    found = read("days", 0, *actions)
    assert [found[FIRST], found[SECOND], found[LATER]] == words


@pytest.mark.parametrize(
    ("actions", "says"),
    [
        ([(1, 60_000)] * 3, 1),
        ([(1, 90_000)] * 3, "90000 ms"),
        ([(1, 0), (1, 60_000), (1, 60_000)], "0 ms, 60000 ms, 60000 ms"),
    ],
)
def test_a_delay_that_the_dialog_cannot_show_is_told_in_milliseconds(
    actions: list[tuple[int, int]], says: Value
) -> None:
    assert read("days", 0, *actions)[DELAY] == says


def test_a_count_that_is_never_reset_is_told() -> None:
    assert read("days", 0xFFFFFFFF, (1, 0))[RESET] == "never"


def test_a_service_without_recovery_options_takes_no_action() -> None:
    assert fields_of(recovery_of(None), "days") == {
        FIRST: NOTHING,
        SECOND: NOTHING,
        LATER: NOTHING,
        RESET: 0,
        DELAY: 0,
    }


@pytest.mark.parametrize("data", ["", "AAAA", "not base64!", failure_actions(0, (1, 0))[:-12], "/////" * 8])
def test_bytes_that_are_no_recovery_options_are_none(data: str) -> None:
    with pytest.raises(Unclear):
        recovery_of(data)


@pytest.mark.parametrize(
    "change",
    [{FIRST: NOTHING}, {LATER: "Run a Program"}, {RESET: "120 seconds"}, {DELAY: -1}, {RESET: True}, {RESET: 10**6}],
)
def test_what_sc_exe_has_no_word_for_is_not_set(change: dict[str, Value]) -> None:
    with pytest.raises(Unclear):
        failure_words({**MANUAL, **change}, "days")
