"""`oceana-dr catalogue settings|procedures|rules|coverage`: the product's knowledge of Oceana, as tables.

In: which table. Out: one line an entry, or JSON.
It must never hold anything that is not in the catalogue's data.
"""

from __future__ import annotations

from typing import cast

import click

from oceana_dr.cli.project import emit, emit_json

FORMAT = click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")


@click.group("catalogue")
def catalogue_command() -> None:
    """The product's knowledge of Oceana, as tables."""


@catalogue_command.command("settings")
@FORMAT
def settings_command(form: str) -> int:
    """Every setting of the manual and every attribute: where it stands, how it is read and written."""
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.catalogue.settings import load_settings
    from oceana_dr.operations.settings_table import settings_table

    rows = settings_table(load_catalogue(), load_settings())
    if form == "json":
        emit_json(rows)
        return 0
    for row in rows:
        where = f"{row['address']}#{row['attribute']}" if row["address"] else _keys(cast("list[str]", row["site"]))
        emit(f"{row['setting'] or '-':48} {where} ({row['kind']}, write {row['write']})")
    return 0


def _keys(site: list[str]) -> str:
    """The site's keys that a setting without an attribute follows from."""
    return ", ".join(site) or "no key of the site"


@catalogue_command.command("procedures")
@FORMAT
def procedures_command(form: str) -> int:
    """Every procedure that can be run."""
    from oceana_dr.catalogue.load import load_catalogue

    records = load_catalogue().procedures
    if form == "json":
        emit_json([records[name] for name in sorted(records)])
        return 0
    for name in sorted(records):
        emit(f"{name:40} {records[name]['title']}")
    return 0


@catalogue_command.command("rules")
@click.option("--order", "scenario", metavar="SCENARIO", help="Its order rules: what breaks without each of them.")
@FORMAT
def rules_command(scenario: str | None, form: str) -> int:
    """Every domain rule with its code, every order rule with its reason, every invariant."""
    if scenario is not None:
        return _order(scenario, form)
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.operations.tables import rules_table

    rows = rules_table(load_catalogue())
    if form == "json":
        emit_json(rows)
        return 0
    for row in rows:
        emit(f"{row['id']:36} {row.get('code') or row['kind']:9} {row['text']}")
    return 0


def _order(scenario: str, form: str) -> int:
    """The order of a scenario, judged: every rule is taken out, and every topology is proven without it."""
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.operations.ordering import judge_order
    from oceana_dr.operations.tables import edges_table
    from oceana_dr.plan.edge_report import breach_texts, figures_text

    report = judge_order(scenario)
    if form == "json":
        emit_json(edges_table(report))
        return 0
    emit(f"{figures_text(report)}\n")
    for rule in load_catalogue().orders[scenario]:
        if (standing := report.rules.get(rule.id)) is None:
            continue
        emit(f"{rule.id:28} {standing.kind.value:12} {standing.topologies:>2}/{standing.present:<2} {rule.reason}")
        for text in breach_texts(standing):
            emit(f"{'':29}{text}")
    return 0


@catalogue_command.command("coverage")
@FORMAT
def coverage_command(form: str) -> int:
    """What is done about every setting, procedure, constraint, limitation and mistake of the manual."""
    from dataclasses import asdict

    from oceana_dr.catalogue.errata import load_errata
    from oceana_dr.catalogue.observances import load_coverage
    from oceana_dr.present.coverage_text import render_coverage

    rows = load_coverage()
    if form == "json":
        emit_json([asdict(row) for row in rows])
    else:
        emit(render_coverage(rows, {item.id: item.severity for item in load_errata()}))
    return 0
