"""What a driver is tested against: a stand-in, a server started for it, or a system that somebody gives options of.

In: nothing. Out: `Attempt` and the protocol `Trial`, which `oceana-dr driver-test` and tests drive.
A trial must never point at an estate that serves contacts: its acts are carried out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.contract import Hands, Reader
from oceana_dr.drivers.protocol import Setting
from oceana_dr.estate.action import Action
from oceana_dr.estate.address import Address, Ref, address_of
from oceana_dr.estate.values import Value


@dataclass(frozen=True, slots=True)
class Attempt:
    """An act that the target can do: what reads before it and after it, and the act that puts it back.

    `repeatable`: done twice it ends as done once, and the second time is no error.
    """

    name: str
    action: Action
    before: Mapping[Ref, Value]
    after: Mapping[Ref, Value]
    undo: Action
    repeatable: bool = True

    @property
    def addresses(self) -> tuple[Address, ...]:
        """What has to be read to see it."""
        return tuple(sorted({address_of(reference) for reference in (*self.before, *self.after)}))


class Moody:
    """What can be told to be silent, to let nobody in, or what else it knows; in no mood it is as it should be."""

    mood = ""

    @contextmanager
    def being(self, mood: str) -> Iterator[None]:
        """In this mood, for as long as it is entered."""
        self.mood = mood
        try:
            yield
        finally:
            self.mood = ""


class Trial(Protocol):
    """A target. `against` says what it is, for the report: `BIND 9.18`, `a stand-in that replays dialogues`."""

    @property
    def against(self) -> str:
        """What it is."""
        ...

    @property
    def setting(self) -> Setting[Any]:  # Any: each driver has options of its own
        """What opens the driver's parts on it; with time-outs short enough for a test."""
        ...

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """Acts to try, one at least where the driver writes."""
        ...

    @property
    def secrets(self) -> tuple[str, ...]:
        """Texts that must appear nowhere."""
        ...

    def arrived(self) -> int | None:
        """How many changes have arrived at the target so far; None where nobody can count them."""
        ...

    def silence(self) -> AbstractContextManager[None] | None:
        """While entered, the target answers nothing; None where that cannot be had."""
        ...

    def lock_out(self) -> AbstractContextManager[None] | None:
        """While entered, the target lets nobody in; None where that cannot be had."""
        ...


@runtime_checkable
class Attended(Trial, Protocol):
    """A trial of people: `hands` do what is confirmed, `eyes` see what came of it, which the driver itself cannot."""

    hands: Hands
    eyes: Reader


def site_for_tests() -> BoundCatalogue:
    """A site of every topology, Globex of the examples, for trials that have none of their own."""
    from oceana_dr.catalogue.load import load_catalogue

    facts: dict[str, str] = json.loads(Path(__file__).with_name("trial_site.json").read_bytes())
    return BoundCatalogue(load_catalogue(), facts)
