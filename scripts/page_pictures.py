"""Takes the pictures of what a browser shows, and of a refused `apply`, from the real commands on the example site.

In: the checkout, a Chromium. Out: in `docs/pictures/`: `page.png`, `page-phone.png` (a plan as a page), `comment.png`,
`comment-phone.png` (a plan in a pull request, as GitHub shows it) and `refused.svg` (a terminal).

    PYTHONPATH=src:. python scripts/page_pictures.py
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import Browser

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from scripts.github_page import comment_page
from scripts.picture import draw
from scripts.plan_picture import FOLDER, ROOT, on_terminal, self_contained
from tests.browser import chromium

PHONE, DESKTOP, GITHUB = 400, 1100, 1012
TALL: Final = {PHONE: 1_300, DESKTOP: 1_130, GITHUB: 1_100}
"""As much of a page as a picture shows."""
COLOURS: Final = 64
"""Enough for letters and bars, and a third of the bytes."""
WINDOWS: Final = re.compile(r"^change_windows:\n(?:[ #].*\n)+", re.MULTILINE)
EXCUSED: Final = "  approvals: false "
WEEKLY: Final = '  - {start: "2026-01-03T20:00", duration: 14h, recurrence: FREQ=WEEKLY}\n'
YEARLY: Final = '  - {start: "2026-01-03T20:00", duration: 14h, recurrence: FREQ=YEARLY}\n'
"""One that is not open when the pictures are taken, but in the night to the 4th of January."""
REFUSED: Final = ("apply", "plan.json", "--yes")


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with project() as folder, chromium() as browser:
        governed(folder, WEEKLY)
        output(folder, "plan", "acme", "-o", "plan.json")
        page = output(folder, "show", "plan.json", "--format", "html")
        comment = comment_page(output(folder, "show", "plan.json", "--format", "markdown"))
        take(browser, page, DESKTOP, FOLDER / "page.png")
        take(browser, page, PHONE, FOLDER / "page-phone.png")
        take(browser, comment, GITHUB, FOLDER / "comment.png")
        take(browser, comment, PHONE, FOLDER / "comment-phone.png")
    with project() as folder:
        governed(folder, YEARLY)
        output(folder, "plan", "acme", "-o", "plan.json")
        text = on_terminal(100, folder, *REFUSED, ends=3)
    svg = draw(text, " ".join(("oceana-dr", *REFUSED)), 100)
    (FOLDER / "refused.svg").write_text(self_contained(svg), "utf-8")


def governed(folder: Path, windows: str) -> None:
    """As it is in earnest: two people have to approve, one of them a change manager, and there are change windows."""
    file = folder / "oceana-dr.yaml"
    text = "".join(line for line in file.read_text("utf-8").splitlines(True) if not line.startswith(EXCUSED))
    roles = "roles: {change-manager: [omar, kim], board: [lee]}\npolicy:"
    text = text.replace("policy:", roles, 1).replace("{required: 1}", "{required: 2, roles: {change-manager: 1}}", 1)
    file.write_text(text, "utf-8")
    site = folder / "sites" / "acme" / "site.yaml"
    site.write_text(WINDOWS.sub(f"change_windows:\n{windows}", site.read_text("utf-8")), "utf-8")
    people = {name: f"{name}@acme.example" for name in ("sam", "jane")}
    for message, by in (("as it was", "sam"), ("Move to Data Center 2", "jane")):
        git(folder, "init", "-q")
        git(folder, "add", "oceana-dr.yaml", "sites")
        named = ("-c", f"user.name={by}", "-c", f"user.email={people[by]}")
        git(folder, *named, "commit", "-q", "--allow-empty", "-m", message)


def git(folder: Path, *words: str) -> None:
    """Run git, with no settings but the repository's."""
    environment = {**os.environ, "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1"}
    subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True)


@contextmanager
def project() -> Iterator[Path]:
    """A project of its own whose site says that the other data centre is to take contacts."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "sites", folder / "sites")
        shutil.copy(ROOT / "oceana-dr.yaml", folder)
        site = folder / "sites" / "acme" / "site.yaml"
        site.write_text(site.read_text("utf-8").replace("operational: dc1", "operational: dc2", 1), "utf-8")
        yield folder


def output(folder: Path, *words: str, ends: int = 0) -> str:
    """What the command prints, which ends with this exit code."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "HOME": str(folder)}
    command = [sys.executable, "-m", "oceana_dr", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != ends:
        raise SystemExit(f"oceana-dr {' '.join(words)} ended with {done.returncode}\n{done.stderr}")
    return done.stdout


def take(browser: Browser, html: str, width: int, file: Path) -> None:
    """The top of a page in a window of this width."""
    context = browser.new_context(viewport={"width": width, "height": TALL[width]}, offline=True)
    page = context.new_page()
    page.set_content(html)
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    context.close()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main()
