"""A planned switchover whose names are in real DNS: everything else is the lab, these steps are the field."""

import json
from pathlib import Path

import dns.update
import pytest

from tests.dns_fixtures import running, servers
from tests.dns_server import DC1, DC2, HOST, NAMES, SECRET, ZONE, NameServers
from tests.end_to_end.program import Program
from tests.planning import edit

__all__ = ["running", "servers"]

FASTER = 100_000
SITE = "globex"
_OPTIONS = """\
  operator: {{}}
  dns:
    zones:
      {zone}:
        public:
          primary: {primary}
          servers:
            ns1.{zone}: {primary}
            ns2.{zone}: {secondary}
          key:
            name: oceana-dr
            secret: env:TESTS_DNS_KEY
"""


@pytest.fixture
def program(servers: NameServers, tmp_path: Path) -> Program:
    """The example project, whose names the driver `dns` serves, and a switchover to come."""
    found = Program(tmp_path, scale=FASTER)
    found.environment["TESTS_DNS_KEY"] = SECRET
    primary, secondary = f"{HOST}:{servers.primary}", f"{HOST}:{servers.secondary}"
    options = _OPTIONS.format(zone=ZONE, primary=primary, secondary=secondary)
    edit(found.root / "oceana-dr.yaml", ("  operator: {}\n", options))
    site = found.root / "sites" / SITE / "site.yaml"
    site.write_text(f"{site.read_text('utf-8')}drivers:\n  shared/dns: dns\n", "utf-8")
    found.move(SITE)
    return found


def test_the_names_move_on_primary_and_secondary(program: Program, servers: NameServers) -> None:
    program.run("lab", "crew", SITE, "on")
    plan = program.json("plan", SITE, "-o", "plan.json", "--format", "json", "--detailed-exitcode", code=2)
    own = {step["id"]: step for step in plan["steps"] if step["driver"] == "dns"}
    assert list(own) == ["dns-lower-ttl", "dns-lower-ttl.wait", "P34.names", "P34.ttl", "dns-restore-ttl"]
    assert [own[step]["timeout_s"] for step in ("dns-lower-ttl.wait", "P34.ttl")] == [3600, 60]
    assert {item["source"] for item in plan["live"] if item["address"].startswith("shared/dns/")} == {"dns"}
    program.run("apply", "plan.json", "--yes")

    moved = {name: (DC2[name], 3600) for name in NAMES}
    assert servers.where(servers.primary) == servers.where(servers.secondary) == moved
    assert not [event for event in program.acts(SITE) if "shared/dns/" in json.dumps(event.detail)]
    again = program.json("plan", SITE, "--format", "json", "--detailed-exitcode")
    assert again["steps"] == []
    journal = b"".join(path.read_bytes() for path in program.root.glob(".oceana-dr/**/*") if path.is_file())
    assert f"ns2.{ZONE} ({HOST} port {servers.secondary})".encode() in journal
    assert SECRET.encode() not in journal


def test_names_on_which_servers_differ_are_a_finding(program: Program) -> None:
    edit(
        program.root / "oceana-dr.yaml",
        ("          key:\n", f"          addresses: {{{DC1[NAMES[0]]}: 10.21.4.10}}\n          key:\n"),
    )
    plan = program.json("plan", SITE, "--format", "json", code=3)
    found = [item["message"] for item in plan["findings"] if item["severity"] == "refuse"]
    assert any(f"has {DC1[NAMES[0]]} in view public, where it should be 10.21.4.10" in item for item in found)


def test_a_name_that_somebody_moved_after_the_plan_stops_the_run(program: Program, servers: NameServers) -> None:
    program.run("lab", "crew", SITE, "on")
    program.run("plan", SITE, "-o", "plan.json")
    message = dns.update.UpdateMessage(f"{ZONE}.")
    message.replace(f"{NAMES[1]}.", 3600, "A", "192.0.2.9")
    assert servers.update(message) == "NOERROR"
    servers.until(servers.secondary, NAMES[1], "192.0.2.9", 3600)
    done = program.run("apply", "plan.json", "--yes", code=5)
    assert f"shared/dns/{NAMES[1]}#A" in done.stderr
    assert servers.record(servers.primary, NAMES[1]) == ("192.0.2.9", 3600)


def test_a_key_that_is_not_there_stops_before_anything_is_sent(program: Program, servers: NameServers) -> None:
    program.run("lab", "crew", SITE, "on")
    program.run("plan", SITE, "-o", "plan.json")
    del program.environment["TESTS_DNS_KEY"]
    done = program.run("apply", "plan.json", "--yes", code=4)
    assert "dns-lower-ttl public names, TTL for the move: refused: nothing was sent" in done.stderr
    assert "there is no secret at env:TESTS_DNS_KEY" in done.stderr
    assert servers.where(servers.primary) == {name: (DC1[name], 3600) for name in NAMES}
