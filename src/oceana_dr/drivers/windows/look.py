"""What servers have now: services and files, and of themselves; all servers are asked at once.

In: places, options. Out: by host what it has, or why it told nothing.
An answer of another form than asked for must never count as one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Final, assert_never

from pydantic import BaseModel, ConfigDict, ValidationError

from oceana_dr.drivers.child import Bounds
from oceana_dr.drivers.ssh import Cause, Lost, Unreached
from oceana_dr.drivers.windows.contract import File, Files, Place, Raw, Seen, Service, Sight, Silent
from oceana_dr.drivers.windows.powershell import DONE, Answered, ask
from oceana_dr.estate.values import Json

if TYPE_CHECKING:
    from oceana_dr.drivers.windows.options import WindowsOptions

MOST_AT_ONCE: Final = 16


class _Form(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class RawForm(_Form):
    """A service as `Read-Service` of the scripts tells it."""

    name: str
    status: int
    start: int
    delayed: bool
    actions: str | None

    def raw(self) -> Raw:
        """The same as data of the driver."""
        return Raw(self.name, self.status, self.start, self.delayed, self.actions)


class _ServiceForm(_Form):
    key: str
    found: list[RawForm]


class _FileForm(_Form):
    path: str
    there: bool
    xml: bool = False
    digest: str = ""
    times: list[int] = []


class _LookForm(_Form):
    services: list[_ServiceForm]
    files: list[_FileForm]
    administrator: bool
    bits: int
    now: str
    powershell: str
    windows: str


def look_all(places: Iterable[Place], options: WindowsOptions, stop: threading.Event) -> Mapping[str, Sight]:
    """What every host of these places has."""
    by_host: dict[str, list[Place]] = {}
    for place in places:
        by_host.setdefault(place.host, []).append(place)
    if not by_host:
        return {}
    with ThreadPoolExecutor(min(len(by_host), MOST_AT_ONCE)) as threads:
        sights = threads.map(lambda item: look(item[0], item[1], options, stop), by_host.items())
        return dict(zip(by_host, sights, strict=True))


def look(host: str, places: Iterable[Place], options: WindowsOptions, stop: threading.Event) -> Sight:
    """What one host has of these places."""
    bounds = Bounds(options.connect_s + options.answer_s, stop=stop)
    reply = ask(options.target(host), "look", _asked(list(places)), bounds)
    match reply:
        case Unreached(cause=cause, why=why, hint=hint):
            return Silent(why, off=cause is Cause.OFF, hint=hint, cause=cause)
        case Lost(why=why):
            return Silent(why)
        case Answered(status=status, answer=answer):
            return _seen(host, answer) if status == DONE else Silent(f"{host}: {failure(answer)}")
        case _:
            assert_never(reply)


def failure(answer: Mapping[str, Any]) -> str:
    """What Windows could not do, by its identifiers; its own sentence behind them, in whatever language it is."""
    named = " ".join(str(answer.get(name, "")) for name in ("type", "error")).strip()
    said = " ".join(str(answer.get("says", "")).split())
    shown = "".join(item for item in f"{named}: {said}" if item.isprintable())
    return f"the script failed with {shown[:300]}"


def _asked(places: list[Place]) -> dict[str, Json]:
    services: list[Json] = [
        {"key": item.key, "by": item.match.by, "text": item.match.text} for item in places if isinstance(item, Service)
    ]
    files = next((item for item in places if isinstance(item, Files)), None)
    return {
        "services": services,
        "files": list(files.paths) if files else [],
        "names": list(files.names.values()) if files else [],
    }


def _seen(host: str, answer: Mapping[str, Any]) -> Sight:
    try:
        form = _LookForm.model_validate(answer)
    except ValidationError:
        return Silent(f"{host}: the answer has another form than the script's")
    return Seen(
        services={item.key: tuple(raw.raw() for raw in item.found) for item in form.services},
        files=tuple(File(item.path, item.there, item.xml, item.digest, tuple(item.times)) for item in form.files),
        administrator=form.administrator,
        bits=form.bits,
        now=form.now,
        powershell=form.powershell,
        windows=form.windows,
    )
