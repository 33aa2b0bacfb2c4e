"""Why: an address, a setting, a step, a code, an id of the catalogue, each with its chain down to the manual's lines.

In: a project, what was asked, perhaps a site or a plan. Out: what the renderers show.
What nobody knows is said with the nearest that is known, never answered with a guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product

from oceana_dr.catalogue.load import load_catalogue, load_rule_docs
from oceana_dr.catalogue.model import stands_for
from oceana_dr.catalogue.observances import Observance, load_observances
from oceana_dr.catalogue.rules import Rule, RuleDoc
from oceana_dr.catalogue.settings import Setting, load_settings
from oceana_dr.catalogue.wording import rule_of
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.compile.provenance import Provenance
from oceana_dr.diagnostics import OceanaError, Refused
from oceana_dr.diagnostics.codes import ALL, CodeInfo
from oceana_dr.diagnostics.nearest import nearest
from oceana_dr.estate.address import SIDES, Address, BadAddress, parse_address, ref
from oceana_dr.estate.values import Json, Value
from oceana_dr.operations.access import baseline_of, has_gateway, live_reader
from oceana_dr.operations.effects import outspoken
from oceana_dr.operations.explaining.errata import AnswerWhy, ErrataWhy, erratum_names, explain_erratum
from oceana_dr.operations.explaining.keys import explain_key, site_keys
from oceana_dr.operations.explaining.rules import Told, catalogue_ids, tell
from oceana_dr.operations.explaining.scenarios import ScenarioWhy, explain_scenario, scenario_named
from oceana_dr.operations.planning import make_plan
from oceana_dr.operations.routing import routes_of
from oceana_dr.operations.settings_table import setting_facts, settings_table
from oceana_dr.plan.model import SCENARIOS, Plan, Step
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project, list_sites


@dataclass(frozen=True, slots=True)
class AttributeWhy:
    """One attribute: its desired value per operational side, what was read, how it follows."""

    label: str
    desired: Mapping[str, Value]
    live: Value | None
    rule: str
    origin: Provenance


@dataclass(frozen=True, slots=True)
class AddressWhy:
    """An address, with the attributes asked for; the drivers that read it and act on it (`operator`: a person)."""

    site: str
    address: Address
    title: str
    console: str
    attributes: tuple[AttributeWhy, ...]
    operational: str
    read_by: str
    set_by: str


@dataclass(frozen=True, slots=True)
class StepWhy:
    """A step in the plan it stands in, or all parts of one that became several.

    `drilled`: nobody would make this plan now; it is the one that a drill of its scenario begins with.
    """

    plan: Plan
    steps: tuple[Step, ...]
    drilled: bool = False


@dataclass(frozen=True, slots=True)
class RuleWhy:
    """A domain rule and its page."""

    rule: Rule
    doc: RuleDoc


@dataclass(frozen=True, slots=True)
class SettingWhy:
    """A setting or a constraint of the manual: what is to be said of it, as names and texts."""

    id: str
    note: str
    facts: tuple[tuple[str, str], ...]


Why = AddressWhy | StepWhy | SettingWhy | CodeInfo | RuleWhy | Told | ErrataWhy | AnswerWhy | ScenarioWhy


def explain(project: Project, asked: str, site: str | None, plan: Plan | None, cache: Cache) -> Why:
    """What was asked about; raises `OceanaError` for what nobody knows."""
    if (record := _record(asked)) is not None:
        return record
    sites = (site,) if site else list_sites(project)
    if "/" in asked:
        return _address(project, asked, sites, cache)
    if (scenario := scenario_named(asked)) is not None:
        return explain_scenario(scenario, _compiled(project, sites[0], cache) if sites else None)
    catalogue = load_catalogue()
    if asked in (ids := catalogue_ids(catalogue)) or asked.upper() in ids:
        bound = [_compiled(project, name, cache).bound for name in sites]
        told = tell(catalogue, asked, bound or [outspoken(None)])
        if told is not None:
            return told
    if (key := explain_key(project, asked, sites, cache)) is not None:
        return key
    found = _step_in(plan, asked) if plan else _step(project, asked, sites, cache)
    if found is not None:
        return found
    known = [
        *ALL,
        *SCENARIOS,
        *ids,
        *_step_ids(),
        *_settings(asked),
        *_observances(asked),
        *erratum_names(),
        *site_keys(),
        *(name for rule in catalogue.rules for name in (rule.code, rule.id)),
    ]
    near = nearest(asked, known)
    hint = (
        f"did you mean {near}?"
        if near
        else "name an address, a setting, a step of a plan, a scenario, an invariant, or a code"
    )
    raise OceanaError(f"nothing is known about {asked!r}", hint=hint)


def _record(asked: str) -> Why | None:
    """What the catalogue says by this code or id, whatever the site."""
    if asked.upper() in ALL:
        return ALL[asked.upper()]
    rules = load_catalogue().rules
    if ruled := next((rule for rule in rules if asked in {rule.id, rule.code} or asked.upper() == rule.code), None):
        return RuleWhy(ruled, load_rule_docs()[ruled.id])
    observances = _observances(asked)
    if observances and (erratum := explain_erratum(asked)) is not None:
        return erratum
    if asked in observances:
        return _observance(observances[asked])
    settings = _settings(asked)
    return _setting(settings[asked]) if asked in settings else None


def _observances(asked: str) -> Mapping[str, Observance]:
    """Every observance by id; none if no id of one looks like what was asked: they are read only when needed."""
    return {item.id: item for item in load_observances()} if "-" in asked and "/" not in asked else {}


def _settings(asked: str) -> Mapping[str, Setting]:
    return {item.id: item for item in load_settings()} if "." in asked and "/" not in asked else {}


def _setting(setting: Setting) -> SettingWhy:
    catalogue = load_catalogue()
    rows = [row for row in settings_table(catalogue, (setting,)) if row["setting"] == setting.id]
    return SettingWhy(setting.id, setting.note, setting_facts(catalogue, setting, rows))


def _observance(item: Observance) -> SettingWhy:
    catalogue = load_catalogue()
    pages = ", ".join(f"p. {catalogue.page(first)} (lines {first}-{last})" for first, last in item.manual)
    facts = [
        ("severity", item.severity.value),
        ("told by", "what is read back" if item.tells == "estate" else "a person"),
        ("kept by", ", ".join(item.kept_by)),
        ("asked", item.ask),
        ("manual", pages),
    ]
    return SettingWhy(item.id, item.title, tuple((name, text) for name, text in facts if text))


def _address(project: Project, asked: str, sites: tuple[str, ...], cache: Cache) -> AddressWhy:
    text, _, label = asked.partition("#")
    try:
        address = parse_address(text)
    except BadAddress as error:
        raise OceanaError(str(error)) from None
    known: list[str] = []
    for name in sites:
        compiled = _compiled(project, name, cache)
        if address in compiled.bound.resources:
            return _why(project, compiled, address, label)
        known += compiled.bound.resources
    near = nearest(address, known)
    hint = f"did you mean {near}?" if near else "catalogue settings lists the addresses"
    raise OceanaError(f"no site has the address {address}", hint=hint)


def _compiled(project: Project, site: str, cache: Cache) -> Compiled:
    return compile_site(prepare_site(project, site, None, cache), load_catalogue())


def _why(project: Project, compiled: Compiled, address: Address, label: str) -> AddressWhy:
    resource = compiled.bound.resources[address]
    if label and label not in resource.attributes:
        near = nearest(label, resource.attributes)
        raise OceanaError(
            f"{address} has no attribute {label!r}",
            hint=f"did you mean {near!r}?" if near else f"attributes: {', '.join(resource.attributes)}",
        )
    sides = {
        side: compile_site(compiled.site, compiled.bound.catalogue, side).estate.attributes(address) for side in SIDES
    }
    live = _live(project, compiled, address)
    attributes = tuple(
        AttributeWhy(
            name,
            {side: values[name] for side, values in sides.items() if name in values},
            live.get(name),
            _whole_rule(attribute.type.desired) if attribute.type.managed else "observed only",
            compiled.provenance(ref(address, name))
            if attribute.type.managed
            else Provenance((), attribute.type.setting, attribute.type.manual or resource.type.manual),
        )
        for name, attribute in resource.attributes.items()
        if not label or name == label
    )
    routes = routes_of(compiled.site, gateway=has_gateway(project))
    return AddressWhy(
        compiled.site.name,
        address,
        resource.title,
        resource.console,
        attributes,
        compiled.operational,
        routes.reader_of(address),
        routes.writer_of(address, resource.type.driver),
    )


def _live(project: Project, compiled: Compiled, address: Address) -> Mapping[str, Value]:
    """What is read now; nothing when the estate does not answer, for explaining goes on without."""
    try:
        return live_reader(project, None)(compiled).estate.attributes(address)
    except OceanaError:
        return {}


def _whole_rule(expression: Json) -> str:
    """The sentence; a value alone is shown as one: `none` by itself would read as if there were no rule."""
    match expression:
        case dict() | list():
            return rule_of(expression)
        case _:
            return f"always `{rule_of(expression)}`"


def _step(project: Project, asked: str, sites: tuple[str, ...], cache: Cache) -> StepWhy | None:
    """The step in the plan of the first site that has it: as the site stands, else as if it moved."""
    if not any(stands_for(asked, name) for name in _step_ids()) and not asked.startswith("A"):
        return None
    for name in sites:
        for operational in (None, "dc2"):
            planned = make_plan(
                project,
                name,
                live_reader(project, None),
                baseline_of(project),
                operational=operational,
                cache=cache,
            )
            found = _step_in(planned.plan, asked)
            if found is not None:
                return found
    return _drilled(project, asked, sites, cache)


def _drilled(project: Project, asked: str, sites: tuple[str, ...], cache: Cache) -> StepWhy | None:
    """The step in the plan of a scenario that does not fit the estate now, from where its drill begins."""
    from oceana_dr.operations.drilling.opening import Asked, open_in_memory  # brings the lab, which few need here

    scenarios = [
        name
        for name, item in load_catalogue().scenarios.items()
        if any(stands_for(asked, str(step["id"])) for step in item.steps)
    ]
    for site, scenario in product(sites, scenarios):
        try:
            plan = open_in_memory(project, Asked(site, scenario), cache).planned.plan
        except Refused:
            continue  # what this site has no drill of
        if (found := _step_in(plan, asked)) is not None:
            return replace(found, drilled=True)
    if scenarios:
        text = (
            f"{asked} is a step of {', '.join(scenarios)}, and no plan for {' or '.join(sites) or 'a site'} has it now"
        )
        raise OceanaError(text, hint=f"what is done there, and why: oceana-dr explain {scenarios[0]}")
    return None


def _step_in(plan: Plan, asked: str) -> StepWhy | None:
    exact = tuple(step for step in plan.steps if step.id == asked)
    parts = exact or tuple(step for step in plan.steps if stands_for(asked, step.id))
    return StepWhy(plan, parts) if parts else None


def _step_ids() -> tuple[str, ...]:
    return tuple(str(step["id"]) for item in load_catalogue().scenarios.values() for step in item.steps)
