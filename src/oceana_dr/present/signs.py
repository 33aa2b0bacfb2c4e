"""The signs of text output, each as it looks on any terminal and where only ASCII can be written.

In: nothing. Out: a closed list of signs.
A sign must never stand alone for a meaning that no word beside it says.
"""

from __future__ import annotations

from enum import Enum


class Sign(Enum):
    """A sign: in Unicode, and in ASCII."""

    CHANGE = ("~", "~")
    CREATE = ("+", "+")
    REMOVE = ("-", "-")
    PROCEDURE = ("▶", ">")
    GATE = ("⏸", "||")
    CHECK = ("✓", "v")
    DONE = ("✔", "ok")
    OLD = ("◷", "!")
    FAILED = ("✗", "x")
    WARNING = ("!", "!")
    WAITING = ("…", "...")
    ARROW = ("→", "->")
    DOT = ("·", "-")
    RULE = ("─", "-")
    HEAVY_RULE = ("━", "=")
    BAR = ("█", "#")
    BAR_START = ("▏", "|")
    TRACK = ("·", ".")
    TOGETHER_FIRST = ("┌", "/")
    TOGETHER_NEXT = ("│", "|")
    TOGETHER_LAST = ("└", "\\")
