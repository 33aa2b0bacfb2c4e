"""The lock files pin everything by hash and name no place to fetch from."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNTIME = ROOT / "requirements.lock"
DEVELOPMENT = ROOT / "requirements-dev.lock"
EXTRAS = ROOT / "requirements-extras.lock"
FOLDERS = ("benchmarks", "fuzz", "scripts/bundle")
LOCKS = [RUNTIME, DEVELOPMENT, EXTRAS, *(ROOT / part / "requirements.lock" for part in FOLDERS)]

PIN = re.compile(r"^(?P<name>[a-z0-9][a-z0-9.-]*)==(?P<version>[^\s;]+)(?P<marker> ; [^\\]+?)?(?: \\)?$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
PLACE = re.compile(
    r"://|--(?:extra-)?index-url|--find-links|--trusted-host|(?:^|\s)-[fi]\s|file:"
    r"|(?:^|[\s\"'=(])/\w|\b[\w-]+\.(?:org|com|net|io|dev|local)\b"
)
lock_files = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))


def entries(lock: Path) -> Iterator[tuple[str, str, int]]:
    """Name, version and number of hashes of each locked package."""
    pin: re.Match[str] | None = None
    hashes = 0
    for line in lock.read_text(encoding="utf-8").splitlines():
        if line.lstrip().startswith("#"):
            continue
        if HASH.match(line):
            hashes += 1
            continue
        if pin:
            yield pin["name"], pin["version"], hashes
        pin, hashes = PIN.match(line), 0
        assert pin, f"{lock.name}: neither a pin nor a hash: {line!r}"
    if pin:
        yield pin["name"], pin["version"], hashes


def versions(lock: Path) -> dict[str, str]:
    return {name: version for name, version, _ in entries(lock)}


@lock_files
def test_every_package_has_hashes(lock: Path) -> None:
    packages = list(entries(lock))
    assert packages
    assert [name for name, _, hashes in packages if not hashes] == []


@lock_files
def test_no_lock_names_a_place(lock: Path) -> None:
    assert [line for line in lock.read_text(encoding="utf-8").splitlines() if PLACE.search(line)] == []


@pytest.mark.parametrize(
    "line",
    [
        "--index-url https://packages.example/simple",
        "--find-links /opt/wheels",
        "-f wheels",
        "    # from file:wheels",
        "    # via -r /tmp/requirements.in",
        "# made on build.example.org",
    ],
)
def test_the_pattern_knows_a_place_when_it_sees_one(line: str) -> None:
    assert PLACE.search(line)


def test_development_adds_to_the_runtime_and_changes_nothing() -> None:
    assert versions(RUNTIME).items() <= versions(DEVELOPMENT).items()
    built_with = {"hatchling", "packaging", "pathspec", "pluggy", "tomlkit", "trove-classifiers"}
    needed = {name: version for name, version in versions(RUNTIME).items() if name not in built_with}
    assert needed.items() <= versions(EXTRAS).items(), "what a jump host gets is what is tested"


def test_what_the_project_asks_for_is_locked() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[^A-Za-z0-9._-]", text, maxsplit=1)[0].replace(".", "-") for text in requirements}

    groups = config["dependency-groups"]
    runtime = names(config["project"]["dependencies"]) | names(config["build-system"]["requires"])
    assert runtime <= set(versions(RUNTIME))
    assert names(groups["build"]) == names(config["build-system"]["requires"])
    assert names(groups["dev"]) <= set(versions(DEVELOPMENT))
    for extra in config["project"]["optional-dependencies"].values():
        assert names(extra) <= set(versions(DEVELOPMENT))
        assert not names(extra) & set(versions(RUNTIME)), "who does not ask for it does not get it"
