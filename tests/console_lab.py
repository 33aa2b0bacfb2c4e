"""The lab's console and one real browser for the tests of a module, and a console that has been tampered with.

In: nothing. Out: `Bench`: a reader, a writer and checks of the driver on it, and the lab to look into.
A test whose browser is nowhere is skipped and says so.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from oceana_dr.drivers.console.browser import close_all
from oceana_dr.drivers.console.reader import ConsoleReader, open_reader
from oceana_dr.drivers.console.writer import ConsoleWriter, open_writer
from oceana_dr.drivers.contract import ActRequest, Outcome
from oceana_dr.drivers.protocol import Setting
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Value
from oceana_dr.lab.console.app import Answer, Request
from oceana_dr.lab.console.trial import MoodyConsole, lab_options, served_lab
from oceana_dr.lab.faults import Fault
from oceana_dr.lab.lab import Lab
from tests.debian import program

EMAIL = Ref("dc1/smgr/cluster3/EmailService#Deployment status of emailmanager")
SMS = Address("dc1/smgr/cluster3/WebTextConnector")
SOCIAL = Address("dc1/smgr/cluster3/SocialConnector")
ON, OFF, DEFAULT = Override(True, "true"), Override(True, "false"), Override(False, None)
ESTATE = Estate(
    {
        Address("dc1/smgr"): {"state": "active"},
        Address("dc1/smgr/cluster3/EmailService"): {"Deployment status of emailmanager": ON},
        SMS: {"MaintenanceMode": OFF},
        SOCIAL: {"MaintenanceMode": ON},
    }
)

Change = Callable[[Request, Answer | None], Answer | None]


@dataclass
class Bench:
    """A console on loopback; `setting` opens the driver's parts on it."""

    url: str
    lab: Lab
    app: MoodyConsole
    password: str
    folder: Path
    setting: Setting[Any]
    _numbers: list[int] = field(default_factory=lambda: [0])

    @property
    def reader(self) -> ConsoleReader:
        return open_reader(self.setting)

    @property
    def writer(self) -> ConsoleWriter:
        return open_writer(self.setting)

    def act(self, values: Mapping[Ref, Value], before: Mapping[Ref, Value] | None = None) -> Outcome:
        self._numbers[0] += 1
        request = ActRequest(f"run/S{self._numbers[0]}/1", "S1", SetValues(values), "ada", None, before or {})
        return self.writer.act(request)

    def value(self, reference: Ref) -> Value:
        """What is really so in the lab."""
        return self.lab.world().estate.get(reference)

    def is_set(self, reference: Ref, value: Value) -> None:
        """Somebody else sets it."""
        self.lab.edit("somebody", {reference: value}, force=True)

    def breaks(self, name: str, *, once: bool = True) -> None:
        """A fault of the lab is in force."""
        self.lab.change("test", "fault", {}, lambda world: replace(world, faults=(Fault(name, once=once),)))

    def arrived(self) -> int:
        return sum(1 for event in self.lab.events() if event.kind == "act")

    def pictures(self) -> list[Path]:
        return sorted((self.setting.evidence or self.folder).glob("console/*.png"))

    def with_pictures(self) -> Bench:
        """The same console, and pictures are kept: they take a third of an act."""
        return replace(self, setting=replace(self.setting, evidence=self.folder))

    def with_options(self, **changes: Any) -> Bench:
        """The same console, with other options."""
        system = self.setting.options.consoles["dc1"]
        if "labels" in changes:
            system = system.model_copy(update={"labels": changes.pop("labels")})
        options = self.setting.options.model_copy(update={"consoles": {"dc1": system}, **changes})
        return replace(self, setting=replace(self.setting, options=options))

    @contextmanager
    def tampered(self, change: Change) -> Iterator[None]:
        """While entered, the answers of the console are changed."""
        honest = self.app.handle
        with self.in_place_of_it(lambda request: change(request, honest(request))):
            yield

    @contextmanager
    def in_place_of_it(self, handle: Callable[[Request], Answer | None]) -> Iterator[None]:
        """While entered, something else answers."""
        self.app.handle = handle  # type: ignore[method-assign, assignment] # put back below
        try:
            yield
        finally:
            del self.app.handle


def replacing(old: str, new: str, path: str = "frame") -> Change:
    """A page with another text in it."""

    def change(request: Request, answer: Answer | None) -> Answer | None:
        if answer is None or path not in request.target or not answer.kind.startswith("text/html"):
            return answer
        return replace(answer, body=re.sub(old, lambda _: new, answer.body, count=1))

    return change


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """A lab with its console, and options that lead there."""
    found = program("chromium")
    os.environ.update(found.environment)
    with served_lab(ESTATE) as (url, lab, app, password):
        secret = folder / "password"
        secret.touch(mode=0o600)
        secret.write_text(password, "utf-8")
        options = lab_options(url, f"file:{secret}", browser=str(found.path))
        setting = Setting("globex", options, lab.bound, stop=threading.Event())
        try:
            yield Bench(url, lab, app, password, folder / "evidence", setting)
        finally:
            close_all()
