"""The few questions about a site file that the vocabulary of rules has no words for.

In: the site, a standpoint. Out: a verdict.
A function stands here only while no condition could say the same; each says why it must.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from oceana_dr.compile.rules.paths import Standpoint
from oceana_dr.compile.rules.truth import Verdict
from oceana_dr.source.checks.view import SiteView

SpecialCheck: TypeAlias = Callable[[SiteView, Standpoint], Verdict]

SPECIAL: Final[Mapping[str, SpecialCheck]] = MappingProxyType({})
"""Every function by the name that a rule gives."""
