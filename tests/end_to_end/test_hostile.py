"""Whatever a user does to files, names, folders and streams: an exit code, a message, and no traceback."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.end_to_end.hostile import full_device, full_disk, shell, small_files, within, without_privilege
from tests.end_to_end.program import Program
from tests.planning import edit

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [*{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}, *{old}]\n"
    for old, name in zip("abcdefgh", "bcdefghi", strict=True)
)


def insert(old: str, new: str) -> Callable[[Path], None]:
    return lambda path: edit(path, (old, new))


def loop(path: Path) -> None:
    path.unlink()
    path.symlink_to(path.name)


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def unreadable(path: Path) -> None:
    path.chmod(0)


SITE_FILES: dict[str, tuple[Callable[[Path], object], str]] = {
    "tab": (insert("\ndata_centers:\n  dc1:", "\ndata_centers:\n\tdc1:"), "OD1007"),
    "yaml 1.1 word": (insert("operational: dc1 ", "operational: dc1\nchannels: {chat: yes} "), "chat"),
    "yaml 1.1 boolean": (insert("operational: dc1 ", "operational: off "), "write dc1 or dc2"),
    "alias bomb": (lambda path: path.write_text(BOMB + path.read_text()), "OD1014"),
    "deep nesting": (lambda path: path.write_text("a: " + "[" * 5000 + "]" * 5000), "OD1013"),
    "port 0": (insert("url: https://epm.acme.example", "url: https://epm.acme.example:0"), "OD1111"),
    "node named as its cluster": (insert("fqdn: breeze11.dc1", "fqdn: aoc1.dc1"), "OD1121"),
    "two equal addresses": (insert("10.12.4.10", "10.11.4.10"), "OD1123"),
    "a second DR site": (
        insert("  dc2:\n    name: Leipzig", "  dc3:\n    name: Bonn\n  dc2:\n    name: Leipzig"),
        "dc3",
    ),
    "missing": (Path.unlink, "OD1021"),
    "unreadable": (unreadable, "permission denied"),
    "folder": (folder, "a folder"),
    "pipe": (pipe, "a pipe"),
    "link to itself": (loop, "circle"),
    "not UTF-8": (lambda path: path.write_bytes(b"schema: \xff\xfe\n"), "OD1004"),
    "empty": (lambda path: path.write_bytes(b""), "OD1018"),
    "zero bytes": (lambda path: path.write_bytes(bytes(4096)), "OD1005"),
    "too large": (lambda path: path.write_bytes(b"# " + b"x" * 2_000_000), "OD1003"),
    "cut off": (lambda path: path.write_bytes(path.read_bytes()[:700]), "OD1"),
}


@pytest.mark.parametrize("name", SITE_FILES)
def test_a_broken_site_file_is_named_with_what_is_wrong(name: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    spoil, said = SITE_FILES[name]
    spoil(program.root / "sites/acme/site.yaml")
    done = program.run("plan", "acme", code=1, before=without_privilege)
    assert said in done.stderr
    assert "error" in done.stderr
    assert "acme" in done.stderr


def test_equal_public_addresses_are_refused(tmp_path: Path) -> None:
    program = Program(tmp_path)
    path = program.root / "sites/globex/site.yaml"
    text = path.read_text()
    addresses = re.findall(r"web_gateway: ([0-9.]+)", text)
    path.write_text(text.replace(addresses[1], addresses[0]))
    assert "OD1122" in program.run("validate", "globex", code=1).stdout


def test_validate_names_every_error_of_every_site(tmp_path: Path) -> None:
    program = Program(tmp_path)
    edit(program.root / "sites/acme/site.yaml", ("fqdn: breeze11.dc1", "fqdn: aoc1.dc1"), ("10.12.4.10", "10.11.4.10"))
    (program.root / "sites/globex/site.yaml").write_bytes(b"\xff")
    done = program.run("validate", code=1)
    assert all(code in done.stdout for code in ("OD1121", "OD1123", "OD1004"))


def test_a_seed_or_defaults_that_are_broken_are_named(tmp_path: Path) -> None:
    program = Program(tmp_path)
    (program.root / "sites/acme/lab.seed.json").write_text('{"schema"')
    assert "lab.seed.json" in program.run("plan", "acme", code=1).stderr
    (program.root / "sites/acme/lab.seed.json").unlink()
    assert "lab.seed.json" in program.run("plan", "acme", code=1).stderr
    pipe(program.root / "sites/defaults.yaml")
    assert "defaults.yaml" in program.run("plan", "acme", code=1).stderr
    (program.root / "oceana-dr.yaml").write_text("schema: oceana-dr/project/v1\nlab: {time_scale: 0}\n")
    assert "time_scale" in program.run("plan", "acme", code=1).stderr


def test_outside_a_project_every_command_says_so(tmp_path: Path) -> None:
    program = Program(tmp_path)
    for command in ("validate", "plan acme", "drift acme", "status acme", "history acme", "lab start", "explain P10"):
        done = program.run("-C", "/", *command.split(), code=1)
        assert "oceana-dr.yaml" in done.stderr
        assert "-C" in done.stderr
    assert "nowhere" in program.run("-C", "/nowhere/at/all", "validate", code=1).stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("plan acmee", "did you mean `acme`?"),
        ("drift glbex", "did you mean `globex`?"),
        ("status acmee", "did you mean `acme`?"),
        ("history acmee", "did you mean `acme`?"),
        ("apply acmee --yes", "did you mean `acme`?"),
        ("compile acmee", "did you mean `acme`?"),
        ("snapshot acmee", "did you mean `acme`?"),
        ("lab crew acmee", "did you mean `acme`?"),
        ("plan sites/acme", "`acme`, not its path"),
        ("plan ..", "no site"),
        ("plam acme", "Did you mean `plan`?"),
        ("plan acme --detailed-exitcod", "--detailed-exitcode"),
        ("plan acme --format xml", "'text', 'json'"),
        ("plan acme --operational dc3", "'dc1', 'dc2'"),
        ("plan acme --scenario stedy", "steady"),
        ("plan", "SITE"),
        ("lab nope", "nope"),
        ("lab break acme nope", "lab break --list"),
        ("lab set acme dc1/nope A=b", "dc1/nope"),
        ("schema nope", "plan"),
        ("explain OD9999", "OD9999"),
        ("explain dc1/oracl", "did you mean dc1/oracle?"),
        ("explain P99", "name an address, a setting, a step"),
        ("explain dns-efect-delay", "did you mean dns-effect-delay?"),
        ("lab break acme gateway-dwon", "did you mean gateway-down?"),
        ("report 2026", "there is no run"),
        ("rollback 2026", "there is no run"),
        (f"plan {'a' * 5000}", "no site"),
        (f"apply {'a' * 5000}", "too long"),
        ("show nope.json", "nope.json"),
        ("show .", "directory"),
        ("verify /dev/zero", "larger than"),
        ("apply", "PLAN|SITE"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(line: str, said: str, bystander: Program) -> None:
    done = bystander.run(*line.split(), code=1)
    assert said in done.stderr, done.stderr


@pytest.fixture(scope="module")
def bystander(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A program for commands that change nothing."""
    return Program(tmp_path_factory.mktemp("bystander"))


