"""What a console can say, and how it can fail to.

In: nothing. Out: frozen data and the errors that the parts of the driver share.
A secret must never stand here: a password is a reference.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from oceana_dr.estate.values import SecretRef

SIGNS: Final = "™®©"
"""Manuals print them, pages may not, and the other way round."""


@dataclass(frozen=True, slots=True)
class Console:
    """One System Manager as it is reached: where, as whom, what its login page and its labels are called there.

    `labels`: what the console calls something that the catalogue has under another name. `answer_s`: for one page.
    `quiet_s`: how long nothing may have moved before something counts as missing. `arrive_s`: for what was committed to
    read back. `dry_run`: up to the last click, which is left out.
    """

    dc: str
    url: str
    user: str
    password: SecretRef
    user_label: str
    password_label: str
    log_on_label: str
    labels: Mapping[str, str]
    answer_s: float
    quiet_s: float
    arrive_s: float
    dry_run: bool
    others: tuple[str, ...] = ()

    @property
    def origin(self) -> str:
        """Scheme, host and port: nothing outside of it is ever asked."""
        return origin_of(self.url)

    def called(self, label: str) -> str:
        """What the console calls it."""
        return self.labels.get(label, label)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as evidence: where it lies, its SHA-256 in hexadecimal, its size in bytes."""

    path: Path
    sha256: str
    size: int

    def __str__(self) -> str:
        return f"{self.path} (SHA-256 {self.sha256})"


class ConsoleError(Exception):
    """It went no further; the message says where, in words."""

    rule = "console"


class NotOnPage(ConsoleError):
    """What was looked for is not there, or not only once."""

    rule = "label"


class Differs(ConsoleError):
    """The page does not show what the plan found there, or does not take what shall stand there."""

    rule = "drift"


class NotLetIn(ConsoleError):
    """The login was refused, or has been lost."""

    rule = "login"


class NoAnswer(ConsoleError):
    """The console did not answer; `off` when no connection came about at all."""

    rule = "not-sent"

    def __init__(self, message: str, *, off: bool = False) -> None:
        super().__init__(message)
        self.off = off


class Stopped(ConsoleError):
    """A stop came."""

    rule = "stopped"


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as browsers compare them."""
    parts = urlsplit(url)
    usual = {"http": 80, "https": 443}.get(parts.scheme)
    if usual is None:
        return f"{parts.scheme}:"
    port = parts.port or usual
    return f"{parts.scheme}://{parts.hostname}" + ("" if port in {usual, None} else f":{port}")


def plain(text: str) -> str:
    """A label without signs, a colon at its end and blanks that do not matter; case matters."""
    return " ".join("".join(" " if sign in SIGNS else sign for sign in text).split()).removesuffix(":").rstrip()


def pattern(label: str) -> re.Pattern[str]:
    """What finds exactly this label on a page, however it is spaced, with or without signs, a colon or a star."""
    words = (re.escape(word) for word in plain(label).split())
    between = rf"[\s{SIGNS}]+"
    return re.compile(rf"^\s*\*?\s*{between.join(words)}[\s{SIGNS}]*:?\s*\*?\s*$")
