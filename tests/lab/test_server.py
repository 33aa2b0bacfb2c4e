"""The lab over a real socket: the same estate, the same answers, a process that starts and stops."""

import http.client
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from oceana_dr.diagnostics import Refused, SystemUnavailable, Unreadable
from oceana_dr.drivers.contract import ActRequest, Declined, Done, InDoubt
from oceana_dr.drivers.gateway.clock import GatewayClock
from oceana_dr.drivers.gateway.contract import AnswerLost, NotSent
from oceana_dr.drivers.gateway.reader import GatewayReader
from oceana_dr.drivers.gateway.transport import HttpTransport
from oceana_dr.drivers.gateway.writer import GatewayWriter
from oceana_dr.estate.action import RunProcedure, SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.lab.administration import break_, mend
from oceana_dr.lab.crew import Crew
from oceana_dr.lab.hands import LabHands
from oceana_dr.lab.lab import open_lab
from oceana_dr.lab.server import LabServer, labs_of
from oceana_dr.lab.serving import served, start, stop
from tests.lab.stand import MAIL, SITES, on

FAST = 100_000


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LabServer]:
    with LabServer(labs_of(tmp_path, SITES, FAST)) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield found
        found.shutdown()
        thread.join()


def writer(server: LabServer) -> GatewayWriter:
    transport = HttpTransport(server.address)
    return GatewayWriter(transport, "acme", GatewayClock(transport, "acme"))


def test_a_socket_and_this_process_see_one_estate(server: LabServer, tmp_path: Path) -> None:
    lab = open_lab(tmp_path, SITES, "acme", FAST)
    request = ActRequest("run/P05/1", "P05", SetValues({Ref(MAIL): on("false")}), "tester")
    assert isinstance(writer(server).act(request), Done)
    assert lab.world().estate.get(Ref(MAIL)) == on("false")
    lab.edit("somebody", {Ref(MAIL): on("true")}, force=False)
    (reading,) = GatewayReader(HttpTransport(server.address), "acme", lab.bound).read(
        [Address("dc1/smgr/cluster3/EmailService")]
    )
    assert reading.resource == {"Deployment status of emailmanager": on("true")}


def test_the_whole_site_is_read_in_one_request(server: LabServer, tmp_path: Path) -> None:
    lab = open_lab(tmp_path, SITES, "globex", FAST)
    readings = GatewayReader(HttpTransport(server.address), "globex", lab.bound).read()
    assert {reading.address for reading in readings} == set(lab.bound.resources)


def test_people_work_over_a_socket(server: LabServer) -> None:
    transport = HttpTransport(server.address)
    Crew(transport, "acme")
    hands = LabHands(transport, "acme", GatewayClock(transport, "acme"))
    assert isinstance(hands.perform(RunProcedure("outbound-shutdown", {}), "lab:Ada"), Done)
    assert isinstance(hands.perform(RunProcedure("demote-to-async", {}), "lab:Ada"), Declined)


def test_faults_over_a_socket(server: LabServer, tmp_path: Path) -> None:
    lab, transport = open_lab(tmp_path, SITES, "acme", FAST), HttpTransport(server.address)
    break_(lab, "gateway-down")
    with pytest.raises(SystemUnavailable, match="down"):
        GatewayReader(transport, "acme", lab.bound).read()
    mend(lab)
    break_(lab, "answer-lost", once=True)
    backup = RunProcedure("backup-ucmservice-planned", {"from": "dc1"})
    assert isinstance(writer(server).act(ActRequest("run/P12/1", "P12", backup, "tester")), Done)
    break_(lab, "not-delivered", once=True)
    assert isinstance(writer(server).act(ActRequest("run/P12/2", "P12", backup, "tester")), InDoubt)


def test_an_answer_that_does_not_come_in_time_is_lost(server: LabServer, tmp_path: Path) -> None:
    break_(open_lab(tmp_path, SITES, "acme", FAST), "slow", once=True)
    with pytest.raises(AnswerLost):
        HttpTransport(server.address, answer_s=0.1).request("GET", "/v1/sites/acme/estate")


def test_a_site_nobody_knows(server: LabServer) -> None:
    assert HttpTransport(server.address).request("GET", "/v1/sites/..%2F..%2Fetc")[0] == 404
    with pytest.raises(Refused):
        Crew(_NoLab(), "acme")


class _NoLab:
    def request(self, *_: object) -> tuple[int, object]:
        return 200, {}


@pytest.mark.parametrize(
    ("method", "headers", "status"),
    [
        ("GET", {"Host": "evil.example"}, 403),
        ("POST", {"Content-Length": "x"}, 400),
        ("POST", {"Content-Length": "99999999"}, 413),
        ("POST", {"Transfer-Encoding": "chunked"}, 411),
        ("BREW", {}, 405),
        ("OPTIONS", {}, 405),
    ],
)
def test_requests_that_no_client_of_ours_makes(
    server: LabServer, method: str, headers: dict[str, str], status: int
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_address[1], timeout=10)
    connection.putrequest(method, "/v1/sites/acme/operations", skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    response = connection.getresponse()
    assert response.status == status
    assert json.loads(response.read())["status"] == status
    connection.close()


def test_a_dead_endpoint_was_sent_nothing() -> None:
    with pytest.raises(NotSent):
        HttpTransport("http://127.0.0.1:1").request("GET", "/v1/sites/acme")


def test_a_lab_is_started_found_and_stopped(tmp_path: Path) -> None:
    assert served(tmp_path) is None
    assert not stop(tmp_path)
    first = start(tmp_path, SITES, FAST)
    try:
        again = start(tmp_path, SITES, FAST)
        assert (again.address, again.pid, again.already) == (first.address, first.pid, True)
        found = served(tmp_path)
        assert found is not None
        assert found.address == first.address
        status, body = HttpTransport(first.address).request("GET", "/v1/sites/globex")
        assert status == 200
        assert body["lab"] is True
    finally:
        assert stop(tmp_path)
    assert served(tmp_path) is None
    with pytest.raises(NotSent):
        HttpTransport(first.address).request("GET", "/v1/sites/globex")


def test_a_file_that_a_dead_server_left_is_no_server(tmp_path: Path) -> None:
    folder = tmp_path / "lab"
    folder.mkdir()
    (folder / "server.lock").touch()
    (folder / "server.json").write_text(json.dumps({"pid": 1, "address": "http://127.0.0.1:1", "started_at": ""}))
    assert served(tmp_path) is None
    assert not stop(tmp_path)


def test_a_port_that_is_taken_is_said(server: LabServer, tmp_path: Path) -> None:
    with pytest.raises(SystemUnavailable, match="could not be started"):
        start(tmp_path / "other", SITES, FAST, port=int(server.server_address[1]))


def test_a_token_travels_over_tls_or_loopback_only() -> None:
    from oceana_dr.estate.values import SecretRef

    with pytest.raises(Unreadable, match="clear text"):
        HttpTransport("http://gateway.acme.example", SecretRef("env:TOKEN"))
    HttpTransport("https://gateway.acme.example", SecretRef("env:TOKEN"))
