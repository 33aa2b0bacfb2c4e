"""Pages are read by their labels, each attribute for itself; what cannot be read says why."""

from __future__ import annotations

from dataclasses import replace

from oceana_dr.drivers.console.clickpath import click_path
from oceana_dr.drivers.console.contract import origin_of, pattern, plain
from oceana_dr.drivers.dns.trial_relay import free_port
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.values import Unknown
from tests.console_lab import OFF, ON, SMS, SOCIAL, Bench, replacing

GEO = Address("dc1/smgr/cluster1/ContextStoreManager")


def test_two_services_with_an_attribute_of_the_same_name_are_told_apart(console: Bench) -> None:
    found = {item.address: item.resource for item in console.reader.read((SMS, SOCIAL, Address("dc2/smgr"), SMS))}
    assert found[SMS] == {"MaintenanceMode": OFF}
    assert found[SOCIAL] == {"MaintenanceMode": ON}
    assert isinstance(found[Address("dc2/smgr")], Unknown)


def test_a_page_that_goes_on_showing_the_service_before_is_not_believed(console: Bench) -> None:
    frozen = replacing("<script[^>]*></script>", "", path="c1=WebTextConnector")  # nothing comes for another choice
    with console.tampered(frozen):
        sms, social = console.reader.read((SMS, SOCIAL))
    assert sms.resource == {"MaintenanceMode": OFF}
    assert isinstance(social.resource, Unknown)
    assert "the page still shows rows of what was chosen before" in social.resource.reason


def test_a_lost_session_is_logged_on_again(console: Bench) -> None:
    console.app.forget()
    (found,) = console.reader.read((SMS,))
    assert found.resource == {"MaintenanceMode": OFF}


def test_what_is_not_reached_is_unreachable_and_a_wrong_password_is_not(console: Bench) -> None:
    system = console.setting.options.consoles["dc1"]

    def read(**changes: str) -> str:
        options = console.setting.options.model_copy(update={"consoles": {"dc1": system.model_copy(update=changes)}})
        other = replace(console, setting=replace(console.setting, options=options))
        (found,) = other.reader.read((SMS,))
        assert isinstance(found.resource, Unknown)
        return found.resource.reason

    assert "lets nobody not in: The user or the password is not right." in read(user="nobody")
    assert "not the password" not in read(user="nobody")
    assert read(url=f"http://127.0.0.1:{free_port()}/") == "unreachable"


def test_every_page_of_attributes_has_a_click_path_and_pairs_are_no_rows(console: Bench) -> None:
    resources = console.setting.bound.resources
    paths = {address: click_path(item) for address, item in resources.items()}
    pages = {address for address, path in paths.items() if path is not None}
    assert pages == {address for address in resources if "/smgr/cluster" in address}
    path = paths[GEO]
    assert path is not None
    assert path.menu == ("Elements", "Avaya Breeze", "Configuration", "Attributes", "Service Clusters")
    assert (path.box, path.field, path.commit) == ("Override Default", "Effective Value", "Commit")
    assert path.select == (("Cluster", "Avaya Oceana Cluster 1"), ("Service", "ContextStoreManager"))
    assert len(path.rows) == len(resources[GEO].attributes) - 2
    assert click_path(resources[Address("dc1/smgr")]) is None


def test_the_declaration_covers_every_row_and_no_pairs(console: Bench) -> None:
    from oceana_dr.drivers.registry import find_driver

    driver = find_driver("console")
    for address, resource in console.setting.bound.resources.items():
        path = click_path(resource)
        rows = set(path.rows) if path else set()
        covered = {label for label in resource.attributes if driver.can_verify(Ref(f"{address}#{label}"))}
        assert covered == rows, address


def test_labels_are_compared_as_people_read_them() -> None:
    for shown in ("Avaya Breeze™", "Avaya  Breeze", " *Avaya Breeze®: "):
        assert pattern("Avaya Breeze").match(shown)
        assert plain(shown.replace("*", "")) == "Avaya Breeze"
    for other in ("Avaya breeze", "Avaya Breeze 2", "AvayaBreeze"):
        assert not pattern("Avaya Breeze").match(other)
    assert origin_of("https://smgr1.globex.example:443/a?b") == "https://smgr1.globex.example"
    assert origin_of("http://127.0.0.1:8443/") == "http://127.0.0.1:8443"
