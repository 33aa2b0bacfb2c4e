"""Control Manager's file and services, the ISCAgent for tools, backups, and the sheet of settings."""

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from ruamel.yaml import YAML

from .conftest import Render

NAV = "{urn:oceana-dr:nav360:v1}"
DATABASES = {"dc1": "acm-sql-1.globex.example", "dc2": "acm-sql-2.globex.example"}


def load(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


@pytest.mark.parametrize(("side", "other"), [("dc1", "dc2"), ("dc2", "dc1")])
def test_both_copies_of_the_file_name_the_same_database(side: str, other: str, render: Render) -> None:
    root = ET.fromstring(render("globex", side)["nav360/Nav360Config.fragment.xml"])
    connection = root.find(f"{NAV}connection")
    assert root.get("server") == "acm-app-2.globex.example"
    assert connection is not None
    assert (connection.get("sqlServer"), connection.get("not")) == (DATABASES[side], DATABASES[other])
    first, second = root.findall(f"{NAV}file")
    assert first.attrib == {"path": r"C:\Windows\System32\Nav360Config.xml", "write": "operator"}
    assert second.attrib == {
        "path": r"C:\Windows\Syswow64\Nav360Config.xml",
        "write": "none",
        "sameAs": r"C:\Windows\System32\Nav360Config.xml",
    }


@pytest.mark.parametrize(("side", "other"), [("dc1", "dc2"), ("dc2", "dc1")])
def test_the_file_is_only_changed_when_asked_and_its_copy_never(side: str, other: str, render: Render) -> None:
    text = render("globex", side)["nav360/Nav360Config.ps1"]
    assert f"$wanted = '{DATABASES[side]}'\n$other = '{DATABASES[other]}'\n" in text
    writes = re.findall(r"WriteAllText\((\$\w+)|-Destination (\$\w+)", text)
    assert writes == [("", "$before"), ("$file", "")]
    assert (
        text.index("function Set-Server") < text.index("WriteAllText") < text.index("if ($Point) {\n        Set-Server")
    )
    assert "if ([IntPtr]::Size -ne 8) { throw" in text


def services(text: str) -> dict[str, dict[str, str]]:
    """The table of services in a script, by name."""
    rows = re.findall(r"^    @\{ (Name = .*) \}$", text, re.MULTILINE)
    fields = [dict(re.findall(r"(\w+) = '([^']*)'", row)) for row in rows]
    return {row["Name"]: row for row in fields}


@pytest.mark.parametrize(
    ("site", "side", "state", "start"),
    [
        ("acme", "dc1", "Running", "Automatic"),
        ("acme", "dc2", "Running", "Automatic"),
        ("globex", "dc1", "Running", "Automatic"),
        ("globex", "dc2", "Stopped", "Manual"),
    ],
)
def test_the_service_that_switches_stops_only_where_people_switch(
    site: str, side: str, state: str, start: str, render: Render
) -> None:
    files = render(site, side)
    second = services(files["windows/control-manager-dc2.ps1"])
    assert (second["High Availability"]["State"], second["High Availability"]["Startup"]) == (state, start)
    assert ("-Only 'High Availability'" in files["windows/control-manager-dc2.ps1"]) == (start == "Manual")
    assert "High Availability" not in services(files["windows/control-manager-dc1.ps1"])
    for place in ("dc1", "dc2"):
        found = services(files[f"windows/control-manager-{place}.ps1"])
        wanted = "Running" if place == side else "Stopped"
        assert {found[name]["State"] for name in ("Audit Log", "License Tracker")} == {wanted}


def test_a_pattern_fits_the_name_and_one_service_is_demanded(render: Render) -> None:
    text = render("globex", "dc2")["windows/control-manager-dc2.ps1"]
    assert {row["Pattern"] for row in services(text).values()} == {
        "*High*Availability*",
        "*Audit*Log*",
        "*License*Tracker*",
    }
    assert "if ($found.Count -ne 1) {" in text


def test_no_script_stops_the_sql_server(artifacts: Mapping[str, str]) -> None:
    for place in ("dc1", "dc2"):
        assert "sql" not in artifacts[f"windows/control-manager-{place}.ps1"].lower()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Data Source=ACM-SQL-1.globex.example;Initial Catalog=x", True),
        ("Server=tcp:acm-sql-1.globex.example,1433", True),
        ('"acm-sql-1.globex.example"', True),
        ("Data Source=db.acm-sql-1.globex.example;", False),
        ("Data Source=new-acm-sql-1.globex.example;", False),
        ("Data Source=acm-sql-1.globex.example.net;", False),
        ("Data Source=acm-sql-1xglobexxexample;", False),
        ("Data Source=10.21.5.1;", False),
    ],
)
def test_a_longer_name_is_not_taken_for_the_server(text: str, named: bool, render: Render) -> None:
    script = render("globex", "dc2")["nav360/Nav360Config.ps1"]
    parts = re.search(r"return \('(.*)' \+ \[regex\]::Escape\(\$Name\) \+ '(.*)'\)", script)
    assert parts
    pattern = parts[1] + re.escape("acm-sql-1.globex.example") + parts[2]  # .NET reads these constructs as Python does
    assert bool(re.search(pattern, text)) == named


