"""The whole bundle where no route leads anywhere: installed, run, and refused when it was touched. `make dist-test`.

OCEANA_DR_BUNDLE names the archive; BUNDLE_PYTHONS the interpreters to try, with spaces between (this one, if not set).
"""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.bundle.install import damage
from scripts.bundle.layout import NAMESPACE, SUMS, digest, sign, write_sums
from tests.bundle.namespace import ALONE, forbidden
from tests.bundle.test_bundle import flip
from tests.docs.documents import DOCS

ARCHIVE = os.environ.get("OCEANA_DR_BUNDLE")
PYTHONS = os.environ.get("BUNDLE_PYTHONS", sys.executable).split()

pytestmark = pytest.mark.skipif(ARCHIVE is None, reason="the whole bundle takes minutes: make dist-test")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert ARCHIVE is not None
    folder = tmp_path_factory.mktemp("bundle")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    (one,) = folder.iterdir()
    return one


def alone(*command: str | Path, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command where there is no network."""
    if why := forbidden():
        pytest.skip(f"no network namespace can be made: {why}")
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder or "/nonexistent"), "LANG": "C.UTF-8"}
    return subprocess.run(
        [*ALONE, *map(str, command)], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(params=PYTHONS, ids=lambda path: Path(path).name, scope="module")
def program(request: pytest.FixtureRequest, bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("program") / "oceana-dr"
    done = alone(request.param, bundle / "install.py", target)
    assert done.returncode == 0, done.stderr
    return target / "bin"


def test_there_really_is_no_network() -> None:
    code = "import socket; socket.create_connection(('192.0.2.1', 443), 5)"
    assert "Network is unreachable" in alone(sys.executable, "-c", code).stderr
    assert "Cannot assign requested address" in alone(sys.executable, "-c", code.replace("192.0.2.1", "::1")).stderr


def test_it_is_installed_and_plans_an_example_without_a_network(program: Path, bundle: Path, tmp_path: Path) -> None:
    command = program / "oceana-dr"
    assert alone(command, "--version").stdout.startswith("oceana-dr")
    project = shutil.copytree(bundle / "example", tmp_path / "project")
    for arguments in (
        ("validate",),
        ("plan", "acme", "--operational", "dc2", "-o", "plan.json"),
        ("verify", "plan.json"),
    ):
        done = alone(command, *arguments, folder=project)
        assert done.returncode == 0, done.stdout + done.stderr
    said = alone(command, "show", "plan.json", folder=project).stdout
    assert "planned switchover" in said
    driver = alone(program / "python", "-c", "import psycopg; print(psycopg.pq.__impl__)")
    assert driver.stdout == "binary\n", driver.stderr


def wheels(bundle: Path) -> Iterator[Path]:
    yield from sorted((bundle / "wheels").iterdir())


def test_a_flipped_byte_in_any_wheel_is_refused(bundle: Path) -> None:
    assert list(damage(bundle)) == []
    sums = (bundle / SUMS).read_text("utf-8")
    for wheel in wheels(bundle):
        flip(wheel)
        assert f"{digest(wheel)}  wheels/{wheel.name}" not in sums
        flip(wheel)
    victims = [*wheels(bundle)][::16]
    for wheel in victims:
        flip(wheel)
        assert list(damage(bundle)) == [f"wheels/{wheel.name} is not as it was built"]
        flip(wheel)
    assert list(damage(bundle)) == []


def test_whoever_also_lists_the_other_digest_is_refused_by_pip(bundle: Path, tmp_path: Path) -> None:
    changed = shutil.copytree(bundle, tmp_path / "bundle")
    (own,) = (changed / "wheels").glob("oceana_dr-*.whl")
    flip(own)
    write_sums(changed)
    done = alone(PYTHONS[0], changed / "install.py", tmp_path / "program")
    assert done.returncode == 1
    assert "DO NOT MATCH THE HASHES" in done.stderr
    assert not (tmp_path / "program").exists()


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen here")
def test_the_document_says_what_to_type(tmp_path: Path) -> None:
    assert ARCHIVE is not None
    for name in (ARCHIVE, f"{ARCHIVE}.sha256"):
        shutil.copy(name, tmp_path)
    key = tmp_path / "key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    (tmp_path / "allowed_signers").write_text(f"release@acme.example {key.with_suffix('.pub').read_text()}")
    archive = tmp_path / Path(ARCHIVE).name
    sign(archive, key)
    _, _, text = (DOCS / "how-to" / "install-offline.md").read_text("utf-8").partition("## Install it")
    typed = "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert archive.stem in typed, "it names the version that was built"
    done = alone("bash", "-eu", "-c", typed, folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "planned switchover" in done.stdout


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="there is no ssh-keygen here")
def test_a_signature_says_who_built_it(tmp_path: Path) -> None:
    assert ARCHIVE is not None
    archive, key = tmp_path / "bundle.tar", tmp_path / "key"
    shutil.copy(ARCHIVE, archive)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key], check=True)
    sign(archive, key)
    (tmp_path / "signers").write_text(f"release {key.with_suffix('.pub').read_text()}")
    verify = ["ssh-keygen", "-Y", "verify", "-f", "signers", "-I", "release", "-n", NAMESPACE, "-s", "bundle.tar.sig"]
    for code in (0, 255):
        with archive.open("rb") as data:
            done = subprocess.run(verify, cwd=tmp_path, stdin=data, capture_output=True, check=False)
        assert done.returncode == code, done.stderr
        flip(archive)
