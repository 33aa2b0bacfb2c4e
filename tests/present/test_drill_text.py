"""What a drill shows while it goes on and at its end: at two widths, with a breach, in ASCII; how a table begins."""

from dataclasses import replace
from pathlib import Path

import pytest

from oceana_dr.estate.address import Ref
from oceana_dr.lab.drill_events import Broke, Died, Drilled, DrillEvent, Fault, Halted, Passed, Struck, WentOn
from oceana_dr.plan.model import Plan
from oceana_dr.present.cells import display_width
from oceana_dr.present.drill_text import DrillText, drill_end, tabletop_begins
from oceana_dr.present.style import Style
from tests.golden_files import Golden
from tests.planning import plan_case

GOLDENS = Path(__file__).parents[1] / "goldens/present"
AGAIN = "oceana-dr drill acme --scenario planned-switchover --faults all --seed 4"
EVENTS: tuple[DrillEvent, ...] = (
    Passed(300, "P00", "checked", 300, 1),
    Struck(900, "P01", "crash", "", "the process dies while it writes its journal"),
    Died(900, "P01"),
    WentOn(1500, ("a new process was started",), 1, 47),
    Passed(1530, "P01", "attested", 1230, 2),
    Struck(7000, "P17", "stuck-node", "dc1/cluster/1/state", "a node does not follow when its cluster changes (Mixed)"),
    Broke(7000, "P17", "S-02", "a STANDBY group has all its nodes Denying", (), "stuck-node"),
    Halted(7060, "P17", "P17 cluster group to STANDBY: it does not read back: expected Denying, found Mixed", 4),
    WentOn(7660, ("the node was brought along at the console",), 17, 47),
    Broke(8000, "P31", "S-01", "never two ACTIVE cluster groups", ((Ref("dc1/cluster-activity#status"), "ACTIVE"),)),
)


def plan() -> Plan:
    return plan_case("acme", "dc2").plan


def drilled(*failures: str) -> Drilled:
    return Drilled(
        plan=plan(),
        seed=4,
        base="the live estate",
        says=("Data Center 1 does not answer, and is declared lost",),
        events=EVENTS,
        faults=(Fault("crash", "P01", struck=True), Fault("slow", "P07", struck=False)),
        unplaced=("queue-stuck",),
        checked=35,
        states=86,
        simulated_s=13320,
        played_s=19020,
        turned_away_s={"voice": 10320, "chat": 8760},
        journal="0" * 64,
        failures=failures,
    )


def shown(found: Drilled, style: Style, width: int) -> str:
    text = DrillText(found.plan, style, width)
    lines = [*text.head(found.base, found.says, found.seed, "one of each kind (16)")]
    lines += [line for event in found.events for line in text.line(event)]
    return "\n".join([*lines, *drill_end(found, AGAIN, style, width)]) + "\n"


@pytest.mark.parametrize("width", [80, 100])
def test_a_drill_as_the_engineer_on_call_sees_it(width: int, golden: Golden) -> None:
    text = shown(drilled(), Style(), width)
    assert max(map(display_width, text.splitlines())) <= width
    golden(GOLDENS / f"drill-{width}.txt", text)


def test_a_failure_stands_where_the_verdict_does_and_all_reasons_with_it() -> None:
    text = shown(drilled("S-01 broke in P31", "it stopped"), Style(ascii=True), 100)
    assert "drill failed:" in text
    assert "drill passed" not in text
    assert text.isascii()
    plain = shown(drilled("S-01 broke in P31", "it stopped"), Style(), 100)
    assert "drill failed: S-01 broke in P31\nand: it stopped\n" in plain


def test_of_many_reasons_the_first_are_shown_and_nothing_that_was_not_played() -> None:
    refused = replace(drilled("one", "two", "three", "four", "five"), events=())
    lines = shown(refused, Style(), 100).splitlines()
    verdict = lines.index("drill failed: one")
    assert lines[verdict + 1 : verdict + 4] == ["and: two", "and: three", "and 2 more; --format json has all of them"]
    assert not any(line.startswith(("invariants", "time", "callers")) for line in lines)


def test_a_table_is_told_first_that_nothing_is_touched() -> None:
    first, second, *_ = tabletop_begins(plan(), "the live estate", (), Style(), 100, resumed=False)
    assert first == "tabletop of acme · Oceana 3.5 · planned switchover dc1 Frankfurt → dc2 Leipzig"
    assert second == "on          a twin of the live estate; nothing that is confirmed here touches the estate"
