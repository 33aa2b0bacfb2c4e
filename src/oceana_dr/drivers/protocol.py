"""What the parts of a driver are opened with, and what `doctor` hears from it.

In: a site, options, a clock, an event that stops. Out: `Setting`; `Check`s, each of one aspect.
Whoever checks must never change anything, and never show a secret; what could not be found out is unknown.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.clock import RealClock
from oceana_dr.drivers.contract import EstateClock, Reader, Writer

if TYPE_CHECKING:
    from pydantic import BaseModel  # whoever opens a part has options already

Options = TypeVar("Options", bound="BaseModel")


@dataclass(frozen=True)
class Setting(Generic[Options]):
    """What a driver's part is opened with: one site, its options, whom to stop for.

    `bound` is the catalogue for the site: its resources by address, and the site's facts as `bindings`. `stop` ends
    every wait early. `fencing`: whether the target said that it checks tokens. `clock` is the time to wait by. `mark`
    is the key of fingerprints, for `check_secret`; empty where none are made. `evidence` is the folder for files that
    a driver keeps as evidence, made when it is needed; None where none are kept.
    """

    site: str
    options: Options
    bound: BoundCatalogue
    clock: EstateClock = field(default_factory=RealClock)
    stop: threading.Event = field(default_factory=threading.Event)
    fencing: bool = False
    mark: bytes = field(default=b"", repr=False)
    evidence: Path | None = None


class Aspect(StrEnum):
    """What a driver does not say of one of the first six is unknown; `certificate` is asked only where there is TLS."""

    REACH = "reach"
    AUTHENTICATION = "authentication"
    VERSION = "version"
    CLOCK = "clock"
    PERMISSIONS = "permissions"
    SECRETS = "secrets"
    CERTIFICATE = "certificate"


class Health(StrEnum):
    """`none`: there is no such thing here, as where no secret is used. `unknown` is never well."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Check:
    """One answer: of which aspect, how it stands, in words; `about` a host or a reference, empty for all.

    `skew_s`: how far the system's clock is ahead of ours. `hint`: what to do about it. `mark`: a secret's keyed
    fingerprint, by which doctor sees that it is another one than before. Never a secret's value.
    """

    aspect: Aspect
    health: Health
    says: str
    about: str = ""
    hint: str = ""
    skew_s: float | None = None
    mark: str = ""


OpenReader: TypeAlias = Callable[[Setting[Options]], Reader]
OpenWriter: TypeAlias = Callable[[Setting[Options]], Writer]
OpenDoctor: TypeAlias = Callable[[Setting[Options]], Iterator[Check]]
"""Asks the system and changes nothing; yields each answer as soon as it has it, so that a time-out keeps the others."""
