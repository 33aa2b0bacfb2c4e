"""Acts through a gateway: one POST under a key, then watching that operation until it ends.

In: a request of the runner. Out: `Done`, `Declined`, or `InDoubt`.
An act is sent once. When its answer is lost the key is looked up; nothing is ever sent again.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.drivers.contract import ActRequest, Declined, Done, EstateClock, InDoubt, Outcome
from oceana_dr.drivers.gateway.contract import (
    AnswerLost,
    NotSent,
    OperationState,
    Transport,
    Unintelligible,
    detail,
    operation_path,
    operation_state,
    site_path,
)
from oceana_dr.drivers.gateway.opening import open_transport
from oceana_dr.estate.action import action_to_json

if TYPE_CHECKING:
    from oceana_dr.drivers.protocol import Setting
    from oceana_dr.source.project_model import GatewayDriver

_FIRST_LOOK_S: Final = 2.0
_LONGEST_LOOK_S: Final = 60.0
_LOOKS_AFTER_SILENCE: Final = 5


class GatewayWriter:
    """Acts on one site. A set `stop` ends the watching, not the operation: that is in doubt then.

    `fencing`: the gateway says that it checks fencing tokens; another one is sent none.
    """

    def __init__(
        self,
        transport: Transport,
        site: str,
        clock: EstateClock,
        stop: threading.Event | None = None,
        *,
        fencing: bool = False,
    ) -> None:
        self._fencing = fencing
        self._transport = transport
        self._site = site
        self._clock = clock
        self._stop = stop or threading.Event()

    def act(self, request: ActRequest) -> Outcome:
        """Send the act and watch it until it has settled."""
        body: dict[str, Any] = {"key": request.key, "actor": request.actor, "action": action_to_json(request.action)}
        if self._fencing and request.token is not None:
            body["fencing_token"] = request.token
        try:
            status, answer = self._transport.request("POST", f"{site_path(self._site)}/operations", None, body)
        except NotSent as error:
            return Declined(f"nothing was sent: {error}", "not-sent")
        except AnswerLost as error:
            return self.settle(request.key) or InDoubt(f"{error}; the gateway knows no operation {request.key}")
        if status in {200, 202}:
            return self._watch(request.key, answer)
        if 400 <= status < 500 and status != 408:
            rule = answer.get("rule", "") if isinstance(answer, dict) else ""
            return Declined(detail(status, answer), str(rule))
        return self.settle(request.key) or InDoubt(f"the gateway answered {detail(status, answer)}")

    def settle(self, key: str) -> Outcome | None:
        """How the operation of this key went, waited for; None when the gateway knows of none."""
        found = self._look(key)
        return found if found is None or isinstance(found, InDoubt) else self._ended(key, found)

    def _watch(self, key: str, answer: Any) -> Outcome:
        try:
            return self._ended(key, operation_state(answer))
        except Unintelligible:
            return self.settle(key) or InDoubt(f"the gateway took operation {key} and does not know it")

    def _ended(self, key: str, operation: OperationState) -> Outcome:
        pause = _FIRST_LOOK_S
        while operation.state == "running":
            if self._stop.is_set():
                return InDoubt(f"operation {key} still runs")
            # The estate's guess saves looks; without one they grow rarer.
            self._clock.sleep(min(operation.remaining_s or pause, _LONGEST_LOOK_S))
            pause = min(pause * 1.5, _LONGEST_LOOK_S)
            found = self._look(key)
            if found is None:
                return InDoubt(f"the gateway does not know operation {key} any more")
            if isinstance(found, InDoubt):
                return found
            operation = found
        return _outcome(operation)

    def _look(self, key: str) -> OperationState | InDoubt | None:
        """The operation; None if there is none; in doubt after several looks without an answer."""
        reason, pause = "", _FIRST_LOOK_S
        for attempt in range(_LOOKS_AFTER_SILENCE):
            if attempt:
                self._clock.sleep(pause)
                pause *= 2
            try:
                status, body = self._transport.request("GET", operation_path(self._site, key))
                if status == 404:
                    return None
                if status == 200:
                    return operation_state(body)
                reason = detail(status, body)
            except (NotSent, AnswerLost, Unintelligible) as error:
                reason = str(error)
            if self._stop.is_set():
                break
        return InDoubt(f"operation {key}: {reason}")


def open_writer(setting: Setting[GatewayDriver]) -> GatewayWriter:
    """A writer to the endpoint of the options."""
    return GatewayWriter(
        open_transport(setting.options), setting.site, setting.clock, setting.stop, fencing=setting.fencing
    )


def _outcome(operation: OperationState) -> Outcome:
    match operation.state:
        case "done":
            return Done({"operation": operation.key})
        case "refused":
            return Declined(operation.message, operation.rule)
        case _:
            return InDoubt(f"it failed: {operation.message or 'the gateway gives no reason'}")
