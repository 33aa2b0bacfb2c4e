"""Takes the pictures of a report as a page, from a real run of the example site in its lab.

In: the checkout, a Chromium. Out: `docs/pictures/report.png` (a desktop) and `report-phone.png`.
Times differ from run to run, so do the pictures; nobody compares their bytes.

    PYTHONPATH=src:. python scripts/report_picture.py
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.plan_picture import FOLDER, ROOT
from tests.debian import program

SIZES: Final = (("report.png", 1_100, 1_480), ("report-phone.png", 500, 1_300))
SWITCHES: Final = ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")


def main() -> None:
    """Run a switchover, and take both pictures of its report."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "sites", folder / "sites")
        shutil.copy(ROOT / "oceana-dr.yaml", folder)
        site = folder / "sites" / "acme" / "site.yaml"
        site.write_text(site.read_text("utf-8").replace("operational: dc1", "operational: dc2", 1), "utf-8")
        for words in (("lab", "crew", "acme"), ("plan", "acme", "-o", "plan.json"), ("apply", "plan.json", "--yes")):
            output(folder, *words)
        run = json.loads(output(folder, "history", "acme", "--json"))[-1]["run"]
        output(folder, "report", run, "--format", "html", "-o", "report.html")
        for file, width, height in SIZES:
            take(folder, folder / "report.html", width, height, FOLDER / file)


def output(folder: Path, *words: str) -> str:
    """What the command prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "HOME": str(folder)}
    command = [sys.executable, "-m", "oceana_dr", *words]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True).stdout


def take(folder: Path, page: Path, width: int, height: int, file: Path) -> None:
    """The top of a page in a window of this size."""
    found = program("chromium")
    command = [found.path, *SWITCHES, f"--user-data-dir={folder}/profile", f"--window-size={width},{height}"]
    subprocess.run(
        [*command, f"--screenshot={file}", page.as_uri()],
        env={**os.environ, **found.environment},
        capture_output=True,
        check=True,
    )


if __name__ == "__main__":
    main()
