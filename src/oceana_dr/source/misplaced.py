"""Keys that people know from the consoles, or from the other data centre, and that cannot stand here.

In: an unknown key and its place. Out: a diagnostic that says why and what to do, or None.
It must never accept such a key, also when its value is right today: it would be wrong after a switchover.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from oceana_dr.diagnostics import Diagnostic, Label, Span
from oceana_dr.source.merge import Data, Located, Path


@dataclass(frozen=True, slots=True)
class _Derived:
    """What a key means on a console; `single` when only one data centre may have it."""

    what: str
    note: str
    single: bool = False


@dataclass(frozen=True, slots=True)
class _WrongSide:
    """A system that only the other data centre has."""

    code: str
    message: str
    note: str
    help: str


_MAIL: Final = _Derived(
    "mail manager", "the mail manager runs on the operational side only (manual p. 35-36)", single=True
)
_VOICE: Final = _Derived(
    "CallServerConnector", "it is deployed on the operational side only (manual p. 55-56)", single=True
)
_FLAG: Final = _Derived("maintenance flag", "it follows from `channels` and `operational` (manual p. 36-37)")
_STATE: Final = _Derived("cluster state", "it follows from `operational` (manual p. 39, 49)")
_ROLE: Final = _Derived(
    "geo-redundancy role", "Data Center 1 is GEO_MASTER, Data Center 2 is GEO_SLAVE (manual p. 17, 20)"
)

_DERIVED: Final = {
    **dict.fromkeys(("email", "emailmanager", "email_service"), _MAIL),
    **dict.fromkeys(("call_server_connector", "csc", "deploy_csc"), _VOICE),
    **dict.fromkeys(("maintenance", "maintenance_mode", "chat", "sms", "social", "web_voice", "web_video"), _FLAG),
    **dict.fromkeys(("state", "status", "activity", "accepting", "deployed"), _STATE),
    **dict.fromkeys(("role", "dr_role", "geo_role"), _ROLE),
}

_ONE_ESS: Final = "Oceana supports a single disaster recovery site, that is, a single ESS (manual p. 71)"
_SIDES: Final = "which data centre takes contacts is said by `operational` alone"
_WRONG_SIDE: Final = {
    ("dc1", "ess"): _WrongSide(
        "OD1131", "an ESS in dc1 would be a second disaster recovery site", _ONE_ESS, "keep the ESS of dc2 only"
    ),
    ("dc2", "communication_manager"): _WrongSide(
        "OD1132", "dc2 has an ESS, not a Communication Manager", _SIDES, "write `ess: {address: …}`"
    ),
    ("dc1", "omnichannel", "async"): _WrongSide(
        "OD1132", "the async Omnichannel server belongs to dc2", _SIDES, "move it to dc2; dc1 has active and standby"
    ),
    ("dc2", "omnichannel", "active"): _WrongSide(
        "OD1132", "the active Omnichannel server belongs to dc1", _SIDES, "dc2 has one server, written `async: …`"
    ),
    ("dc2", "omnichannel", "standby"): _WrongSide(
        "OD1130",
        "a standby Omnichannel server can stand in dc1 only",
        "High Availability is a pair in Data Center 1 (manual p. 31); Data Center 2 has one async server",
        "move it to dc1, or remove it",
    ),
}


def explain_misplaced(located: Located, path: Path, key: Span) -> Diagnostic | None:
    """The diagnostic for a key that means something, only not here; None for any other unknown key."""
    if len(path) < 2 or path[0] != "data_centers":
        return None
    if len(path) == 2:
        return Diagnostic(
            "OD1131",
            f"`{path[1]}` would be a third data centre",
            (Label(key),),
            (_ONE_ESS,),
            "keep dc1 and dc2; another pair of data centres is another site",
        )
    if side := _WRONG_SIDE.get(tuple(str(part) for part in path[1:])):
        return Diagnostic(side.code, side.message, (Label(key),), (side.note,), side.help)
    derived = _DERIVED.get(str(path[-1]))
    return None if derived is None else _refuse_derived(located, path, key, derived)


def _refuse_derived(located: Located, path: Path, key: Span, found: _Derived) -> Diagnostic:
    side, operational = path[1], located.at(("operational",))
    elsewhere = operational in ("dc1", "dc2") and side in ("dc1", "dc2") and side != operational
    if found.single and elsewhere and _is_on(located.at(path)):
        message = f"both data centres would run the {found.what}"
        label = f"deployed in {side} while {operational} is operational"
    else:
        message = f"the {found.what} is derived, it cannot be set here"
        label = "set by hand"
    advice = "remove this line; the compiler derives it from `operational`"
    if found is _FLAG:
        advice = "remove this line; write `draining` in `channels` to close a channel"
    return Diagnostic("OD1042", message, (Label(key, label),), (found.note,), advice)


def _is_on(value: Data) -> bool:
    return value is True or (isinstance(value, dict) and value.get("deployed") is True)
