"""Reading: pure, canonical, complete, in time.

In: a bench. Out: results of the rules R1 to R5.
Nothing is written here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from oceana_dr.conformance.bench import Bench
from oceana_dr.conformance.report import Broken, Untested
from oceana_dr.conformance.rule import Rule
from oceana_dr.drivers.contract import Reading
from oceana_dr.drivers.gateway.canonical import canonical_resource
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown

_AHEAD_S: Final = 300


def _addresses(bench: Bench) -> tuple[Address, ...]:
    found = {address for attempt in bench.trial.attempts for address in attempt.addresses}
    if not found:
        found = {item.address for item in bench.read(None)}
    if not found:
        raise Broken("it reads nothing")
    return tuple(sorted(found))


def _pure(bench: Bench) -> str:
    wanted, before = _addresses(bench), bench.trial.arrived()
    first, second = bench.read(wanted), bench.read(wanted)
    if _values(first) != _values(second):
        raise Broken("two readings in a row differ")
    bench.read(None)
    if bench.trial.arrived() != before:
        raise Broken("reading has changed something at the target")
    return "read twice, nothing arrived" if before is not None else "read twice alike; nobody counts what arrives"


def _complete(bench: Bench) -> str:
    wanted = _addresses(bench)
    nothing = Address(f"{wanted[0].rpartition('/')[0]}/nothing-is-there")
    asked = (*wanted, nothing) if bench.driver.can_read(nothing) else wanted
    found = bench.read(asked)
    if [item.address for item in found] != list(asked):
        raise Broken(f"asked for {len(asked)} addresses it answers {len(found)}, or in another order")
    if asked[-1] == nothing and not isinstance(found[-1].resource, Unknown) and found[-1].resource:
        raise Broken("it reads values at an address where nothing is")
    if bench.read(()):
        raise Broken("asked for no address it reads some")
    return f"{len(wanted)} addresses{', and one where nothing is' if asked[-1] == nothing else ''}"


def _canonical(bench: Bench) -> str:
    bound, count = bench.trial.setting.bound, 0
    for item in bench.read(_addresses(bench)):
        if isinstance(item.resource, Unknown):
            raise Broken(f"{item.address} reads as unknown ({item.resource.reason}) while its target is in order")
        if Estate.from_json(Estate({item.address: item.resource}).to_json()).resources[item.address] != item.resource:
            raise Broken(f"a value of {item.address} is none that JSON keeps")
        if (plain := canonical_resource(bound, item.address, item.resource)) != item.resource:
            raise Broken(f"{item.address} is not canonical: {dict(item.resource)!r}, and should be {plain!r}")
        known = bound.resources.get(item.address)
        if known is not None and (odd := sorted(set(item.resource) - set(known.attributes))):
            raise Broken(f"{item.address} has labels that the catalogue does not know: {', '.join(odd)}")
        count += len(item.resource)
    return f"{count} values"


def _dated(bench: Bench) -> str:
    for item in bench.read(_addresses(bench)):
        try:
            when = datetime.fromisoformat(item.observed_at)
            ahead = (when - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            raise Broken(f"{item.observed_at!r} is not a time with its zone") from None
        if ahead > _AHEAD_S:
            raise Broken(f"{item.observed_at} is yet to come")
        if not item.source:
            raise Broken(f"the reading of {item.address} does not say whose it is")
    return "each reading says when and whose"


def _values(found: tuple[Reading, ...]) -> dict[Address, object]:
    return {item.address: item.resource for item in found}


def _stands(bench: Bench) -> str:
    if not bench.trial.attempts:
        raise Untested("its trial attempts nothing")
    for attempt in bench.trial.attempts:
        for reference, value in attempt.before.items():
            if (found := bench.value(reference)) != value:
                raise Broken(f"{reference} reads {found!r}, and its trial says {value!r}")
    return "the target stands as the trial says"


RULES: Final = (
    Rule("R1", "reading changes nothing", _pure),
    Rule("R2", "it answers for each address it is asked for", _complete),
    Rule("R3", "values are canonical", _canonical),
    Rule("R4", "readings say when they were made, and by whom", _dated),
    Rule("R5", "it reads what is there", _stands),
)
