"""Reading over a real SSH server: services as they are, one file compared, and nothing that was not answered."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.ssh import Lost
from oceana_dr.drivers.trial import site_for_tests
from oceana_dr.drivers.windows import powershell
from oceana_dr.drivers.windows.contract import File, Files, Seen
from oceana_dr.drivers.windows.look import look
from oceana_dr.drivers.windows.nav360 import connected_to
from oceana_dr.drivers.windows.places import places_of
from oceana_dr.drivers.windows.reader import open_reader
from oceana_dr.drivers.windows.trial import HOSTS, Stand, failure_actions
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import ABSENT
from oceana_dr.estate.values import Unknown
from tests.drivers.windows.conftest import Open

A = "ocdb-a.globex.example"
APP1, APP2, SQL1 = "acm-app-1.globex.example", "acm-app-2.globex.example", "acm-sql-1.globex.example"
AGENT = Address("dc1/omnichannel/A/ISCAgent")
SERVICES, HA = Address("dc1/acm/services"), Address("dc2/acm/ha-service")
SQL, DATABASE = Address("dc1/acm/sql-server"), Address("shared/acm/database")
SYSTEM32, SYSWOW64 = r"C:\Windows\System32\Nav360Config.xml", r"C:\Windows\SysWOW64\Nav360Config.xml"


def read(setting: Open, address: Address, **options: Any) -> Any:
    (found,) = open_reader(setting(**options)).read([address])
    assert found.address == address
    assert found.source == "windows"
    return found.resource


def change(stand: Stand, host: str, **changes: Any) -> None:
    stand.set_state(host, stand.state(host) | changes)


def edit(stand: Stand, host: str, service: str, **changes: Any) -> None:
    state = stand.state(host)
    state["services"][service] |= changes
    stand.set_state(host, state)


def test_every_address_of_the_catalogue_that_windows_serves_is_read(setting: Open) -> None:
    found = {item.address: item.resource for item in open_reader(setting()).read()}
    bound = site_for_tests().resources
    served = [item for item in bound if item.endswith("/ISCAgent")]
    served += [
        item for item in bound if bound[item].type.system == "acm" and "Windows Services on" in bound[item].console
    ]
    assert set(found) == {*served, DATABASE}
    for address, resource in found.items():
        assert not isinstance(resource, Unknown)
        assert set(resource) == set(bound[address].attributes), address
    assert found[AGENT] == {
        "Service status": "running",
        "Startup type": "Automatic",
        "First failure": "Restart the Service",
        "Second failure": "Restart the Service",
        "Subsequent failures": "Restart the Service",
        "Reset fail count after": 120,
        "Restart service after": 0,
    }
    assert found[SERVICES] == {"Audit Log": "running", "License Tracker": "running"}
    assert found[Address("dc2/acm/services")] == {"Audit Log": "stopped", "License Tracker": "stopped"}
    assert found[HA] == {"state": "running", "Startup type": "Automatic"}
    assert found[SQL] == {"state": "running"}
    assert found[DATABASE] == {"connected to": "dc1"}


def test_states_and_start_types_are_told_in_words_of_no_language(stand: Stand, setting: Open) -> None:
    edit(stand, A, "ISCAgent", status=3, delayed=True, actions=failure_actions(120, (1, 0)))
    found = read(setting, AGENT)
    assert found["Service status"] == "stopping"
    assert found["Startup type"] == "Automatic (Delayed Start)"
    assert found["Reset fail count after"] == "120 seconds"
    assert read(setting, AGENT, reset_unit="seconds")["Reset fail count after"] == 120
    edit(stand, SQL1, "MSSQLSERVER", status=1)
    assert read(setting, SQL) == {"state": "shut down"}


def test_what_is_not_installed_is_said_only_where_the_name_is_sure(stand: Stand, setting: Open) -> None:
    for host in (A, APP1, APP2, SQL1):
        change(stand, host, services={})
    assert read(setting, AGENT) == ABSENT
    assert read(setting, SQL) == {"state": "not installed"}
    guessed = read(setting, SERVICES)
    assert isinstance(guessed, Unknown)
    assert "display name like *Audit*Log*" in guessed.reason
    assert read(setting, HA, services={"high_availability": "AcmHa"}) == {
        "state": "not installed",
        "Startup type": "none",
    }


def test_one_of_several_services_is_not_chosen(stand: Stand, setting: Open) -> None:
    state = stand.state(SQL1)
    state["services"]["MSSQL$ACM"] = state["services"]["MSSQLSERVER"] | {"status": 1}
    stand.set_state(SQL1, state)
    found = read(setting, SQL)
    assert isinstance(found, Unknown)
    assert "MSSQL$ACM, MSSQLSERVER" in found.reason
    assert read(setting, SQL, services={"sql_server": "MSSQL$ACM"}) == {"state": "shut down"}


# ------------------------------------------------------------------------------------------ Nav360Config.xml


DC1, DC2 = (1, 0), (0, 1)
"""How often a copy names each of both servers."""


@pytest.mark.parametrize(
    ("copies", "says"),
    [
        ([DC2, DC2], "dc2"),
        ([None, None], "none"),
        ([DC1, DC2], "copies .* differ: .*System32.* names acm-sql-1.*SysWOW64.* names acm-sql-2"),
        ([DC1, None], "SysWOW64.* is not on"),
        ([(0, 0), (0, 0)], "names neither server"),
        ([(2, 1), (2, 1)], "acm-sql-1.globex.example and acm-sql-2.globex.example: both"),
        ([(), ()], "is not XML"),
    ],
)
def test_the_file_names_one_server_in_both_copies_or_nobody_knows(
    copies: list[tuple[int, ...] | None], says: str
) -> None:
    names = {"dc1": "acm-sql-1.globex.example", "dc2": "acm-sql-2.globex.example"}
    place = Files(DATABASE, APP2, "connected to", (SYSTEM32, SYSWOW64), names)
    files = tuple(
        File(path, there=times is not None, xml=bool(times), digest=str(times), times=times or ())
        for path, times in zip(place.paths, copies, strict=True)
    )
    found = connected_to(place, Seen({}, files, True, 64, "", "", ""))
    if isinstance(found, Unknown):
        assert re.search(says, found.reason), found.reason
    else:
        assert found == says


def test_the_text_of_the_file_stays_on_its_server(stand: Stand, setting: Open) -> None:
    text = '<a><add value="Server=ACM-SQL-2.globex.example;Password=hunter2"/></a>'
    change(stand, APP2, files=dict.fromkeys((SYSTEM32, SYSWOW64), text))
    sight = look(HOSTS[APP2], places_of(site_for_tests(), setting().options)[DATABASE], setting().options, Event())
    assert isinstance(sight, Seen)
    assert [item.times for item in sight.files] == [(0, 1), (0, 1)]
    assert "hunter2" not in repr(sight)


def test_32_bits_see_the_other_copy_and_so_nothing(stand: Stand, setting: Open) -> None:
    change(stand, APP2, bits=32)
    found = read(setting, DATABASE)
    assert isinstance(found, Unknown)
    assert "32 bits" in found.reason
    assert read(setting, HA) == {"state": "running", "Startup type": "Automatic"}


# ------------------------------------------------------------------------------- answers that are none


@pytest.mark.parametrize(
    ("mood", "says"),
    [
        ("no end at look", "no end of an answer came: it ended with 0"),
        ("another's answer", "no end of an answer came"),
        ("more behind it", "no end of an answer came"),
        ("another status", "the answer ends with 7, and the command with 0"),
        ("no json", "the answer is not JSON"),
        ("another form", "has another form"),
        ("cut at look", "the connection broke off"),
        ("flood", "more than 1048576 bytes"),
        ("no powershell", "it ended with 1 and said: Der Befehl"),
    ],
)
def test_what_is_no_whole_answer_of_this_call_is_unknown(stand: Stand, setting: Open, mood: str, says: str) -> None:
    with stand.being(mood):
        found = read(setting, AGENT)
    assert isinstance(found, Unknown)
    assert found.reason.startswith("not read: ")
    assert says in found.reason


def test_a_server_that_hangs_is_given_up(stand: Stand, setting: Open) -> None:
    with stand.being("hang"):
        found = read(setting, AGENT, answer_s=1.0)
    assert isinstance(found, Unknown)
    assert "no end within 2 s" in found.reason or "does not let anybody in" in found.reason


def test_a_command_that_cmd_would_cut_ends_with_0_and_is_no_answer(
    setting: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    longer = (*powershell.command()[:-1], powershell.command()[-1] + "A" * 8000)
    monkeypatch.setattr(powershell, "command", lambda: longer)
    found = read(setting, AGENT)
    assert isinstance(found, Unknown)
    assert "it ended with 0 and said nothing" in found.reason


def test_what_windows_refuses_is_told_by_its_identifier(stand: Stand, setting: Open) -> None:
    change(stand, A, denies=True)
    found = read(setting, AGENT)
    assert isinstance(found, Unknown)
    assert "MethodInvocationException Win32Exception: Zugriff verweigert" in found.reason


def test_who_is_not_let_in_or_finds_another_machine_reads_nothing(stand: Stand, setting: Open, tmp_path: Path) -> None:
    with stand.server.letting_nobody_in():
        assert "is not let in" in read(setting, AGENT).reason
    other = tmp_path / "known_hosts"
    other.write_text((stand.server.folder / "known_hosts").read_text().split(" ", 1)[0] + " " + public(stand))
    assert "another host key" in read(setting, AGENT, known_hosts=str(other)).reason


def public(stand: Stand) -> str:
    return (stand.server.folder / "key.pub").read_text()


def test_one_silent_server_hides_no_other(stand: Stand, setting: Open) -> None:
    hosts = {**stand.login["hosts"], SQL1: "nobody.invalid"}
    agent, sql = open_reader(setting(hosts=hosts)).read([AGENT, SQL])
    assert not isinstance(agent.resource, Unknown)
    assert sql.resource == Unknown("not read: no address is known of nobody.invalid")


def test_without_an_ssh_client_the_driver_cannot_be_asked(setting: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = open_reader(setting())
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SystemUnavailable, match="ssh cannot be started"):
        reader.read([AGENT])


def test_names_of_the_site_go_as_data(setting: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []

    def not_run(_target: object, _words: object, data: bytes, _bounds: object) -> Lost:
        sent.append(data)
        return Lost("not run")

    monkeypatch.setattr(powershell, "run", not_run)
    assert read(setting, DATABASE) == Unknown("not read: not run")
    script, given = (b64decode(line) for line in sent[0].split())
    assert SQL1.encode() not in script
    assert json.loads(given)["names"] == [SQL1, "acm-sql-2.globex.example"]
