"""The lab's clock: what happens by itself, when, and that looking changes nothing."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.estate.action import Refusal, SetValues
from oceana_dr.estate.address import Ref
from oceana_dr.lab.clock import LabClock, ManualClock
from oceana_dr.lab.lab import open_lab
from oceana_dr.lab.seed import read_seed
from oceana_dr.lab.world import World, advance, schedule
from oceana_dr.twin.evolve import bind_dynamics
from oceana_dr.twin.transitions import moments
from tests.lab.stand import MAIL, SCALE, SITES, Stand, on, stand

START = 1_767_492_000.0


def test_reading_makes_no_file(tmp_path: Path) -> None:
    acme = stand(tmp_path)
    acme.reader.read()
    acme.estate_clock.now()
    acme.lab.events()
    assert acme.lab.operation("run/P01/1") is None
    assert list(tmp_path.iterdir()) == []


def test_before_the_first_act_the_lab_has_our_time(acme: Stand) -> None:
    acme.clock.advance(10)
    assert acme.estate_clock.now() == acme.clock.now()


def test_after_the_first_act_it_runs_faster(acme: Stand) -> None:
    before = acme.estate_clock.now()
    acme.set({MAIL: on("false")})
    acted = acme.estate_clock.now()
    acme.clock.advance(1)
    assert acted == pytest.approx(before, abs=10)
    assert acme.estate_clock.now() == pytest.approx(acted + SCALE)


def test_another_scale_goes_on_from_the_same_time(tmp_path: Path) -> None:
    first = stand(tmp_path)
    first.set({MAIL: on("false")})
    now = first.estate_clock.now()
    slow = open_lab(tmp_path, SITES, "acme", 1, first.clock)
    assert slow.time()[0] == pytest.approx(now)
    assert slow.time()[1] == SCALE
    slow.change("tester", "crew", {}, lambda world: world)
    assert slow.time()[0] == pytest.approx(now)
    assert slow.time()[1] == 1


def test_a_wall_clock_that_is_set_back_stops_the_lab() -> None:
    clock = LabClock(1000.0, 500.0, 10)
    assert clock.at(400.0) == 1000.0
    assert clock.rebased(400.0, 5).at(401.0) == 1005.0


def test_a_closed_channel_drains_while_agents_are_there(acme: Stand) -> None:
    acme.set({MAIL: on("false")})
    acme.pass_minutes(10)
    assert acme.get("dc1/queues#email") == 14
    assert acme.get("dc1/queues#chat") == 9
    acme.pass_minutes(60)
    assert acme.get("dc1/queues#email") == 0


def test_without_agents_nothing_drains(acme: Stand) -> None:
    acme.hand("log-out-agents", from_="dc1")
    acme.set({MAIL: on("false")})
    acme.pass_minutes(60)
    assert acme.get("dc1/queues#email") == 24


def test_what_was_saved_ages_when_agents_work_again(acme: Stand) -> None:
    acme.hand("log-out-agents", from_="dc1")
    acme.run("backup-ucmservice-planned", from_="dc1")
    acme.pass_minutes(60)
    assert acme.get("dc1/backup/UCMService#content") == "current"
    acme.hand("allow-agent-login", from_="dc1")
    acme.pass_minutes(1)
    assert acme.get("dc1/backup/UCMService#content") == "outdated"


def test_an_accepted_act_goes_on_when_its_client_is_gone(tmp_path: Path) -> None:
    clock = ManualClock()
    lab = open_lab(tmp_path, SITES, "acme", SCALE, clock)
    lab.submit("run/P17/1", "tester", SetValues({Ref("dc1/cluster-activity#status"): "STANDBY"}))
    del lab
    later = open_lab(tmp_path, SITES, "acme", SCALE, clock)
    assert later.world().estate.get(Ref("dc1/cluster-activity#status")) == "ACTIVE"
    clock.advance(30 / SCALE)
    assert later.world().estate.get(Ref("dc1/cluster/1/state#nodes")) == "Denying"
    assert later.world().estate.get(Ref("dc1/cluster-activity#status")) == "ACTIVE"
    clock.advance(60 / SCALE)
    assert later.world().estate.get(Ref("dc1/cluster-activity#status")) == "STANDBY"
    found = later.operation("run/P17/1")
    assert found is not None
    assert found[0].state(found[1]) == "done"


def fresh() -> tuple[BoundCatalogue, World]:
    seed = read_seed(SITES / "acme" / "lab.seed.json")
    bound = BoundCatalogue(load_catalogue(), seed.bindings)
    return bound, World(seed.estate, START)


BOUND, WORLD = fresh()
DYNAMICS = bind_dynamics(BOUND)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 2000), max_size=8), st.integers(0, 3600))
def test_looking_often_changes_nothing(looks: list[int], begin: int) -> None:
    started = advance(WORLD, START + begin, lambda: DYNAMICS)
    passed = moments(BOUND, started.estate, SetValues({Ref(MAIL): on("false")}))
    assert not isinstance(passed, Refusal)
    world, _ = schedule(started, passed, 7)
    seen, now = world, START + begin
    for look in looks:
        now += look
        seen = advance(seen, now, lambda: DYNAMICS)
    once = advance(world, now, lambda: DYNAMICS)
    assert seen.estate.to_json() == once.estate.to_json()
    assert seen.pending == once.pending
