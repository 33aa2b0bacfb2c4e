"""What a person does at a console for a step: the clicks, from the catalogue's data.

In: a resource's console record and values, or a procedure. Out: `Instructions`.
Labels and literals are exact; the sentences around them are ours, never the manual's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from oceana_dr.catalogue.bind import BoundCatalogue, BoundProcedure, BoundResource
from oceana_dr.estate.address import Ref, address_of, attribute_of
from oceana_dr.estate.predicate import Is, Predicate
from oceana_dr.estate.shortfall import leaves
from oceana_dr.estate.values import Override, Unknown, Value, effective, show
from oceana_dr.plan.model import Instructions, Loss


def for_values(bound: BoundCatalogue, values: Mapping[Ref, Value], *, second_person: bool) -> Instructions:
    """How to set these attributes by hand."""
    clicks: list[str] = []
    copy: list[tuple[str, str]] = []
    resource: BoundResource | None = None
    one_page = len({address_of(reference) for reference in values}) == 1
    for reference, value in values.items():
        found = bound.resources[address_of(reference)]
        if resource is None or found.address != resource.address:
            clicks.extend(f"{label}: {item}" for label, item in found.type.select.items())
        resource = found
        label, word = attribute_of(reference), written(found, attribute_of(reference), value)
        copy.append((label if one_page else reference, word))
        clicks.extend(_edit(bound, found, label, word, value))
    assert resource is not None, "a set step sets something"
    if (commit := resource.type.console.get("commit", "none")) != "none":
        clicks.append(commit)
    seen = "; ".join(f"{attribute_of(ref)} reads {show(value)}" for ref, value in values.items())
    return Instructions(resource.console, tuple(clicks), tuple(copy), seen, second_person)


def for_looking(bound: BoundCatalogue, references: Iterable[Ref], condition: Predicate) -> Instructions:
    """Where to look whether the condition has come about, for what only people can tell."""
    resources = {address_of(name): bound.resources[address_of(name)] for name in references}
    looks = [look for resource in resources.values() for look in how_to_look(bound, resource)]
    seen = "; ".join(
        f"{attribute_of(leaf.ref)} reads {' or '.join(map(show, leaf.values))}"
        for leaf in leaves(condition)
        if isinstance(leaf, Is) and address_of(leaf.ref) in resources
    )
    return Instructions("; ".join(item.console for item in resources.values()), tuple(looks), (), seen)


def how_to_look(bound: BoundCatalogue, resource: BoundResource) -> tuple[str, ...]:
    """What to do at a console to see what it reads; nothing where its record only says how to set it."""
    template = resource.type.console["edit"]
    return () if "{value}" in template else tuple(bound.text(template, dc=resource.dc).split("\n"))


def for_procedure(procedure: BoundProcedure, *, second_person: bool) -> Instructions:
    """How to carry the procedure out by hand."""
    kind = procedure.type
    return Instructions(kind.console, kind.clicks, kind.copy, kind.expect, second_person)


def clicks_for_losses(losses: Iterable[Loss]) -> tuple[str, ...]:
    """What people sign for before a failover, a line a component; what is not known is said to be."""
    return tuple(f"Lost of {item.component}: {amount_lost(item)} of {item.means}" for item in losses)


def amount_lost(loss: Loss) -> str:
    """`40 s`, or that nobody knows."""
    if isinstance(loss.value, Unknown):
        return f"an unknown amount ({show(loss.value)})"
    return f"{show(loss.value)} {loss.unit}"


def written(resource: BoundResource, label: str, value: Value) -> str:
    """The literal that the console shows for a canonical value (`True` for `true`)."""
    plain = show(effective(value))
    return resource.attributes[label].type.words.get(plain, plain)


def _edit(bound: BoundCatalogue, resource: BoundResource, label: str, word: str, value: Value) -> list[str]:
    """One instruction a line of the console's record."""
    if isinstance(value, Override) and not value.override:
        return [f"For {label} clear Override Default"]
    template = resource.type.console["edit"]
    return bound.text(template, label=label, value=word, button=word, dc=resource.dc).split("\n")
