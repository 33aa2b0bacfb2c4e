"""Whatever is asked, the gateway answers as its contract says, and never with a 500."""

import json
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from oceana_dr.lab.clock import ManualClock
from oceana_dr.lab.lab import open_lab
from oceana_dr.lab.service import Service, one_lab, schema_path
from oceana_dr.lab.wire import answer
from tests.lab.stand import CSC, MAIL, SITES

CONTRACT: dict[str, Any] = json.loads(schema_path().read_text("utf-8"))
PATHS = [path.replace("{site}", "acme").replace("{key}", "run%2FP05%2F1") for path in CONTRACT["paths"]]
JSON = "application/json"

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)
words = st.sampled_from(["dc1", "dc2", "shared", "dc3", "{from}", "{a}{from}", "{dc}", "", "x" * 101])
references = st.sampled_from([MAIL, CSC, "dc1/queues#chat", "dc1/cluster-activity#status", "dc9/x#y", "#", "{dc}/a#b"])
values = anything | st.sampled_from(["ACTIVE", "STANDBY", {"override": True, "value": "false"}, {"unknown": "x"}])
actions = (
    st.builds(lambda found: {"set": found}, st.dictionaries(references, values, max_size=3))
    | st.builds(
        lambda run, arguments: {"run": run, "with": arguments},
        st.sampled_from(["log-out-agents", "backup-ucmservice-planned", "restart-cluster-1", "no-such", "{from}", ""]),
        st.dictionaries(st.sampled_from(["from", "to", "dc", "x"]), words, max_size=3),
    )
    | anything
)
bodies = (
    st.fixed_dictionaries(
        {},
        optional={
            "key": st.sampled_from(["run/P05/1", "k", "", "a b"]) | anything,
            "actor": st.just("tester") | anything,
            "as": st.just("lab:Ada") | anything,
            "action": actions,
            "values": st.dictionaries(references, values, max_size=3) | anything,
            "force": st.booleans() | anything,
            "fault": st.sampled_from(["refuse:dc1", "gateway-down", "stuck-node:dc1", "queue-stuck:fax"]) | anything,
            "once": st.booleans() | anything,
            "on": st.booleans() | anything,
        },
    )
    | anything
)
raw = bodies.map(lambda body: json.dumps(body).encode()) | st.binary(max_size=40)
targets = st.sampled_from(PATHS) | st.text(max_size=30).map(lambda text: "/" + text)
queries = st.sampled_from(
    ["", "?address=dc1/cm", "?address=%00", "?address=dc1/cm&address=x", "?fault=slow", "?%ff=%ff"]
)
targets_with_queries = st.builds(str.__add__, targets, queries)
methods = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "BREW"])


@pytest.fixture
def service(tmp_path: Path) -> Service:
    return Service(one_lab(open_lab(tmp_path, SITES, "acme", 600, ManualClock())))


def checked(service: Service, method: str, target: str, body: bytes = b"", kind: str = JSON) -> tuple[int, Any]:
    """Ask, and hold the answer against the contract."""
    found = answer(service, method, target, kind, body)
    assert found is not None
    status, data = found[0], json.loads(found[1])
    if status >= 400:
        assert_follows(data, {"$ref": "#/components/schemas/Problem"})
        assert data["status"] == status
    else:
        assert_follows(data, _schema(method, target.partition("?")[0], status))
    return status, data


def _schema(method: str, path: str, status: int) -> dict[str, Any]:
    names = [name for name in CONTRACT["paths"] if _fits(name, path)]
    operation = CONTRACT["paths"][names[0]][method.lower()]
    return cast("dict[str, Any]", operation["responses"][str(status)]["content"][JSON]["schema"])


def _fits(name: str, path: str) -> bool:
    parts, found = name.split("/"), path.split("/")
    return len(parts) == len(found) and all(a.startswith("{") or a == b for a, b in zip(parts, found, strict=True))


