"""What differs and a move does not touch: a plan must never be silent about it.

In: the comparison, the estate at the end of the walk, whether the move has begun. Out: findings.
A move carries its own values and nothing else: other changes have a plan of their own, before or after it.
"""

from __future__ import annotations

from collections.abc import Iterator

from oceana_dr.catalogue.model import Scenario
from oceana_dr.diff.compare import Difference
from oceana_dr.estate.address import Address, address_of, peer_of, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Unknown, show
from oceana_dr.plan.context import Context
from oceana_dr.plan.model import Finding


def leftovers(context: Context, difference: Difference, end: Estate, scenario: Scenario) -> Iterator[Finding]:
    """One finding an address for changes that would be left, one for each value that no setting mends.

    Before the move begins they refuse it: it would take the old values into service in the other data centre.
    Once administration is frozen for it nobody is kept from going on; they are said, and wait for a steady plan.
    """
    source = peer_of(context.operational)
    frozen = context.live.get(ref(Address("shared/change-freeze"), "state")) == "in force"
    begun = frozen or context.live.get(ref(Address(f"{source}/cluster-activity"), "status")) != "ACTIVE"
    severity = "warning" if begun else "refuse"
    left = context.bound.leaves(scenario)
    aside = context.bound.cut_off(end.get)
    by_address: dict[Address, list[str]] = {}
    for change in difference.changes:
        found = end.get(change.ref)
        if found != change.after and change.ref not in left and address_of(change.ref) not in aside:
            text = f"{change.ref.partition('#')[2]} {show(found)} → {show(change.after)} ({change.reason.value})"
            by_address.setdefault(address_of(change.ref), []).append(text)
    for address, texts in by_address.items():
        after = f"apply `oceana-dr plan {context.site} --operational {source} --target {address}` first"
        way = "a plan made after the move has it" if begun else after
        yield Finding(
            f"beside-{address}",
            "OD2013",
            severity,
            f"{address} also differs, and the move does not change it: {'; '.join(texts)}; {way}",
        )
    for item in difference.deviations:
        found = end.get(item.ref)
        kept = item.ref in left or address_of(item.ref) in aside
        if found != item.desired and not isinstance(found, Unknown) and not kept:
            role = item.kind == "role"
            text = f"{item.ref} is {show(found)} also after the move, should be {show(item.desired)}"
            code = "OD2004" if role else "OD2005"
            yield Finding(f"deviates-{item.ref}", code, severity if role else "warning", text)