def test_tools_get_the_units_of_windows(artifacts: Mapping[str, str]) -> None:
    document = load(artifacts["windows/ISCAgent.yaml"])
    for item in document["services"]:
        assert item["dialog"]["Reset fail count after"] == 120
        assert item["win_service"] == {
            "name": "ISCAgent",
            "start_mode": "auto",
            "state": "started",
            "failure_reset_period_sec": 120 * 86_400,
            "failure_actions": [{"type": "restart", "delay_ms": 0}] * 3,
        }


@pytest.mark.parametrize(("side", "other"), [("dc1", "dc2"), ("dc2", "dc1")])
def test_regular_backups_are_taken_on_the_side_in_service(side: str, other: str, render: Render) -> None:
    files = render("acme", side)

    def jobs(place: str) -> dict[str, Any]:
        return {item["setting"].removeprefix("smgr.backup-job."): item["value"] for item in page(place)["jobs"]}

    def page(place: str) -> Any:
        return load(files[f"backup/{place}.yaml"])

    assert (
        jobs(side).items()
        >= {
            "schedule-job": [
                *(["UCA: Run immediately"] if side == "dc1" else []),  # for dc2 the manual prints no schedule
                "UCM: Schedule later",
                "UCM before a move: Run immediately",
            ],
            "ucm.task-time": "2026-01-04T01:00",
            "ucm.recurrence": "FREQ=HOURLY;INTERVAL=4",
            "uca.interval": "1d",
            "password": {"secret": "env:ACME_BACKUP_PASSWORD"},
        }.items()
    )
    assert not jobs(other).keys() & {"schedule-job", "ucm.task-time", "ucm.recurrence", "uca.interval"}
    for place in ("dc1", "dc2"):
        found = {item["label"]: item["value"] for item in page(place)["storage"]["fields"]}
        assert found["FQDN or IP Address"] == "backup.acme.example"
        assert found["Password"] == {"secret": "env:ACME_BACKUP_STORAGE_PASSWORD"}
        assert page(place)["time_zone"] == "Europe/Berlin"
        (together,) = page(place)["together"]
        assert together["value"] == ["ControlManager", "UCAStoreService", "OmnichannelDatabase"]


def test_the_omnichannel_files_are_named_where_they_are_used(render: Render) -> None:
    for place, file in (("dc1", "omnichannel.zip"), ("dc2", "omnichannel.cbk")):
        found = {
            item["setting"]: item["value"] for item in load(render("acme", "dc1")[f"backup/{place}.yaml"])["files"]
        }
        assert found["ocdb.restore.file"] == rf"H:\Backup\{file}"


def test_a_field_for_both_data_centres_is_one_text(render: Render) -> None:
    (field,) = load(render("acme", "dc1")["experience-portal/data-storage.yaml"])["fields"]
    assert (field["value"], field["enter"]) == (["10.11.1.10", "10.12.1.10"], "10.11.1.10|10.12.1.10")


def test_the_portal_is_pointed_at_the_side_in_service(render: Render) -> None:
    for side, literal in (("dc1", "DataCenter1"), ("dc2", "DataCenter2")):
        fields = load(render("globex", side)["experience-portal/application.yaml"])["fields"]
        assert {item["label"]: item["enter"] for item in fields} == {
            "Active Data Center": literal,
            "voice flag": "VoiceMaintenance = false",
        }


def test_a_sheet_says_where_each_setting_is_and_hides_no_secret(artifacts: Mapping[str, str]) -> None:
    for side in ("dc1", "dc2"):
        found = load(artifacts[f"settings/{side}.yaml"])["settings"]
        ids = [item["setting"] for item in found]
        assert ids == sorted(set(ids))
        assert all(item["label"] and item["manual"] and item["value"] is not None for item in found)
        secrets = [item["value"] for item in found if item["setting"].endswith(("password", "credentials"))]
        assert secrets
        assert all(list(value) == ["secret"] for value in secrets)


def test_the_document_names_the_line_that_lost(render: Render) -> None:
    document = json.loads(render("globex", "dc1")["desired.json"])
    found = document["shared/mirror/AOCMIRROR"]["Use SSL/TLS"]
    assert [(item["file"], item["path"], "overridden" in item) for item in found["sources"]] == [
        ("sites/globex/site.yaml", "mirror.tls", False),
        ("sites/defaults.yaml", "mirror.tls", True),
    ]
    assert found["rule"] == "selected with tls, cleared without"


def test_what_no_key_of_the_site_decides_has_a_rule(artifacts: Mapping[str, str]) -> None:
    document = json.loads(artifacts["desired.json"])
    assert [label for attributes in document.values() for label, item in attributes.items() if not item["rule"]] == []
    constant = document["dc1/omnichannel/A"]["Cache"]
    assert (constant["value"], constant["rule"], constant["sources"]) == ("up", "up", [])
    role = document["dc2/smgr/cluster1/UCAStoreService"]["Oceana disaster recovery role"]
    assert (role["rule"], role["sources"]) == ("GEO_MASTER in dc1, GEO_SLAVE in dc2", [])
