"""The kit passes the drivers that keep the protocol, and finds each way to break it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import Any

import pytest

from oceana_dr.compile.bindings import bind_site
from oceana_dr.conformance import acting, bench, declaring, failing, faulting, reading
from oceana_dr.conformance.bench import Bench
from oceana_dr.conformance.kit import RULES, check_driver
from oceana_dr.conformance.report import Broken, Report, Untested, Verdict
from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.contract import ActRequest, Declined, Done, InDoubt, Outcome, Reading
from oceana_dr.drivers.declaration import Driver
from oceana_dr.drivers.faults import Fault
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.drivers.registry import BUILT_IN, DriverMissing, find_driver, load_part
from oceana_dr.drivers.trial import site_for_tests
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from tests.debian import on_path
from tests.drivers.packages import THIRD_PARTY, installed
from tests.mirror_stand import answer_here
from tests.planning import project

PROGRAMS = {"dns": "named", "windows": "sshd"}
"""What a trial starts, where the tests find it."""


@pytest.fixture
def name_file(monkeypatch: pytest.MonkeyPatch) -> Driver:
    """The driver of another package."""
    installed(THIRD_PARTY, monkeypatch)
    return find_driver("name-file")


def told(report: Report) -> dict[str, str]:
    return {item.rule: item.says for item in report.broken}


TO_PEOPLE = {name for name, driver in BUILT_IN.items() if driver.attests}


@pytest.mark.parametrize("name", sorted(TO_PEOPLE))
def test_a_driver_that_leaves_everything_to_people_says_that_there_is_nothing_to_test(name: str) -> None:
    with pytest.raises(DriverMissing, match=f"the driver `{name}` brings nothing to be tested against"):
        check_driver(name)
    driver = BUILT_IN[name]
    assert (driver.reads, driver.writes, driver.verifies, driver.reader, driver.writer) == ((), (), (), None, None)


@pytest.mark.parametrize("name", sorted(BUILT_IN.keys() - TO_PEOPLE))
def test_every_built_in_driver_keeps_to_the_protocol_and_meets_the_eight_faults(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name.startswith("mirror"):
        answer_here(monkeypatch)  # a thousand questions: that they are asked of processes, others test
    with on_path(PROGRAMS[name]) if name in PROGRAMS else nullcontext():
        report = check_driver(name)
    assert told(report) == {}
    kept = {item.rule for item in report.results if item.verdict is Verdict.KEPT}
    if find_driver(name).writes or name == "mirror":  # people act at the mirror, and the driver sees it
        assert {f"F{number}" for number, _ in enumerate(Fault, 1)} <= kept
        assert {"W1", "W2", "W4"} <= kept


def test_a_driver_of_another_package_does(name_file: Driver) -> None:
    report = check_driver("name-file")
    assert told(report) == {}
    assert report.conforms
    untested = {item.rule for item in report.results if item.verdict is Verdict.UNTESTED}
    assert untested == {"W5", "U2", "U4", "U8"}
    assert name_file.trial is not None


def test_the_site_for_tests_is_the_example_with_every_topology() -> None:
    prepared = prepare_site(project(), "globex", None, Cache(None))
    assert dict(site_for_tests().bindings) == dict(bind_site(prepared))


def test_rules_have_ids_of_their_own() -> None:
    ids = [rule.id for rule in RULES]
    assert len(set(ids)) == len(ids)


# ------------------------------------------------------------------------------------- drivers that break it


class Parts:
    """A driver's parts around those of name-file, to be broken one by one."""

    def __init__(self, reader: Any, writer: Any) -> None:
        self.reader = reader
        self.writer = writer

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        found: tuple[Reading, ...] = self.reader.read(addresses)
        return found

    def act(self, request: ActRequest) -> Outcome:
        outcome: Outcome = self.writer.act(request)
        return outcome


class WritesNothing(Parts):
    def act(self, request: ActRequest) -> Outcome:
        assert request.key
        return Done()


class WritesWhenItReads(Parts):
    value = 0

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        self.value += 1
        return tuple(
            replace(item, resource={"A": "203.0.113.11", "TTL": self.value}) for item in super().read(addresses)
        )


class MakesValuesUp(Parts):
    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        known: dict[str, Value] = {"A": "203.0.113.11", "TTL": 300}
        return tuple(Reading(item, known, "x", "2026-01-01T00:00:00Z") for item in addresses or ())


class SaysDoneInSilence(Parts):
    def act(self, request: ActRequest) -> Outcome:
        outcome = super().act(request)
        return Done() if isinstance(outcome, Declined) else outcome


class Hangs(Parts):
    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        try:
            return super().read(addresses)
        except SystemUnavailable:
            time.sleep(1)
            raise


class Forgets(Parts):
    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        return super().read(addresses)[:-1]


class OwnWords(Parts):
    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        found = super().read(addresses)
        return tuple(
            item if isinstance(item.resource, Unknown) else replace(item, resource={**item.resource, "owner": "me"})
            for item in found
        )


class OtherTime(Parts):
    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        return tuple(replace(item, observed_at="2999-01-01T00:00:00Z") for item in super().read(addresses))