def assert_follows(data: Any, schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator({**schema, "components": CONTRACT["components"]}).validate(data)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(methods, targets_with_queries, raw, st.sampled_from([JSON, "text/plain", ""]))
@example("POST", "/v1/sites/acme/operations", b'{"key": "\\ud800", "actor": "x", "action": {}}', JSON)
@example("POST", "/v1/sites/acme/operations", b"[" * 5000 + b"]" * 5000, JSON)
@example("PUT", "/v1/lab/acme/values", b'{"as": "x", "values": {"dc1/queues#chat": 1e999}}', JSON)
@example("PUT", "/v1/lab/acme/values", b'{"as": "x", "values": {"dc1/queues#chat": ' + b"9" * 5000 + b"}}", JSON)
@example("GET", "//[", b"", JSON)
def test_no_request_is_answered_with_a_500(service: Service, method: str, target: str, body: bytes, kind: str) -> None:
    found = answer(service, method, target, kind, body)
    if found is not None:
        assert found[0] in {200, 201, 202, 400, 403, 404, 405, 409, 411, 413, 415, 422, 503}
        assert isinstance(json.loads(found[1]), dict)


def test_a_procedure_argument_is_never_a_template(service: Service) -> None:
    body = {"key": "k", "actor": "x", "action": {"run": "log-out-agents", "with": {"from": "x{from}"}}}
    assert checked(service, "POST", "/v1/sites/acme/operations", json.dumps(body).encode())[0] == 422


def test_a_side_nobody_has_is_refused_and_makes_no_resource(service: Service) -> None:
    body = {"key": "k", "actor": "x", "action": {"run": "log-out-agents", "with": {"from": "dc3"}}}
    assert checked(service, "POST", "/v1/sites/acme/operations", json.dumps(body).encode())[0] == 409
    assert "dc3/sessions" not in checked(service, "GET", "/v1/sites/acme/estate")[1]["resources"]


def test_every_path_of_the_contract_answers_as_it_says(service: Service) -> None:
    act = {"key": "run/P05/1", "actor": "tester", "action": {"set": {MAIL: {"override": True, "value": "false"}}}}
    by_hand = {"as": "lab:Ada", "action": {"run": "outbound-shutdown", "with": {}}}
    edit = {"as": "lab:Ada", "values": {"dc1/queues#chat": 3}}
    asked = [
        ("GET", "/v1/openapi.json", None, 200),
        ("GET", "/v1/sites/acme", None, 200),
        ("GET", "/v1/sites/acme/estate?address=dc1/cm&address=dc1/none", None, 200),
        ("POST", "/v1/sites/acme/operations", act, 202),
        ("POST", "/v1/sites/acme/operations", {**act, "key": "other", "fencing_token": 8}, 409),
        ("POST", "/v1/sites/acme/operations", {**act, "fencing_token": 7}, 409),
        ("POST", "/v1/sites/acme/operations", {**act, "fencing_token": 2**53}, 422),
        ("POST", "/v1/sites/acme/operations", {**act, "fencing_token": True}, 422),
        ("GET", "/v1/sites/acme/operations/run%2FP05%2F1", None, 200),
        ("GET", "/v1/sites/acme/operations/none", None, 404),
        ("GET", "/v1/sites/none/estate", None, 404),
        ("POST", "/v1/lab/acme/hands", by_hand, 202),
        ("PUT", "/v1/lab/acme/values", edit, 200),
        ("GET", "/v1/lab/acme/operations/run%2FP05%2F1", None, 200),
        ("POST", "/v1/lab/acme/faults", {"fault": "refuse:dc1/smgr", "once": True}, 201),
        ("PUT", "/v1/lab/acme/crew", {"on": True}, 200),
        ("GET", "/v1/lab/acme/status", None, 200),
        ("GET", "/v1/lab/acme/events", None, 200),
        ("DELETE", "/v1/lab/acme/faults?fault=refuse", None, 200),
        ("POST", "/v1/lab/acme/reset", None, 200),
    ]
    for method, target, body, status in asked:
        data = b"" if body is None else json.dumps(body).encode()
        assert checked(service, method, target, data)[0] == status, (method, target)
    assert {
        path for path in CONTRACT["paths"] if any(_fits(path, target.partition("?")[0]) for _, target, _, _ in asked)
    } == set(CONTRACT["paths"])


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", JSON, 400),
        (b"\xff", JSON, 400),
        (b"NaN", JSON, 400),
        (b"{}", "text/plain", 415),
        (b" " * (1024 * 1024 + 1), JSON, 413),
        (b"[]", JSON, 422),
    ],
)
def test_bodies_that_cannot_be_read(service: Service, body: bytes, kind: str, status: int) -> None:
    assert checked(service, "POST", "/v1/sites/acme/operations", body, kind)[0] == status
