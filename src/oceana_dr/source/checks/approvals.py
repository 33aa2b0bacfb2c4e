"""Approvals of a site against what the project demands, and the people and roles that both speak of.

In: a site and its project, or the project's own file. Out: OD1135, OD1142, OD1145.
It must never read a key or a signature: who approved is the guard's matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source.checks.times import check_role, check_roles, seconds
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.project import Project


def check_approvals(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    """What a site asks for against the least that the project demands."""
    yield from _required(site, project)
    yield from _lasts(site, project)
    yield from _overrides(site, project)
    yield from check_roles(site, ("approvals", "override_roles"), project.roles)
    yield from _counted_roles(site, ("approvals", "roles"), project.roles)


def check_approval_policy(file: SiteView) -> Iterator[Diagnostic]:
    """The project's own file: roles that somebody has, and names of one person each."""
    policy = ("policy", "approvals")
    yield from check_roles(file, (*policy, "override_roles"), file.keys("roles"))
    yield from _counted_roles(file, (*policy, "roles"), file.keys("roles"))
    yield from _people(file)


def _required(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    required, minimum = site.number("approvals.required"), project.policy.required_approvals
    if (1 if required is None else required) < minimum:
        yield Diagnostic(
            "OD1135",
            f"the project requires {minimum} approvals or more",
            (site.label("approvals.required"),),
            ("oceana-dr.yaml: policy.approvals.required",),
            f"write {minimum} or more",
        )
    for role, count in project.policy.approvals.get("roles", {}).items():
        asked = site.number(("approvals", "roles", role))
        if asked is not None and asked < count:
            yield Diagnostic(
                "OD1135",
                f"the project requires {count} approvals by {role} or more",
                (site.label(("approvals", "roles", role)),),
                (f"oceana-dr.yaml: policy.approvals.roles.{role}",),
                f"write {count} or more, or leave it out",
            )


def _lasts(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    most, asked = project.policy.approvals.get("valid_for"), site.text("approvals.valid_for")
    if most is not None and asked is not None and seconds(asked) > seconds(most):
        yield Diagnostic(
            "OD1135",
            f"an approval may last {most} at most",
            (site.label("approvals.valid_for"),),
            ("oceana-dr.yaml: policy.approvals.valid_for",),
            f"write {most} or less, or leave it out",
        )


def _overrides(site: SiteView, project: Project) -> Iterator[Diagnostic]:
    allowed = project.policy.approvals.get("override_roles")
    if allowed is None:
        return
    for item in site.items("approvals.override_roles"):
        role = site.text(item)
        if role is not None and role not in allowed:
            yield Diagnostic(
                "OD1135",
                f"the project lets nobody with the role {role} run a plan without its approvals",
                (site.label(item),),
                (f"oceana-dr.yaml: policy.approvals.override_roles: {', '.join(allowed) or 'none'}",),
                "leave it out",
            )


def _counted_roles(file: SiteView, path: tuple[str, ...], known: Collection[str] | None) -> Iterator[Diagnostic]:
    for role in file.keys(path):
        yield from check_role(role, file.key_label((*path, role)), known)


def _people(file: SiteView) -> Iterator[Diagnostic]:
    """A name that two people have would let one of them count as the other."""
    owners: dict[str, str] = {}
    for person in file.keys("people"):
        own = [(person, file.key_label(("people", person)))]
        own += [(text, file.label(item)) for item in file.items(("people", person)) if (text := file.text(item))]
        for name, label in own:
            owner = owners.setdefault(name.strip().casefold(), person)
            if owner != person:
                yield Diagnostic(
                    "OD1145",
                    f"{name} is {owner} already",
                    (label,),
                    ("approvals are counted by person",),
                    f"leave it out of {person} or of {owner}, or make one person of them",
                )
