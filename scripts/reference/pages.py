"""The pages of `docs/reference/`, and those beside it that are written too, by name, and the writer of them all.

In: the code, the catalogue and the committed schemas. Out: one Markdown page a subject, the same bytes every time.
A page must never be in that folder and not in this table: a test compares both.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Final

from oceana_dr.catalogue.load import load_catalogue
from scripts.reference.artifacts import artifacts_page
from scripts.reference.commands import commands_page, exit_codes_page
from scripts.reference.coverage import coverage_page
from scripts.reference.diagnostics import diagnostics_page
from scripts.reference.drivers import drivers_page
from scripts.reference.errata import errata_page
from scripts.reference.events import events_page
from scripts.reference.formats import plan_file_page, report_page, site_page
from scripts.reference.order import order_page
from scripts.reference.rules import rule_file, rule_page, rules_index
from scripts.reference.settings import addresses_page, settings_page
from scripts.reference.steps import steps_page

DOCS: Final = Path(__file__).resolve().parents[2] / "docs"
FOLDER: Final = DOCS / "reference"

PAGES: Final[Mapping[str, Callable[[], str]]] = {
    "artifacts.md": artifacts_page,
    "commands.md": commands_page,
    "diagnostics.md": diagnostics_page,
    "drivers.md": drivers_page,
    "events.md": events_page,
    "exit-codes.md": exit_codes_page,
    "plan-file.md": plan_file_page,
    "settings.md": settings_page,
    "addresses.md": addresses_page,
    "manual-coverage.md": coverage_page,
    "report.md": report_page,
    "site.md": site_page,
    "steps.md": steps_page,
    "rules/index.md": rules_index,
    **{f"rules/{rule_file(rule)}": partial(rule_page, rule) for rule in load_catalogue().rules},
}

# Pages that take a minute: only `python -m scripts.reference` writes them, tests look at what they say of themselves.
JUDGED: Final[Mapping[str, Callable[[], str]]] = {"order.md": order_page}

# Pages that explain, written from the catalogue, too; by their names below `docs/`.
EXPLAINING: Final[Mapping[str, Callable[[], str]]] = {"explanation/errata.md": errata_page}


def write_pages() -> None:
    """Write every page."""
    for name, make in EXPLAINING.items():
        (DOCS / name).write_text(make(), encoding="utf-8", newline="")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in {**PAGES, **JUDGED}.items():
        (FOLDER / name).parent.mkdir(exist_ok=True)
        (FOLDER / name).write_text(make(), encoding="utf-8", newline="")
