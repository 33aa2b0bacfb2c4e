"""Acting: what was set reads back, once is as often as twice, what is refused has changed nothing.

In: a bench. Out: results of the rules W1 to W5.
Each act is undone before the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from oceana_dr.conformance.bench import Bench
from oceana_dr.conformance.report import Broken, Untested
from oceana_dr.conformance.rule import Rule
from oceana_dr.drivers.contract import Declined, Done, InDoubt, Settling
from oceana_dr.estate.action import RunProcedure
from oceana_dr.estate.address import Ref
from oceana_dr.estate.values import Value


def _reads_back(bench: Bench) -> str:
    for attempt in bench.attempts:
        proven = {name: value for name, value in attempt.after.items() if bench.can_verify(name)}
        with bench.put_back(attempt):
            outcome = bench.act(attempt.action, before=dict(attempt.before))
            if not isinstance(outcome, Done):
                raise Broken(f"`{attempt.name}` ends as {outcome!r}, at a target in order")
            _expect(bench, proven, f"after `{attempt.name}`")
        _expect(bench, {n: v for n, v in attempt.before.items() if n in proven}, f"after `{attempt.name}` was undone")
    if not bench.verifies:
        raise Untested(f"{len(bench.attempts)} acts end as done; it reads nothing back: people attest")
    return f"{len(bench.attempts)} acts read back, and back again"


def _same_key(bench: Bench) -> str:
    _seen(bench)
    for attempt in bench.attempts:
        with bench.put_back(attempt):
            key, before = bench.new_key(), bench.trial.arrived()
            first = bench.act(attempt.action, key=key, before=dict(attempt.before))
            once = bench.trial.arrived()
            second = bench.act(attempt.action, key=key, before=dict(attempt.before))
            if not isinstance(first, Done):
                raise Broken(f"`{attempt.name}` ends as {first!r}")
            if isinstance(second, Done) or attempt.repeatable:
                _expect(bench, _provable(bench, attempt.after), f"after `{attempt.name}` came twice under one key")
            if not attempt.repeatable and before is not None and bench.trial.arrived() != once:
                raise Broken(f"`{attempt.name}` may not be repeated, and is done twice under one key")
    return "an act that comes twice under one key"


def _repeated(bench: Bench) -> str:
    _seen(bench)
    repeatable = [attempt for attempt in bench.attempts if attempt.repeatable]
    if not repeatable:
        raise Untested("none of its acts may be repeated")
    for attempt in repeatable:
        with bench.put_back(attempt):
            bench.act(attempt.action, before=dict(attempt.before))
            again = bench.act(attempt.action, before=dict(attempt.after))
            if not isinstance(again, Done):
                raise Broken(f"`{attempt.name}`, done again, ends as {again!r}: it says that it may be repeated")
            _expect(bench, _provable(bench, attempt.after), f"after `{attempt.name}` was done twice")
    return f"{len(repeatable)} acts done twice end as done once"


def _refuses(bench: Bench) -> str:
    if not bench.attempts:
        raise Untested("it has nothing to attempt")
    before, count = _known(bench), bench.trial.arrived()
    outcome = bench.act(RunProcedure("conformance-no-such-procedure", {}))
    if isinstance(outcome, Done) and bench.verifies:
        raise Broken("it says that it has run a procedure which there is not")
    if isinstance(outcome, InDoubt):
        raise Broken(f"it leaves in doubt what it never understood: {outcome.reason}")
    if isinstance(outcome, Declined) and not outcome.message:
        raise Broken("it declines and does not say why")
    if _known(bench) != before or (count is not None and bench.trial.arrived() != count):
        raise Broken("it has changed something for a procedure which there is not")
    return "a procedure that there is not"


def _settles(bench: Bench) -> str:
    if not isinstance(bench.writer, Settling):
        raise Untested("it cannot look up an act by its key: doubts are settled by reading")
    writer, attempt = bench.writer, bench.attempts[0]
    if bench.call(lambda: writer.settle(bench.new_key()), "looking a key up") is not None:
        raise Broken("it knows how an act ended that never was")
    with bench.put_back(attempt):
        key = bench.new_key()
        bench.act(attempt.action, key=key, before=dict(attempt.before))
        if not isinstance(found := bench.call(lambda: writer.settle(key), "looking a key up"), Done):
            raise Broken(f"an act that is done is looked up as {found!r}")
    return "a key that was used, and one that was not"


def _seen(bench: Bench) -> None:
    if not bench.verifies and bench.attempts and bench.trial.arrived() is None:
        raise Untested("nobody sees what came of it: people attest")


def _expect(bench: Bench, wanted: Mapping[Ref, Value], when: str) -> None:
    for reference, value in wanted.items():
        if (found := bench.value(reference)) != value:
            raise Broken(f"{reference} reads {found!r} {when}, and should read {value!r}")


def _provable(bench: Bench, values: Mapping[Ref, Value]) -> dict[Ref, Value]:
    return {name: value for name, value in values.items() if bench.can_verify(name)}


def _known(bench: Bench) -> dict[Ref, Value]:
    names = {name for attempt in bench.attempts for name in attempt.before if bench.can_read(name)}
    return {name: bench.value(name) for name in sorted(names)}


RULES: Final = (
    Rule("W1", "what it writes reads back", _reads_back),
    Rule("W2", "an act under a key that was used is not done anew", _same_key),
    Rule("W3", "done twice is done once", _repeated),
    Rule("W4", "what it declines has changed nothing", _refuses),
    Rule("W5", "it knows how an act ended, by its key", _settles),
)
