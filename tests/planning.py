"""Plans for tests: the example sites against their seeds, with changes, without a lab or a clock."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Catalogue
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.diff.compare import Difference, compare, settle_off
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Value
from oceana_dr.guard.proof import prove_plan
from oceana_dr.operations.live import Live, lose, still_answering
from oceana_dr.operations.planning import make_context
from oceana_dr.plan.build import draft_plan
from oceana_dr.plan.context import Context
from oceana_dr.plan.model import Plan, Source
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import PreparedSite, prepare_site
from oceana_dr.source.project import Project, open_project

ROOT = Path(__file__).parents[1]
SITES = ("acme", "globex")


@dataclass(frozen=True)
class Case:
    """Everything a test may want to look at."""

    compiled: Compiled
    live: Estate
    difference: Difference
    context: Context
    plan: Plan


@cache
def project() -> Project:
    return open_project(ROOT)


@cache
def loaded(site: str, operational: str | None = None) -> PreparedSite:
    return prepare_site(project(), site, operational, Cache(None))


def copy_project(folder: Path) -> Path:
    """A copy of the example project that a test may edit; returns its root."""
    shutil.copytree(ROOT / "sites", folder / "sites")
    shutil.copy(ROOT / "oceana-dr.yaml", folder)
    return folder


def edit(path: Path, *edits: tuple[str, str]) -> None:
    """Replace texts that stand in the file exactly once."""
    text = path.read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


@cache
def seed(site: str) -> Estate:
    return Estate.from_json(json.loads((ROOT / "sites" / site / "lab.seed.json").read_text())["estate"])


def without_order(scenario: str, *gone: str) -> Catalogue:
    """The catalogue without these order rules of a scenario."""
    catalogue = load_catalogue()
    rules = tuple(rule for rule in catalogue.orders[scenario] if rule.id not in gone)
    assert len(rules) == len(catalogue.orders[scenario]) - len(gone), f"rules of these names exist: {gone}"
    return replace(catalogue, orders={**catalogue.orders, scenario: rules})


def compared(compiled: Compiled, live: Estate, baseline: Estate | None = None) -> Difference:
    """What differs between what a site wants and what is live, as every command compares it."""
    settled = settle_off(live, compiled.bound, compiled.expected_off)
    return compare(compiled.estate, settled, baseline, compiled.bound)


def plan_case(
    site: str,
    operational: str,
    *,
    live: Mapping[Ref, Value] | Estate | None = None,
    baseline: Estate | None = None,
    scenario: str | None = None,
    site_files: PreparedSite | None = None,
    catalogue: Catalogue | None = None,
    lost: tuple[str, ...] = (),
) -> Case:
    """Plan the site for that side against its seed, or the seed with values changed, or another estate."""
    source = site_files or loaded(site, operational)
    compiled = compile_site(source, catalogue or load_catalogue())
    found = live if isinstance(live, Estate) else seed(site).with_values(live or {})
    masked = lose(Live(found, {}, {}), lost).estate
    settled = settle_off(masked, compiled.bound, compiled.expected_off)
    difference = compare(compiled.estate, settled, baseline, compiled.bound)
    # What git says about the checkout the tests run in must not be in a golden.
    steady = Source(None, True, "sha256:of-the-files")
    answering = still_answering(Live(found, {}, {}), lost)
    context = make_context(source, compiled, Live(settled, {}, {}), steady, lost=lost, answering=answering)
    return Case(compiled, settled, difference, context, prove_plan(draft_plan(context, difference, scenario), settled))
