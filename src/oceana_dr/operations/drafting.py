"""A site that nobody has yet: what `init` writes, and what `import` fills with what it reads.

In: answers. Out: plain data of a site, of defaults, of a project, from `templates/new-site/`.
Names and addresses are for documentation; none may belong to anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, cast

from oceana_dr.catalogue.template import Bindings, expand_data, prune
from oceana_dr.compile.artifacts.templating import template_folder
from oceana_dr.estate.values import Json
from oceana_dr.source.document import read_document
from oceana_dr.source.merge import merge_trees

FOLDER: Final = "new-site"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a new site is like; each field is a question of `init`."""

    site: str
    ha: bool = False
    analytics: bool = False
    web_voice: bool = False
    mirror_tls: bool = False
    control_manager: Literal["automatic", "manual"] = "automatic"
    domain: str = ""
    dc1_name: str = "Data Center 1"
    dc2_name: str = "Data Center 2"
    time_zone: str = "UTC"
    driver: Literal["operator", "gateway"] = "operator"

    @property
    def facts(self) -> Bindings:
        """The answers under the names that the templates use."""
        conditions = {
            "ha": self.ha,
            "analytics": self.analytics,
            "web_voice": self.web_voice,
            "tls": self.mirror_tls,
            "operator": self.driver == "operator",
        }
        return {
            **{f"topology.{name}": "yes" if holds else "no" for name, holds in conditions.items()},
            "site": self.site,
            "SITE": self.site.upper().replace("-", "_"),
            "domain": self.domain or f"{self.site}.example",
            "control_manager": self.control_manager,
            "dc1_name": self.dc1_name,
            "dc2_name": self.dc2_name,
            "time_zone": self.time_zone,
        }


def draft(name: Literal["site", "defaults", "project"], answers: Answers) -> dict[str, Any]:
    """The data of a file for these answers, complete: what the defaults say as well is not left out."""
    filled = expand_data(prune(_template(name), answers.facts), {}, answers.facts)
    return cast("dict[str, Any]", _unwrapped(filled))


def without(data: Mapping[str, Any], shared: Mapping[str, Any], *, keep: frozenset[str]) -> dict[str, Any]:
    """The data without what `shared` says alike; keys of `keep` stay."""
    left: dict[str, Any] = {}
    for key, value in data.items():
        other = shared.get(key)
        if isinstance(value, Mapping) and isinstance(other, Mapping):
            rest = without(value, other, keep=frozenset())
            if rest:
                left[key] = rest
        elif key in keep or key not in shared or value != other:
            left[key] = value
    return left


@cache
def _template(name: str) -> Json:
    path = template_folder() / FOLDER / f"{name}.yaml"
    document = read_document(path, path.name)
    assert document.root is not None, document.diagnostics
    return cast("Json", listed(merge_trees((document.root,)).data))


def listed(data: Any) -> Any:
    """Data with lists for tuples, as JSON has them."""
    if isinstance(data, dict):
        return {key: listed(value) for key, value in data.items()}
    return [listed(item) for item in data] if isinstance(data, tuple | list) else data


def _unwrapped(data: Json) -> Json:
    match data:
        case dict() if data.keys() == {"value"}:
            return data["value"]
        case dict():
            return {key: _unwrapped(value) for key, value in data.items()}
        case list():
            return [_unwrapped(item) for item in data]
        case _:
            return data
