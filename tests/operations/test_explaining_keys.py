"""A key of a site is explained: its meaning, its values, its places, and the settings that take their value from it."""

from pathlib import Path
from shutil import copytree

import pytest

from oceana_dr.operations.explaining.keys import explain_key, site_keys
from oceana_dr.operations.explaining.rules import Told
from oceana_dr.source.cache import Cache
from oceana_dr.source.project import list_sites, open_project

ROOT = Path(__file__).parents[2]
NO_CACHE = Cache(None)


def told(key: str, root: Path = ROOT) -> Told:
    project = open_project(root)
    found = explain_key(project, key, list_sites(project), NO_CACHE)
    assert found is not None, key
    return found


def rows(key: str, label: str, root: Path = ROOT) -> list[str]:
    return [text for name, text in told(key, root).rows if name == label]


def texts(key: str) -> list[str]:
    return [text for _, text in told(key).rows]


def line_of(file: str, text: str) -> str:
    lines = (ROOT / file).read_text("utf-8").splitlines()
    return f"{file}:{next(number for number, line in enumerate(lines, 1) if text in line)}"


def test_a_key_has_its_meaning_its_values_and_its_places() -> None:
    found = told("wan.delay_ms")
    assert (
        found.heading == "wan.delay_ms: Delay, in milliseconds; Control Manager needs less than 50 (manual, line 2290)."
    )
    assert dict(found.rows) == {
        "holds": "a whole number, 0 to 60000",
        "needed": "yes, wherever wan is",
        "example": "12",
        "acme": f"{line_of('sites/acme/site.yaml', 'delay_ms')} 12",
        "globex": f"{line_of('sites/globex/site.yaml', 'delay_ms')} 18",
        "settings": "wan.delay-ms",
    }


def test_what_a_site_overrides_is_said_below_it() -> None:
    found = list(told("time_zone").rows)
    place = found.index(("globex", f"{line_of('sites/globex/site.yaml', 'time_zone')} Europe/London"))
    assert found[place + 1] == ("", f"overrides {line_of('sites/defaults.yaml', 'time_zone')}")
    assert ("default", "UTC") in found


def test_a_key_of_both_data_centres_is_said_for_each() -> None:
    assert [text.rpartition("(")[2] for text in rows("data_centers.{dc}.workspaces.url", "acme")] == [
        "data_centers.dc1.workspaces.url)",
        "data_centers.dc2.workspaces.url)",
    ]
    assert rows("data_centers.{dc}.workspaces.url", "settings") == ["workspaces.url"]
    assert rows("data_centers.dc2.workspaces.url", "settings") == ["workspaces.url"]


def test_a_key_that_nobody_writes_says_what_holds() -> None:
    assert rows("drivers", "acme") == ["not written"]
    assert rows("drivers", "default") == ["none: it may be left out"]


def test_where_a_key_has_to_stand() -> None:
    assert rows("operational", "needed") == ["yes, in site.yaml itself"]
    assert rows("release", "needed") == ["yes, in site.yaml or sites/defaults.yaml"]


def test_an_entry_of_a_list_or_of_free_keys_is_one_too() -> None:
    assert rows("data_centers.dc1.clusters.cluster1.nodes.0.fqdn", "holds") == ["a fully qualified domain name"]
    assert rows("services.UCAStoreService", "settings") == ["breeze.services.installed"]


def test_a_choice_by_what_the_site_has_follows_from_the_key_that_decides_it() -> None:
    assert "acm.ha-service.state" in texts("control_manager.switchover")
    assert "cache.portal.url" in texts("data_centers.dc1.omnichannel.standby")


def test_a_mapping_names_its_keys() -> None:
    assert rows("wan", "keys") == ["delay_ms"]


def test_of_a_secret_only_its_place_is_shown() -> None:
    found = told("backup.password")
    assert [text.partition(" ")[2] for name, text in found.rows if name in {"acme", "globex"}] == [
        "a reference to a secret",
        "a reference to a secret",
    ]


def test_a_site_with_errors_does_not_keep_the_others_from_being_said(tmp_path: Path) -> None:
    for part in ("sites", "templates"):
        copytree(ROOT / part, tmp_path / part)
    (tmp_path / "oceana-dr.yaml").write_bytes((ROOT / "oceana-dr.yaml").read_bytes())
    with (tmp_path / "sites/acme/site.yaml").open("a", encoding="utf-8") as file:
        file.write("unknown_key: 1\n")
    assert rows("wan.delay_ms", "acme", tmp_path) == ["not read, it has errors: oceana-dr validate acme"]
    assert rows("wan.delay_ms", "globex", tmp_path)


@pytest.mark.parametrize("asked", ["wan.delay", "P23", "dc1/smgr", "S-01", "wan.delay-ms", "", "services"[:3]])
def test_what_is_no_key_is_left_to_others(asked: str) -> None:
    project = open_project(ROOT)
    assert explain_key(project, asked, list_sites(project), NO_CACHE) is None


def test_keys_of_both_data_centres_are_one_and_others_name_theirs() -> None:
    keys = site_keys()
    assert {"data_centers.{dc}.workspaces.url", "data_centers.dc2.ess.address"} <= set(keys)
    assert "data_centers.dc1.workspaces.url" not in keys
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", site_keys())
def test_every_key_can_be_explained(key: str) -> None:
    found = explain_key(open_project(ROOT), key, (), NO_CACHE)
    assert found is not None
    assert found.heading.startswith(f"{key}: ")
    assert not found.heading.endswith("keys are free"), "a key of a model has a description"
    assert {"holds", "settings"} <= {label for label, _ in found.rows}