@pytest.mark.parametrize("what", ["plan acme", "snapshot acme"])
def test_a_file_that_cannot_be_written_is_named_and_the_old_one_stays(what: str, tmp_path: Path) -> None:
    program, command = Program(tmp_path), what.split()
    old = program.root / "old.json"
    old.write_text("old")
    assert "nowhere" in program.run(*command, "-o", "nowhere/x.json", code=1).stderr
    assert "sites" in program.run(*command, "-o", "sites", code=1).stderr
    assert "no file" in program.run(*command, "-o", "", code=1).stderr
    device = full_device(tmp_path)
    assert "No space left" in program.run(*command, "-o", str(device), code=1).stderr
    assert device.is_char_device(), "a device must never be replaced by a file"
    program.run(*command, "-o", "old.json", code=1, before=small_files(2000))
    assert old.read_text() == "old"
    assert sorted(path.name for path in program.root.glob(".*")) == [], "nothing half-written is left"


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path: Path) -> None:
    program = Program(tmp_path)
    (program.root / "link.json").symlink_to("real.json")
    program.run("plan", "acme", "-o", "link.json")
    assert (program.root / "link.json").is_symlink()
    assert json.loads((program.root / "real.json").read_text())["site"] == "acme"
    assert json.loads(shell(program, "oceana-dr plan acme -o /dev/stderr 2>&1 >/dev/null").stdout)["site"] == "acme"
    assert "acme" in shell(program, "oceana-dr show <(cat real.json)").stdout
    assert shell(program, "cat real.json | oceana-dr apply /dev/stdin --yes").returncode == 0


