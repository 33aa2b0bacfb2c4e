"""An offline bundle: the same bytes from the same files, and an installer that installs nothing it was not built with.

A small package stands for the product here; `make dist-test` does it with the whole bundle, without a route.
"""

import base64
import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.bundle import install
from scripts.bundle.layout import PYTHONS, SUMS, digest, files, platforms, write_archive, write_sums
from tests.bundle.namespace import ALONE, forbidden
from tests.github.runner import document
from tests.planning import ROOT

PARTS = {
    "oceana_dr/__init__.py": "def main() -> None:\n    print('oceana-dr, version 0.0.1')\n",
    "oceana_dr-0.0.1.dist-info/METADATA": "Metadata-Version: 2.1\nName: oceana-dr\nVersion: 0.0.1\n",
    "oceana_dr-0.0.1.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    "oceana_dr-0.0.1.dist-info/entry_points.txt": "[console_scripts]\noceana-dr = oceana_dr:main\n",
}
NAME = "oceana-dr-0.0.1-offline"
RECORD = "oceana_dr-0.0.1.dist-info/RECORD"
WHEEL = "wheels/oceana_dr-0.0.1-py3-none-any.whl"


def a_bundle(folder: Path) -> Path:
    bundle = folder / NAME
    (bundle / "wheels").mkdir(parents=True)
    with zipfile.ZipFile(bundle / WHEEL, "w") as wheel:
        rows = []
        for name, text in PARTS.items():
            wheel.writestr(zipfile.ZipInfo(name), text)
            value = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
            rows.append(f"{name},sha256={value},{len(text)}\n")
        wheel.writestr(zipfile.ZipInfo(RECORD), "".join([*rows, f"{RECORD},,\n"]))
    (bundle / "requirements.txt").write_text(f"oceana-dr==0.0.1 --hash=sha256:{digest(bundle / WHEEL)}\n")
    (bundle / "install.py").write_bytes((ROOT / "scripts/bundle/install.py").read_bytes())
    write_sums(bundle)
    return bundle


def run(bundle: Path, target: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """The installer, where there is no network if this kernel can do that."""
    command = [*(() if forbidden() else ALONE), sys.executable, str(bundle / "install.py"), str(target), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_same_files_and_moment_give_the_same_archive(tmp_path: Path) -> None:
    archives = [tmp_path / f"{name}.tar" for name in "ab"]
    for archive in archives:
        bundle = a_bundle(tmp_path / archive.stem)
        for number, file in enumerate(files(bundle)):  # nothing of how they lie here enters
            file.chmod(0o600 + number % 8)
        write_archive(bundle, archive, 1_764_000_000)
    assert digest(archives[0]) == digest(archives[1])
    command = ["sha256sum", "--check", "--strict", SUMS]
    assert subprocess.run(command, cwd=tmp_path / "a" / NAME, capture_output=True, check=False).returncode == 0


def test_a_whole_bundle_is_installed_and_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    bundle, target = a_bundle(tmp_path), tmp_path / "program"
    done = run(bundle, target)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"oceana-dr, version 0.0.1\ninstalled: {target}/bin/oceana-dr\n")
    assert f"{target} exists already" in run(bundle, target).stderr
    assert (target / "bin" / "oceana-dr").exists()


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda bundle: flip(bundle / WHEEL), f"{WHEEL} is not as it was built"),
        (lambda bundle: flip(bundle / "requirements.txt"), "requirements.txt is not as it was built"),
        (lambda bundle: (bundle / WHEEL).unlink(), f"{WHEEL} is missing"),
        (
            lambda bundle: (bundle / "wheels/click-0-py3-none-any.whl").touch(),
            "click-0-py3-none-any.whl does not belong",
        ),
        (lambda bundle: (bundle / "more").symlink_to("/etc"), "more does not belong"),
        (lambda bundle: (bundle / SUMS).unlink(), f"{SUMS} cannot be read"),
        (lambda bundle: (bundle / SUMS).write_bytes(b"\xff"), f"{SUMS} cannot be read"),
    ],
)
def test_what_is_not_as_it_was_built_is_not_installed(
    tmp_path: Path,
    harm: Callable[[Path], object],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bundle, target = a_bundle(tmp_path), tmp_path / "program"
    harm(bundle)
    monkeypatch.setattr(install, "HERE", bundle)
    monkeypatch.setattr(sys, "argv", ["install.py", str(target)])
    assert install.main() == 1
    err = capsys.readouterr().err
    assert said in err
    assert err.endswith("nothing was installed\n")
    assert not target.exists()


def test_an_older_python_and_another_system_are_told_what_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(install.unfit()) == []
    monkeypatch.setattr(sys, "platform", "win32")
    assert [line for line in install.unfit() if "in WSL 2" in line]


def test_the_bundle_is_for_the_pythons_that_are_tested_on_and_for_nothing_older_than_it_says() -> None:
    (matrix,) = (
        job["strategy"]["matrix"] for job in document("workflows/ci.yml")["jobs"].values() if "strategy" in job
    )
    assert tuple(matrix["python"]) == PYTHONS
    assert "manylinux_2_28_x86_64" in platforms("x86_64")
    assert not [tag for tag in platforms("aarch64") if tag.endswith("x86_64")]
    assert tuple(map(int, PYTHONS[0].split("."))) == install.LOWEST
