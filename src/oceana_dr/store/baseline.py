"""What was last applied, and what people have observed: estates and readings by site.

In: estates as `apply` and `import` leave them, observations as people make them. Out: the same.
Nothing else may write a baseline: `plan` and `drift` only read it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from oceana_dr.diagnostics import Unreadable
from oceana_dr.estate.address import Address
from oceana_dr.estate.canonical import canonical
from oceana_dr.estate.estate import Attributes, Estate
from oceana_dr.estate.values import Unknown
from oceana_dr.store.database import Database


@dataclass(frozen=True, slots=True)
class Baseline:
    """The estate as a run or an import left it, and when (ISO 8601, UTC)."""

    estate: Estate
    run: str | None
    at: str


@dataclass(frozen=True, slots=True)
class Observation:
    """A resource as a person saw it."""

    resource: Attributes | Unknown
    by: str
    at: str


def read_baseline(database: Database, site: str) -> Baseline | None:
    """What was last applied at this site, if anything was."""
    with database.reading() as connection:
        if connection is None:
            return None
        row = connection.execute("SELECT estate, run, at FROM baseline WHERE site = ?", (site,)).fetchone()
    if row is None:
        return None
    return Baseline(_estate(database, row[0]), row[1], row[2])


def write_baseline(database: Database, site: str, baseline: Baseline) -> None:
    """Remember this as last applied."""
    text = canonical(baseline.estate.to_json()).decode()
    with database.writing(site) as connection:
        connection.execute(
            "INSERT INTO baseline (site, estate, run, at) VALUES (?, ?, ?, ?)"
            " ON CONFLICT (site) DO UPDATE SET estate = excluded.estate, run = excluded.run, at = excluded.at",
            (site, text, baseline.run, baseline.at),
        )


def observe(database: Database, site: str, observed: Mapping[Address, Observation]) -> None:
    """Remember what people saw; a later observation of a resource takes the place of an earlier one."""
    rows = [
        (site, address, canonical(Estate({address: seen.resource}).to_json()).decode(), seen.by, seen.at)
        for address, seen in sorted(observed.items())
    ]
    with database.writing(site) as connection:
        for row in rows:
            connection.execute(
                "INSERT INTO observation (site, address, resource, by, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT"
                " (site, address) DO UPDATE SET resource = excluded.resource, by = excluded.by, at = excluded.at",
                row,
            )


def read_observations(database: Database, site: str) -> dict[Address, Observation]:
    """Every observation of a site, by address."""
    with database.reading() as connection:
        if connection is None:
            return {}
        rows = connection.execute(
            "SELECT address, resource, by, at FROM observation WHERE site = ? ORDER BY address", (site,)
        ).fetchall()
    return {
        Address(address): Observation(_estate(database, resource).resources[Address(address)], by, at)
        for address, resource, by, at in rows
    }


def forget_site(database: Database, site: str) -> None:
    """Drop a lab's baseline, observations, index of runs and desk (`lab reset`); its lock and their history stay."""
    with database.reading() as connection:
        if connection is None:
            return
    with database.writing(site) as connection:
        for table in ("baseline", "observation", "run", "question", "desk_event"):
            connection.execute(f"DELETE FROM {table} WHERE site = ?", (site,))  # noqa: S608 the names stand above


def _estate(database: Database, text: str) -> Estate:
    try:
        return Estate.from_json(json.loads(text))
    except (ValueError, KeyError) as error:
        raise Unreadable(
            f"{database.name} holds an estate that cannot be read: {error}",
            hint="the next `apply` or `import` writes it anew; until then a plan compares with the site alone",
        ) from error
