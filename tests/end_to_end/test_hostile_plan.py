"""Plan files, answers and snapshots from somebody who means ill, with the right id: refused, never a traceback."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.diagnostics import InputRefused
from oceana_dr.operations.planfile import load_plan
from tests.end_to_end.hostile import Inside, changed, shell, signed
from tests.end_to_end.program import Program

NASTY: tuple[Any, ...] = (
    ..., None, True, -1, 10**30, 1.5, "", "x", "\x1b[31m", "\ud800", [], ["x"], [None], {}, {"x": None}, [{}],
)  # fmt: skip

BAD = Path("bad.json")


@pytest.fixture
def inside(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Inside:
    return Inside(tmp_path, capsys, monkeypatch)


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A steady plan of one change, and a switchover."""
    program = Program(tmp_path_factory.mktemp("plans"))
    program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    steady = program.json("plan", "acme", "--format", "json")
    program.run("lab", "reset", "acme")
    return {"steady": steady, "switchover": program.json("plan", "acme", "--operational", "dc2", "--format", "json")}


def places(document: Any) -> Iterator[tuple[str | int, ...]]:
    """One path to each kind of place in a plan: tables and lists of like things are entered once."""

    def walk(node: Any, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
        if path:
            yield path
        match node:
            case dict():
                like = any(mark in key for key in node for mark in "/. ")
                for key in list(node)[:1] if like else node:
                    yield from walk(node[key], (*path, key))
            case list() if node:
                yield from walk(node[0], (*path, 0))
            case _:
                pass

    yield from walk({key: value for key, value in document.items() if key != "id"}, ())


@pytest.mark.parametrize("share", range(4))
def test_no_value_in_any_place_gets_through(share: int, inside: Inside, plans: dict[str, Any]) -> None:
    """Each value in each place is read; of each place a refusal is shown, and the worst of each type that is read."""
    plan = plans["steady"]
    (step,) = plan["steps"]
    for number, path in enumerate(places(plan)):
        if number % 4 != share:
            continue
        worst: dict[type, Any] = {}
        refused: list[Any] = []
        for value in NASTY:
            inside.write(changed(plan, path, value))
            try:
                load_plan(BAD)
            except InputRefused:
                refused.append(value)
            else:
                worst[type(value)] = value  # of a type, the last one listed
        for value in refused[number % max(1, len(refused)) :][:1]:
            inside.write(changed(plan, path, value))
            assert inside.call("show", "bad.json")[0] == 1, f"{path} {value!r}"
        for value in worst.values():
            inside.write(changed(plan, path, value))
            assert inside.call("show", "bad.json")[0] == 0, f"{path} {value!r}"
            code, said, _ = inside.hear("verify", "bad.json")
            assert code in {0, 3}, f"{path} {value!r}"
            assert "schema: holds" in said, f"{path} {value!r}: what runs plans is as strict as their schema"
            assert inside.call("show", "--format", "json", "bad.json")[0] == 0
            assert inside.call("explain", step["id"], "--plan", "bad.json")[0] in {0, 1}, f"{path} {value!r}"


def test_a_plan_of_any_wrong_kind_of_document_is_none(inside: Inside, plans: dict[str, Any]) -> None:
    whole = json.dumps(plans["switchover"])
    texts = [
        *(json.dumps(value) for value in NASTY if value is not ...),
        "",
        "nonsense",
        whole[:-3],
        whole[: len(whole) // 2],
    ]
    texts += ["[" * 100_000, "[" * 900 + "]" * 900, '{"format_version": "1.0", "a": ' + "[" * 700 + "]" * 700 + "}"]
    texts += ["9" * 5000, whole.replace("dc1", "dc2", 1), '{"format_version": "2.0"}', "NaN"]
    for text in texts:
        Path("bad.json").write_text(text, "utf-8")
        for command in ("show bad.json", "verify bad.json", "apply bad.json --yes", "explain P10 --plan bad.json"):
            code, said = inside.call(*command.split())
            assert code == (3 if command.startswith("verify") else 1), f"{command}: {text[:60]!r}"
            assert "OD150" in said
            assert "help" in said


def test_an_edited_plan_is_not_run(inside: Inside, plans: dict[str, Any]) -> None:
    plan = plans["switchover"]
    inside.write({**plan, "steps": plan["steps"][:-1]})
    code, said = inside.call("apply", "bad.json", "--yes")
    assert (code, "OD1502" in said) == (1, True)


@pytest.mark.parametrize("where", [("", '{"id": "x",'), ("steps", '"steps": [{"id": "P99", ')])
def test_a_key_that_stands_twice_is_no_plan(where: tuple[str, str], inside: Inside, plans: dict[str, Any]) -> None:
    whole = json.dumps(plans["switchover"])
    old = "{" if not where[0] else '"steps": [{'
    Path("bad.json").write_text(whole.replace(old, where[1], 1), "utf-8")
    for command, code in (("show", 1), ("verify", 3), ("apply --yes", 1)):
        found, said = inside.call(*command.split(), "bad.json")
        assert (found, "OD1504" in said, "'id' stands twice" in said) == (code, True, True), said
    assert inside.program.acts("acme") == []


def step_of(plan: dict[str, Any], name: str) -> int:
    return next(place for place, step in enumerate(plan["steps"]) if step["id"] == name)


def read_of(plan: dict[str, Any], address: str) -> int:
    return next(place for place, read in enumerate(plan["live"]) if read["address"] == address)


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "mail fetched before the other side stopped": (
        lambda plan: changed(plan, ("steps", step_of(plan, "P30"), "after"), []), "the proof gives other figures"),
    "a step that claims to do something else": (
        lambda plan: changed(plan, ("steps", step_of(plan, "P30"), "moments"), []), "leads through other states"),
    "nothing read": (
        lambda plan: changed(plan, ("live",), []), "does not say how that was read"),
    "one value not read": (
        lambda plan: changed(plan, ("live", read_of(plan, "dc1/cluster/1/state"), "attributes"), []),
        "relies on dc1/cluster/1/state#"),
    "facts of a site with another topology": (
        lambda plan: changed(plan, ("bindings",), {"site": "acme"}), "its facts are not a site's"),
    "another scenario's": (
        lambda plan: changed(plan, ("scenario",), "split-wan"), "the proof gives other figures"),
    "another catalogue's": (
        lambda plan: changed(plan, ("catalogue",), "oceana-3.5@0000000000000000"), "was made with the catalogue"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_plan_is_proven_again_and_not_run(name: str, inside: Inside, plans: dict[str, Any]) -> None:
    forge, why = FORGERIES[name]
    inside.write(signed(forge(plans["switchover"])))
    for command in ("verify bad.json", "apply bad.json --yes"):
        code, out, err = inside.hear(*command.split())
        assert (code, why in out + err) == (3, True), command
    assert inside.hear("history", "acme", "--format", "json")[:2] == (0, "[]\n")


def put(*path: str | int, value: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda plan: changed(plan, path, value)


STRUCTURES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "two steps of one id": lambda plan: {**plan, "steps": [*plan["steps"], plan["steps"][-1]]},
    "after a step that is none": put("steps", 5, "after", value=["P99"]),
    "after itself": put("steps", 0, "after", value=["P00"]),
    "in a circle": put("steps", 0, "after", value=["P41"]),
    "a pair with nobody": put("steps", 3, "pair", value="P99"),
    "phases that leave one out": lambda plan: {**plan, "phases": plan["phases"][1:]},
    "phases that hold one twice": lambda plan: {**plan, "phases": [*plan["phases"], plan["phases"][0]]},
    "phases of others": put("phases", 0, "steps", value=["P99"]),
    "an empty phase": put("phases", 0, "steps", value=[]),
    "no phases": put("phases", value=[]),
    "an outage of no steps": put("outage", "chat", "closed_by", value="P99"),
    "a site that is a path": put("site", value="../../escaped"),
    "a site of nobody": put("site", value="nobody"),
    "a third side": put("to", value="dc3"),
    "a step that does nothing": put("steps", 5, "action", value=None),
    "a change in a step that waits": put("steps", 0, "change", value={"before": {}, "after": {}, "reason": "both"}),
    "a scenario of nobody": put("scenario", value="foo"),
    "a driver of nobody": put("steps", 5, "driver", value="bash"),
    "a phase of nobody": put("phases", 0, "id", value="party"),
    "no meta": put("meta", value=...),
    "no facts": put("bindings", value={}),
    "facts of another site": put("bindings", "site", value="globex"),
    "a topology that is neither": put("bindings", "topology.ha", value="perhaps"),
    "an id with blanks": put("steps", 0, "id", value="P 01\n"),
    "longer than history": put("steps", 0, "estimate_s", "p50", value=10**12),
}


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_plan_that_does_not_hang_together_is_none(name: str, inside: Inside, plans: dict[str, Any]) -> None:
    inside.write(signed(STRUCTURES[name](plans["switchover"])))
    before = sorted(Path.cwd().parent.rglob("*"))
    for command in ("show bad.json", "verify bad.json", "apply bad.json --yes"):
        code, said = inside.call(*command.split())
        if name == "a site of nobody" and "apply" not in command:
            continue  # a plan needs its site only where it is run
        assert code == (3 if command.startswith("verify") else 1), command
        assert "help" in said
    assert sorted(Path.cwd().parent.rglob("*")) == before, "nothing was written"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("steps", 0, "action"), {"run": "format-all-disks", "with": {}}),
        (("steps", 0, "address"), "dc1/nowhere/at/all"),
        (("steps", 0, "verify"), {"dc1/nowhere#state": "gone"}),
        (("steps", 0, "driver"), "carrier-pigeon"),
        (("steps", 0, "condition"), {"is": ["dc1/nowhere#state", "gone"]}),
        (("steps", 0, "rules"), ["no such rule"]),
        (("steps", 0, "manual"), [[10**9, 1]]),
        (("bindings",), {}),
        (("bindings", "topology.ha"), "perhaps"),
        (("bindings", "site.time_zone"), "../../etc/passwd"),
        (("bindings", "site.time_zone"), "Europe"),
        (("catalogue",), "oceana-9.9@0000"),
        (("initial",), {}),
        (("live",), []),
        (("proof", "states"), 1),
        (("scenario",), "world-peace"),
        (("steps", 0, "timeout_s"), 10**11),
        (("steps", 0, "estimate_s", "p50"), 10**11),
    ],
    ids=lambda value: ".".join(map(str, value)) if isinstance(value, tuple) else json.dumps(value)[:30],
)
def test_what_the_catalogue_does_not_know_ends_as_a_message(
    path: tuple[str | int, ...], value: Any, inside: Inside, plans: dict[str, Any]
) -> None:
    bad = changed(plans["switchover"], path, value)
    first = next(number for number, step in enumerate(bad["steps"]) if step["kind"] == "set")
    if path[:2] == ("steps", 0):
        kind = "run" if path[2] == "action" else "set"
        first = next(number for number, step in enumerate(bad["steps"]) if step["kind"] == kind)
        bad = changed(plans["switchover"], ("steps", first, *path[2:]), value)
    inside.write(bad)
    for command in ("show bad.json", "verify bad.json", f"explain {bad['steps'][first]['id']} --plan bad.json"):
        assert inside.call(*command.split())[0] in {0, 1, 3}, command
    inside.program.answers(bad)
    code, said = inside.call("apply", "bad.json", "--yes", "--answers", "answers.json")
    assert code in {0, 1, 3, 4, 5, 8}, said
    assert inside.call("status", "acme")[0] in {0, 1}
    for row in sorted(Path(".oceana-dr/runs/acme").glob("*.journal")):
        assert inside.call("report", row.stem)[0] in {0, 1}
        assert inside.call("rollback", row.stem)[0] in {0, 1, 3}


