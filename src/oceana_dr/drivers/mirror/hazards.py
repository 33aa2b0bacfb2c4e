"""What speaks against an act, looked for on every server right before it: a second primary above all.

In: the sights of all servers. Out: nothing, or `Against` with the reason; nothing was sent then.
A server that would not tell must never count as one that has nothing against it, unless it is lost and said to be.
"""

from __future__ import annotations

from collections.abc import Mapping

from oceana_dr.drivers.mirror.contract import Instance, Seen, Sight, Silent


class Against(Exception):
    """Why nothing was sent, and the rule that it follows."""

    def __init__(self, message: str, rule: str) -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule


def before_promoting(seen: Mapping[str, Sight]) -> None:
    """Both up: Server A is primary, Server C async, Server B out of the mirror."""
    if not _instance(seen, "A").primary:
        raise Against("Server A is not primary, so the scenario for both servers up does not fit", "S-24")
    _check_async(seen)
    if "B" in seen and _instance(seen, "B").member == 1:
        raise Against("Server B is still a member of the mirror", "S-23")


def before_promoting_alone(seen: Mapping[str, Sight]) -> None:
    """Primary down: Server C is async, and nobody who answers is primary, or may be."""
    _check_async(seen)
    for letter, sight in seen.items():
        if letter == "C" or isinstance(sight, Silent):
            continue  # lost, and fenced: the plan does not come here without
        if isinstance(sight.instance, Silent):
            raise Against(f"Caché on Server {letter} runs and does not say what it is", "S-24")
        if sight.instance is not None and sight.instance.primary:
            raise Against(
                f"Server {letter} is primary, so the scenario for a primary that is down does not fit", "S-24"
            )


def before_demoting(seen: Mapping[str, Sight]) -> None:
    """Server C is primary; Server A is backup, or down and kept from becoming primary when it starts."""
    if not _instance(seen, "C").primary:
        raise Against("Server C is not primary yet", "S-21")
    found = seen["A"]
    if isinstance(found, Silent):
        raise Against(f"Server A does not answer: {found.reason}", "not-sent")
    if found.instance is None:
        check_start(found)
    elif not _instance(seen, "A").backup:
        raise Against("Demote works on a backup member only, and Server A is none", "S-21")


def check_start(found: Seen) -> None:
    """A member that was not reached when another one was promoted believes that it is primary still."""
    host = found.host
    if host.cpf is None:
        raise Against("cache.cpf could not be read, so nobody knows what starts there", "S-20")
    if host.joins and not host.is_async and host.validated != "0":
        raise Against(
            "ValidatedMember is not 0 in [MirrorMember] of its cache.cpf: it may be a second primary when it starts",
            "S-20",
        )


def _check_async(seen: Mapping[str, Sight]) -> None:
    if _instance(seen, "C").member != 2:
        raise Against("Server C is not an async member", "S-25")


def _instance(seen: Mapping[str, Sight], letter: str) -> Instance:
    found = seen.get(letter)
    if isinstance(found, Silent):
        raise Against(f"Server {letter} does not answer: {found.reason}", "not-sent")
    if found is None or found.instance is None:
        raise Against(f"Caché on Server {letter} is down", "S-24")
    if isinstance(found.instance, Silent):
        raise Against(f"Server {letter} does not say what it is: {found.instance.reason}", "not-sent")
    return found.instance
