"""What a site names of the catalogue: steps in `estimates`, addresses in `drivers` and `limits`.

In: the located site or project, the catalogue. Out: OD2007, OD2094, OD2095, each with the name that was meant.
It must never refuse an address that another topology has: defaults are shared by sites of every kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from oceana_dr.catalogue.model import STEADY_STEP, Catalogue
from oceana_dr.diagnostics import Diagnostic, Label, Severity
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.estate.address import SIDES
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.merge import Path
from oceana_dr.source.site.types import PREFIX_PATTERN, STEP_PATTERN

_NAMES: Final = "shared/dns/"
_DNS: Final = re.compile(r"\{dns\.([a-z_]+)\}")


def unknown_references(site: SiteView, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Names that mean nothing; a name of a wrong form is said already."""
    yield from _steps(site, catalogue)
    yield from _addresses(site, catalogue)
    scenarios = [("limits", "scenarios", name) for name in site.keys("limits.scenarios")]
    for path in (("limits",), *scenarios):
        yield from unknown_limits(site, path, catalogue)


def _steps(site: SiteView, catalogue: Catalogue) -> Iterator[Diagnostic]:
    known: tuple[str, ...] = ()
    for name in site.keys("estimates"):
        known = known or step_ids(catalogue)
        if name in known or STEADY_STEP.fullmatch(name) or not re.match(STEP_PATTERN, name):
            continue
        near = nearest(name, known, most=2)
        parts = [step for step in known if step.startswith(f"{name}.")]
        advice = f"did you mean `{near}`?" if near else "`oceana-dr plan` shows every step with its id"
        yield Diagnostic(
            "OD2007",
            f"there is no step {name}",
            (site.key_label(("estimates", name)),),
            ("an estimate of no step changes nothing",),
            f"its parts have steps of their own: {', '.join(parts)}" if parts else advice,
            Severity.WARNING,
        )


def _addresses(site: SiteView, catalogue: Catalogue) -> Iterator[Diagnostic]:
    known: frozenset[str] = frozenset()
    for prefix in site.keys("drivers"):
        known = known or _of_site(site, beginnings(catalogue))
        if prefix in known or not re.match(PREFIX_PATTERN, prefix):
            continue
        if prefix.startswith(_NAMES) and not site.keys("dns.names"):
            continue
        alike = sorted(item for item in known if item.count("/") == prefix.count("/"))
        near = nearest(prefix, alike)
        yield Diagnostic(
            "OD2094",
            f"no address is or begins with {prefix}",
            (site.key_label(("drivers", prefix)),),
            ("the driver that it was to choose would not be chosen: other hands would perform those steps",),
            f"did you mean `{near}`?" if near else "`oceana-dr plan --format json` shows the addresses of every step",
        )


def unknown_limits(file: SiteView, path: Path, catalogue: Catalogue) -> Iterator[Diagnostic]:
    """Addresses and kinds that the limits at a path name: one that there is none of protects nothing, without a word.

    `file`: a site, or the project's own file, which names no site's DNS names.
    """
    known = _of_site(file, beginnings(catalogue)) if file.has(path) else frozenset()
    for item in file.items((*path, "protected")):
        prefix = file.text(item)
        if prefix is None or prefix in known or not re.match(PREFIX_PATTERN, prefix):
            continue
        if prefix.startswith(_NAMES) and not file.keys("dns.names"):  # of the defaults, for sites that have some
            continue
        alike = sorted(other for other in known if other.count("/") == prefix.count("/"))
        yield _unlimited(f"no address is or begins with {prefix}", file.label(item), nearest(prefix, alike))
    kinds = sorted({item.split("/")[1] for item in known if "/" in item})
    for kind in file.keys((*path, "kinds")):
        if kind not in kinds:
            label = file.key_label((*path, "kinds", kind))
            yield _unlimited(f"no address is of the kind {kind}", label, nearest(kind, kinds))


def _unlimited(message: str, label: Label, near: str | None) -> Diagnostic:
    advice = f"did you mean `{near}`?" if near else "`oceana-dr plan --format json` shows the addresses of every step"
    return Diagnostic("OD2095", message, (label,), ("what it was to limit would not be limited",), advice)


@lru_cache(maxsize=4)
def step_ids(catalogue: Catalogue) -> tuple[str, ...]:
    """The ids of the steps of every scenario."""
    return tuple(sorted({str(step["id"]) for item in catalogue.scenarios.values() for step in item.steps}))


@lru_cache(maxsize=4)
def beginnings(catalogue: Catalogue) -> frozenset[str]:
    """Every address of any topology and what it begins with, part by part; names of DNS stay templates."""
    found: set[str] = set()
    for data in catalogue.resources:
        for side in SIDES:
            parts = str(data["address"]).replace("{dc}", side).split("/")
            found |= {"/".join(parts[:number]) for number in range(1, len(parts) + 1)}
    return frozenset(found)


def _of_site(site: SiteView, templates: frozenset[str]) -> frozenset[str]:
    """The templates filled with the site's names; one that it has no name for stays a template."""
    names = {f"{{dns.{key}}}": site.text(("dns", "names", key)) or "" for key in site.keys("dns.names")}
    return frozenset(_DNS.sub(lambda found: names.get(found[0], found[0]), item) for item in templates)
