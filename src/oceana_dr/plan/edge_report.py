"""The edges of a scenario over many topologies: the strongest class wins, and what breaks without them.

In: the judged edges of every topology. Out: rules and pairs, each with its class, in how many topologies it is that,
and the shortest way to everything that breaks. A topology in which a rule orders nothing must not count for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from oceana_dr.catalogue.model import OrderRule
from oceana_dr.plan.edges import Breach, EdgeClass, Edges, Judged

MEANINGS: Final = {
    EdgeClass.GUARDING: "without it the proof fails",
    EdgeClass.CONVENIENCE: "nothing that the proof sees needs it; its reason is why it stays",
    EdgeClass.IMPLIED: "the other rules say it too; it stays for its reason, and for plans that lack the others' steps",
}
MOST_READINGS: Final = 4
_STRENGTH: Final = {kind: place for place, kind in enumerate(EdgeClass)}


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule or a pair: its class, in how many of the `present` topologies it is that, and what breaks without it."""

    kind: EdgeClass
    topologies: int
    present: int
    breaches: tuple[Breach, ...] = ()


@dataclass(frozen=True, slots=True)
class EdgeReport:
    """A scenario's order, judged over so many topologies; rules by id, pairs by (first, then)."""

    topologies: int
    rules: Mapping[str, Standing]
    pairs: Mapping[tuple[str, str], Standing]

    @property
    def figures(self) -> Mapping[EdgeClass, int]:
        """How many pairs are of each class."""
        found = Counter(standing.kind for standing in self.pairs.values())
        return {kind: found[kind] for kind in EdgeClass}


def merge_edges(judged: Sequence[Edges]) -> Edges:
    """One topology from several starts: an edge is what it is where it matters most."""
    rules, pairs = _collected(judged)
    return Edges(
        {pair: _strongest(found) for pair, found in pairs.items()},
        {rule: _strongest(found) for rule, found in rules.items()},
    )


def report_edges(judged: Sequence[Edges]) -> EdgeReport:
    """One report of all topologies."""
    rules, pairs = _collected(judged)
    return EdgeReport(
        len(judged),
        {rule: _standing(found) for rule, found in rules.items()},
        {pair: _standing(found) for pair, found in pairs.items()},
    )


def _collected(judged: Sequence[Edges]) -> tuple[dict[str, list[Judged]], dict[tuple[str, str], list[Judged]]]:
    rules: dict[str, list[Judged]] = {}
    pairs: dict[tuple[str, str], list[Judged]] = {}
    for edges in judged:
        for rule, found in edges.rules.items():
            rules.setdefault(rule, []).append(found)
        for pair, found in edges.pairs.items():
            pairs.setdefault(pair, []).append(found)
    return rules, pairs


def undeclared(reports: Collection[EdgeReport], rules: Collection[OrderRule]) -> tuple[str, ...]:
    """Rules that guard nothing in any scenario and do not say so: an invariant is missing, or the word for it."""
    said = {rule.id for rule in rules if rule.convenience}
    return tuple(sorted(_of_kind(reports, EdgeClass.CONVENIENCE) - _of_kind(reports, EdgeClass.GUARDING) - said))


def overtaken(reports: Collection[EdgeReport], rules: Collection[OrderRule]) -> tuple[str, ...]:
    """Rules that are said to be a convenience, and something breaks without them; or the others say it all."""
    said = {rule.id for rule in rules if rule.convenience}
    needless = said - _of_kind(reports, EdgeClass.CONVENIENCE)
    return tuple(sorted(needless | said & _of_kind(reports, EdgeClass.GUARDING)))


def _of_kind(reports: Collection[EdgeReport], kind: EdgeClass) -> set[str]:
    return {rule for report in reports for rule, standing in report.rules.items() if standing.kind is kind}


def figures_text(report: EdgeReport) -> str:
    """`193 edges: 40 guarding, 68 convenience, 85 implied (32 topologies)`."""
    kinds = ", ".join(f"{number} {kind.value}" for kind, number in report.figures.items())
    return f"{len(report.pairs)} edges: {kinds} ({report.topologies} topologies)"


def breach_texts(standing: Standing) -> tuple[str, ...]:
    """Every invariant that breaks, and the first of the readings: one rule can spoil many in the same way."""
    invariants = [breach_text(breach) for breach in standing.breaches if breach.step is None]
    readings = [breach_text(breach) for breach in standing.breaches if breach.step is not None]
    more = len(readings) - MOST_READINGS
    rest = (f"and {more} more readings",) if more > 1 else tuple(readings[MOST_READINGS:])
    return (*invariants, *readings[:MOST_READINGS], *rest)


def breach_text(breach: Breach) -> str:
    """What breaks, and the way there: `S-23: P23`, `P37 expects other values: P40.chat → P37`."""
    return f"{_what(breach)}: {' → '.join(breach.way)}"


def _what(breach: Breach) -> str:
    match breach:
        case Breach(source=source, step=None):
            return source
        case Breach(source="expect", step=step):
            return f"{step} expects other values"
        case Breach(source="verify", step=step):
            return f"{step} reads back other values"
        case Breach(source="condition", step=step):
            return f"the condition of {step} does not hold"
        case Breach(source=source, step=step) if "#" in source:
            return f"{source} ends otherwise"
        case Breach(source=source, step=step):
            return f"{source} at {step}"


def _standing(found: Sequence[Judged]) -> Standing:
    strongest = _strongest(found)
    alike = sum(item.kind is strongest.kind for item in found)
    return Standing(strongest.kind, alike, len(found), strongest.breaches)


def _strongest(found: Sequence[Judged]) -> Judged:
    kind = min((item.kind for item in found), key=_STRENGTH.__getitem__)
    return Judged(kind, _shortest(breach for item in found if item.kind is kind for breach in item.breaches))


def _shortest(breaches: Iterable[Breach]) -> tuple[Breach, ...]:
    """One for everything that breaks, with the fewest steps; invariants first."""
    found: dict[tuple[bool, str, str], Breach] = {}
    for breach in breaches:
        key = (breach.step is not None, breach.source if breach.step is None else breach.step, breach.source)
        if key not in found or len(breach.way) < len(found[key].way):
            found[key] = breach
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[0], key[1:])))
