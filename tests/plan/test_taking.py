"""A step that takes what the site says: one step a commit, never a role, never what cannot be read."""

import pytest

from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.plan.taking import taken
from tests.planning import plan_case

CONTEXT = plan_case("globex", "dc1").context


def ids(*patterns: str) -> list[str]:
    return [record["id"] for record in taken(CONTEXT.bound, {"id": "D99", "kind": "set", "takes": list(patterns)})]


def test_one_address_keeps_the_id_of_the_step() -> None:
    assert ids("dc1/smgr/cluster1/ContextStoreManager#EDM*", "dc1/smgr/cluster1/ContextStoreManager#other*") == ["D99"]


def test_several_addresses_are_parts_of_it() -> None:
    assert ids("dc2/smgr/cluster3/*") == ["D99.emailservice", "D99.socialconnector", "D99.webtextconnector"]


def test_labels_can_be_told_apart() -> None:
    (record,) = taken(CONTEXT.bound, {"id": "D99", "kind": "set", "takes": ["dc1/workflow/Chat#address*"]})
    assert record["set"] == {"dc1/workflow/Chat#address variables": "desired"}
    assert (record["part_of"], record["address"]) == ("D99", "dc1/workflow/Chat")


def test_neither_a_role_nor_a_secret_nor_an_observation_is_taken() -> None:
    assert ids("dc1/cluster-activity", "dc1/queues", "dc1/smgr") == []
    (storage,) = taken(CONTEXT.bound, {"id": "D99", "kind": "set", "takes": ["dc1/smgr/backup-storage"]})
    assert "dc1/smgr/backup-storage#Password" not in storage["set"]


def test_two_addresses_with_one_id_are_a_mistake_of_the_catalogue() -> None:
    with pytest.raises(CatalogueError, match=r"both be D99\.chat"):
        ids("*/workflow/Chat")


def test_a_step_that_takes_nothing_is_itself() -> None:
    assert list(taken(CONTEXT.bound, {"id": "D99", "kind": "run"})) == [{"id": "D99", "kind": "run"}]
