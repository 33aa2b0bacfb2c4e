"""`oceana-dr explain ADDRESS|SETTING|KEY|STEP|SCENARIO|CODE|RULE|DEFECT`: why this value, this step, this error.

In: what to explain, perhaps a site or a plan file. Out: the chain from YAML line to rule to manual page.
It must never change anything, and an estate that is down must not keep it from answering.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard, assert_never

import click

from oceana_dr.cli.project import cache, emit, emit_json, opened

if TYPE_CHECKING:
    from oceana_dr.operations.explaining.answer import StepWhy, Why


@click.command("explain")
@click.argument("what", metavar="ADDRESS|SETTING|KEY|STEP|SCENARIO|CODE|RULE|DEFECT")
@click.option("--site", metavar="SITE", help="For this site (default: the first that has it).")
@click.option("--plan", "plan_file", type=click.Path(path_type=Path), help="A step of this plan file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format on stdout.")
@click.pass_context
def explain_command(context: click.Context, what: str, site: str | None, plan_file: Path | None, form: str) -> int:
    """Why this value, why this step; what a scenario, setting, key of a site, error, rule, mistake of the manual is."""
    from oceana_dr.operations.explaining.answer import StepWhy, explain
    from oceana_dr.operations.planfile import load_plan

    plan = load_plan(plan_file) if plan_file else None
    found = explain(opened(context), what, site, plan, cache(context))
    if form == "json":
        from oceana_dr.operations.explaining.document import explain_to_json

        emit_json(explain_to_json(found))
        return 0
    emit(_text(what, found))
    name = found.plan.site if isinstance(found, StepWhy) else getattr(found, "site", "")
    if name and site is None and plan is None:
        drilled = f", in the plan that a drill of {found.plan.scenario} begins with" if _is_drilled(found) else ""
        click.echo(f"(of the site {name}{drilled}; --site names another)", err=True)
    return 0


def _text(what: str, found: Why) -> str:  # noqa: PLR0911 - one return a kind of answer
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.diagnostics.codes import CodeInfo
    from oceana_dr.operations.explaining.answer import AddressWhy, RuleWhy, SettingWhy, StepWhy
    from oceana_dr.operations.explaining.errata import AnswerWhy, ErrataWhy
    from oceana_dr.operations.explaining.rules import Told
    from oceana_dr.operations.explaining.scenarios import ScenarioWhy
    from oceana_dr.present.explain import text as shown
    from oceana_dr.present.explain.erratum import render_answer, render_erratum
    from oceana_dr.present.explain.rule import render_rule
    from oceana_dr.present.explain.scenario import render_scenario

    style, page = stdout_style(), load_catalogue().page
    width, colour, plain = style.width, style.colour, style.ascii
    match found:
        case AddressWhy():
            return shown.render_address(found, width=width, page=page, colour=colour, ascii=plain)
        case StepWhy():
            return _steps(what, found)
        case SettingWhy(id=name, note=note, facts=facts):
            return shown.render_setting(name, note, facts, width=width, colour=colour, ascii=plain)
        case CodeInfo():
            return shown.render_code(found, width=width, page=page, colour=colour, ascii=plain)
        case RuleWhy(rule=rule, doc=doc):
            return render_rule(rule, doc, width=width, manual_page=page, colour=colour, ascii=plain)
        case Told():
            return shown.render_told(found, width=width, page=page, colour=colour, ascii=plain)
        case ErrataWhy(errata=errata):
            render = partial(render_erratum, width=width, page=page, colour=colour, ascii=plain)
            return "\n".join(render(item, held) for item, held in errata)
        case AnswerWhy(kind=kind, answer=answer, held=held):
            return render_answer(kind, answer, held, width=width, page=page, colour=colour, ascii=plain)
        case ScenarioWhy():
            return render_scenario(found, width=width, page=page, colour=colour, ascii=plain)
        case _:
            assert_never(found)


def _is_drilled(found: Why) -> TypeGuard[StepWhy]:
    from oceana_dr.operations.explaining.answer import StepWhy

    return isinstance(found, StepWhy) and found.drilled


def _steps(what: str, found: StepWhy) -> str:
    from oceana_dr.catalogue.load import load_catalogue
    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.present.explain.step import render_step

    catalogue, style, steps = load_catalogue(), stdout_style(), found.steps
    rules = {rule.id: rule for order in catalogue.orders.values() for rule in order}
    render = partial(render_step, width=style.width, page=catalogue.page, colour=style.colour, ascii=style.ascii)
    text = "\n".join(render(found.plan, step, rules) for step in steps)
    if len(steps) > 1:
        return f"{what} became {len(steps)} steps: {', '.join(step.id for step in steps)}\n\n{text}"
    return text
