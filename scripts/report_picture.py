"""Takes the pictures of a report as a page, from a real run of the example site in its lab.

In: the checkout, a Chromium. Out: `docs/pictures/report.png` (a desktop) and `report-phone.png`.
Times differ from run to run, so do the pictures; nobody compares their bytes.

    PYTHONPATH=src:. python scripts/report_picture.py
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.page_pictures import DESKTOP, PHONE, output, project, take
from scripts.plan_picture import FOLDER
from tests.browser import chromium


def main() -> None:
    """Run a switchover, and take both pictures of its report."""
    with project() as folder, chromium() as browser:
        output(folder, "lab", "crew", "acme")
        output(folder, "plan", "acme", "-o", "plan.json")
        output(folder, "apply", "plan.json", "--yes", "--operator", "ines")
        run = json.loads(output(folder, "history", "acme", "--json"))[-1]["run"]
        page = output(folder, "report", run, "--format", "html")
        take(browser, page, DESKTOP, FOLDER / "report.png")
        take(browser, page, PHONE, FOLDER / "report-phone.png")


if __name__ == "__main__":
    main()
