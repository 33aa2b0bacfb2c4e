"""What holds for all artifacts together: families, determinism, line ends, no secrets."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from oceana_dr.source.factory_passwords import find_factory_passwords

from .conftest import ROOT, Render

FAMILIES = {
    "acm",
    "backup",
    "bookmarks",
    "desired.json",
    "engagement-designer",
    "experience-portal",
    "hosts",
    "mirror",
    "nav360",
    "settings",
    "smgr",
    "windows",
}
OPTIONAL = {"clients", "dns", "oracle"}

DIGEST = """
import hashlib, json, sys
from tests.compile.artifacts.conftest import rendered
print(hashlib.sha256(json.dumps(list(rendered(*sys.argv[1:]).items())).encode()).hexdigest())
"""


def digest_elsewhere(site: str, side: str, **environment: str) -> str:
    """The digest of all artifacts as another process renders them."""
    return subprocess.run(
        [sys.executable, "-c", DIGEST, site, side],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    ).stdout.strip()


@pytest.mark.parametrize("site", ["acme", "globex"])
def test_bytes_depend_on_no_hash_seed(site: str, render: Render) -> None:
    here = hashlib.sha256(json.dumps(list(render(site, "dc2").items())).encode()).hexdigest()
    assert {digest_elsewhere(site, "dc2", PYTHONHASHSEED=seed) for seed in ("1", "4711")} == {here}


def test_every_family_is_there(render: Render) -> None:
    assert {path.partition("/")[0] for path in render("acme", "dc1")} == FAMILIES
    assert {path.partition("/")[0] for path in render("globex", "dc1")} == FAMILIES | OPTIONAL


def test_paths_are_sorted_and_lines_end_with_lf(artifacts: Mapping[str, str]) -> None:
    assert list(artifacts) == sorted(artifacts)
    for path, text in artifacts.items():
        assert "\r" not in text, path
        assert text.endswith("\n"), path
        assert not text.endswith("\n\n"), path
        assert [line for line in text.splitlines() if line != line.rstrip()] == [], path


def test_scripts_are_ascii(artifacts: Mapping[str, str]) -> None:
    endings = (".cos", ".ps1", ".dgmgrl", ".sql", ".hosts")
    assert [path for path, text in artifacts.items() if path.endswith(endings) and not text.isascii()] == []


def test_no_artifact_holds_a_factory_password(artifacts: Mapping[str, str]) -> None:
    assert [found for path, text in artifacts.items() for found in find_factory_passwords(text, path)] == []


def test_no_artifact_holds_a_secret_that_is_there_to_be_read(render: Render) -> None:
    text = "\n".join(render("globex", "dc1").values())
    variables = (
        "GLOBEX_BACKUP_PASSWORD",
        "GLOBEX_BACKUP_STORAGE_PASSWORD",
        "GLOBEX_MIRROR_KEY_PASSWORD",
        "GLOBEX_ORACLE_PASSWORD",
        "OCEANA_CACHE_PASSWORD",
    )
    assert all(f"env:{variable}" in text for variable in variables)
    canaries = dict.fromkeys(variables, "canary-7f3a")
    here = hashlib.sha256(json.dumps(list(render("globex", "dc1").items())).encode()).hexdigest()
    assert digest_elsewhere("globex", "dc1", **canaries) == here


def test_importing_the_package_imports_no_jinja() -> None:
    script = "import sys, oceana_dr.compile.artifacts; sys.exit('jinja2' in sys.modules)"
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    assert subprocess.run([sys.executable, "-c", script], env=environment, check=False).returncode == 0
