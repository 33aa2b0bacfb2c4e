"""Takes the pictures of what a browser shows, and of a refused `apply`, from the real commands on the example site.

In: the checkout, a Chromium. Out: in `docs/pictures/`: `page.png`, `page-phone.png` (a plan as a page), `comment.png`,
`comment-phone.png` (a plan in a pull request, as GitHub shows it) and `refused.svg` (a terminal).

    PYTHONPATH=src:. python scripts/page_pictures.py
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.github_page import comment_page
from scripts.picture import draw
from scripts.plan_picture import FOLDER, ROOT, on_terminal, self_contained
from tests.debian import program

PHONE, DESKTOP, GITHUB = 400, 1100, 1012
TALL: Final = {PHONE: 1_300, DESKTOP: 1_130, GITHUB: 1_100}
"""As much of a page as a picture shows."""
REFUSED: Final = ("apply", "plan.json", "--yes")


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with project() as folder, chromium() as browser:
        page = output(folder, "show", "plan.json", "--format", "html")
        comment = comment_page(output(folder, "show", "plan.json", "--format", "markdown"))
        take(browser, page, DESKTOP, FOLDER / "page.png")
        take(browser, page, PHONE, FOLDER / "page-phone.png")
        take(browser, comment, GITHUB, FOLDER / "comment.png")
        take(browser, comment, PHONE, FOLDER / "comment-phone.png")
        text = on_terminal(100, folder, *REFUSED, ends=3)
        svg = draw(text, " ".join(("oceana-dr", *REFUSED)), 100)
        (FOLDER / "refused.svg").write_text(self_contained(svg), "utf-8")


@contextmanager
def project() -> Iterator[Path]:
    """A project of its own with a plan to switch over."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "sites", folder / "sites")
        shutil.copy(ROOT / "oceana-dr.yaml", folder)
        site = folder / "sites" / "acme" / "site.yaml"
        site.write_text(site.read_text("utf-8").replace("operational: dc1", "operational: dc2", 1), "utf-8")
        output(folder, "plan", "acme", "-o", "plan.json")
        yield folder


def output(folder: Path, *words: str) -> str:
    """What the command prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "HOME": str(folder)}
    command = [sys.executable, "-m", "oceana_dr", *words]
    return subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser that the tests use."""
    found = program("chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=found.path, args=["--no-sandbox", "--disable-gpu"], env={**os.environ, **found.environment}
        )
        yield browser
        browser.close()


def take(browser: Browser, html: str, width: int, file: Path) -> None:
    """The top of a page in a window of this width."""
    context = browser.new_context(viewport={"width": width, "height": TALL[width]}, offline=True)
    page = context.new_page()
    page.set_content(html)
    page.screenshot(path=file)
    context.close()


if __name__ == "__main__":
    main()
