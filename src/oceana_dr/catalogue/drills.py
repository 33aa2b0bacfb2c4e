"""What the drill of a scenario begins from: what is taken to have happened to an estate at rest.

In: `oceana_3_5_drills.json` beside this file. Out: a `Premise` for a scenario, and one for every working day.
No plan may depend on anything here: it is read only when somebody drills.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from oceana_dr.estate.values import Json

COMPILED: Final = Path(__file__).with_name("oceana_3_5_drills.json")
EVERY: Final = ""
"""The scenario of the premise that holds for all of them."""


@dataclass(frozen=True, slots=True)
class Premise:
    """What is taken to be so before the first step, in a sentence and as data.

    `lost`: addresses, or what they begin with, that do not answer and are declared lost. `values`: templates of
    references and what they read. `blank`: what a console shows where nothing is installed, by address without its
    data centre; empty where something is.
    """

    says: str
    lost: tuple[str, ...] = ()
    values: Mapping[str, Json] = field(default_factory=dict)
    blank: Mapping[str, Json] = field(default_factory=dict)


@lru_cache(maxsize=1)
def load_premises() -> Mapping[str, Premise]:
    """The premises by scenario; a scenario without one begins from an estate at rest."""
    return {
        item.get("scenario", EVERY): Premise(
            item["says"], tuple(item.get("lost", ())), item.get("set", {}), item.get("blank", {})
        )
        for item in json.loads(COMPILED.read_bytes())
    }
