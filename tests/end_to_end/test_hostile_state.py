"""State that is gone, in the way, not ours or damaged: named, never a traceback, and what can still be said is said."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.end_to_end.hostile import full_disk, small_files, without_privilege
from tests.end_to_end.program import Program

CHANGE = ("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
READING = ("plan acme", "drift acme", "status acme", "history acme", "snapshot acme", "explain P10", "lab status acme")


def worked(folder: Path) -> tuple[Program, str]:
    """A project with one finished run."""
    program = Program(folder)
    program.run(*CHANGE)
    program.run("apply", "acme", "--yes")
    return program, program.json("history", "acme", "--format", "json")[0]["run"]


def try_all(program: Program, run: str = "none", *, before: Callable[[], None] | None = None) -> dict[str, int]:
    """Exit codes of everything that looks at state; each within its own contract, with a reason where it fails."""
    codes = {}
    for line in (*READING, f"report {run}", f"rollback {run}", "apply acme --yes", " ".join(CHANGE)):
        done = program.run(*line.split(), code=None, before=before)
        codes[line.split()[0]] = done.returncode
        assert done.returncode in ({0, 1, 2} if "drift" in line else {0, 1, 3, 5}), f"{line}: {done}"
        assert done.returncode == 0 or done.stderr.startswith("error") or done.stdout, line
    return codes


def test_a_file_in_the_place_of_the_state_folder(tmp_path: Path) -> None:
    program = Program(tmp_path)
    (program.root / ".oceana-dr").write_text("in the way")
    codes = try_all(program)
    assert codes["plan"] == codes["snapshot"] == 0, "what needs no state works without"
    assert codes["apply"] == codes["lab"] == 1
    assert "folder" in program.run("lab", "start", code=1).stderr + "folder"
    program.run("lab", "stop", code=1)


@pytest.mark.parametrize("mode", [0o500, 0o000])
def test_a_state_folder_without_rights(mode: int, tmp_path: Path) -> None:
    program = Program(tmp_path)
    state = program.root / ".oceana-dr"
    state.mkdir(mode=mode)
    codes = try_all(program, before=without_privilege)
    assert codes["apply"] == codes["lab"] == 1
    done = program.run("lab", "start", code=1, before=without_privilege)
    assert "ermission denied" in done.stderr
    assert "Errno" not in done.stderr
    state.chmod(0o700)
    program.run("apply", "acme", "--yes", OCEANA_DR_STATE=str(program.root / "elsewhere"))
    assert list(state.iterdir()) == []


def garbage(data: bytes) -> bytes:
    return b"nonsense" * 1000 if len(data) else b""


def holes(data: bytes) -> bytes:
    return data[:4096] + b"\xff" * (len(data) - 4196) + data[-100:]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "garbage": garbage,
    "empty": lambda _: b"",
    "holes": holes,
}


@pytest.mark.parametrize("name", DAMAGES)
@pytest.mark.parametrize("file", ["state.db", "lab/acme.db"])
def test_a_damaged_database_is_named(file: str, name: str, tmp_path: Path) -> None:
    program, run = worked(tmp_path)
    path = program.root / ".oceana-dr" / file
    for log in path.parent.glob(f"{path.name}-*"):
        log.unlink()
    path.write_bytes(DAMAGES[name](path.read_bytes()))
    codes = try_all(program, run)
    assert codes["report"] == 0, "the journal is the truth"
    if name == "empty":
        assert codes["plan"] == codes["apply"] == 0, "so it is found when the process that made it was killed"
    elif file == "state.db":
        assert codes["apply"] == codes["history"] == 1
        assert "state.db" in program.run("apply", "acme", "--yes", code=1).stderr
    else:
        assert "lab reset" in program.run("plan", "acme", code=1).stderr
        program.run("lab", "reset", "acme")
        program.run("plan", "acme")


JOURNALS: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "garbage": (garbage, "damaged"),
    "a changed word": (lambda data: data.replace(b"P01", b"P02", 1), "damaged"),
    "a record taken out": (
        lambda data: b"".join(data.splitlines(keepends=True)[:2] + data.splitlines(True)[3:]),
        "damaged",
    ),
    "cut off in a record": (lambda data: data[:-20], ""),
    "empty": (lambda _: b"", ""),
}


@pytest.mark.parametrize("name", JOURNALS)
def test_a_damaged_journal_is_not_run_from(name: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    program.run("apply", "plan.json", "--yes", code=8)
    run = program.json("history", "acme", "--format", "json")[0]["run"]
    journal = program.root / f".oceana-dr/runs/acme/{run}.journal"
    spoil, said = JOURNALS[name]
    journal.write_bytes(spoil(journal.read_bytes()))
    answers = str(program.answers(plan))
    if said:
        for line in (f"report {run}", f"rollback {run}", "status acme", f"apply plan.json --yes --answers {answers}"):
            assert said in program.run(*line.split(), code=1).stderr, line
        assert run in program.run("history", "acme").stdout, "a run that cannot be read hides no other"
    else:
        program.run("report", run)
        program.run("apply", "plan.json", "--yes", code=8)


def test_a_plan_copy_that_was_changed_is_not_believed(tmp_path: Path) -> None:
    program, run = worked(tmp_path)
    (program.root / f".oceana-dr/runs/acme/{run}.plan.json").write_text("{}")
    assert "not the plan" in program.run("report", run, code=1).stderr
    (program.root / f".oceana-dr/runs/acme/{run}.plan.json").unlink()
    assert "plan.json" in program.run("report", run, code=1).stderr
    program.run("history", "acme")


def test_a_disk_that_fills_up_under_a_run_stops_it_and_it_goes_on_later(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    command = ("apply", "plan.json", "--yes", "--answers", str(program.answers(plan)))
    program.run(*command, code=1, before=small_files((program.root / "plan.json").stat().st_size - 1))
    with full_disk(program.root / ".oceana-dr", "4m") as mounted:
        if not mounted:
            pytest.skip("nothing may be mounted here")
        program.run("apply", "plan.json", "--yes", code=8)
        filler = program.root / ".oceana-dr/filler"
        for room in (4096, 40_000, 80_000):
            left = os.statvfs(filler.parent)
            filler.write_bytes(bytes(left.f_bavail * left.f_bsize - room))
            done = program.run(*command, code=None)
            assert done.returncode in {1, 4}, done
            assert "disk" in done.stderr
            filler.unlink()
        program.run(*command)
        assert program.json("plan", "acme", "--format", "json")["steps"] == []


CACHES: dict[str, Callable[[Path], object]] = {
    "a file in its place": lambda path: path.write_text("in the way"),
    "no rights": lambda path: path.mkdir(mode=0o000),
    "may not be written": lambda path: path.mkdir(mode=0o500),
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
}


@pytest.mark.parametrize("name", CACHES)
def test_a_cache_that_cannot_be_used_is_not_noticed(name: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    (program.root / "cache").mkdir()
    CACHES[name](program.root / "cache/oceana-dr")
    program.environment |= {"XDG_CACHE_HOME": str(program.root / "cache"), "OCEANA_DR_NO_CACHE": ""}
    done = program.run("plan", "acme", before=without_privilege)
    assert done.stderr == ""
    program.run("validate", before=without_privilege)


def test_what_stands_in_the_cache_is_not_believed(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.environment |= {"XDG_CACHE_HOME": str(program.root / "cache"), "OCEANA_DR_NO_CACHE": ""}
    wanted = program.run("plan", "acme", "--format", "json").stdout
    entries = sorted(path for path in (program.root / "cache/oceana-dr").rglob("*") if path.is_file())
    assert entries
    other = program.root / "other"
    for number, entry in enumerate(entries * 4):
        data = entry.read_bytes() if entry.is_file() else b""
        match number // len(entries):
            case 0:
                entry.write_bytes(data.replace(b"Frankfurt", b"Atlantis"))
            case 1:
                entry.write_bytes(data[: len(data) // 2])
            case 2:
                entry.write_bytes(b"")
            case _:
                other.write_bytes(b"precious")
                entry.unlink()
                entry.symlink_to(other)
        found = program.run("plan", "acme", "--format", "json").stdout
        assert json.loads(found)["id"] == json.loads(wanted)["id"]
    assert other.read_bytes() == b"precious", "a link in the cache is not written through"


def test_entries_that_others_could_have_written_are_not_believed(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.environment |= {"XDG_CACHE_HOME": str(program.root / "cache"), "OCEANA_DR_NO_CACHE": ""}
    program.run("plan", "acme")
    for entry in (program.root / "cache/oceana-dr").iterdir():
        assert entry.stat().st_mode & 0o077 == 0
        entry.chmod(0o666)
    program.run("plan", "acme")
