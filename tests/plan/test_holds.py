"""How long the names are waited for: what resolvers remember is the old TTL, not the one the site wishes for."""

from oceana_dr.estate.address import Ref
from oceana_dr.plan.model import Plan
from oceana_dr.plan.order import close_rules
from oceana_dr.twin.transitions import after
from tests.planning import plan_case, seed

AMC = "shared/dns/amc.globex.example"
NAMES = (AMC, "shared/dns/aawg.globex.example", "shared/dns/token.globex.example")
DAY = 86400


def test_the_wait_after_lowering_is_the_greatest_live_ttl() -> None:
    plan = plan_case("globex", "dc2", live={Ref(f"{AMC}#TTL"): DAY}).plan
    wait = plan.step("dns-lower-ttl.wait")
    assert (wait.timeout_s, wait.estimate.p50) == (DAY, DAY)
    assert plan.step("P34.ttl").timeout_s == 60, "the short TTL counts, once it has been waited for"


def test_names_that_are_short_already_are_waited_for_as_short_as_they_are() -> None:
    plan = plan_case("globex", "dc2", live={Ref(f"{name}#TTL"): 20 for name in NAMES}).plan
    assert "dns-lower-ttl.wait" not in {step.id for step in plan.steps}
    assert plan.step("P34.ttl").timeout_s == 20


def half_way(last: str, *, but: str = "") -> Plan:
    """The plan made after a run has stopped behind this step, with one that was free of it still to do."""
    live = seed("globex")
    for step in plan_case("globex", "dc2").plan.steps:
        live = live if step.id == but else after(live, step.moments)
        if step.id == last:
            break
    return plan_case("globex", "dc2", live=live).plan


def test_a_plan_made_behind_the_lowering_still_waits_while_nothing_is_closed() -> None:
    plan = half_way("dns-lower-ttl")
    assert "dns-lower-ttl" not in {step.id for step in plan.steps}
    wait = plan.step("dns-lower-ttl.wait")
    assert wait.timeout_s == plan_case("globex", "dc2").plan.step("dns-lower-ttl.wait").timeout_s > 60
    assert "dns-lower-ttl.wait" in plan.step("P04").after
    assert "dns-lower-ttl.wait" not in {step.id for step in half_way("P10").steps}, "callers do not wait for it"


def test_a_plan_made_behind_the_move_of_the_names_still_waits() -> None:
    plan = half_way("P34.names", but="P39")
    assert plan.step("P34.ttl").timeout_s == 60
    assert "P34.ttl" in plan.step("dns-restore-ttl").after
    assert plan.outage["web_voice"].opened_by == "P34.ttl"


def test_no_channel_is_closed_while_a_long_ttl_runs_out() -> None:
    plan = plan_case("globex", "dc2").plan
    closed = close_rules({step.id: dict.fromkeys(step.after, ()) for step in plan.steps})
    for step in ("P04", "P05", "P06.ed", "P06.smgr", "P07", "P08", "P09.voice", "P09.video"):
        assert "dns-lower-ttl.wait" in closed[step], step


def test_a_restore_names_the_cluster_by_its_fqdn() -> None:
    """`Avaya Oceana Cluster 1` is the display name in both data centres (manual lines 1894-1895, 2009)."""
    plan = plan_case("globex", "dc2").plan
    for step in ("P28.uninstall", "P28.restart-cluster1", "P28.restore", "P28.install"):
        how = plan.step(step).instructions
        assert how is not None
        assert any("aoc1.dc2.globex.example" in click for click in how.clicks), step
