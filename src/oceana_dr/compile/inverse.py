"""The catalogue's value expressions, read backwards: from what a console shows to what a site would have to say.

In: an expression, a value that was read, a side, a topology. Out: whether they fit, and the site's values by path.
It must never guess: a value that several sites would give leaves the path open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, cast

from oceana_dr.estate.address import peer_of
from oceana_dr.estate.values import Json, Override, Value

Path: TypeAlias = "tuple[str, ...]"


@dataclass(slots=True)
class Inversion:
    """What is known of a site so far: `found` by path, with values as consoles show them."""

    operational: str
    topology: Mapping[str, str]
    found: dict[Path, Value] = field(default_factory=dict)
    dc: str = ""

    def fits(self, expression: Json, value: Value, dc: str) -> bool:
        """Whether the expression gives this value in this data centre for some site; keeps what that site says."""
        self.dc = dc
        return self._fits(expression, value)

    def _fits(self, expression: Json, value: Value) -> bool:
        match expression:
            case {"override": inner}:
                return isinstance(value, Override) and value.override and self._fits(inner, value.value)
            case {"list": list() as items}:
                same = isinstance(value, tuple) and len(value) == len(items)
                return same and all(map(self._fits, items, cast("tuple[Value, ...]", value)))
            case dict():
                return self._fits_case(expression, value)
            case _:
                return _shown(cast("Value", expression)) == _shown(value)

    def _fits_case(self, expression: Mapping[str, Json], value: Value) -> bool:
        match expression:
            case {"by_side": dict() as cases}:
                return self._fits(cases["operational" if self.operational == self.dc else "resting"], value)
            case {"by_operational": dict() as cases}:
                return self._fits(cases[self.operational], value)
            case {"by_dc": dict() as cases}:
                return self._fits(cases[self.dc], value)
            case {"by_topology": dict() as facts}:
                ((fact, cases),) = facts.items()
                return self._fits(cast("Mapping[str, Json]", cases)[self.topology[f"topology.{fact}"]], value)
            case {"by_channel": dict() as channels}:
                ((channel, cases),) = channels.items()
                return self._one_of(f"channels.{channel}", cast("Mapping[str, Json]", cases), value)
            case _:
                return self._fits_site(expression, value)

    def _fits_site(self, expression: Mapping[str, Json], value: Value) -> bool:
        match expression:
            case {"site": str() as path, "else": fallback}:
                return self._fits(fallback, value) or self._keep(path, value)
            case {"site": str() as path}:
                return self._keep(path, value)
            case {"first": [str() as path, *_], **rest}:
                return ("else" in rest and self._fits(rest["else"], value)) or self._keep(path, value)
            case {"flag": dict() as flags}:
                ((path, words),) = flags.items()
                yes, no = cast("list[Json]", words)
                return self._one_of(path, {"true": yes, "false": no}, value)
            case {"pairs": list() as paths}:
                return self._pairs(str(paths[-1]), value)
            case {"text": str() as template, "with": list() as paths}:
                return self._text(template, [str(path) for path in paths], value)
            case _:
                return True  # a secret, which nobody can read

    def _keep(self, path: str, value: Value) -> bool:
        """Note what the site says at a path; False if it was read differently elsewhere."""
        return _shown(self.found.setdefault(self._path(path), value)) == _shown(value)

    def _path(self, path: str) -> Path:
        """The path's keys, with the data centre in the place of its name."""
        full = path.format(dc=self.dc, peer=peer_of(self.dc), op=self.operational) if "{" in path else path
        return tuple(full.split("."))

    def _one_of(self, path: str, cases: Mapping[str, Json], value: Value) -> bool:
        """The site's word at a path, where exactly one of them gives this value."""
        known = self.found.get(self._path(path))
        if known is not None:
            return self._fits(cases[str(known)], value)
        words = []
        for word, inner in cases.items():
            trial = Inversion(self.operational, self.topology, dict(self.found))
            if trial.fits(inner, value, self.dc):
                words.append(word)
        if len(words) == 1:
            self.found[self._path(path)] = words[0]
            self._fits(cases[words[0]], value)
        return bool(words)

    def _text(self, template: str, paths: list[str], value: Value) -> bool:
        parts = re.split(r"\{(\d+)\}", template)
        pattern = "".join(re.escape(part) if at % 2 == 0 else "(.+)" for at, part in enumerate(parts))
        found = re.fullmatch(pattern, value) if isinstance(value, str) else None
        if found is None:
            return False
        kept = [self._keep(paths[int(at)], text) for at, text in zip(parts[1::2], found.groups(), strict=True)]
        return all(kept)

    def _pairs(self, path: str, value: Value) -> bool:
        if not isinstance(value, tuple):
            return False
        split = [str(item).partition(" = ") for item in value]
        for key, _, text in split:
            self.found[(*self._path(path), key)] = text
        return all(mark for _, mark, _ in split)


def _shown(value: Value) -> Value:
    """A value as consoles write it, so that `true`, True and "true" are one."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case tuple():
            return tuple(_shown(item) for item in value)
        case _:
            return value
