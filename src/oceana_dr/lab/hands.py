"""A lab's person at a console: does what was confirmed, and waits until the console has done it.

In: an action and who confirmed it. Out: the console's outcome.
Only a lab has hands: on a real estate people have done it themselves when they confirm.
"""

from __future__ import annotations

import threading

from oceana_dr.drivers.contract import Declined, Done, EstateClock, InDoubt, Outcome
from oceana_dr.drivers.gateway.contract import (
    AnswerLost,
    NotSent,
    OperationState,
    Transport,
    Unintelligible,
    detail,
    operation_state,
)
from oceana_dr.estate.action import Action, action_to_json
from oceana_dr.lab.crew import only_a_lab

_LOOK_S = 60.0
_PATIENCE_S = 3600.0


class LabHands:
    """`drivers.contract.Hands` for a lab."""

    def __init__(
        self, transport: Transport, site: str, clock: EstateClock, stop: threading.Event | None = None
    ) -> None:
        self._transport = transport
        self._site = site
        self._clock = clock
        self._stop = stop or threading.Event()
        only_a_lab(transport, site)

    def perform(self, action: Action, by: str) -> Outcome:
        """Carry out the action as this person."""
        body = {"as": by, "action": action_to_json(action)}
        try:
            waited = 0.0
            while True:
                status, answer = self._transport.request("POST", f"/v1/lab/{self._site}/hands", None, body)
                if status in {200, 202}:
                    return self._settled(operation_state(answer))
                rule = answer.get("rule", "") if isinstance(answer, dict) else ""
                # What a run that died has begun may still hold the console: a person waits for it.
                if rule != "busy" or waited >= _PATIENCE_S or self._stop.is_set():
                    return Declined(detail(status, answer), str(rule))
                self._clock.sleep(_LOOK_S)
                waited += _LOOK_S
        except NotSent as error:
            return Declined(f"nothing was done: {error}", "not-sent")
        except (AnswerLost, Unintelligible) as error:
            return InDoubt(str(error))

    def _settled(self, operation: OperationState) -> Outcome:
        while operation.state == "running":
            if self._stop.is_set():
                return InDoubt(f"{operation.key} still runs")
            self._clock.sleep(min(operation.remaining_s or _LOOK_S, _LOOK_S))
            status, answer = self._transport.request("GET", f"/v1/lab/{self._site}/operations/{operation.key}")
            if status != 200:
                return InDoubt(detail(status, answer))
            operation = operation_state(answer)
        match operation.state:
            case "done":
                return Done({"operation": operation.key})
            case "refused":
                return Declined(operation.message, operation.rule)
            case _:
                return InDoubt(f"it failed: {operation.message}")
