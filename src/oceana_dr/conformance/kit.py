"""The kit: every rule, one after the other, on a trial of the driver.

In: a driver's name or declaration, options for a target of one's own (or None). Out: a `Report`.
A rule that raises what no rule foresees is broken: a driver may raise nothing but what the protocol says.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from oceana_dr.conformance import acting, declaring, failing, faulting, reading
from oceana_dr.conformance.bench import LIMIT_S, Bench
from oceana_dr.conformance.report import Broken, Report, Result, Untested, Verdict
from oceana_dr.conformance.rule import Rule
from oceana_dr.drivers.declaration import Driver
from oceana_dr.drivers.registry import DriverMissing, find_driver, load_part

RULES: Final = (
    *declaring.RULES,
    *reading.RULES,
    *acting.RULES,
    *failing.RULES,
    *faulting.RULES,
    failing.SECRETS,
)


def check_driver(
    driver: str | Driver,
    options: Any = None,  # Any: the model that the driver declares
    *,
    limit_s: float = LIMIT_S,
    notice: Callable[[Result], None] = lambda _: None,
) -> Report:
    """Test a driver; `notice` hears each result at once. Raises `DriverMissing` where it cannot be tested at all."""
    declared = find_driver(driver) if isinstance(driver, str) else driver
    if declared.trial is None:
        raise DriverMissing(
            f"the driver `{declared.name}` brings nothing to be tested against",
            hint="its declaration names a `trial`: a stand-in, or a server that it starts",
        )
    with load_part(declared.trial)(options) as trial:
        bench = Bench(declared, trial, limit_s=limit_s)
        results = []
        with bench.listening():
            for rule in RULES:
                results.append(_result(bench, rule))
                notice(results[-1])
        return Report(declared.name, declared.title, trial.against, tuple(results))


def _result(bench: Bench, rule: Rule) -> Result:
    try:
        return Result(rule.id, rule.title, Verdict.KEPT, rule.test(bench))
    except Untested as reason:
        return Result(rule.id, rule.title, Verdict.UNTESTED, str(reason))
    except Broken as reason:
        return Result(rule.id, rule.title, Verdict.BROKEN, _without(bench, str(reason)))
    except Exception as error:  # noqa: BLE001 - whatever somebody's driver raises is a result of its test
        return Result(rule.id, rule.title, Verdict.BROKEN, _without(bench, f"{type(error).__name__}: {error}"))


def _without(bench: Bench, text: str) -> str:
    """The report itself must not tell the secret that a driver has let out."""
    for secret in bench.trial.secrets:
        text = text.replace(secret, "(secret)")
    return " ".join(text.split())[:500]
