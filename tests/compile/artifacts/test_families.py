"""What the other artifacts say: attribute sets, workflows, Control Manager, names, the whole document."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
from ruamel.yaml import YAML

from .conftest import Render


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def test_all_yaml_is_read_by_a_yaml_parser(artifacts: Mapping[str, str]) -> None:
    assert all(isinstance(load(text), dict) for path, text in artifacts.items() if path.endswith(".yaml"))


def test_an_attribute_set_has_what_the_page_asks_for(render: Render) -> None:
    page = load(render("acme", "dc1")["smgr/dc2/cluster1/UCAStoreService.yaml"])
    assert page["console"]["select"] == {"Cluster": "Avaya Oceana Cluster 1", "Service": "UCAStoreService"}
    role = next(item for item in page["attributes"] if item["label"] == "Oceana disaster recovery role")
    assert role == {
        "label": "Oceana disaster recovery role",
        "section": "Startup Configuration",
        "override": True,
        "effective_value": "GEO_SLAVE",
        "setting": "smgr.ucastoreservice.dr-role",
        "manual": [[394, 396], [519, 522]],
    }


def test_every_attribute_set_of_the_estate_is_there(render: Render) -> None:
    found = {path for path in render("acme", "dc1") if path.startswith("smgr/")}
    services = {
        "cluster1": ("CallServerConnector", "ChatEDApplication", "ContextStoreManager", "UCAStoreService"),
        "cluster3": ("EmailService", "SocialConnector", "WebTextConnector"),
    }
    wanted = {
        f"smgr/{side}/{cluster}/{service}.yaml"
        for side in ("dc1", "dc2")
        for cluster, names in services.items()
        for service in names
    }
    assert wanted <= found


@pytest.mark.parametrize(("side", "shown"), [("dc1", "False"), ("dc2", "True")])
def test_workflows_speak_the_words_of_their_console(side: str, shown: str, render: Render) -> None:
    for workflow in ("Chat", "WebVoice", "WebVideo"):
        page = load(render("globex", side)[f"engagement-designer/dc1/{workflow}.yaml"])
        values = {item["name"]: item["value"] for item in page["properties"]}
        assert values["MaintenanceMode"] == shown


@pytest.mark.parametrize(
    ("side", "fields"),
    [
        (
            "dc1",
            {
                "API URL": "https://aoc1.dc1.acme.example/services/UCAStoreService/uca",
                "CM IP Address": "10.11.5.10",
                "Omni Channel Database Server": "10.11.4.10",
            },
        ),
        (
            "dc2",
            {
                "API URL": "https://aoc1.dc2.acme.example/services/UCAStoreService/uca",
                "CM IP Address": "10.12.5.10",
                "Omni Channel Database Server": "10.12.4.10",
            },
        ),
    ],
)
def test_control_manager_points_to_the_side_in_service(side: str, fields: dict[str, str], render: Render) -> None:
    for number, place in ((1, "dc1"), (2, "dc2")):
        document = load(render("acme", side)[f"acm/{place}.yaml"])
        assert document["servers"] == {
            "console_url": f"https://acm{number}.acme.example",
            "application_server": f"acm-app-{number}.acme.example",
            "sql_server": f"acm-sql-{number}.acme.example",
        }
        found = {field["label"]: field["value"] for page in document["pages"] for field in page["fields"]}
        assert found.items() >= fields.items()


@pytest.mark.parametrize(("side", "network"), [("dc1", "192.0.2"), ("dc2", "198.51.100")])
def test_the_zone_is_one_that_octodns_reads(side: str, network: str, render: Render) -> None:
    text = render("globex", side)["dns/globex.example.yaml"]
    zone = load(text)
    # octoDNS enforces natural order of names and alphabetical order of keys, and needs these three keys.
    assert list(zone) == ["aawg", "amc", "token"]
    assert [list(record) for record in zone.values()] == [["ttl", "type", "value"]] * 3
    assert {name: record["value"] for name, record in zone.items()} == {
        "aawg": f"{network}.11",
        "amc": f"{network}.12",
        "token": f"{network}.10",
    }
    assert {(record["type"], record["ttl"]) for record in zone.values()} == {("A", 3600)}


@pytest.mark.parametrize(("side", "old", "new"), [("dc1", "198.51.100", "192.0.2"), ("dc2", "192.0.2", "198.51.100")])
def test_the_transaction_moves_all_names_or_none(side: str, old: str, new: str, render: Render) -> None:
    text = render("globex", side)["dns/globex.example.nsupdate"]
    commands = [line for line in text.splitlines() if not line.startswith(";")]
    names = {"aawg": "11", "amc": "12", "token": "10"}
    assert commands == [
        "zone globex.example",
        *(f"prereq yxrrset {name}.globex.example. IN A {old}.{host}" for name, host in names.items()),
        *(
            command
            for name, host in names.items()
            for command in (
                f"update delete {name}.globex.example. IN A",
                f"update add {name}.globex.example. 60 IN A {new}.{host}",
            )
        ),
        "show",
        "send",
    ]
    assert re.search(r"(?m)^; server ADDRESS", text)


@pytest.mark.parametrize(("file", "side", "ttl"), [("lower-ttl", "192.0.2", 60), ("restore-ttl", "198.51.100", 3600)])
def test_the_ttl_has_transactions_of_its_own(file: str, side: str, ttl: int, render: Render) -> None:
    text = render("globex", "dc2")[f"dns/globex.example.{file}.nsupdate"]
    commands = [line for line in text.splitlines() if not line.startswith(";")]
    assert commands[1:7:3] == [
        f"prereq yxrrset aawg.globex.example. IN A {side}.11",
        "update delete aawg.globex.example. IN A",
    ]
    assert f"update add token.globex.example. {ttl} IN A {side}.10" in commands


@pytest.mark.parametrize(("side", "old", "new"), [("dc1", "198.51.100", "192.0.2"), ("dc2", "192.0.2", "198.51.100")])
def test_microsoft_dns_is_changed_against_what_was_read(side: str, old: str, new: str, render: Render) -> None:
    text = render("globex", side)["dns/globex.example.ps1"]
    assert re.findall(r"(?m)^    @\{ (Name .*) \}$", text) == [
        f"Name = '{name}'; Old = '{old}.{host}'; New = '{new}.{host}'"
        for name, host in (("aawg", 11), ("amc", 12), ("token", 10))
    ]
    assert "$steadyTtl = 3600\n$shortTtl = 60\n" in text
    (change,) = re.findall(r"Set-DnsServerResourceRecord .*", text)
    assert change == (
        "Set-DnsServerResourceRecord -NewInputObject $new -OldInputObject $Old -ZoneName $zone "
        "-ComputerName $ComputerName -PassThru)"
    )
    looked, changed = text.index("Everything is looked at"), text.index("Set-Name $old $item.To")
    assert looked < text.index("nothing was changed'") < text.index("if (-not $Check)") < changed


def test_a_site_without_web_voice_has_no_names(render: Render) -> None:
    assert not [path for path in render("acme", "dc1") if path.startswith("dns/")]


def test_the_document_says_where_a_value_comes_from(render: Render) -> None:
    document = json.loads(render("acme", "dc1")["desired.json"])
    found = document["dc1/smgr/cluster1/UCAStoreService"]["Geographical server cluster name"]
    assert found["value"] == {"override": True, "value": "aoc1.dc2.acme.example"}
    (source,) = found["sources"]
    assert source["path"] == "data_centers.dc2.clusters.cluster1.fqdn"
    assert source["file"] == "sites/acme/site.yaml"
    assert found["setting"] == "smgr.ucastoreservice.geo-cluster-name"


def test_the_document_has_every_value_and_every_value_a_manual_line(artifacts: Mapping[str, str]) -> None:
    document = json.loads(artifacts["desired.json"])
    assert list(document) == sorted(document)
    bare = [
        f"{address}#{label}"
        for address, attributes in document.items()
        for label, found in attributes.items()
        if not found["manual"]
    ]
    assert bare == []
    assert document["dc1/smgr/backup-storage"]["Password"]["value"]["secret"].startswith("env:")
