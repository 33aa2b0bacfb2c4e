"""Acts that people carry out: a lab's hands, or nobody but the person who has just confirmed.

In: a request that follows a confirmed answer; its actor is the one who gave it. Out: an outcome.
It must never be called before the person has confirmed: in a real estate the act has happened then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from oceana_dr.drivers.contract import ActRequest, Done, Hands, Outcome

if TYPE_CHECKING:
    from oceana_dr.drivers.protocol import Setting


def open_writer(_setting: Setting[Any]) -> ConsoleWriter:
    """A writer without hands: the person who has just confirmed has done it."""
    return ConsoleWriter(None)


class ConsoleWriter:
    """The writer of the driver `operator`."""

    def __init__(self, hands: Hands | None) -> None:
        self._hands = hands

    def act(self, request: ActRequest) -> Outcome:
        """With hands, they do it now; without, the person says that it is done."""
        if self._hands is None:
            return Done()
        return self._hands.perform(request.action, request.actor)