ANSWERS = {
    "missing": (None, "nope.json"),
    "cut off": ('{"P01": {"outcome": "con', "OD10"),
    "a wrong word": ('{"P01": {"outcome": "yes", "by": "ann"}}', "confirm, fail, cannot, skip"),
    "no outcome": ('{"P01": {"by": "ann"}}', "no outcome"),
    "by nobody": ('{"P01": {"outcome": "confirm"}}', "by whom"),
    "by a blank": ('{"P01": {"outcome": "confirm", "by": "  "}}', "by whom"),
    "a wrong field": ('{"P01": {"outcome": "confirm", "by": "ann", "mood": "good"}}', "mood"),
    "a list": ("[P01, P02]", "holds no answers"),
    "a text for an answer": ("P01: confirm\n", "not a table"),
    "a key twice": ("P01: {outcome: confirm, by: ann}\nP01: {outcome: fail, by: ann}\n", "OD1008"),
    "tabs": ("P01:\n\toutcome: confirm\n", "OD1007"),
    "not UTF-8": (b"\xff\xfe", "OD1004"),
    "a folder": (Path, "answers.yaml"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers_that_are_none_are_refused_before_the_run(name: str, inside: Inside, plans: dict[str, Any]) -> None:
    content, said = ANSWERS[name]
    path = Path("nope.json" if content is None else "answers.yaml")
    if content is Path:
        path.mkdir()
    elif isinstance(content, bytes):
        path.write_bytes(content)
    elif isinstance(content, str):
        path.write_text(content)
    inside.write(plans["switchover"])
    code, told = inside.call("apply", "bad.json", "--yes", "--answers", str(path))
    assert code == 1, told
    assert said in told
    assert inside.program.acts("acme") == []


def test_a_snapshot_that_is_none_or_of_another_site_is_refused(inside: Inside) -> None:
    inside.call("snapshot", "globex", "-o", "globex.json")
    code, said = inside.call("plan", "acme", "--live", "globex.json")
    assert (code, "`globex`" in said) == (1, True)
    snapshot = json.loads(Path("globex.json").read_text())
    for key in snapshot:
        for value in NASTY:
            inside.write(
                {**snapshot, key: value} if value is not ... else {k: v for k, v in snapshot.items() if k != key}
            )
            assert inside.call("drift", "globex", "--live", "bad.json")[0] in {0, 1, 2}, f"{key}: {value!r}"
    for path in (("resources", "dc1/nowhere"), ("resources", "x"), ("observed_at", "dc1/cm"), ("resources", "dc1/cm")):
        for value in (None, "x", "\x1b[2J", {"state": {"unknown": 1}}, {"state": 10**30}, {"unknown": "\x1b[2J"}, []):
            bad = json.loads(json.dumps(snapshot))
            bad[path[0]][path[1]] = value
            inside.write(bad)
            assert inside.call("plan", "globex", "--live", "bad.json")[0] in {0, 1, 3}, f"{path}: {value!r}"
    Path("bad.json").write_text(Path("globex.json").read_text().replace("{", '{"site": "acme",', 1))
    code, said = inside.call("plan", "globex", "--live", "bad.json")
    assert (code, "'site' stands twice" in said) == (1, True)
    Path("bad.json").write_text("[" * 100_000)
    assert inside.call("plan", "globex", "--live", "bad.json")[0] == 1
    assert inside.call("plan", "globex", "--live", "nope.json")[0] == 1
    assert inside.call("plan", "globex", "--live", ".")[0] == 1


def test_a_plan_is_read_once(tmp_path: Path, plans: dict[str, Any]) -> None:
    program = Program(tmp_path)
    (program.root / "plan.json").write_text(json.dumps(plans["switchover"]))
    done = shell(program, "cat plan.json | oceana-dr apply /dev/stdin --yes")
    assert done.returncode == 8, done
    assert program.json("history", "acme", "--format", "json")[0]["plan"] == plans["switchover"]["id"]


def put_in(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def act(snapshot: dict[str, Any]) -> None:
        here = snapshot
        for part in path[:-1]:
            here = here[part]
        here[path[-1]] = value

    return act


SNAPSHOTS: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "a status that no console shows": (
        put_in("resources", "dc1/cluster-activity", "status", value="BANANA"), "ACTIVE, STANDBY"),
    "an attribute that nobody has": (put_in("resources", "dc1/cluster-activity", "mood", value="good"), "'mood'"),
    "nonsense for a time": (put_in("observed_at", "dc1/cluster-activity", value="yesterday"), "not a time"),
    "a time without a zone": (put_in("observed_at", "dc1/cluster-activity", value="2026-01-01T00:00:00"), "its zone"),
    "a time to come": (put_in("observed_at", "dc1/cluster-activity", value="2999-01-01T00:00:00Z"), "yet to come"),
    "another time for all": (put_in("taken_at", value="2020-01-01T00:00:00Z"), "`taken_at`"),
    "a resource that was never read": (put_in("resources", "dc1/nowhere", value={}), "how and when"),
    "no address": (put_in("resources", "dc9/x", value={}), "dc9/x"),
}  # fmt: skip


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_a_snapshot_of_what_cannot_be_is_planned_by_nobody(name: str, inside: Inside) -> None:
    act, says = SNAPSHOTS[name]
    inside.call("snapshot", "acme", "-o", "live.json")
    snapshot = json.loads(Path("live.json").read_text())
    assert inside.call("plan", "acme", "--live", "live.json")[0] == 0
    act(snapshot)
    inside.write(snapshot)
    for command in ("plan", "drift"):
        code, said = inside.call(command, "acme", "--live", "bad.json")
        assert (code, "OD1506" in said, says in said) == (1, True, True), said


def test_a_resource_of_no_site_is_in_no_snapshot(inside: Inside) -> None:
    inside.call("snapshot", "acme", "-o", "live.json")
    snapshot = json.loads(Path("live.json").read_text())
    for part, value in (("resources", {}), ("sources", "gateway"), ("observed_at", snapshot["taken_at"])):
        snapshot[part]["dc1/nowhere"] = value
    inside.write(snapshot)
    code, said = inside.call("plan", "acme", "--live", "bad.json")
    assert (code, "this site has no dc1/nowhere" in said) == (1, True)
