"""Everything a plan is built from, handed in as values.

In: what `operations` has compiled and read. Out: one immutable bundle.
Nothing here may be a clock, a file or a connection: the same context gives the same plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.plan.model import Cause, Estimate, Source


@dataclass(frozen=True)
class Context:
    """One site's side of a plan.

    `live` is settled: what is off on purpose reads as off. `causes` gives the lines of the site behind
    a desired value, `resolve` a value of the site by its path, `driver_of` the driver that serves an
    address (with the catalogue's default, and the procedure that is run there), `sources` how each resource
    was read, `lost` what people declared lost, `answering` what of it answers all the same, behind no fence.
    `watcher_of` gives the driver that waits or checks at an address, `readable` whether a driver reads an
    attribute at all, `verifiable` whether its reading proves what an act has led to, `drivers` the site's choice.
    """

    bound: BoundCatalogue
    site: str
    operational: str
    desired: Estate
    live: Estate
    desired_digest: str
    expected_off: frozenset[Address]
    source: Source
    operational_cause: tuple[Cause, ...]
    causes: Callable[[Ref], tuple[Cause, ...]]
    resolve: Callable[[str], object]
    driver_of: Callable[[Address, str, str | None], str]
    sources: Mapping[Address, str]
    estimates: Mapping[str, Estimate] = field(default_factory=dict)
    lost: tuple[str, ...] = ()
    answering: tuple[Address, ...] = ()
    watcher_of: Callable[[Address], str] | None = None
    verifiable: Callable[[Ref], bool] = field(default=lambda _: True)
    readable: Callable[[Ref], bool] = field(default=lambda _: True)
    drivers: Mapping[str, str] = field(default_factory=dict)
