"""When the target is silent or lets nobody in: nothing unknown is reported as done, or as good; no secret gets out.

In: a bench. Out: results of the rules U1 to U8.
The target is as it was when each of them has ended.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from typing import Final

from oceana_dr.conformance.bench import Bench
from oceana_dr.conformance.report import Broken, Untested
from oceana_dr.conformance.rule import Rule
from oceana_dr.diagnostics import OceanaError, SystemUnavailable
from oceana_dr.drivers.contract import Declined, Done, InDoubt
from oceana_dr.drivers.protocol import Aspect, Health
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Unknown
from oceana_dr.execute.writers import open_writer

_EVERY: Final = frozenset(Aspect) - {Aspect.CERTIFICATE}


def _silence(bench: Bench) -> AbstractContextManager[None]:
    found = bench.trial.silence()
    if found is None:
        raise Untested("its target cannot be silenced")
    return found


def _locked(bench: Bench) -> AbstractContextManager[None]:
    found = bench.trial.lock_out()
    if found is None:
        raise Untested("its target cannot lock anybody out")
    return found


def _silent_reading(bench: Bench) -> str:
    if bench.reader is None:
        raise Untested("it reads nothing: people attest")
    wanted = _addresses(bench)
    with _silence(bench):
        said = _dark(bench, wanted)
    return f"{said}, in time"


def _locked_reading(bench: Bench) -> str:
    if bench.reader is None:
        raise Untested("it reads nothing: people attest")
    wanted = _addresses(bench)
    with _locked(bench):
        said = _dark(bench, wanted)
    if "unreachable" in said:
        raise Broken("who is locked out reads `unreachable`: that is what something switched off reads")
    return said


def _dark(bench: Bench, wanted: tuple[Address, ...]) -> str:
    """How it says that it cannot read."""
    try:
        found = bench.read(wanted)
    except SystemUnavailable as error:
        if not error.message:
            raise Broken("it cannot read and does not say why") from None
        return "it says that it cannot read"
    except OceanaError:
        return "it says that it cannot read"
    known = [item.address for item in found if not isinstance(item.resource, Unknown)]
    if known:
        raise Broken(f"it reads values of {', '.join(known)} that nobody has told it")
    return ", ".join(sorted({item.resource.reason for item in found if isinstance(item.resource, Unknown)}))


def _silent_act(bench: Bench) -> str:
    attempt = bench.attempts[0]
    with bench.put_back(attempt):
        with _silence(bench):
            outcome = bench.act(attempt.action, before=dict(attempt.before))
        match outcome:
            case Done():
                raise Broken("it calls done what nobody has answered")
            case Declined(message=message) if any(
                bench.value(name) == value != attempt.before.get(name)
                for name, value in attempt.after.items()
                if bench.can_read(name)
            ):
                raise Broken(f"it says that nothing was changed ({message}), and it was")
            case Declined():
                return "it says that nothing was sent"
            case InDoubt():
                return "it says that it does not know"


def _locked_act(bench: Bench) -> str:
    attempt = bench.attempts[0]
    with bench.put_back(attempt):
        with _locked(bench):
            outcome = bench.act(attempt.action, before=dict(attempt.before))
        if isinstance(outcome, Done):
            raise Broken("it calls done what it was not let in for")
    return "declined" if isinstance(outcome, Declined) else "in doubt"


def _stops(bench: Bench) -> str:
    attempt, stop = bench.attempts[0], threading.Event()
    stop.set()
    writer = open_writer(bench.driver, bench.setting(stop=stop))
    if writer is None:
        raise Untested("people act: it has no writer that could wait")
    outer, bench.writer = bench.writer, writer
    try:
        with bench.put_back(attempt), _silence(bench):
            outcome = bench.act(attempt.action, before=dict(attempt.before))
    finally:
        bench.writer = outer
    if isinstance(outcome, Done):
        raise Broken("it calls done what nobody has answered, when it is to stop")
    return "it comes back"


def _doctor(bench: Bench) -> str:
    before = bench.trial.arrived()
    found = bench.checks()
    missing = sorted(_EVERY - {item.aspect for item in found})
    if missing:
        raise Broken(f"it does not say of: {', '.join(missing)}")
    if wrong := [item for item in found if item.health is Health.BAD]:
        raise Broken(f"its target is in order, and {wrong[0].aspect} is called bad: {wrong[0].says}")
    if empty := [item for item in found if not item.says]:
        raise Broken(f"it says nothing of {empty[0].aspect}")
    if bench.trial.arrived() != before:
        raise Broken("asking how it is has changed something")
    return ", ".join(f"{item.aspect}: {item.health}" for item in found)


def _silent_doctor(bench: Bench) -> str:
    if bench.driver.doctor is None:
        raise Untested("it has nothing for `doctor`")
    with _silence(bench):
        found = bench.checks()
    good = {item.aspect for item in found if item.health is Health.GOOD}
    if good & {Aspect.REACH, Aspect.AUTHENTICATION, Aspect.VERSION, Aspect.CLOCK, Aspect.PERMISSIONS}:
        raise Broken(f"its target is silent, and it calls good: {', '.join(sorted(good))}")
    return "nothing is good that was not answered"


def _keeps_secrets(bench: Bench) -> str:
    if not bench.trial.secrets:
        raise Untested("its trial uses no secret")
    for said in bench.said:
        if any(secret in said for secret in bench.trial.secrets):
            raise Broken("a secret stands in what it returned, raised or logged")
    return f"{len(bench.said)} results, errors and lines of logs"


def _addresses(bench: Bench) -> tuple[Address, ...]:
    found = {address for attempt in bench.trial.attempts for address in attempt.addresses}
    return tuple(sorted(found)) or tuple(item.address for item in bench.read(None))


RULES: Final = (
    Rule("U1", "a silent target reads as unknown, in time", _silent_reading),
    Rule("U2", "a target that lets nobody in is not `unreachable`", _locked_reading),
    Rule("U3", "what nobody answered is not done", _silent_act),
    Rule("U4", "what was not let in is not done", _locked_act),
    Rule("U5", "a stop ends its waiting", _stops),
    Rule("U6", "`doctor` hears of every aspect, and changes nothing", _doctor),
    Rule("U7", "`doctor` hears nothing good of a silent target", _silent_doctor),
)
SECRETS: Final = Rule("U8", "secrets stand in no result, error or log", _keeps_secrets)
"""Tested last: over everything that was said before."""
