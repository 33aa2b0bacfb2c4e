"""Sites of every topology, and the estates that scenarios begin on: at rest, and with values changed by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Final

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.diff.compare import Difference, compare, settle_off
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Value
from oceana_dr.guard.proof import prove_plan
from oceana_dr.operations.drafting import Answers, draft
from oceana_dr.operations.live import Live, lose
from oceana_dr.operations.planning import make_context
from oceana_dr.operations.recognising import in_memory
from oceana_dr.operations.starting import at_rest
from oceana_dr.plan.build import draft_plan
from oceana_dr.plan.model import Plan, Source
from oceana_dr.source.prepared import PreparedSite
from oceana_dr.twin.transitions import after
from tests.planning import compared

SITE: Final = "northwind"
TOPOLOGIES: Final = tuple(product((False, True), repeat=5))
"""ha, mirror TLS, Analytics, Web Voice, Control Manager by hand."""
_PAIRS: Final = ("00000", "01011", "01100", "10010", "10101", "11111")
EACH_PAIR: Final = tuple(tuple(digit == "1" for digit in text) for text in _PAIRS)
"""Six of them in which any two facts stand in all four combinations: for tests that plan many times in each."""
ENDS: Final = (TOPOLOGIES[0], TOPOLOGIES[-1])
"""The smallest and the largest: for tests that plan anew after every step of a long plan."""


@dataclass(frozen=True)
class Start:
    """A site for one side, and what is live there."""

    compiled: Compiled
    live: Estate


def name_of(topology: tuple[bool, ...]) -> str:
    words = ("ha", "tls", "analytics", "web_voice", "acm_manual")
    return "+".join(word for word, holds in zip(words, topology, strict=True) if holds) or "plain"


@cache
def site(topology: tuple[bool, ...], operational: str, version: str | None = None) -> PreparedSite:
    """`version`: of the Omnichannel Database, where the site names one."""
    ha, tls, analytics, web_voice, manual = topology
    answers = Answers(
        SITE,
        ha=ha,
        mirror_tls=tls,
        analytics=analytics,
        web_voice=web_voice,
        control_manager="manual" if manual else "automatic",
    )
    data = draft("site", answers)
    data["operational"] = operational
    if version is not None:
        data.setdefault("mirror", {})["omnichannel_version"] = version
    return in_memory(SITE, data)


@cache
def compiled(topology: tuple[bool, ...], operational: str, version: str | None = None) -> Compiled:
    return compile_site(site(topology, operational, version), load_catalogue())


def rest(topology: tuple[bool, ...], operational: str, version: str | None = None) -> Estate:
    """The estate as the site compiles to it, in a quiet moment."""
    return at_rest(compiled(topology, operational, version))


def changed(live: Estate, values: Mapping[str, Value]) -> Estate:
    return live.with_values({Ref(name): value for name, value in values.items()})


def darkened(live: Estate, *prefixes: str, reason: str = "unreachable") -> Estate:
    """The estate in which these do not answer."""
    return live.darkened(prefixes, reason)


def plan_for(
    topology: tuple[bool, ...],
    operational: str,
    live: Estate,
    *,
    scenario: str | None = None,
    lost: tuple[str, ...] = (),
    version: str | None = None,
) -> tuple[Plan, Difference]:
    """The proven plan to have that side in service, from this estate; and what differed."""
    made, source = compiled(topology, operational, version), site(topology, operational, version)
    masked = lose(Live(live, {}, {}), lost).estate
    settled = settle_off(masked, made.bound, made.expected_off)
    difference = compare(made.estate, settled, None, made.bound)
    context = make_context(source, made, Live(settled, {}, {}), Source(None, True, "sha256:of-the-files"), lost=lost)
    return prove_plan(draft_plan(context, difference, scenario), settled), difference


def end_of(plan: Plan, live: Estate) -> Estate:
    """The estate when every step is done."""
    for step in plan.steps:
        live = after(live, step.moments)
    return live


def left_over(topology: tuple[bool, ...], operational: str, end: Estate, version: str | None = None) -> Difference:
    """What a plan's end differs in from what the site compiles to."""
    return compared(compiled(topology, operational, version), end)


def at(address: str) -> Address:
    return Address(address)
