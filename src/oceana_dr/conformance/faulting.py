"""The eight faults at a call, met by the runner with this driver: the run ends well, and never says what is not so.

In: a bench. Out: results of the rules F1 to F8.
Each is a plan of one step, run by the same runner as every plan, and run again until it is done, as people would.
"""

from __future__ import annotations

from functools import partial
from typing import Final

from oceana_dr.conformance.bench import Bench
from oceana_dr.conformance.one_step import MOST_COMMANDS, OneStep
from oceana_dr.conformance.report import Broken, Untested
from oceana_dr.conformance.rule import Rule
from oceana_dr.drivers.faults import Fault


def _copes(fault: Fault, bench: Bench) -> str:
    if bench.reader is None or not bench.verifies:
        raise Untested("it reads nothing back: people attest, and the runner is told nothing else")
    ends = []
    for attempt in bench.attempts:
        with bench.put_back(attempt):
            run = OneStep(bench, attempt, fault)
            run.to_the_end()
            if not run.struck:
                raise Broken("the fault did not strike: the step was done without an act")
            if run.lies:
                raise Broken(f"the step is recorded as done, and {run.lies[0]}")
            if run.blind:
                raise Broken(f"`{attempt.name}` may not be repeated, and was sent {run.blind} times without a decision")
            if not run.done:
                raise Broken(f"after {MOST_COMMANDS} commands it is not done: {run.last}")
            ends.append(run.how)
    return f"{len(ends)} acts, done in the end ({', '.join(sorted(set(ends)))})"


RULES: Final = tuple(
    Rule(f"F{number}", f"fault at a call: {fault.value}", partial(_copes, fault))
    for number, fault in enumerate(Fault, 1)
)
