"""`oceana-dr explain ADDRESS|SETTING|KEY|STEP|CODE|RULE|DEFECT`: why this value, why this step, what this error means.

In: what to explain, perhaps a site or a plan file. Out: the chain from YAML line to rule to manual page.
It must never change anything, and an estate that is down must not keep it from answering.
"""

from __future__ import annotations

from pathlib import Path
from typing import assert_never

import click

from oceana_dr.cli.project import cache, emit, opened


@click.command("explain")
@click.argument("what", metavar="ADDRESS|SETTING|KEY|STEP|CODE|RULE|DEFECT")
@click.option("--site", metavar="SITE", help="For this site (default: the first that has it).")
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="A step of this plan file.")
@click.pass_context
def explain_command(context: click.Context, what: str, site: str | None, plan_file: Path | None) -> int:
    """Why this value, why this step; what a setting, key of a site, error, rule, mistake of the manual means."""
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.diagnostics.codes import CodeInfo
    from oceana_dr.operations.explaining import AddressWhy, RuleWhy, SettingWhy, StepWhy, explain
    from oceana_dr.operations.explaining_errata import AnswerWhy, ErrataWhy
    from oceana_dr.operations.explaining_rules import Told
    from oceana_dr.operations.planfile import load_plan
    from oceana_dr.present.explain_erratum import render_answer, render_erratum
    from oceana_dr.present.explain_rule import render_rule
    from oceana_dr.present.explain_step import render_step
    from oceana_dr.present.explain_text import render_address, render_code, render_setting, render_told

    plan = load_plan(plan_file) if plan_file else None
    found = explain(opened(context), what, site, plan, cache(context))
    catalogue, style = load_catalogue(), stdout_style()
    match found:
        case AddressWhy():
            text = render_address(found, width=style.width, page=catalogue.page, colour=style.colour, ascii=style.ascii)
        case StepWhy(plan=where, steps=steps):
            rules = {rule.id: rule for order in catalogue.orders.values() for rule in order}
            text = "\n".join(
                render_step(
                    where, step, rules, width=style.width, page=catalogue.page, colour=style.colour, ascii=style.ascii
                )
                for step in steps
            )
            if len(steps) > 1:
                text = f"{what} became {len(steps)} steps: {', '.join(step.id for step in steps)}\n\n{text}"
        case SettingWhy(id=name, note=note, facts=facts):
            text = render_setting(name, note, facts, width=style.width, colour=style.colour, ascii=style.ascii)
        case CodeInfo():
            text = render_code(found, width=style.width, page=catalogue.page, colour=style.colour, ascii=style.ascii)
        case RuleWhy(rule=rule, doc=doc):
            text = render_rule(
                rule, doc, width=style.width, manual_page=catalogue.page, colour=style.colour, ascii=style.ascii
            )
        case Told():
            text = render_told(found, width=style.width, page=catalogue.page, colour=style.colour, ascii=style.ascii)
        case ErrataWhy(errata=errata):
            text = "\n".join(
                render_erratum(
                    item, held, width=style.width, page=catalogue.page, colour=style.colour, ascii=style.ascii
                )
                for item, held in errata
            )
        case AnswerWhy(kind=kind, answer=answer, held=held):
            text = render_answer(
                kind, answer, held, width=style.width, page=catalogue.page, colour=style.colour, ascii=style.ascii
            )
        case _:
            assert_never(found)
    emit(text)
    name = found.plan.site if isinstance(found, StepWhy) else getattr(found, "site", "")
    if name and site is None and plan is None:
        click.echo(f"(of the site {name}; --site names another)", err=True)
    return 0
