"""Estates that scenarios begin on, as data: what serves, what does not answer, what is not there yet.

In: the compiled JSON. Out: frozen `Start`s, and what a console shows of something that is not installed.
A plan must never depend on them: they are for whoever has to begin a scenario without a real outage.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from oceana_dr.estate.values import Json

COMPILED = Path(__file__).with_name("oceana_3_5_starts.json")


@dataclass(frozen=True, slots=True)
class Start:
    """An estate on which a scenario fits; everything is healthy that no field says otherwise of.

    `side` is in service, with contacts and campaigns if `busy`. `died`: by side, what is as it was when that one
    served. `installed`: all that is there, none if everything is. `values`: references with what they read, each
    group under its `when`. `dark` does not answer. Places are addresses, or what they begin with. `site`: keys that
    the site has to have, with a value that will do.
    """

    id: str
    scenario: str
    title: str
    side: str
    busy: bool
    died: Mapping[str, tuple[str, ...]]
    installed: tuple[str, ...] | None
    values: tuple[Mapping[str, Json], ...]
    dark: tuple[str, ...]
    site: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Starts:
    """Every start; `blank` by address: what its attributes read where it is not installed."""

    starts: tuple[Start, ...]
    blank: Mapping[str, Json]


@lru_cache(maxsize=1)
def load_starts() -> Starts:
    """The starts of Oceana 3.5."""
    data = json.loads(COMPILED.read_bytes())
    return Starts(tuple(start_from(item) for item in data["starts"]), data["blank"])


def starts_of(scenario: str) -> tuple[Start, ...]:
    """The starts of a scenario; none for one that the catalogue does not have."""
    return tuple(item for item in load_starts().starts if item.scenario == scenario)


def start_from(data: Mapping[str, Any]) -> Start:  # Any: JSON that the catalogue build has read
    """Read one start."""
    installed = data.get("installed")
    return Start(
        id=data["id"],
        scenario=data["scenario"],
        title=data["title"],
        side=data["side"],
        busy=data.get("busy", False),
        died={side: tuple(places) for side, places in data.get("died", {}).items()},
        installed=None if installed is None else tuple(installed),
        values=tuple(data.get("set", ())),
        dark=tuple(data.get("dark", ())),
        site=data.get("site", {}),
    )
