"""The JSON Schemas that editors complete and hover from, made from the models.

In: the models. Out: three documents of draft 2020-12, by name: `site`, `defaults`, `project`.
They must never say anything else than the models: `schemas/*.schema.json` are compared with this in tests.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

from pydantic import BaseModel

from oceana_dr.source.project_model import ProjectFile
from oceana_dr.source.site import shared
from oceana_dr.source.site.model import OWN_KEYS, Site

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
NAMES: Final = ("site", "defaults", "project")


def schema_document(name: str) -> dict[str, Any]:
    """The schema `site`, `defaults` (the same with nothing required) or `project`; raises `KeyError`."""
    return _DOCUMENTS[name]()


def schema_text(name: str) -> str:
    """The schema as it is committed: indented JSON with a line end."""
    return json.dumps(schema_document(name), indent=2, ensure_ascii=False) + "\n"


def _site() -> dict[str, Any]:
    """Required is only what cannot come from the defaults: an editor sees this one file alone."""
    document = _document(Site, "oceana-dr/site/v1", "A site: sites/<site>/site.yaml")
    document["required"] = ["schema", "name", "operational", "data_centers"]
    for name, definition in document["$defs"].items():
        if getattr(shared, name, None) is not None:
            definition.pop("required", None)
    return document


def _defaults() -> dict[str, Any]:
    document = _document(Site, "oceana-dr/defaults/v1", "Values that sites share: sites/defaults.yaml")
    _walk(document, lambda part: part.pop("required", None))
    for key in OWN_KEYS:
        del document["properties"][key]
    return document


def _project() -> dict[str, Any]:
    return _document(ProjectFile, "oceana-dr/project/v1", "Settings of the whole project: oceana-dr.yaml")


def _document(model: type[BaseModel], identity: str, title: str) -> dict[str, Any]:
    document = model.model_json_schema(by_alias=True)
    _walk(document, _tidy)
    return {"$schema": _DIALECT, "$id": f"urn:{identity.replace('/', ':')}", "title": title, **document}


def _tidy(part: dict[str, Any]) -> None:
    """Without the titles that pydantic makes of names; no key outside a pattern."""
    if isinstance(part.get("title"), str):
        del part["title"]
    if "patternProperties" in part:
        part["additionalProperties"] = False


def _walk(part: Any, change: Callable[[dict[str, Any]], object]) -> None:
    """Apply `change` to every schema in a document, not to the mappings of names that hold schemas."""
    if isinstance(part, list):
        for item in part:
            _walk(item, change)
    elif isinstance(part, dict):
        change(part)
        for key, value in part.items():
            if key in {"properties", "$defs", "patternProperties"}:
                for inner in value.values():
                    _walk(inner, change)
            elif key not in {"examples", "default", "const", "enum"}:
                _walk(value, change)


_DOCUMENTS: Final = {"site": _site, "defaults": _defaults, "project": _project}
