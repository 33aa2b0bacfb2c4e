"""How many people must approve a plan, as it is said beside it when it is made.

In: a project, a plan. Out: the number, the roles, and a sentence; nothing where none are asked for.
It is no part of the plan: `apply` and `approvals` ask anew, and a plan's id stays when a policy changes.
"""

from __future__ import annotations

from oceana_dr.estate.values import Json
from oceana_dr.guard.approvals import People, Rule
from oceana_dr.operations.governing import approval_rule
from oceana_dr.plan.model import Plan
from oceana_dr.source.cache import Cache
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import Project


def asked_approvals(project: Project, plan: Plan, cache: Cache) -> dict[str, Json]:
    """`required` (people in all), `roles` (so many of each among them), `says`; empty where nobody is asked."""
    rule = approval_rule(project, prepare_site(project, plan.site, None, cache))
    if not rule.people:
        return {}
    roles: dict[str, Json] = {role: number for role, number in rule.roles.items() if number}
    return {"required": rule.people, "roles": roles, "says": _says(rule, People(project.people, project.roles or {}))}


def _says(rule: Rule, people: People) -> str:
    """`2 people who did not make the change, among them 1 change-manager (omar)`."""
    whole = "1 person who" if rule.people == 1 else f"{rule.people} people who"
    among = []
    for role, number in rule.roles.items():
        if number:
            named = ", ".join(people.of_role(role)) or "nobody has that role"
            among.append(f"{number} {role} ({named})")
    return f"{whole} did not make the change{', among them ' if among else ''}{' and '.join(among)}"
