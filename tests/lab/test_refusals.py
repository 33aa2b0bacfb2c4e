"""What real consoles refuse, the lab refuses; and what a person may do by hand, happens."""

from oceana_dr.drivers.contract import Declined, Done
from oceana_dr.estate.values import Override, Unknown
from tests.lab.stand import CSC, MAIL, Stand, on


def declined(outcome: object, rule: str) -> bool:
    return isinstance(outcome, Declined) and outcome.rule == rule


def test_the_status_becomes_active_only_while_all_clusters_deny(acme: Stand) -> None:
    assert isinstance(acme.set({"dc1/cluster-activity#status": "STANDBY"}), Done)
    assert isinstance(acme.set({"dc1/cluster-activity#status": "ACTIVE"}), Done)
    assert declined(acme.set({"dc1/cluster-activity#status": "ACTIVE"}), "S-04")


def test_a_group_that_goes_to_standby_denies_cluster_by_cluster(acme: Stand) -> None:
    acme.set({"dc1/cluster-activity#status": "STANDBY"})
    assert acme.get("dc1/cluster-activity#status") == "STANDBY"
    assert [acme.get(f"dc1/cluster/{number}/state#nodes") for number in (1, 2, 3)] == ["Denying"] * 3


def test_a_cluster_of_a_standby_group_does_not_accept(acme: Stand) -> None:
    assert declined(acme.set({"dc2/cluster/1/state#state": "Accepting"}), "S-02")


def test_demote_needs_a_primary_elsewhere(acme: Stand) -> None:
    assert declined(acme.hand("demote-to-async"), "S-21")
    assert isinstance(acme.hand("promote-async-active-available"), Done)
    assert isinstance(acme.hand("demote-to-async"), Done)
    assert acme.get("dc2/omnichannel/C#Role") == "primary"
    assert acme.get("dc1/omnichannel/A#Role") == "async"


def test_promotion_is_done_once(acme: Stand) -> None:
    acme.hand("promote-async-active-available")
    assert isinstance(acme.hand("promote-async-active-available"), Declined)


def test_server_b_leaves_the_mirror_before_c_is_promoted(globex: Stand) -> None:
    assert declined(globex.hand("promote-async-active-available"), "S-23")
    assert isinstance(globex.hand("remove-cache-mirroring"), Done)
    assert isinstance(globex.hand("promote-async-active-available"), Done)


def test_a_restore_needs_the_service_gone(acme: Stand) -> None:
    acme.run("backup-ucmservice-planned", from_="dc1")
    acme.set({"dc1/cluster-activity#status": "STANDBY"})
    assert declined(acme.run("restore-ucmservice-dc2", from_="dc1", to="dc2"), "S-45")
    assert isinstance(acme.run("uninstall-ucmservice", to="dc2"), Done)
    assert declined(acme.run("restore-ucmservice-dc2", from_="dc1", to="dc2"), "S-45")
    assert isinstance(acme.run("restart-cluster-1", to="dc2"), Done)


def test_two_system_managers_are_never_active(acme: Stand) -> None:
    assert declined(acme.hand("activate-smgr-dc2", from_="dc1", to="dc2"), "S-56")
    assert declined(acme.hand("shut-down-smgr-dc1", from_="dc1", to="dc2"), "S-57")
    assert isinstance(acme.hand("disable-smgr-geo-replication-dc1", from_="dc1"), Done)
    assert isinstance(acme.hand("shut-down-smgr-dc1", from_="dc1", to="dc2"), Done)
    assert acme.get("dc1/smgr#state") == Unknown("unreachable")


def test_without_a_system_manager_no_attribute_is_committed(acme: Stand) -> None:
    acme.hand("disable-smgr-geo-replication-dc1", from_="dc1")
    acme.hand("shut-down-smgr-dc1", from_="dc1", to="dc2")
    assert declined(acme.set({CSC: on("false")}), "S-58")
    acme.hand("activate-smgr-dc2", from_="dc1", to="dc2")
    assert isinstance(acme.set({CSC: on("false")}), Done)
    assert acme.get("dc2/inventory#Managed by") == "Secondary"


def test_communication_manager_goes_dark_and_the_ess_takes_over(acme: Stand) -> None:
    acme.hand("switchover-cm-to-ess", from_="dc1")
    assert acme.get("dc1/cm#state") == Unknown("unreachable")
    assert acme.get("dc2/ess#state") == "active"
    assert acme.get("shared/phones#registered with") == "ESS"
    acme.hand("switchover-ess-to-cm", from_="dc1")
    assert acme.get("dc1/cm#state") == "running"


def test_agents_log_in_at_an_active_site_only(acme: Stand) -> None:
    assert declined(acme.hand("agent-switchover-dc2", to="dc2"), "S-63")


def test_what_is_observed_cannot_be_set(acme: Stand) -> None:
    assert declined(acme.set({"dc1/queues#chat": 0}), "read-only")


def test_a_value_outside_the_list_is_refused(acme: Stand) -> None:
    assert declined(acme.set({MAIL: on("maybe")}), "not-allowed")
    assert declined(acme.set({MAIL: "true"}), "wrong-type")


def test_an_override_can_be_cleared(acme: Stand) -> None:
    assert isinstance(acme.set({MAIL: Override(False, None)}), Done)
    assert acme.get(MAIL) == Override(False, None)


def test_nothing_is_set_when_one_of_several_is_refused(acme: Stand) -> None:
    assert declined(acme.set({MAIL: on("false"), "dc1/queues#chat": 0}), "read-only")
    assert acme.get(MAIL) == on("true")


def test_what_nobody_knows_is_refused(acme: Stand) -> None:
    assert declined(acme.set({"dc1/nothing#here": "x"}), "unknown-attribute")
    assert declined(acme.run("reboot-everything"), "unknown-procedure")


def test_a_secret_is_written_and_never_read(acme: Stand) -> None:
    assert acme.get("dc1/smgr/backup-storage#Password") == Unknown("write only")
