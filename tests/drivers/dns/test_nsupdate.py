"""The scripts for nsupdate do what they say, on a real server; only the server's address is put in."""

import os
import subprocess

import dns.update
import pytest

from tests.debian import program
from tests.dns_server import DC1, DC2, HOST, KEY, NAMES, SECRET, ZONE, NameServers
from tests.planning import ROOT


@pytest.fixture(scope="module")
def scripts() -> dict[str, str]:
    """Those that move the names to Data Center 2, as `compile` writes them (that it does is held elsewhere)."""
    folder = ROOT / "tests" / "goldens" / "artifacts" / "globex" / "dc2" / "dns"
    return {path.name.removeprefix(ZONE): path.read_text("utf-8") for path in folder.glob("*.nsupdate")}


def run(text: str, servers: NameServers) -> subprocess.CompletedProcess[str]:
    told = "; server ADDRESS of the zone's primary, if it is not the one that its SOA record names"
    assert text.count(told) == 1
    nsupdate = program("nsupdate")
    return subprocess.run(
        [nsupdate.path, "-y", f"hmac-sha256:{KEY}:{SECRET}"],
        input=text.replace(told, f"server {HOST} {servers.primary}"),
        env={**os.environ, **nsupdate.environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_lowered_moved_and_restored(servers: NameServers, scripts: dict[str, str]) -> None:
    for kind, addresses, ttl in ((".lower-ttl", DC1, 60), ("", DC2, 60), (".restore-ttl", DC2, 3600)):
        done = run(scripts[f"{kind}.nsupdate"], servers)
        assert (done.returncode, done.stderr) == (0, "")
        assert servers.where(servers.primary) == {name: (addresses[name], ttl) for name in NAMES}


def test_what_is_not_as_expected_is_refused_as_a_whole(servers: NameServers, scripts: dict[str, str]) -> None:
    message = dns.update.UpdateMessage(f"{ZONE}.")
    message.replace(f"{NAMES[2]}.", 3600, "A", "192.0.2.9")
    assert servers.update(message) == "NOERROR"
    done = run(scripts[".nsupdate"], servers)
    assert done.returncode == 2
    assert "update failed: NXRRSET" in done.stderr
    assert servers.where(servers.primary)[NAMES[0]] == (DC1[NAMES[0]], 3600)
