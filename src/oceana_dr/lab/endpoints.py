"""The lab's own endpoints: console edits, people's hands, faults, the crew, a fresh start.

In: requests below `/v1/lab/{site}`. Out: answers; real gateways have none of this.
Faults of the gateway must never strike here: who breaks a lab must be able to mend it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from oceana_dr.lab.answers import BadRequest, Reply, problem, submitted
from oceana_dr.lab.clock import iso
from oceana_dr.lab.faults import Fault, UnknownFault, parse_fault
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.requests import Query, action_in, field, flag_in, person_in, values_in
from oceana_dr.lab.world import World

_SHOWN_EVENTS = 20
_WHO = "lab"


def answer(lab: Lab, method: str, rest: tuple[str, ...], query: Query, body: Any) -> Reply:
    """Answer a request below a lab's path."""
    match method, rest:
        case "GET", ("status",):
            return Reply(200, status(lab))
        case "GET", ("events",):
            return Reply(200, {"events": [event.to_json() for event in lab.events()]})
        case "GET", ("operations", *parts):
            found = lab.operation("/".join(parts))
            return Reply(200, found[0].to_json(found[1])) if found else problem(404, "no operation has this key")
        case "PUT", ("values",):
            force = flag_in(body, "force", default=False)
            return submitted(*lab.edit(person_in(body, "as"), values_in(body), force=force))
        case "POST", ("hands",):
            return submitted(*lab.hands(person_in(body, "as"), action_in(body)))
        case _:
            return _rule(lab, method, rest, query, body)


def _rule(lab: Lab, method: str, rest: tuple[str, ...], query: Query, body: Any) -> Reply:
    """What is done to the lab itself rather than to the estate."""
    match method, rest:
        case "POST", ("faults",):
            return _break(lab, body)
        case "DELETE", ("faults",):
            return _mend(lab, query)
        case "PUT", ("crew",):
            on = flag_in(body, "on")
            lab.change(_WHO, "crew", {"on": on}, lambda world: replace(world, crew=on))
            return Reply(200, status(lab))
        case "POST", ("reset",):
            lab.reset()
            return Reply(200, status(lab))
        case _, ("status" | "events" | "values" | "hands" | "faults" | "crew" | "reset",):
            raise BadRequest(405, "this cannot be done here; see /v1/openapi.json")
        case _:
            raise BadRequest(404, "no such path; see /v1/openapi.json")


def status(lab: Lab) -> dict[str, Any]:
    """What a person wants to know of a lab."""
    now, scale = lab.time()
    world = lab.world()
    return {
        "site": lab.site,
        "clock": {"now": now, "scale": scale, "text": iso(now)},
        "crew": world.crew,
        "faults": [{"fault": fault.text, "once": fault.once} for fault in world.faults],
        "running": [operation.to_json(now) for operation in lab.running()],
        "events": [event.to_json() for event in lab.events(_SHOWN_EVENTS)],
    }


def _break(lab: Lab, body: Any) -> Reply:
    text = field(body, "fault")
    if not isinstance(text, str):
        raise BadRequest(422, "`fault` is a name, or name:target")
    try:
        fault = parse_fault(text, flag_in(body, "once", default=False), lab.channels)
    except UnknownFault as error:
        raise BadRequest(422, str(error)) from None

    def broken(world: World) -> World:
        others = tuple(item for item in world.faults if item.text != fault.text)
        return replace(world, faults=(*others, fault))

    lab.change(_WHO, "fault", {"fault": fault.text, "once": fault.once}, broken)
    return Reply(201, status(lab))


def _mend(lab: Lab, query: Query) -> Reply:
    names = set(query.get("fault", ()))

    def stays(fault: Fault) -> bool:
        return bool(names) and fault.text not in names and fault.name not in names

    def mended(world: World) -> World:
        return replace(world, faults=tuple(fault for fault in world.faults if stays(fault)))

    lab.change(_WHO, "mended", {"faults": sorted(names) or ["all"]}, mended)
    return Reply(200, status(lab))
