"""What is sent for a clipboard: only to terminals known to take it, whole through tmux and screen, never a secret."""

from __future__ import annotations

import base64

import pytest

from oceana_dr.drivers.operator.clipboard import LONGEST, is_known, may_be_copied, sequence

VALUE = "Switchover Cache up on both servers"
PACKED = base64.b64encode(VALUE.encode()).decode()


@pytest.mark.parametrize(
    ("environment", "known"),
    [
        ({"TERM": "xterm-kitty"}, True),
        ({"TERM": "foot-extra"}, True),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "WezTerm"}, True),
        ({"TERM": "xterm-256color", "LC_TERMINAL": "iTerm2"}, True),
        ({"TERM": "xterm-256color", "WT_SESSION": "9"}, True),
        ({"TERM": "xterm-256color"}, False),
        ({"TERM": "vt100"}, False),
        ({"TERM": "linux"}, False),
        ({"TERM": "screen-256color", "TMUX": "/tmp/tmux-0/default,1,0"}, False),
        ({}, False),
    ],
)
def test_a_terminal_is_known_by_what_it_says_of_itself(environment: dict[str, str], *, known: bool) -> None:
    assert is_known(environment) is known


def test_a_plain_terminal_gets_the_sequence_itself() -> None:
    assert sequence(VALUE, {}) == f"\x1b]52;c;{PACKED}\x07"


def test_tmux_passes_it_on_or_takes_it_itself() -> None:
    assert sequence(VALUE, {"TMUX": "x"}) == f"\x1bPtmux;\x1b\x1b]52;c;{PACKED}\x07\x1b\\\x1b]52;c;{PACKED}\x07"


def test_screen_passes_it_on_in_pieces_that_it_does_not_drop() -> None:
    sent = sequence(VALUE * 4, {"STY": "1.pts-0.ops"})
    pieces = sent.removeprefix("\x1bP").removesuffix("\x1b\\").split("\x1b\\\x1bP")
    assert max(map(len, pieces)) <= 76
    packed = base64.b64encode((VALUE * 4).encode()).decode()
    assert "".join(pieces) == f"\x1b]52;c;{packed}\x07"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "env:PASSWORD",
        "file:/run/secrets/x",
        "command:vault read x",
        "(secret)",
        "a\nb",
        "\x1b]52;c;eA==\x07",
        "x" * (LONGEST + 1),
    ],
)
def test_what_is_secret_long_or_drives_a_terminal_is_never_sent(value: str) -> None:
    assert not may_be_copied(value)
    assert sequence(value, {}) == ""