class OnceOnly(Parts):
    def act(self, request: ActRequest) -> Outcome:
        ref, value = next(iter(getattr(request.action, "values", {"": ""}).items()))
        found = {} if not ref else super().read((ref.partition("#")[0],))[0].resource
        return (
            Declined("it is so already")
            if isinstance(found, dict) and found.get("A") == value
            else super().act(request)
        )


class Leaves(Parts):
    def act(self, request: ActRequest) -> Outcome:
        outcome = super().act(request)
        return InDoubt("who knows") if isinstance(outcome, Declined) else outcome


class Explodes(Parts):
    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        raise KeyError("answer" if addresses is None or addresses else "")


BROKEN: dict[type[Parts], tuple[Callable[[Bench], str], str]] = {
    WritesNothing: (acting._reads_back, "reads '203.0.113.11' after `move a name`, and should read"),
    WritesWhenItReads: (reading._pure, "two readings in a row differ"),
    MakesValuesUp: (reading._complete, "it reads values at an address where nothing is"),
    SaysDoneInSilence: (failing._silent_act, "it calls done what nobody has answered"),
    Hangs: (failing._silent_reading, "does not come back within"),
    Forgets: (reading._complete, "asked for 2 addresses it answers 1"),
    OwnWords: (reading._canonical, "has labels that the catalogue does not know: owner"),
    OtherTime: (reading._dated, "is yet to come"),
    OnceOnly: (acting._repeated, "it says that it may be repeated"),
    Leaves: (acting._refuses, "it leaves in doubt what it never understood"),
}


@contextmanager
def on_bench(driver: Driver, kind: type[Parts]) -> Iterator[Bench]:
    assert driver.trial is not None
    with load_part(driver.trial)(None) as trial:
        found = Bench(driver, trial, limit_s=0.5)
        parts = kind(found.reader, found.writer)
        found.reader, found.writer = parts, parts
        yield found


@pytest.mark.parametrize("kind", BROKEN, ids=lambda kind: kind.__name__)
def test_a_rule_finds_who_breaks_it(kind: type[Parts], name_file: Driver) -> None:
    rule, said = BROKEN[kind]
    with on_bench(name_file, kind) as found, pytest.raises(Broken) as caught:
        rule(found)
    assert said in str(caught.value)


@pytest.mark.parametrize("fault", [Fault.DELIVERED, Fault.WRONG_STATE], ids=lambda fault: fault.name)
def test_a_fault_finds_a_writer_that_only_says_so(fault: Fault, name_file: Driver) -> None:
    """Whose acts never arrive, and who calls them done: no run ends well, and no record says so."""
    with on_bench(name_file, WritesNothing) as found, pytest.raises(Broken, match="after 5 commands it is not done"):
        faulting._copes(fault, found)


def test_whatever_a_driver_raises_is_a_result(name_file: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    real = bench.Bench._opened

    def opened(self: Bench, part: str | None) -> Any:
        made = real(self, part)
        return Explodes(made, made) if part == name_file.reader else made

    monkeypatch.setattr(bench.Bench, "_opened", opened)
    report = check_driver(name_file, limit_s=2)
    assert told(report)["R1"] == "KeyError: 'answer'"
    assert not report.conforms


def test_a_driver_that_declares_what_it_has_not_is_found(name_file: Driver) -> None:
    for change, rule, said in (
        ({"reader": None}, declaring._declares, "has no reader"),
        ({"verifies": ("dc1",)}, declaring._declares, "does not read that"),
        ({"reads": ("Shared/*",), "verifies": ()}, declaring._declares, "is no pattern"),
        ({"doctor": None}, declaring._loads, "nothing for `doctor`"),
        ({"options": "pydantic:BaseModel"}, declaring._options, "let keys pass"),
    ):
        changed = replace(name_file, **change)
        with on_bench(changed, Parts) as found, pytest.raises(Broken, match=said):
            rule(found)


def test_doctor_has_to_speak_of_everything_and_to_call_nothing_good_that_is_silent(name_file: Driver) -> None:
    def cheerful() -> tuple[Check, ...]:
        return (Check(Aspect.REACH, Health.GOOD, "fine"),)

    with on_bench(name_file, Parts) as found:
        found.checks = cheerful  # type: ignore[method-assign] # the driver's part, replaced
        with pytest.raises(Broken, match="it does not say of: authentication, clock, permissions, secrets, version"):
            failing._doctor(found)
        with pytest.raises(Broken, match="its target is silent, and it calls good: reach"):
            failing._silent_doctor(found)


def test_a_secret_that_gets_out_is_found_and_not_repeated(name_file: Driver) -> None:
    with on_bench(name_file, Parts) as found:
        with pytest.raises(Untested):
            failing._keeps_secrets(found)
        found.trial.secrets = ("hunter2",)  # type: ignore[misc] # this trial has none
        found.said.append("token=hunter2")
        with pytest.raises(Broken) as caught:
            failing._keeps_secrets(found)
    assert "hunter2" not in str(caught.value)
