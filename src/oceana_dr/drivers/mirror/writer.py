"""Promotes, demotes, starts and stops by itself, for who has chosen `mirror-automatic`; sends everything once.

In: a procedure of the catalogue. Out: `Done`, `Declined`, or `InDoubt` with what every member says then.
Nothing is sent before every server was read and none speaks against it; what was sent is never sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from oceana_dr.drivers.contract import ActRequest, Declined, Done, EstateClock, InDoubt, Outcome
from oceana_dr.drivers.mirror.calling import call, control
from oceana_dr.drivers.mirror.contract import ASYNC, Instance, Seen, Server, Sight, Silent
from oceana_dr.drivers.mirror.hazards import (
    Against,
    before_demoting,
    before_promoting,
    before_promoting_alone,
    check_start,
)
from oceana_dr.drivers.mirror.session import Way, look, look_all, way_of
from oceana_dr.drivers.mirror.standing import ROLE, resource_of
from oceana_dr.estate.action import RunProcedure
from oceana_dr.estate.values import Unknown, show

if TYPE_CHECKING:
    from oceana_dr.drivers.mirror.options import MirrorOptions
    from oceana_dr.drivers.protocol import Setting

_PAUSE_S: Final = 2.0


def open_writer(setting: Setting[MirrorOptions]) -> MirrorWriter:
    """A writer to the site's servers."""
    servers = {server.letter: server for server in setting.options.servers_of(setting.bound)}
    options = setting.options
    return MirrorWriter(servers, way_of(options, setting.stop), options.databases, options.settle_s, setting.clock)


class _Stopped(Exception):
    """How the act ends before its end."""

    def __init__(self, outcome: Declined | InDoubt) -> None:
        super().__init__()
        self.outcome = outcome


@dataclass(frozen=True)
class MirrorWriter:
    """Acts on `servers`; `settle_s` is how long a part may take to change, on the estate's clock."""

    servers: Mapping[str, Server]
    way: Way
    databases: tuple[str, ...]
    settle_s: float
    clock: EstateClock

    def act(self, request: ActRequest) -> Outcome:
        """Look, act once, wait until it shows."""
        action = request.action
        work = _PROCEDURES.get(action.procedure) if isinstance(action, RunProcedure) else None
        if work is None:
            return Declined("a person does this: `mirror-automatic` has no call for it", "procedure")
        act = _Act(self)
        try:
            work(act)
        except Against as error:
            return Declined(error.message, error.rule)
        except _Stopped as error:
            return error.outcome
        return Done({"members": act.in_words()})


class _Act:
    """One act; once something was sent, nothing may be called declined any more."""

    def __init__(self, writer: MirrorWriter) -> None:
        self._of = writer
        self._sent = False

    def promote(self) -> None:
        """Server C becomes backup, and primary when Server A's Caché stops in order (High Availability Guide)."""
        before_promoting(self._seen())
        self._send(call(self._of.servers["C"], self._of.way, "Promote"))
        self._until("C", lambda instance: instance.backup)
        self._send(control(self._of.servers["A"], self._of.way, "stop"))
        self._until("C", lambda instance: instance.primary)

    def promote_alone(self) -> None:
        """Server C becomes primary without a partner: for when Server A is down."""
        before_promoting_alone(self._seen())
        self._send(call(self._of.servers["C"], self._of.way, "PromoteWithNoPartner"))
        self._until("C", lambda instance: instance.primary)

    def demote(self) -> None:
        """Server A starts, joins as backup and becomes async."""
        before_demoting(self._seen())
        if not self._look("A").host.running:
            self._send(control(self._of.servers["A"], self._of.way, "start"))
        self._until("A", lambda instance: instance.backup)
        self._send(call(self._of.servers["A"], self._of.way, "Demote"))
        self._until("A", lambda instance: instance.member == ASYNC)

    def start(self, letter: str) -> None:
        """Start Caché, if it does not run and cannot become a second primary."""
        found = self._look(letter)
        if not found.host.running:
            seen = self._seen()
            others = (sight for other, sight in seen.items() if other != letter)
            if any(isinstance(item, Silent) or not _is_down(item) for item in others):
                check_start(found)
            self._send(control(self._of.servers[letter], self._of.way, "start"))
        self._until(letter, lambda _: True)

    def stop(self, letter: str) -> None:
        """Stop Caché, if it runs."""
        if self._look(letter).host.running:
            self._send(control(self._of.servers[letter], self._of.way, "stop"))
        self._wait(letter, _is_down)

    def in_words(self) -> str:
        """What every member says now."""
        sights = self._seen()
        seen = {letter: (server, sights[letter]) for letter, server in self._of.servers.items()}
        said = []
        for letter in seen:
            found = resource_of(letter, seen, self._of.databases)
            said.append(f"Server {letter}: {show(found if isinstance(found, Unknown) else found[ROLE])}")
        return ", ".join(said)

    def _seen(self) -> dict[str, Sight]:
        return look_all(tuple(self._of.servers.values()), self._of.way)

    def _look(self, letter: str) -> Seen:
        sight = look(self._of.servers[letter], self._of.way)
        if isinstance(sight, Seen):
            return sight
        raise _Stopped(self._ended(Declined(f"nothing was sent: Server {letter}: {sight.reason}", "not-sent")))

    def _send(self, outcome: Outcome) -> None:
        if not isinstance(outcome, Done):
            raise _Stopped(self._ended(outcome))
        self._sent = True

    def _ended(self, outcome: Declined | InDoubt) -> Declined | InDoubt:
        """A refusal after something was sent is a doubt, told with what every member says: who decides must know it."""
        match outcome:
            case Declined(message=reason) if self._sent:
                return InDoubt(f"{reason}, and what came before was done; {self.in_words()}")
            case InDoubt(reason=reason):
                return InDoubt(f"{reason}; {self.in_words()}")
            case Declined():
                return outcome

    def _until(self, letter: str, holds: Callable[[Instance], bool]) -> None:
        self._wait(letter, lambda seen: isinstance(seen.instance, Instance) and holds(seen.instance))

    def _wait(self, letter: str, holds: Callable[[Seen], bool]) -> None:
        until = self._of.clock.now() + self._of.settle_s
        while True:
            sight = look(self._of.servers[letter], self._of.way)
            if isinstance(sight, Seen) and holds(sight):
                return
            if self._of.clock.now() >= until or self._of.way.stop.is_set():
                why = sight.reason if isinstance(sight, Silent) else "it does not show it"
                raise _Stopped(self._ended(InDoubt(f"Server {letter}, {self._of.settle_s} s after it was sent: {why}")))
            self._of.clock.sleep(_PAUSE_S)


def _is_down(seen: Seen) -> bool:
    return not seen.host.running


_PROCEDURES: Final[Mapping[str, Callable[[_Act], None]]] = {
    "promote-async-active-available": _Act.promote,
    "promote-async-ha-all-available": _Act.promote,
    "promote-async-single-dc1-offline": _Act.promote_alone,
    "promote-async-ha-dc1-offline": _Act.promote_alone,
    "demote-to-async": _Act.demote,
    "start-cache-c": lambda act: act.start("C"),
    "stop-cache-c": lambda act: act.stop("C"),
    "stop-cache-a": lambda act: act.stop("A"),
}
PROCEDURES: Final = tuple(_PROCEDURES)
