"""Which steps close a channel to callers, and which open it, where no scenario says so.

In: a bound catalogue, the estate before the first step, the steps in order, the side in service. Out: ids by channel.
What is queued (mail) turns nobody away and must never count.
"""

from __future__ import annotations

from collections.abc import Sequence

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.predicate import evaluate
from oceana_dr.plan.model import Step
from oceana_dr.twin.evolve import bind_dynamics
from oceana_dr.twin.transitions import after


def channel_moves(
    bound: BoundCatalogue, live: Estate, steps: Sequence[Step], side: str
) -> tuple[dict[str, str], dict[str, str]]:
    """By channel: the first step that closes it on that side, and the last one that opens it."""
    drains = [item for item in bind_dynamics(bound).drains if item.side == side and item.turns_away]
    closes: dict[str, str] = {}
    opens: dict[str, str] = {}
    state = live
    for step in steps:
        following = after(state, step.moments)
        for drain in drains:
            was, now = evaluate(drain.closed, state.get), evaluate(drain.closed, following.get)
            if now is True and was is False:
                closes.setdefault(drain.channel, step.id)
            elif was is True and now is False:
                opens[drain.channel] = step.id
        state = following
    return closes, opens
