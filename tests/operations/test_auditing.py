"""The audit finds what was changed, cut off, taken away or put in another's place, and passes what a crash leaves."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from oceana_dr.cli.main import run
from oceana_dr.diagnostics import OceanaError
from oceana_dr.operations.auditing.audit import Audit, audit
from oceana_dr.operations.before import before
from oceana_dr.operations.stores import state_of
from oceana_dr.plan.codec import write_text
from oceana_dr.source.project import Project, open_project
from oceana_dr.store.frame import GENESIS, frame, scan
from oceana_dr.store.index import RunRow, note_run
from oceana_dr.store.locks import acquire
from oceana_dr.store.records import Done, Finished, Record, RunStarted, Turned
from oceana_dr.store.refusals import Refusals
from oceana_dr.store.runs import digest_of_plan
from oceana_dr.store.state import State
from tests.planning import copy_project, edit, plan_case
from tests.present.samples import EDITED

BEGAN = datetime(2026, 3, 1, 2, 40, tzinfo=UTC)


def write_runs(project: Project, count: int = 3) -> tuple[str, ...]:
    """Runs of a small plan as a runner leaves them, and a refusal before the second one."""
    plan = plan_case("acme", "dc1", live=EDITED).plan
    copy = write_text(plan).encode()
    state, refusals = state_of(project), Refusals(state_of(project).database)
    names = []
    for number in range(count):
        now = BEGAN + timedelta(days=number)
        if number == 1:
            refused = Turned(plan.id, plan.scenario, "jane", "closed", 7, {"outside-window": "OD2025 closed"})
            refusals.add("acme", refused, at=_at(now - timedelta(hours=1)))
        lease = acquire(state.database, "acme", who="ann", why="test")
        place = state.runs.begin("acme", plan.id, copy, now)
        journal = state.runs.open(place, lease)
        earlier = before(state.runs, place, refusals)
        records: tuple[Record, ...] = (
            RunStarted(
                place.run, plan.id, "acme", plan.scenario, "ann", digest_of_plan(copy), "", earlier.run, earlier.head
            ),
            *earlier.refused,
            *(Done(step.id, "acted", duration_ms=1000) for step in plan.steps),
            Finished(),
        )
        for record in records:
            journal.append(record, at=_at(now), estate_ms=0)
        head = journal.head
        journal.close()
        row = RunRow("acme", place.run, plan.id, plan.scenario, "ann", "finished", _at(now), _at(now), "", head)
        note_run(lease.fenced, row)
        lease.release()
        names.append(place.run)
    return tuple(names)


def _at(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, ...]]:
    root = copy_project(tmp_path_factory.mktemp("audit"))
    return root, write_runs(open_project(root))


@pytest.fixture
def project(written: tuple[Path, tuple[str, ...]], tmp_path: Path) -> Project:
    shutil.copytree(written[0], tmp_path / "copy")
    return open_project(tmp_path / "copy")


@pytest.fixture(scope="module")
def names(written: tuple[Path, tuple[str, ...]]) -> tuple[str, ...]:
    return written[1]


def said(found: Audit) -> list[str]:
    return [*found.wrong, *(text for item in found.journals for text in item.wrong)]


def journal_of(project: Project, name: str) -> Path:
    return project.state_dir / "runs" / "acme" / f"{name}.journal"


def test_what_was_not_touched_passes(project: Project, names: tuple[str, ...]) -> None:
    found = audit(project, "all")
    assert said(found) == []
    assert found.passed
    (chain,) = Refusals(state_of(project).database).chains("acme")
    assert [(item.kind, item.name) for item in found.journals] == [
        *(("run", name) for name in names),
        ("refusals", chain),
    ]
    second = found.journals[1].entries
    assert [type(item.record) for item in second[:2]] == [RunStarted, Turned], "the refusal was taken along"
    taken = second[1].record
    assert isinstance(taken, Turned)
    assert taken.refused_at < second[1].at
    assert taken.origin == f"1:{found.journals[3].entries[0].digest}"
    assert not any(isinstance(item.record, Turned) for item in found.journals[2].entries), "by one run only"


def rechained(project: Project, name: str, change: Callable[[bytes], bytes]) -> None:
    """Rewrite a journal as somebody would who knows its form: every checksum and every hash fits."""
    path = journal_of(project, name)
    head, lines = GENESIS, []
    for line in scan(path.read_bytes()).lines:
        lines.append(frame(change(line.payload), head))
        head = scan(b"".join(lines)).head
    path.write_bytes(b"".join(lines))


def one_byte(project: Project, names: tuple[str, ...]) -> None:
    path = journal_of(project, names[1])
    path.write_bytes(path.read_bytes().replace(b'"operator":"ann"', b'"operator":"amy"'))


def rewritten(project: Project, names: tuple[str, ...]) -> None:
    rechained(project, names[1], lambda payload: payload.replace(b'"operator":"ann"', b'"operator":"amy"'))


def cut(project: Project, names: tuple[str, ...]) -> None:
    path = journal_of(project, names[2])
    path.write_bytes(path.read_bytes()[: scan(path.read_bytes()).lines[-1].offset])


def record_gone(project: Project, names: tuple[str, ...]) -> None:
    path = journal_of(project, names[0])
    data, lines = path.read_bytes(), scan(path.read_bytes()).lines
    path.write_bytes(data[: lines[1].offset] + data[lines[2].offset :])


def journal_gone(project: Project, names: tuple[str, ...]) -> None:
    journal_of(project, names[2]).unlink()


def run_gone(project: Project, names: tuple[str, ...]) -> None:
    """Journal, plan and row: only the run after it still knows."""
    journal_of(project, names[1]).unlink()
    with state_of(project).database.writing("acme") as connection:
        connection.execute("DELETE FROM run WHERE run = ?", (names[1],))


def row_gone(project: Project, names: tuple[str, ...]) -> None:
    with state_of(project).database.writing("acme") as connection:
        connection.execute("DELETE FROM run WHERE run = ?", (names[1],))


def plan_changed(project: Project, names: tuple[str, ...]) -> None:
    path = journal_of(project, names[0]).with_suffix(".plan.json")
    path.write_bytes(path.read_bytes().replace(b"steady", b"study!", 1))


def in_anothers_place(project: Project, names: tuple[str, ...]) -> None:
    journal_of(project, names[0]).replace(journal_of(project, names[1]))


def refusal_changed(project: Project, names: tuple[str, ...]) -> None:  # noqa: ARG001 - as the others
    with state_of(project).database.writing("acme") as connection:
        line = bytes(connection.execute("SELECT line FROM refusal").fetchone()[0])
        connection.execute("UPDATE refusal SET line = ?", (line.replace(b"jane", b"kate"),))


@pytest.mark.parametrize(
    ("harm", "finding"),
    [
        (one_byte, "record 1 at byte 0: its checksum does not fit its content"),
        (rewritten, "is not what it was when this one began"),
        (rewritten, "the index noted a last record with the hash"),
        (cut, "records are missing at its end"),
        (record_gone, "it does not follow the record before it"),
        (journal_gone, "(finished), and its journal is missing"),
        (run_gone, "which it began after, is missing"),
        (row_gone, "the index does not have it, and has runs that began before it"),
        (plan_changed, "is not the plan this run began with"),
        (in_anothers_place, "under another name"),
        (refusal_changed, "its checksum does not fit its content"),
    ],
    ids=lambda item: getattr(item, "__name__", "").removeprefix("_"),
)
def test_what_was_changed_or_taken_away_is_found(
    harm: Callable[[Project, tuple[str, ...]], None], finding: str, project: Project, names: tuple[str, ...]
) -> None:
    harm(project, names)
    found = audit(project, "acme")
    assert not found.passed
    assert any(finding in text for text in said(found)), said(found)


def test_what_a_crash_leaves_is_told_from_tampering(project: Project, names: tuple[str, ...]) -> None:
    path = journal_of(project, names[2])
    with path.open("ab") as file:
        file.write(frame(b'{"v": 1}', scan(path.read_bytes()).head)[:40])
    found = audit(project, names[2])
    assert found.passed
    assert found.journals[0].torn == 40
    assert "a record that was never finished" in found.journals[0].notes[0]


def test_a_lost_index_loses_no_run(project: Project) -> None:
    for path in project.state_dir.glob("state.db*"):
        path.unlink()
    found = audit(project, "acme")
    assert found.passed
    assert "the index does not have it" in found.journals[0].notes[0]


def test_hashes_that_were_noted_elsewhere(project: Project, names: tuple[str, ...]) -> None:
    entries = audit(project, names[0]).journals[0].entries
    last, early = entries[-1].digest, entries[1].digest
    found = audit(project, "all", (last, f"sha256:{early.upper()[:12]}"))
    assert [(item.name, item.record, item.of) for item in found.noted] == [
        (names[0], len(entries), len(entries)),
        (names[0], 2, len(entries)),
    ]
    assert found.passed
    assert not audit(project, names[1], (last,)).passed, "it is of another run"
    rechained(project, names[0], lambda payload: payload.replace(b'"acted"', b'"tried"'))
    assert not audit(project, "all", (last,)).noted[0].name
    for wrong in ("0123", "g" * 64, "0" * 65):
        with pytest.raises(OceanaError, match="no hash"):
            audit(project, "all", (wrong,))


def test_a_name_that_there_is_none_of(project: Project, names: tuple[str, ...]) -> None:
    with pytest.raises(OceanaError, match="neither a run nor a site") as raised:
        audit(project, names[0][:-1])
    assert names[0] in str(raised.value.hint)
    assert audit(project, "globex").passed, "a site without runs has nothing wrong"


def test_at_the_keyboard(project: Project, names: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    here = ["-C", str(project.root), "audit", "verify"]
    assert run(here) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "audit passed: 4 journals" in text
    head = audit(project, names[-1]).journals[0].head
    assert f"to note elsewhere: {head}" in text
    cut(project, names)
    assert run([*here, names[2], "--head", head]) == 3
    text = " ".join(capsys.readouterr().out.split())
    assert "audit failed: 1 journal of 1 not as written, 1 noted hash not found" in text
    assert run([*here, "--format", "json"]) == 3
    document = json.loads(capsys.readouterr().out)
    assert (document["passed"], len(document["journals"])) == (False, 4)


@pytest.fixture
def team(tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Project, State]:
    root = copy_project(tmp_path)
    edit(root / "oceana-dr.yaml", ("policy:", "state: {backend: postgres}\npolicy:"))
    monkeypatch.setenv("OCEANA_DR_STATE_URL", postgres_url)
    project = open_project(root)
    return project, state_of(project)


def test_a_teams_state_is_audited_in_its_database(team: tuple[Project, State]) -> None:
    project, state = team
    names = write_runs(project)
    assert audit(project, "all").passed
    with state.database.writing("acme") as connection:
        connection.execute("UPDATE run SET head = ? WHERE run = ?", ("ab" * 32, names[0]))
    assert any("the index noted" in text for text in said(audit(project, names[0])))
    with state.database.writing("acme") as connection:
        connection.execute("DELETE FROM journal WHERE run = ? AND number = 2", (names[2],))
    assert any("went on in two ways" in text or "does not follow" in text for text in said(audit(project, names[2])))
    shutil.rmtree(project.state_dir / "runs")
    assert any("it does not follow the record before it" in text for text in said(audit(project, names[2])))
    with state.database.writing("acme") as connection:
        connection.execute("DELETE FROM journal WHERE run = ?", (names[1],))
    found = said(audit(project, "acme"))
    assert any(f"the index has run {names[1]}" in text for text in found)
