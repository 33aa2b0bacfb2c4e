"""Many sites at once: the same words with any number of processes, and no process left behind."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from benchmarks.fleet import site_file, site_name, write_fleet
from tests.end_to_end.program import Program
from tests.planning import edit

SITES = 12
LONG = 600
"""Sites that take much longer than it takes to find a process."""


def fleet(folder: Path, sites: int) -> Program:
    """The program, in a project with that many sites instead of the examples, and with a cache."""
    program = Program(folder / "project")
    program.root = write_fleet(folder / "fleet", sites)
    program.environment |= {"XDG_CACHE_HOME": str(folder / "cache")}
    del program.environment["OCEANA_DR_NO_CACHE"]
    return program


@pytest.fixture
def broken(tmp_path: Path) -> Program:
    program = fleet(tmp_path, SITES)
    for number in (1, 4, 11):
        edit(site_file(program.root, number), ("operational: dc1", f"operational: dc{number}7"))
    edit(program.root / "sites/defaults.yaml", ("port: 2188", "port: 2189"))
    return program


@pytest.mark.parametrize("form", ["text", "json"])
def test_processes_and_cache_change_no_word(form: str, broken: Program) -> None:
    def validate(*options: str) -> tuple[str, str]:
        done = broken.run(*options, "--format", form, code=1)
        return done.stdout, done.stderr

    alone = validate("--no-cache", "validate", "--jobs", "1")
    assert "dc47" in alone[0] or form == "json"
    assert validate("validate", "--no-cache", "--jobs", "3") == alone
    assert not list(Path(broken.environment["XDG_CACHE_HOME"]).rglob("verdict-*")), "nothing may be kept"
    assert validate("validate", "--jobs", "3") == alone
    assert validate("validate", "--jobs", "3") == alone, "from the cache"
    assert validate("validate") == alone


def test_shards_say_together_what_all_say(broken: Program) -> None:
    def validate(*options: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = json.loads(
            broken.run("validate", "--format", "json", *options, code=None).stdout
        )
        # What sites add to a default that is wrong is told of the sites that are checked.
        return [{key: item[key] for key in item if key not in {"labels", "notes"}} for item in found]

    together = [item for number in range(1, 6) for item in validate("--shard", f"{number}/5")]
    whole = validate()
    assert [item for item in whole if item not in together] == []
    assert [item for item in together if item not in whole] == []
    sites = [item for item in together if "/site-" in str(item["file"])]
    assert len(sites) == 3, "each site in one shard; what is wrong with the defaults is said by each"


def test_two_at_once_share_a_cache(broken: Program) -> None:
    running = [
        subprocess.Popen(
            broken.command("validate", "--jobs", "2"),
            cwd=broken.root,
            env=broken.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    said = [process.communicate() for process in running]
    again = broken.run("validate", code=1)
    assert said == [(again.stdout, again.stderr)] * 3


@pytest.mark.parametrize(
    "command",
    [
        ("validate", "--no-cache"),
        ("--no-cache", "validate"),
        ("plan", "{}", "--no-cache"),
        ("compile", "{}", "--no-cache"),
    ],
)
def test_no_cache_keeps_nothing(command: tuple[str, ...], tmp_path: Path) -> None:
    program = fleet(tmp_path, 1)
    words = [word.format(site_name(0)) for word in command]
    program.run(*words, code=None)
    assert not (tmp_path / "cache").exists()
    program.run(*(word for word in words if word != "--no-cache"), code=None)
    assert (tmp_path / "cache" / "oceana-dr").exists()


def test_an_empty_shard_is_no_error(broken: Program) -> None:
    assert broken.run("validate", "--shard", "13/13").stdout == "no sites: valid\n"


@pytest.mark.parametrize(
    "shard", ["0/3", "4/3", "1", "1/", "/2", "a/b", "-1/2", "1/2/3", "1/0", "", "1/99999999999999"]
)
def test_a_shard_that_is_none_is_refused(shard: str, broken: Program) -> None:
    assert "--shard" in broken.run("validate", f"--shard={shard}", code=1).stderr


@pytest.mark.parametrize("command", [["validate", "--changed-since", "--help"], ["validate", "--changed-since=-x"]])
def test_a_revision_cannot_be_an_option(command: list[str], broken: Program) -> None:
    done = broken.run(*command, code=1)
    assert "git knows no revision" in done.stderr
    assert "help: " in done.stderr


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], list[int]]]:
    """`validate` at work with two processes, and theirs ids."""
    program = fleet(tmp_path, LONG)
    process = subprocess.Popen(
        program.command("--no-cache", "validate", "--jobs", "2"),
        cwd=program.root,
        env=program.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    children: list[int] = []
    while len(children) < 2:
        assert process.poll() is None, "it ended before its processes were seen"
        children = [int(word) for word in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    try:
        yield process, children
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def gone(processes: list[int]) -> bool:
    """Whether all of them end, sooner or later; the test runner's own limit is the only one."""
    while any(alive(pid) for pid in processes):
        time.sleep(0.01)
    return True


def alive(pid: int) -> bool:
    try:
        # A process that ended stays as a zombie until somebody asks for it: its adoptive parent's matter.
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_what_a_process_that_dies_leaves_undone_is_done_without_it(
    running: tuple[subprocess.Popen[str], list[int]],
) -> None:
    process, children = running
    os.kill(children[0], signal.SIGKILL)
    out, err = process.communicate()
    assert process.returncode == 0, err
    assert "valid" in out
    assert "Traceback" not in err
    assert gone(children)


def test_ctrl_c_stops_all_of_them(running: tuple[subprocess.Popen[str], list[int]]) -> None:
    process, children = running
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    out, err = process.communicate()
    assert (process.returncode, out, err.strip()) == (4, "", "stopped")
    assert gone(children)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_nobody_works_for_a_process_that_was_killed(
    number: signal.Signals, running: tuple[subprocess.Popen[str], list[int]]
) -> None:
    process, children = running
    for child in children:
        os.kill(child, signal.SIGSTOP)  # so that none can be done before
    os.kill(process.pid, number)
    process.wait()
    for child in children:
        os.kill(child, signal.SIGCONT)
    assert gone(children)


def test_unchanged_sites_load_no_parser(tmp_path: Path) -> None:
    program = fleet(tmp_path, 2)
    program.run("validate")
    command = program.command("validate")
    traced = subprocess.run(
        [command[0], "-X", "importtime", *command[1:]],
        cwd=program.root,
        env=program.environment,
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    assert not {name for name in ("pydantic", "ruamel", "multiprocessing", "subprocess") if f" {name}\n" in traced}
    assert program.run("validate").stdout == f"{site_name(0)}, {site_name(1)}: valid\n"
