"""The state a lab begins with: a file beside the site, never derived from the site.

In: `sites/<site>/lab.seed.json`. Out: a `Seed`, or `Unreadable` with what is wrong.
A seed must never hold a secret: only references to secrets.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from oceana_dr.catalogue.template import Bindings
from oceana_dr.diagnostics import Unreadable
from oceana_dr.estate.address import parse_address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.strict_json import load_json

SEED_FILE: Final = "lab.seed.json"
SEED_SCHEMA: Final = "oceana-dr/lab-seed/v1"


@dataclass(frozen=True, slots=True)
class Seed:
    """The site's name, its facts, and its estate at rest."""

    site: str
    bindings: Bindings
    estate: Estate


def read_seed(path: Path) -> Seed:
    """Read a seed; raises `Unreadable`."""
    try:
        return _seed(load_json(path.read_bytes()))
    except FileNotFoundError:
        raise Unreadable(
            f"there is no lab for this site: {path} does not exist",
            hint="a lab begins with a seed (schema: schemas/lab-seed.schema.json)",
        ) from None
    except OSError as error:
        raise Unreadable(f"the lab's seed {path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"the lab's seed {path} is wrong: {error}") from None


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
