"""`mirror-automatic`: each call once, refused where a second primary could come of it, in doubt where nobody knows."""

from collections.abc import Callable

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.conformance.bench import Bench
from oceana_dr.conformance.one_step import OneStep
from oceana_dr.drivers.contract import ActRequest, Declined, Done, InDoubt, Outcome
from oceana_dr.drivers.faults import Fault
from oceana_dr.drivers.mirror.stand import Stand
from oceana_dr.drivers.mirror.trial import PROMOTE, MirrorTrial
from oceana_dr.drivers.mirror.writer import PROCEDURES, open_writer
from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.registry import find_driver
from oceana_dr.estate.action import RunProcedure, SetValues
from oceana_dr.estate.address import Ref

DRIVER = find_driver("mirror-automatic")


class Passing:
    """A clock on which waiting costs nothing."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> float:
        return self.passed

    def sleep(self, seconds: float) -> None:
        self.passed += seconds


def act(stand: Stand, bound: BoundCatalogue, procedure: str, answer_s: int = 5) -> Outcome:
    setting = Setting("globex", stand.options(settle_s=6, answer_s=answer_s), bound, Passing())
    return open_writer(setting).act(ActRequest("k", "P23", RunProcedure(procedure, {}), "Ada"))


def parts(stand: Stand) -> dict[str, tuple[str, bool]]:
    return {letter: (item["part"], item["running"]) for letter, item in stand.state["servers"].items()}


@pytest.fixture
def two(stand: Stand) -> Stand:
    """Server B is out of the mirror, as it is right before a promotion."""
    stand.perform(RunProcedure("remove-cache-mirroring", {}), "Ada")
    return stand


def test_it_declares_what_it_runs() -> None:
    assert DRIVER.procedures == PROCEDURES


def test_a_planned_move(two: Stand, bound: BoundCatalogue) -> None:
    assert act(two, bound, "promote-async-ha-all-available") == Done(
        {"members": "Server A: backup, Server B: not a member, Server C: primary"}
    )
    assert parts(two) == {"A": ("backup", False), "B": ("none", True), "C": ("primary", True)}
    assert isinstance(act(two, bound, "demote-to-async"), Done)
    assert parts(two) == {"A": ("async", True), "B": ("none", True), "C": ("primary", True)}


def test_a_primary_that_is_lost(stand: Stand, pair: BoundCatalogue) -> None:
    stand.be("A", running=False, lost=True)
    assert isinstance(act(stand, pair, "promote-async-single-dc1-offline"), Done)
    assert parts(stand)["C"] == ("primary", True)
    # It was not told: whoever would start it to demote it is refused.
    refused = act(stand, pair, "demote-to-async")
    assert isinstance(refused, Declined)
    assert (refused.rule, "second primary when it starts" in refused.message) == ("S-20", True)
    assert parts(stand)["A"] == ("primary", False)


@pytest.mark.parametrize(
    ("prepare", "procedure", "rule"),
    [
        (lambda _: None, "promote-async-ha-all-available", "S-23"),
        (lambda stand: stand.be("A", running=False), "promote-async-ha-all-available", "S-24"),
        (lambda stand: stand.be("C", part="none"), "promote-async-ha-all-available", "S-25"),
        (lambda _: None, "promote-async-ha-dc1-offline", "S-24"),
        (lambda _: None, "demote-to-async", "S-21"),
        (lambda stand: stand.be("A", part="none"), "promote-async-active-available", "S-24"),
    ],
)
def test_what_does_not_fit_is_refused(
    prepare: Callable[[Stand], None], procedure: str, rule: str, stand: Stand, bound: BoundCatalogue
) -> None:
    prepare(stand)
    before = stand.state
    outcome = act(stand, bound, procedure)
    assert isinstance(outcome, Declined)
    assert outcome.rule == rule
    assert stand.state == before


def test_nothing_is_set_and_no_other_procedure_is_run(stand: Stand, pair: BoundCatalogue) -> None:
    writer = open_writer(Setting("globex", stand.options(), pair, Passing()))
    for action in (SetValues({Ref("dc2/omnichannel/C#Role"): "primary"}), RunProcedure("remove-cache-mirroring", {})):
        assert isinstance(writer.act(ActRequest("k", "P23", action, "Ada")), Declined)


def test_what_follows_a_call_that_was_made_is_never_declined(two: Stand, bound: BoundCatalogue) -> None:
    """Server C is backup already when Server A cannot be stopped."""
    two.set(scripts=two.state["scripts"][:1])  # it knows no script that stops
    outcome = act(two, bound, "promote-async-ha-all-available")
    assert isinstance(outcome, InDoubt)
    assert outcome.reason.endswith("Server A: primary, Server B: not a member, Server C: backup")
    assert parts(two)["C"] == ("backup", True)


def test_a_call_that_says_no_is_in_doubt_and_not_made_again(two: Stand, bound: BoundCatalogue) -> None:
    two.be("A", lost=True)  # it answers here, and not to Server C
    outcome = act(two, bound, "promote-async-ha-all-available")
    assert isinstance(outcome, InDoubt)
    assert "SYS.Mirror.Promote on Server C says: ERROR #2088" in outcome.reason
    assert two.state["changes"] == 1


def test_a_release_without_the_method_is_refused(two: Stand, bound: BoundCatalogue) -> None:
    two.set(methods=[])
    outcome = act(two, bound, "promote-async-ha-all-available")
    assert outcome == Declined("nothing was sent: SYS.Mirror.Promote cannot be called on Server C", "S-25")


@pytest.mark.parametrize("fault", Fault)
def test_the_eight_faults_at_a_promotion(fault: Fault, stand: Stand, pair: BoundCatalogue) -> None:
    """Of class N: never sent blindly a second time, never called done while it is not so."""
    small = Stand(stand.folder, "AC")
    setting = Setting("globex", small.options(answer_s=5), pair, Passing())
    bench = Bench(DRIVER, MirrorTrial(setting, small, (PROMOTE,)))
    run = OneStep(bench, PROMOTE, fault)
    run.to_the_end()
    assert (run.struck, run.lies, run.blind, run.done) == (True, [], 0, True), run.last
    assert parts(small) == {"A": ("backup", False), "C": ("primary", True)}
