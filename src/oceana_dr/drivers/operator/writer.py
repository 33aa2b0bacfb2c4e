"""Acts that people carry out: a lab's hands, or nobody but the person who has just confirmed.

In: a request that follows a confirmed answer; its actor is the one who gave it. Out: an outcome.
It must never be called before the person has confirmed: in a real estate the act has happened then.
"""

from __future__ import annotations

from oceana_dr.drivers.contract import ActRequest, Done, Hands, Outcome


class ConsoleWriter:
    """The writer of the driver `operator`."""

    def __init__(self, hands: Hands | None) -> None:
        self._hands = hands

    def act(self, request: ActRequest) -> Outcome:
        """With hands, they do it now; without, the person says that it is done."""
        if self._hands is None:
            return Done()
        return self._hands.perform(request.action, request.actor)
