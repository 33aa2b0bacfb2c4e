"""The registry of diagnostic codes: everything `explain CODE` can say.

In: the modules of this package, one for each part of the program. Out: `ALL` and `lookup`.
It must never hold two meanings for one code: a duplicate stops the import.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from oceana_dr.diagnostics.codes import (
    clearing,
    plan,
    planfile,
    policy,
    rules,
    site,
    syntax,
    topology,
    unattended,
    values,
)
from oceana_dr.diagnostics.codes.info import CodeInfo

__all__ = ["ALL", "NEVER_ECHO", "CodeInfo", "lookup"]


def _register(*groups: tuple[CodeInfo, ...]) -> Mapping[str, CodeInfo]:
    found: dict[str, CodeInfo] = {}
    for group in groups:
        for info in group:
            if info.code in found:
                raise ValueError(f"{info.code} is registered twice")
            found[info.code] = info
    return MappingProxyType(dict(sorted(found.items())))


ALL: Mapping[str, CodeInfo] = _register(
    syntax.CODES,
    site.CODES,
    values.CODES,
    topology.CODES,
    policy.CODES,
    planfile.CODES,
    plan.CODES,
    clearing.CODES,
    unattended.CODES,
    rules.CODES,
)
"""Every code, in order."""

NEVER_ECHO: frozenset[str] = frozenset(code for code, info in ALL.items() if info.secret)
"""Codes whose places hold a secret: renderers mask the text there."""


def lookup(code: str) -> CodeInfo:
    """What is known about a code, in any case; raises `KeyError`."""
    return ALL[code.upper()]
