"""What would cost most: each is refused by a process that has 512 MB of memory and ten seconds of processor time.

The limits are the system's: a process that passes one is killed, or fails with a traceback. Nothing is timed.
"""

import resource
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.program import Program

MIB = 1 << 20
ADDRESS_SPACE = 512 * MIB
PROCESSOR_S = 10
FEW_MEANS = {
    resource.RLIMIT_AS: ADDRESS_SPACE,
    resource.RLIMIT_CPU: PROCESSOR_S,
    resource.RLIMIT_CORE: 0,
}


def aliases_of_aliases(levels: int, width: int) -> str:
    lines = [f"a0: &a0 [{', '.join('x' * width)}]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join(lines)


def fill(part: str, size: int = MIB - 64) -> str:
    """The part as often as it fits into the largest file that is read."""
    return part * (size // len(part.encode()))


BOMBS: dict[str, tuple[str | bytes, str]] = {
    "aliases of aliases": (aliases_of_aliases(60, 2), "OD1014"),
    "wide aliases": (aliases_of_aliases(9, 100), "OD1014"),
    "flow nesting": (fill("["), "OD1013"),
    "flow nesting of mappings": (fill("{a: "), "OD1013"),
    "nested lists in a line": (fill("- "), "OD1013"),
    "nested keys in a line": (fill("? "), "OD1013"),
    "nested mappings": ("".join(" " * depth + "a:\n" for depth in range(1400)), "OD1013"),
    "one long line": ("a: " + fill("x"), "OD1101"),
    "one long list": ("a: [" + fill("1,"), "OD1014"),
    "one long key": ('? "' + fill("k") + '"\n: 1\n', "OD1101"),
    "a long anchor": ("a: &" + fill("x") + " 1\n", "OD1101"),
    "long aliases without anchors": (fill(f"a: *{'y' * 2000}\n"), "OD1012"),
    "a long tag": ("a: !" + fill("x") + " 1\n", "OD1011"),
    "a tag that grows": (f"%TAG !a! tag:{'x' * 500_000}\n---\n" + fill("a: !a!b 1\n", 400_000), "OD1011"),
    "many tag lines": ("".join(f"%TAG !a{n}! tag:x:\n" for n in range(40_000)), "OD1011"),
    "many tags": (fill("a: !x 1\n", 190_000), "OD1011"),
    "many keys": ("".join(f"k{n}: 1\n" for n in range(24_000)), "OD1101"),
    "many equal keys": (fill("a: 1\n", 120_000), "OD1008"),
    "many keys that are numbers": ("".join(f"{n}: 1\n" for n in range(24_000)), "OD1015"),
    "many merge keys": (fill("<<: 1\n", 144_000), "OD1009"),
    "many wrong items": ("change_windows: [" + fill("1,", 90_000) + "]\n", "OD1103"),
    "many documents": (fill("---\n"), "OD1010"),
    "many document ends": (fill("...\n"), "OD1006"),
    "many comments": (fill("#\n"), "OD1018"),
    "many blank lines": (fill("\n") + ":", "OD1006"),
    "many escapes": ('a: "' + fill("\\x41") + '"\n', "OD1101"),
    "a number of a megabyte": ("a: " + fill("9") + "\n", "OD1016"),
    "many long numbers on a line": (f"a: [{','.join(['9' * 65] * 15_000)}]\n", "OD1016"),
    "a float out of range": ("a: 1e999999999\n", "OD1101"),
    "many zero bytes": (bytes(MIB), "OD1005"),
    "many bells": (b"\a\n" * (MIB // 2), "OD1005"),
    "many wrong bytes": (b"\xff" * MIB, "OD1004"),
    "many factory passwords": (fill("# Oceana16\n"), "OD1140"),
    "many factory passwords on a line": ("# " + fill("Oceana16 "), "OD1140"),
    "many secrets": (fill("x: {password: hunter2hunter2}\n", 300_000), "OD1008"),
    "a hundred megabytes": (b"a: b\n" * (20 * MIB), "OD1003"),
}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return Program(tmp_path_factory.mktemp("bounds"))


@pytest.mark.parametrize("name", BOMBS)
def test_a_site_file_that_costs_much_is_refused_with_little(name: str, program: Program) -> None:
    bomb, code = BOMBS[name]
    path = program.root / "sites/acme/site.yaml"
    path.write_bytes(bomb if isinstance(bomb, bytes) else bomb.encode())
    done = program.run("validate", "acme", code=1, limits=FEW_MEANS)
    assert f"[{code}]" in done.stdout
    assert len(done.stdout) < MIB, "nobody reads that much"
    assert "Oceana16" not in done.stdout
    assert "hunter2" not in done.stdout


@pytest.mark.parametrize("form", ["concise", "json", "github"])
def test_every_format_is_bounded(form: str, program: Program) -> None:
    path = program.root / "sites/acme/site.yaml"
    path.write_text(str(BOMBS["many equal keys"][0]) + fill("# Oceana16\n", 100_000))
    done = program.run("validate", "acme", "--format", form, code=1, limits=FEW_MEANS)
    assert "OD1020" in done.stdout
    assert len(done.stdout) < MIB
    assert "Oceana16" not in done.stdout


@pytest.mark.parametrize("file", ["sites/defaults.yaml", "oceana-dr.yaml"])
@pytest.mark.parametrize("name", ["aliases of aliases", "many equal keys", "many zero bytes", "a hundred megabytes"])
def test_the_other_files_are_bounded_too(name: str, file: str, tmp_path: Path) -> None:
    program, (bomb, code) = Program(tmp_path), BOMBS[name]
    (program.root / file).write_bytes(bomb if isinstance(bomb, bytes) else bomb.encode())
    done = program.run("validate", "acme", code=1, limits=FEW_MEANS)
    assert f"[{code}]" in done.stdout + done.stderr


JSON_BOMBS: dict[str, bytes] = {
    "a hundred megabytes": b"[" + b"1," * (50 * MIB) + b"1]",
    "many empty tables": b"[" + b"{}," * (2 * MIB) + b"1]",
    "many lists": b"[" + b"[]," * (2 * MIB) + b"1]",
    "nesting": b"[" * (4 * MIB),
    "nesting of tables": b'{"a":' * MIB,
    "a number of megabytes": b'{"format_version": "1.0", "site": ' + b"9" * (4 * MIB) + b"}",
    "a text of megabytes": b'{"format_version": "' + b"1" * (7 * MIB) + b'"}',
    "zero bytes": bytes(4 * MIB),
}


@pytest.mark.parametrize("name", JSON_BOMBS)
def test_a_plan_or_snapshot_that_costs_much_is_refused_with_little(name: str, tmp_path: Path) -> None:
    program = Program(tmp_path)
    (program.root / "bomb.json").write_bytes(JSON_BOMBS[name])
    verified = 1 if name == "a hundred megabytes" else 3  # what is too large was never read, and may be a plan
    for command, code in (("verify bomb.json", verified), ("plan acme --live bomb.json", 1)):
        said = program.run(*command.split(), code=code, limits=FEW_MEANS).stderr
        assert said.startswith("error"), command
        assert len(said) < 4096, command


def test_answers_that_cost_much_are_refused_with_little(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("plan", "acme", "-o", "plan.json")
    for name in ("aliases of aliases", "many equal keys", "many zero bytes", "a hundred megabytes"):
        bomb, _ = BOMBS[name]
        (program.root / "answers.yaml").write_bytes(bomb if isinstance(bomb, bytes) else bomb.encode())
        command = ("apply", "plan.json", "--yes", "--answers", "answers.yaml")
        said = program.run(*command, code=1, limits=FEW_MEANS).stderr
        assert said.startswith("error")
        assert len(said) < MIB


def test_a_plan_is_verified_from_what_was_read_once(tmp_path: Path) -> None:
    program = Program(tmp_path)
    program.run("plan", "acme", "-o", "plan.json")
    words = " ".join(program.command())
    done = subprocess.run(
        ["bash", "-c", f"{words} verify <(cat plan.json)"],
        cwd=program.root,
        env=program.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "schema: holds" in done.stdout
