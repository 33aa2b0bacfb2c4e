"""Value expressions as rules for people: both sides at once, and the site's keys by name.

In: an expression of the catalogue. Out: a sentence, as `explain` and `desired.json` say it.
It must never evaluate one for a site: that is the compiler's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from oceana_dr.estate.values import Json


def rule_of(expression: Json) -> str:
    """The expression as part of a sentence; a constant is itself."""
    match expression:
        case {"list": list() as items}:
            return ", ".join(rule_of(item) for item in items)
        case {"override": inner}:
            return rule_of(inner)
        case {"by_side": {"operational": one, "resting": other}}:
            return f"{rule_of(one)} on the operational side, {rule_of(other)} on the resting side"
        case {"by_operational": {"dc1": one, "dc2": other}}:
            return f"while dc1 is operational {rule_of(one)}, while dc2 is {rule_of(other)}"
        case {"by_dc": {"dc1": one, "dc2": other}}:
            return f"in dc1 {rule_of(one)}, in dc2 {rule_of(other)}"
        case {"by_channel": dict() as channels} | {"by_topology": dict() as channels}:
            return _by_name(channels)
        case dict():
            return _of_site(expression)
        case _:
            return str(expression)


def _of_site(expression: Mapping[str, Json]) -> str:
    """What an expression takes from the site, in words."""
    match expression:
        case {"site": str() as path, "else": other}:
            return f"the site's {path}, {rule_of(other) or 'an empty field'} if it is null"
        case {"site": str() as path}:
            return f"the site's {path}"
        case {"secret": _}:
            return "a reference to a secret, never the secret"
        case {"text": str() as template, "with": list() as paths}:
            return template.format(*(f"<{path}>" for path in paths))
        case {"first": list() as paths, **rest}:
            last = [rule_of(rest["else"])] if rest else []
            return "the site's " + ", or else ".join([*map(str, paths), *last])
        case {"pairs": list() as paths}:
            return "the site's " + ", overlaid by ".join(map(str, paths))
        case {"flag": dict() as flags}:
            ((path, words),) = flags.items()
            on, off = cast("list[Json]", words)
            return f"{rule_of(on)} if the site's {path}, otherwise {rule_of(off)}"
        case _:
            return str(dict(expression))


def _by_name(cases: Mapping[str, Json]) -> str:
    ((name, values),) = cases.items()
    match values:
        case {"open": one, "draining": other}:
            return f"({rule_of(one)} while {name} is open, {rule_of(other)} while it drains)"
        case {"yes": one, "no": other}:
            return f"{rule_of(one)} with {name}, {rule_of(other)} without"
        case _:
            return str(values)
