"""A valid site, ready to be compiled: values by path and where they come from, without the models.

In: a project and a site's name. Out: a `PreparedSite`, from the cache if exactly these bytes were checked.
What is not valid must never come out of here: it is loaded in full and refused with all its errors.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oceana_dr.diagnostics import Diagnostic, Span
from oceana_dr.source.cache import Cache
from oceana_dr.source.files import read_file
from oceana_dr.source.project import DEFAULTS_FILE, PROJECT_FILE, Project


@dataclass(frozen=True, slots=True)
class PreparedSite:
    """A site's plain data, the digest of its files, and for each written path its places."""

    name: str
    path: Path
    data: Mapping[str, object]
    digest: str
    places: Mapping[str, tuple[Span, ...]]

    def value(self, path: str) -> object:
        """The value at a dotted path; None if optional and not set; raises `KeyError` if there is none."""
        here: object = self.data
        for part in path.split("."):
            if here is None:
                return None
            if isinstance(here, dict) and part in here:
                here = here[part]
            elif isinstance(here, list) and part.isdigit() and int(part) < len(here):
                here = here[int(part)]
            else:
                raise KeyError(path)
        return here

    def contributors(self, path: str) -> tuple[Span, ...]:
        """Every place that says something about the path, or about the nearest part around it."""
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return self.places.get(path, ())


def prepare_site(project: Project, name: str, operational: str | None, cache: Cache) -> PreparedSite:
    """The site; raises `InputRefused` with everything that is wrong with it."""
    path = project.site_file(name)
    parts = _parts(project, path, operational)
    parts = parts and (*parts, project.judge.mark())
    if parts is not None and (kept := cache.get("site", *parts)) is not None:
        return _from_json(name, path, kept)
    from oceana_dr.source.load import load_site

    loaded = load_site(project, name, operational)
    places = {
        ".".join(map(str, where)): tuple(place.span for place in found)
        for where, found in loaded.located.places.items()
        if where
    }
    site = PreparedSite(name, path, loaded.data, loaded.digest, places)
    if parts is not None:
        cache.put("site", _to_json(site), *parts)
    return site


def _parts(project: Project, path: Path, operational: str | None) -> tuple[bytes, ...] | None:
    """Everything that decides the result; None where a file cannot be read (loading will say why)."""
    found: list[bytes] = [os.fsencode(path), (operational or "").encode()]
    for file in (path, project.root / PROJECT_FILE):
        data = read_file(file, file.name)
        if isinstance(data, Diagnostic):
            return None
        found.append(data)
    defaults = read_file(project.sites_dir / DEFAULTS_FILE, DEFAULTS_FILE)
    if isinstance(defaults, Diagnostic):
        # Without defaults there is one result, with unreadable ones none that may be kept.
        return (*found, b"") if defaults.code == "OD1001" else None
    return (*found, b"defaults", defaults)


def _to_json(site: PreparedSite) -> dict[str, Any]:
    return {
        "data": site.data,
        "digest": site.digest,
        "places": {
            path: [[span.file, span.line, span.column, span.end_line, span.end_column] for span in spans]
            for path, spans in site.places.items()
        },
    }


def _from_json(name: str, path: Path, data: Mapping[str, Any]) -> PreparedSite:
    places = {where: tuple(Span(*span) for span in spans) for where, spans in data["places"].items()}
    return PreparedSite(name, path, data["data"], data["digest"], places)
