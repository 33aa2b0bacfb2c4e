"""What a driver says of itself: patterns, parts, options.

In: a bench. Out: results of the rules D1 to D3.
Nothing of the target is touched here.
"""

from __future__ import annotations

import re
from typing import Final

from pydantic import BaseModel

from oceana_dr.conformance.bench import Bench
from oceana_dr.conformance.report import Broken, Untested
from oceana_dr.conformance.rule import Rule
from oceana_dr.drivers.registry import load_part
from oceana_dr.drivers.routing import OPERATOR
from oceana_dr.source.site.types import DRIVER_PATTERN

_PATTERN: Final = re.compile(r"(dc1|dc2|dc\*|shared|\*)(/[^\s/#]+)*(#.+)?")


def _declares(bench: Bench) -> str:
    driver = bench.driver
    if not re.match(DRIVER_PATTERN, driver.name):
        raise Broken(f"{driver.name!r} is not a name: lower-case letters, digits and hyphens")
    for pattern in (*driver.reads, *driver.writes, *driver.verifies, *driver.attests):
        if not _PATTERN.fullmatch(pattern):
            raise Broken(f"{pattern!r} is no pattern of addresses: `dc*/mirror`, `shared/dns/*`, `dc1/cm#state`")
    if lost := [item for item in driver.verifies if item not in driver.reads]:
        raise Broken(f"it verifies {', '.join(lost)} and does not read that")
    if driver.reads and driver.reader is None:
        raise Broken("it declares that it reads, and has no reader")
    if driver.writes and driver.writer is None:
        raise Broken("it declares that it writes, and has no writer")
    if not (driver.reads or driver.writes or driver.attests):
        raise Broken("it declares nothing that it reads or writes")
    if driver.attests:
        both = [item for item in driver.attests if item in {*driver.reads, *driver.writes}]
        if both:
            raise Broken(f"it leaves {', '.join(both)} to people, and reads or sets it as well")
        return f"leaves {_listed(driver.attests)} to people, who say what they see"
    proven = "reads back what it sets" if driver.verifies else "what it sets is attested by a person"
    return f"reads {_listed(driver.reads)}; writes {_listed(driver.writes)}; {proven}"


def _loads(bench: Bench) -> str:
    driver = bench.driver
    parts = (driver.options, driver.reader, driver.writer, driver.doctor, driver.trial)
    for part in filter(None, parts):
        if not callable(load_part(part)):
            raise Broken(f"{part} cannot be called")
    if driver.doctor is None:
        raise Broken("it has nothing for `doctor`")
    return f"{len([part for part in parts if part])} parts"


def _options(bench: Bench) -> str:
    model = load_part(bench.driver.options)
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        raise Broken(f"{bench.driver.options} is no pydantic model")
    if model.model_config.get("extra") != "forbid":
        raise Broken("its options let keys pass that they do not know: a misspelt one would go unseen")
    if not model.model_config.get("frozen"):
        raise Broken("its options can be changed after they were checked: derive them from `Part`")
    return f"{len(model.model_fields)} options" if model.model_fields else "no options"


def _named_after_nobody(bench: Bench) -> str:
    if bench.driver.name == OPERATOR:
        raise Untested("people are no system")
    reads = set(bench.driver.reads)
    for attempt in bench.trial.attempts:
        for reference in attempt.after:
            if reads and not bench.driver.can_read_ref(reference):
                raise Broken(f"the attempt `{attempt.name}` sets {reference}, which it does not declare to read")
    return f"{len(bench.trial.attempts)} acts to try"


def _listed(patterns: tuple[str, ...]) -> str:
    return ", ".join(patterns) or "nothing"


RULES: Final = (
    Rule("D1", "it declares what it reads, writes and proves", _declares),
    Rule("D2", "its parts are there", _loads),
    Rule("D3", "its options know every key", _options),
    Rule("D4", "its trial tries what it declares", _named_after_nobody),
)
