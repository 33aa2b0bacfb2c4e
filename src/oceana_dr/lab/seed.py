"""The state a lab begins with: a file beside the site, never derived from the site.

In: `sites/<site>/lab.seed.json`. Out: a `Seed`, or diagnostics with what is wrong.
A seed must never hold a secret: only references to secrets.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from oceana_dr.catalogue.template import Bindings
from oceana_dr.diagnostics import Diagnostic, InputRefused, Label, Span, Unreadable
from oceana_dr.estate.address import parse_address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.strict_json import load_json
from oceana_dr.source.files import read_file
from oceana_dr.source.text import position_of

SEED_FILE: Final = "lab.seed.json"
MAX_SEED_BYTES: Final = 8 * 1024 * 1024
SEED_SCHEMA: Final = "oceana-dr/lab-seed/v1"


@dataclass(frozen=True, slots=True)
class Seed:
    """The site's name, its facts, and its estate at rest."""

    site: str
    bindings: Bindings
    estate: Estate


def read_seed(path: Path) -> Seed:
    """Read a seed; raises `Unreadable` where there is none, `InputRefused` with the place of what is wrong."""
    data = read_file(path, str(path), most=MAX_SEED_BYTES, wanted="the seed")
    if isinstance(data, Diagnostic):
        if data.code == "OD1001":
            raise Unreadable(
                f"there is no lab for this site: {path} does not exist",
                hint="a lab begins with a seed (schema: schemas/lab-seed.schema.json)",
            )
        raise InputRefused((data,))
    try:
        return _seed(load_json(data))
    except json.JSONDecodeError as error:
        raise _refused(path, "it is not whole JSON", position_of(error.doc, error.pos)) from None
    except UnicodeDecodeError:
        raise _refused(path, "it is not UTF-8") from None
    except RecursionError:
        raise _refused(path, "it is nested too deep") from None
    except ValueError as error:
        raise _refused(path, str(error)) from None


def _refused(path: Path, why: str, place: tuple[int, int] = (1, 1)) -> InputRefused:
    line, column = place
    span = Span(str(path), line, column, line, column + 1)
    advice = "write it as schemas/lab-seed.schema.json says, or take it from git again"
    return InputRefused((Diagnostic("OD1507", f"this is no seed of a lab: {why:.200}", (Label(span),), help=advice),))


def _seed(data: object) -> Seed:
    match data:
        case {"schema": str() as schema} if schema != SEED_SCHEMA:
            raise ValueError(f"its schema is {schema}, not {SEED_SCHEMA}")
        case {"schema": str(), "site": str() as site, "bindings": dict() as bindings, "estate": dict() as estate}:
            for address in estate:
                parse_address(address)
            return Seed(site, {str(name): str(value) for name, value in bindings.items()}, Estate.from_json(estate))
        case _:
            raise ValueError("it needs schema, site, bindings and estate")
