"""Which command of the broker a procedure is, from the catalogue's own words for it.

In: an action, the catalogue bound to the site, a pair. Out: `Command`, or `Denied` with the reason.
Nothing else may ever be sent that changes something: three commands, and the two names of the site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.template import CatalogueError
from oceana_dr.drivers.contract import Denied
from oceana_dr.drivers.dataguard.members import Database, Pair
from oceana_dr.estate.action import Action, RunProcedure

_COMMAND: Final = re.compile(r"^(SWITCHOVER TO|FAILOVER TO|REINSTATE DATABASE) ([A-Za-z][A-Za-z0-9_$#]{0,29});$")
_ROW: Final = "Command"


class Verb(StrEnum):
    """What the broker can be told to do."""

    SWITCHOVER = "SWITCHOVER TO"
    FAILOVER = "FAILOVER TO"
    REINSTATE = "REINSTATE DATABASE"


@dataclass(frozen=True, slots=True)
class Command:
    """A change of roles: `target` is the database that it names, `sender` the one that it is sent to."""

    verb: Verb
    target: Database
    sender: Database

    def __str__(self) -> str:
        return f"{self.verb} {self.target.name}"


def command_of(action: Action, bound: BoundCatalogue, pair: Pair) -> Command:
    """The command of a procedure; raises `Denied` where it is none, or names another database."""
    if not isinstance(action, RunProcedure):
        raise Denied("the broker changes roles, and sets nothing", "action")
    try:
        procedure = bound.procedure(action.procedure, action.arguments).type
    except (CatalogueError, KeyError) as error:
        raise Denied(f"nothing was sent: {error}", "action") from None
    found = next((match for name, text in procedure.copy if name == _ROW and (match := _COMMAND.match(text))), None)
    if found is None:
        raise Denied(f"nothing was sent: {action.procedure} is no command of the broker", "action")
    target = pair.named(found[2])
    if target is None:
        raise Denied(f"nothing was sent: {found[2]} is no database of this site", "action")
    verb = Verb(found[1])
    # A switchover is told to the primary, a failover to the standby that takes over. A reinstatement is told to the
    # new primary: Oracle says to another database than the one named; the manual prints the old one (line 1574).
    return Command(verb, target, target if verb is Verb.FAILOVER else pair.other(target))
