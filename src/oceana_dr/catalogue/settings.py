"""Every setting that the manual names: what it is called, where it stands, how it is written and read.

In: `oceana_3_5_settings.json` beside this file. Out: a `Setting` for each id.
Nothing here may be needed to plan or to apply: attributes have all that, and this file is read only when asked for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from oceana_dr.catalogue.model import Lines, lines
from oceana_dr.estate.values import Json

COMPILED: Final = Path(__file__).with_name("oceana_3_5_settings.json")


@dataclass(frozen=True, slots=True)
class Restart:
    """What has to be restarted before a value is in effect, and when."""

    what: str
    when: str
    manual: Lines


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the manual.

    `kind`: config (declared and kept), lever (changes in a move), input (a fact of the site), derived (follows from
    other values), artifact (a file or object to make), observed (read only), precondition (must hold), data (a data
    set), selector (the address of something). `printed`: the label stands in the manual to the letter. `override`:
    `stated` where the manual says to tick Override Default, `assumed` where it is silent, `none` where there is no
    box. `commit`: the button that makes a value count, empty if there is none. `read`: `auto`, `evidence` (a person
    looks and records), `none`. `write`: `auto`, `operator`, `none`. `value`: an expression, only where no attribute
    of a resource has one. `site`: keys that belong to it and that no expression reads. `basis`: what the manual says
    of its value in Data Center 1 and 2 while one of them is operational: stated, inferred, silent, not-applicable.
    """

    id: str
    kind: str
    system: str
    label: str
    printed: bool
    section: str
    console: str
    type: str
    allowed: tuple[Json, ...]
    override: str
    commit: str
    restart: tuple[Restart, ...]
    secret: bool
    read: str
    write: str
    valued: bool
    value: Json
    site: tuple[str, ...]
    basis: Mapping[str, tuple[str, str]]
    manual: Lines
    note: str


@lru_cache(maxsize=1)
def load_settings() -> tuple[Setting, ...]:
    """The settings of Oceana 3.5, sorted by id."""
    return tuple(_setting(item) for item in json.loads(COMPILED.read_bytes()))


def _setting(data: Mapping[str, Any]) -> Setting:  # Any: JSON that the catalogue build has checked
    return Setting(
        id=data["id"],
        kind=data["kind"],
        system=data["system"],
        label=data["label"],
        printed=data.get("printed", True),
        section=data.get("section", ""),
        console=data.get("console", ""),
        type=data["type"],
        allowed=tuple(data.get("allowed", ())),
        override=data.get("override", "none"),
        commit=data.get("commit", ""),
        restart=tuple(Restart(item["what"], item["when"], lines(item["manual"])) for item in data.get("restart", ())),
        secret=data.get("secret", False),
        read=data["read"],
        write=data["write"],
        valued="value" in data,
        value=data.get("value"),
        site=tuple(data.get("site", ())),
        basis={side: (found[0], found[1]) for side, found in data["basis"].items()},
        manual=lines(data["manual"]),
        note=data.get("note", ""),
    )
