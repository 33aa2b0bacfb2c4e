"""How much one plan may change: in all, by kind, and what it may not touch.

In: the mapping `limits` of a site and of the project's policy. Out: frozen models.
A limit must never bind a move that the site does not name: what a move changes is proven, and it changes a lot.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from oceana_dr.source.site.types import AddressPrefix, Part, ScenarioName, Word

Changes = Annotated[int, Field(ge=0, le=100_000)]
Percent = Annotated[int, Field(ge=0, le=100)]

DEFAULT_CHANGES = 20
DEFAULT_PERCENT = 50


class KindLimit(Part):
    """How many addresses of one kind a plan may change."""

    changes: Changes | None = Field(None, description="Most addresses of the kind.", examples=[2])
    percent: Percent | None = Field(
        None,
        description="Most of the kind's addresses that can be set, in percent; counted where there are ten or more.",
        examples=[30],
    )


class LimitSet(KindLimit):
    """How many addresses a plan may change, and which ones it may not."""

    changes: Changes | None = Field(None, description="Most addresses that one plan may change.", examples=[20])
    percent: Percent | None = Field(
        None,
        description="Most of the site's addresses that can be set, in percent; counted where there are ten or more.",
        examples=[50],
    )
    kinds: dict[Word, KindLimit] = Field(
        default_factory=dict,
        description="Limits by kind: the part of an address behind its side, as in dc1/smgr/… or shared/dns/….",
        examples=[{"dns": {"changes": 1}}],
    )
    protected: tuple[AddressPrefix, ...] = Field(
        (), description="Addresses, or what they begin with, that no plan may change.", examples=[["shared/mirror"]]
    )


class Limits(LimitSet):
    """Limits of a plan that moves nothing; each can be overridden at `apply`, by name and with a reason."""

    changes: Changes | None = Field(
        DEFAULT_CHANGES, description="Most addresses that one plan may change; null for any number.", examples=[20]
    )
    percent: Percent | None = Field(
        DEFAULT_PERCENT,
        description="Most of the site's addresses that can be set, in percent; counted where there are ten or more. "
        "null for no such limit.",
        examples=[50],
    )
    scenarios: dict[ScenarioName, LimitSet] = Field(
        default_factory=dict,
        description="Limits of moves, by scenario; a scenario that is not named has none.",
        examples=[{"planned-switchover": {"protected": ["shared/dns"]}}],
    )