def test_an_output_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("compile", "acme", "-o", "oceana-dr.yaml", code=1)
    (program.root / "build").write_text("in the way")
    assert "build" in program.run("compile", "acme", code=1).stderr
    (program.root / "build").unlink()
    program.run("compile", "acme", code=1, before=small_files(100))
    assert "/dev/null is not a folder" in program.run("compile", "acme", "-o", "/dev/null", code=1).stderr


def test_on_a_full_disk_nothing_is_run_and_it_is_said(tmp_path: Path) -> None:
    program = Program(tmp_path)
    change = ("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
    with full_disk(program.root / ".oceana-dr", "16k") as mounted:
        if not mounted:
            pytest.skip("nothing may be mounted here")
        assert "full" in program.run(*change, code=1).stderr
        assert "full" in program.run("apply", "acme", "--yes", code=1).stderr
    with full_disk(program.root / ".oceana-dr", "256k") as mounted:
        assert mounted
        program.run(*change)
        left = os.statvfs(program.root / ".oceana-dr")
        (program.root / ".oceana-dr/filler").write_bytes(bytes(max(0, left.f_bavail * left.f_bsize - 4096)))
        assert "full" in program.run("apply", "acme", "--yes", code=1).stderr
        (program.root / ".oceana-dr/filler").unlink()
        program.run("apply", "acme", "--yes")


def test_a_run_that_a_full_disk_stops_is_gone_on_with_and_nobody_is_told_to_reset(tmp_path: Path) -> None:
    program = Program(tmp_path)
    state = program.root / ".oceana-dr"
    with full_disk(state, "4m") as mounted:
        if not mounted:
            pytest.skip("nothing may be mounted here")
        program.move("acme")
        program.run("plan", "acme", "-o", "plan.json")
        program.answers(json.loads((program.root / "plan.json").read_text("utf-8")))
        program.run("lab", "set", "acme", "dc1/smgr/cluster3/SocialConnector", "MaintenanceMode=true")
        program.run("lab", "reset", "acme")
        apply = ("apply", "plan.json", "--yes", "--answers", "answers.json")
        stopped = None
        for room in range(120_000, 400_000, 40_000):  # with less than it needs to begin, nothing is run
            left = os.statvfs(state)
            (state / "filler").write_bytes(bytes(left.f_bavail * left.f_bsize - room))
            stopped = program.run(*apply, code=None)
            if stopped.returncode != 1:
                break
            assert "the disk is full" in stopped.stderr
            (state / "filler").unlink()
        assert stopped is not None
        assert (stopped.returncode, "the disk is full" in stopped.stderr) == (4, True), stopped.stderr
        (state / "more").write_bytes(b"")
        with suppress(OSError), (state / "more").open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        for look in ("plan", "drift"):
            said = program.run(look, "acme", code=None).stderr
            assert "reset" not in said
            assert not said or "the disk is full" in said
        (state / "filler").unlink()
        (state / "more").unlink()
        assert "finished: all 47 steps done" in program.run(*apply).stderr


EDIT = "lab set acme dc1/smgr/cluster3/SocialConnector MaintenanceMode=true"
STREAMS = {
    "the reader leaves": ("oceana-dr schema site | head -1", 0),
    "the reader leaves many lines": ("oceana-dr catalogue settings | head -1", 0),
    "the reader was never there": ("oceana-dr plan acme | true", 0),
    "no stdout": ("oceana-dr plan acme >&-", 0),
    "no stderr": ("oceana-dr plan nope 2>&-", 1),
    "no stdin": ("oceana-dr plan acme <&-", 0),
    "no stream at all": ("oceana-dr plan acme <&- >&- 2>&-", 0),
    "a question without stdin": (f"oceana-dr {EDIT} >&-; oceana-dr apply acme <&-", 8),
    "stdout is full": ("oceana-dr plan acme >/dev/full", 1),
    "stdout is full for help": ("oceana-dr --help >/dev/full", 1),
    "stdout is full for the version": ("oceana-dr --version >/dev/full", 1),
    "stderr is full": ("oceana-dr plan nope 2>/dev/full", 1),
    "nobody saw the plan": (f"oceana-dr {EDIT} >&-; oceana-dr apply acme --yes >/dev/full", 1),
    "a run without streams": (f"oceana-dr {EDIT} >&-; oceana-dr apply acme --yes <&- >&- 2>&-", 0),
    "a run whose progress nobody reads": (
        f"oceana-dr {EDIT} >&-; oceana-dr apply acme --yes 2>&1 >/dev/null | true",
        0,
    ),
}


@pytest.mark.parametrize("name", STREAMS)
def test_streams_that_are_closed_or_full(name: str, tmp_path: Path) -> None:
    line, code = STREAMS[name]
    done = shell(Program(tmp_path), line)
    assert done.returncode == code, done


@pytest.mark.parametrize(
    "environment",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"TERM": "dumb"},
        {"COLUMNS": "40"},
        {"COLUMNS": "1"},
        {"COLUMNS": "-3"},
        {"NO_COLOR": "1", "TERM": "xterm-256color", "LANG": "xx_YY.nonsense"},
    ],
    ids=lambda environment: " ".join(f"{name}={value}" for name, value in environment.items()),
)
def test_any_terminal_shows_a_whole_plan(environment: dict[str, str], bystander: Program) -> None:
    here = within(bystander, environment)
    text = here.run("plan", "acme", "--operational", "dc2").stdout
    assert all(step in text for step in ("P01", "P23", "P41"))
    if environment.get("PYTHONIOENCODING") == "ascii" or environment.get("LC_ALL") == "POSIX":
        assert text.isascii()
        answer = here.run("plan", "globex", "--format", "json").stdout
        assert json.loads(answer)["site"] == "globex"
        assert json.loads(here.run("snapshot", "globex").stdout)["site"] == "globex"
    here.run("explain", "P10")
    here.run("validate", "acmee", code=1)


def test_bytes_that_are_no_text_are_refused_as_words(bystander: Program) -> None:
    bad = os.fsdecode(b"ac\xffme")
    assert "no site" in bystander.run("plan", bad, code=1).stderr
    bystander.run("explain", bad, code=1)
    bystander.run("-C", bad, "report", bad, code=1)
    assert "no text" in bystander.run("apply", "acme", "--yes", "--operator", bad, code=1).stderr


def test_an_interrupt_while_waiting_stops_the_run_and_it_goes_on_later(tmp_path: Path) -> None:
    program = Program(tmp_path, scale=600)
    program.move("acme")
    plan = program.json("plan", "acme", "--format", "json", "-o", "plan.json")
    command = ["apply", "plan.json", "--yes", "--answers", str(program.answers(plan))]
    with subprocess.Popen(
        program.command(*command),
        cwd=program.root,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "waits" in line:
                break
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(20) == 4
    assert time.monotonic() - began < 10, "a signal interrupts a wait at once"
    assert "SIGINT" in rest
    assert "resume" in rest
    assert "Traceback" not in rest
    assert "stopped" in program.run("status", "acme").stdout
