"""A value on the clipboard of the person's own machine, by the terminal's sequence OSC 52, over SSH too.

In: a value, the environment, what the person wished. Out: the bytes to send to the terminal, or nothing.
It must never send anything to a terminal that nobody knows to take it, and never a reference to a secret, nor a control
character: what is on a clipboard gets pasted into other windows.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from typing import Final

LONGEST: Final = 2000
"""Characters of a value; terminals cut longer sequences."""

_TERMS: Final = ("xterm-kitty", "alacritty", "foot", "wezterm", "xterm-ghostty", "contour", "rio")
_PROGRAMS: Final = frozenset({"WezTerm", "ghostty", "vscode", "iTerm.app"})
_MARKS: Final = ("KITTY_WINDOW_ID", "WT_SESSION", "WEZTERM_PANE", "ALACRITTY_WINDOW_ID", "GHOSTTY_RESOURCES_DIR")
_SECRET: Final = re.compile(r"\A(?:env|file|command):|\(secret")
_SCREEN_PIECE: Final = 76
"""Of screen: a longer string within its own sequence is dropped."""


def is_known(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is one that is known to take it. What a plain `xterm` is, nobody can tell."""
    term = environment.get("TERM", "")
    return (
        term.startswith(_TERMS)
        or environment.get("TERM_PROGRAM", "") in _PROGRAMS
        or environment.get("LC_TERMINAL", "") == "iTerm2"
        or any(environment.get(name) for name in _MARKS)
    )


def may_be_copied(value: str) -> bool:
    """Whether the value is one for a clipboard: short, without control characters, no reference to a secret."""
    return bool(value) and len(value) <= LONGEST and value.isprintable() and not _SECRET.search(value)


def sequence(value: str, environment: Mapping[str, str]) -> str:
    """What puts the value on the clipboard, wrapped where tmux or screen would keep it to themselves."""
    if not may_be_copied(value):
        return ""
    packed = base64.b64encode(value.encode("utf-8", "replace")).decode("ascii")
    plain = f"\x1b]52;c;{packed}\x07"
    if environment.get("TMUX"):
        # tmux passes the one on where `allow-passthrough` is on, and takes the other where `set-clipboard` is on.
        escaped = plain.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{escaped}\x1b\\{plain}"
    if environment.get("STY"):
        pieces = [plain[at : at + _SCREEN_PIECE] for at in range(0, len(plain), _SCREEN_PIECE)]
        return "".join(f"\x1bP{piece}\x1b\\" for piece in pieces)
    return plain
