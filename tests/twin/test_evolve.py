"""What the estate does by itself, without a lab around it."""

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Unknown, Value
from oceana_dr.lab.seed import read_seed
from oceana_dr.twin.evolve import bind_dynamics, evolve
from tests.lab.stand import SITES

SEED = read_seed(SITES / "globex" / "lab.seed.json")
BOUND = BoundCatalogue(load_catalogue(), SEED.bindings)
DYNAMICS = bind_dynamics(BOUND)

CLOSING: dict[str, dict[str, Value]] = {
    "voice": {"shared/experience-portal/application#voice flag": "automatic response"},
    "email": {"dc1/smgr/cluster3/EmailService#Deployment status of emailmanager": Override(True, "false")},
    "chat": {"dc1/workflow/Chat#MaintenanceMode": "true"},
    "sms": {"dc1/smgr/cluster3/WebTextConnector#MaintenanceMode": Override(True, "true")},
    "social": {"dc1/smgr/cluster3/SocialConnector#MaintenanceMode": Override(True, "true")},
    "web_voice": {"dc1/workflow/WebVoice#MaintenanceMode": "true"},
    "web_video": {"dc1/workflow/WebVideo#MaintenanceMode": "true"},
}


def with_values(values: dict[str, Value]) -> Estate:
    return SEED.estate.with_values({Ref(name): value for name, value in values.items()})


def queues(estate: Estate) -> dict[str, Value]:
    return {channel: estate.get(Ref(f"dc1/queues#{channel}")) for channel in CLOSING}


def test_every_channel_of_the_catalogue_can_drain() -> None:
    assert {drain.channel for drain in DYNAMICS.drains} == set(load_catalogue().channels)


def test_an_estate_at_work_stays_as_it_is() -> None:
    assert evolve(DYNAMICS, SEED.estate, 600) == SEED.estate


@pytest.mark.parametrize("channel", CLOSING)
def test_a_closed_channel_drains_alone(channel: str) -> None:
    before = with_values(CLOSING[channel])
    after = evolve(DYNAMICS, before, 1000)
    assert queues(after) == {**queues(before), channel: 0}


@pytest.mark.parametrize("channel", CLOSING)
def test_a_stuck_queue_stays(channel: str) -> None:
    before = with_values(CLOSING[channel])
    assert queues(evolve(DYNAMICS, before, 1000, {channel})) == queues(before)


def test_three_minutes_and_four_are_seven() -> None:
    before = with_values({name: value for values in CLOSING.values() for name, value in values.items()})
    assert evolve(DYNAMICS, evolve(DYNAMICS, before, 3), 4) == evolve(DYNAMICS, before, 7)


def test_what_is_not_known_does_not_move() -> None:
    before = with_values({**CLOSING["chat"], "dc1/sessions#agents": Unknown("unreachable")})
    assert queues(evolve(DYNAMICS, before, 60)) == queues(before)


def test_the_other_side_outdates_what_a_side_restored() -> None:
    before = with_values({"dc2/service/UCMService#deferred e-mails": "current"})
    assert evolve(DYNAMICS, before, 1).get(Ref("dc2/service/UCMService#deferred e-mails")) == "outdated"


def test_a_closed_site_outdates_nothing() -> None:
    closed = {name: value for values in CLOSING.values() for name, value in values.items()}
    before = with_values({**closed, "dc1/backup/UCMService#content": "current"})
    assert evolve(DYNAMICS, before, 60).get(Ref("dc1/backup/UCMService#content")) == "current"


def test_a_site_without_web_voice_has_no_such_queues() -> None:
    seed = read_seed(SITES / "acme" / "lab.seed.json")
    dynamics = bind_dynamics(BoundCatalogue(load_catalogue(), seed.bindings))
    assert {drain.channel for drain in dynamics.drains} == {"voice", "email", "chat", "sms", "social"}
