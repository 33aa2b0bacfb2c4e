"""The import rules of pyproject.toml hold, and they speak of this package as it stands."""

import ast
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "oceana_dr"


def contracts() -> dict[str, dict[str, Any]]:
    """The import-linter contracts of pyproject.toml by their id."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in config["tool"]["importlinter"]["contracts"]}


def listed_packages() -> set[str]:
    """The packages that the list of layers names."""
    return {name for layer in contracts()["layers"]["layers"] for name in re.findall(r"\w+", layer)}


def test_imports_obey_every_contract(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)
    assert status == 0, capsys.readouterr().out


def test_the_list_of_layers_names_exactly_the_packages_that_exist() -> None:
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} == listed_packages()


def test_every_contract_is_there() -> None:
    assert set(contracts()) == {"layers", "planning-cannot-write", "compile-drivers", "present", "pure"}


def test_only_execute_opens_the_writer_that_a_driver_declares() -> None:
    """A declaration names its writer; to load it by that name would slip past the import contract."""
    users = [
        path.relative_to(PACKAGE).as_posix()
        for path in sorted(PACKAGE.rglob("*.py"))
        if re.search(r"load_part\([^)]*\.writer\b", path.read_text(encoding="utf-8"))
    ]
    assert users == ["execute/writers.py"]


def test_no_writer_is_reached_by_a_name_in_a_string() -> None:
    """`importlib.import_module("….writer")` would slip past the import contract; a declaration only names it."""
    offenders = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.relative_to(PACKAGE).parts[0] != "execute" and path != PACKAGE / "drivers" / "registry.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.fullmatch(r"(oceana_dr\.drivers)?[\w.{}]*\.writer(:\w+)?", node.value)
    ]
    assert offenders == []
