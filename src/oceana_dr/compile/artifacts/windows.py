"""Windows services: the ISCAgent for a configuration tool, and Control Manager's services as a script.

In: the service resources of the catalogue. Out: `windows/ISCAgent.yaml` and `windows/control-manager-<dc>.ps1`.
Dialog units must never reach a tool: it gets seconds and milliseconds (see `iscagent`). The SQL Server service is not
touched: stopping it is what triggers a switchover, and that is a step of a plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, cast

from oceana_dr.compile.artifacts.heading import RUN, heading
from oceana_dr.compile.artifacts.iscagent import agent_settings
from oceana_dr.compile.artifacts.mirror import server_host
from oceana_dr.compile.artifacts.subject import Artifact, Subject, last_part
from oceana_dr.estate.address import SIDES, Address

_CONSOLE: Final = "Windows Services on "
_STATE, _STARTUP = "state", "Startup type"
_STATES: Final = {"running": "Running", "stopped": "Stopped"}
# The words of ansible.windows.win_service.
_MODULE_STARTS: Final = {"Automatic": "auto", "Manual": "manual", "Disabled": "disabled"}
_MODULE_ACTIONS: Final = {0: "none", 1: "restart"}
_STARTS: Final = {"Automatic": "Auto", "Manual": "Manual"}


def windows(subject: Subject) -> Iterator[Artifact]:
    """The ISCAgent of every Omnichannel server, and one script an application server of Control Manager."""
    agents = [address for address, _ in subject.resources("windows")]
    purpose = "ISCAgent service of every Omnichannel Database server, in the parameters of ansible.windows.win_service"
    data = {**heading(subject, purpose, addresses=agents), "agents": [_agent(subject, item) for item in agents]}
    yield Artifact("windows/ISCAgent.yaml", "windows/iscagent.yaml.j2", data)
    for side in SIDES:
        server = subject.bindings[f"site.acm.app.{side}"]
        pages = [item for item, found in subject.resources("acm") if found.console == f"{_CONSOLE}{server}"]
        purpose = f"Services of Control Manager on {server}, {subject.place(side)} ({side})"
        services = [service for page in pages for service in _services(subject, page)]
        file = f"control-manager-{side}.ps1"
        data = {
            **heading(subject, purpose, addresses=pages, use=RUN),
            "server": server,
            "file": file,
            "services": services,
            # What has to be out of the way before the file is pointed by hand; nothing where it goes by itself.
            "workaround": next((item["name"] for item in services if item["mode"] == "Manual"), None),
        }
        yield Artifact(f"windows/{file}", "windows/services.ps1.j2", data)


def _agent(subject: Subject, address: Address) -> dict[str, object]:
    server = Address(address.rpartition("/")[0])
    agent = agent_settings(subject, address)
    return {
        "server": last_part(server),
        "service": last_part(address),
        **server_host(subject, server),
        "agent": agent,
        "start_mode": _MODULE_STARTS[str(agent["startup"])],
        "state": "started" if agent["running"] else "stopped",
        "failure_actions": [
            {"type": _MODULE_ACTIONS[number], "delay_ms": agent["delay_ms"]}
            for number in cast("list[int]", agent["types"])
        ],
    }


def _services(subject: Subject, page: Address) -> Iterator[dict[str, str]]:
    """A page is one service with its state and start type, or has the state of one service in each field."""
    fields = subject.desired.attributes(page)
    if _STATE in fields:
        start = str(fields.get(_STARTUP, ""))
        # Its name is not printed: what people search for is the words of its address.
        words = last_part(page).removesuffix("-service").split("-")
        named = {"ha": "High Availability"}
        name = " ".join(named.get(word, word.capitalize()) for word in words)
        yield _service(name, fields[_STATE], start)
    else:
        for label, state in sorted(fields.items()):
            yield _service(label, state, "")


def _service(name: str, state: object, start: str) -> dict[str, str]:
    pattern = f"*{'*'.join(name.split())}*"
    mode = _STARTS[start] if start else ""
    return {"name": name, "pattern": pattern, "state": _STATES[str(state)], "startup": start, "mode": mode}
