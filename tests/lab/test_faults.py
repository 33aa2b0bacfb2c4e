"""Every fault does what its line says, where it is told to, once or until it is removed."""

import pytest

from oceana_dr.diagnostics import OceanaError, SystemUnavailable
from oceana_dr.drivers.contract import Declined, Done
from oceana_dr.estate.values import Unknown
from oceana_dr.lab.administration import break_, list_faults, mend
from tests.lab.stand import CSC, MAIL, Stand, on


def test_each_fault_has_one_line() -> None:
    assert len({kind.name for kind in list_faults()}) == len(list_faults()) == 11
    assert all(kind.line and "\n" not in kind.line for kind in list_faults())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("gateway-dwon", "did you mean gateway-down"),
        ("gateway-down:dc1", "takes no target"),
        ("unreachable", "needs a target"),
        ("queue-stuck:fax", "no channel"),
    ],
)
def test_what_cannot_be_broken_is_said(acme: Stand, text: str, says: str) -> None:
    with pytest.raises(OceanaError, match=says):
        break_(acme.lab, text)


def test_a_lasting_fault_cannot_happen_once(acme: Stand) -> None:
    with pytest.raises(OceanaError, match="lasts"):
        break_(acme.lab, "queue-stuck:chat", once=True)


def test_gateway_down(acme: Stand) -> None:
    break_(acme.lab, "gateway-down")
    for _ in range(2):
        with pytest.raises(SystemUnavailable):
            acme.reader.read()
    mend(acme.lab, ["gateway-down"])
    assert acme.reader.read()


def test_gateway_down_once(acme: Stand) -> None:
    break_(acme.lab, "gateway-down", once=True)
    with pytest.raises(SystemUnavailable):
        acme.reader.read()
    assert acme.reader.read()


def test_the_clock_goes_on_while_the_gateway_is_down(acme: Stand) -> None:
    before = acme.estate_clock.now()
    break_(acme.lab, "gateway-down")
    assert acme.estate_clock.now() >= before


def test_slow(acme: Stand) -> None:
    break_(acme.lab, "slow", once=True)
    before = acme.clock.now()
    acme.reader.read()
    assert acme.clock.now() == before + 2
    acme.reader.read()
    assert acme.clock.now() == before + 2


def test_refuse_where_it_is_told_to(acme: Stand) -> None:
    break_(acme.lab, "refuse:dc1/smgr/cluster3", once=True)
    assert isinstance(acme.set({CSC: on("false")}), Done)
    outcome = acme.set({MAIL: on("false")})
    assert isinstance(outcome, Declined)
    assert outcome.rule == "lab-fault"
    assert isinstance(acme.set({MAIL: on("false")}), Done)


def test_unreachable_by_address(acme: Stand) -> None:
    break_(acme.lab, "unreachable:dc1/smgr")
    assert acme.get("dc1/smgr#state") == Unknown("unreachable")
    assert acme.get(MAIL) == Unknown("unreachable")
    assert acme.get("dc1/cluster-activity#status") == "ACTIVE"
    outcome = acme.set({MAIL: on("false")})
    assert isinstance(outcome, Declined)
    assert outcome.rule == "unreachable"
    mend(acme.lab)
    assert acme.get(MAIL) == on("true")


def test_a_prefix_ends_at_a_part(acme: Stand) -> None:
    break_(acme.lab, "unreachable:dc1/c")
    assert acme.get("dc1/cm#state") == "running"


def test_stuck_node(acme: Stand) -> None:
    break_(acme.lab, "stuck-node:dc1/cluster/2/state", once=True)
    acme.set({"dc1/cluster-activity#status": "STANDBY"})
    assert acme.get("dc1/cluster/2/state#nodes") == "Mixed"
    assert acme.get("dc1/cluster/3/state#nodes") == "Denying"
    assert isinstance(acme.set({"dc1/cluster/2/state#state": "Denying"}), Done)
    assert acme.get("dc1/cluster/2/state#nodes") == "Denying"


def test_stuck_node_is_not_spent_by_other_acts(acme: Stand) -> None:
    break_(acme.lab, "stuck-node:dc1/cluster/2/state", once=True)
    acme.set({MAIL: on("false")})
    assert [fault.name for fault in acme.lab.faults()] == ["stuck-node"]


def test_queue_stuck(acme: Stand) -> None:
    break_(acme.lab, "queue-stuck:email")
    acme.set({MAIL: on("false")})
    acme.pass_minutes(60)
    assert acme.get("dc1/queues#email") == 24
    mend(acme.lab, ["queue-stuck"])
    acme.pass_minutes(60)
    assert acme.get("dc1/queues#email") == 0


def test_replication_broken(globex: Stand) -> None:
    break_(globex.lab, "replication-broken")
    assert globex.get("shared/health#UCA replication") == "broken"
    outcome = globex.run("oracle-switchover-to-standby", from_="dc1", to="dc2")
    assert isinstance(outcome, Declined)
    assert outcome.rule == "S-91"
    mend(globex.lab)
    assert globex.get("shared/health#UCA replication") == "healthy"
    assert isinstance(globex.run("oracle-switchover-to-standby", from_="dc1", to="dc2"), Done)


def test_people_confirm_without_doing(acme: Stand) -> None:
    break_(acme.lab, "people-confirm-without-doing:shared/pom", once=True)
    assert isinstance(acme.hand("outbound-shutdown"), Done)
    assert acme.get("shared/pom#campaigns") == "running"
    assert isinstance(acme.hand("outbound-shutdown"), Done)
    assert acme.get("shared/pom#campaigns") == "stopped"


def test_a_fault_told_twice_is_there_once(acme: Stand) -> None:
    break_(acme.lab, "slow")
    break_(acme.lab, "slow", once=True)
    assert [(fault.name, fault.once) for fault in acme.lab.faults()] == [("slow", True)]
