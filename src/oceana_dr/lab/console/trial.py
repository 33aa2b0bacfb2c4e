"""What the driver `console` is tested against: the lab's page in a real browser, or a console of one's own.

In: options, or None. Out: a `Trial` that changes one attribute.
A console of one's own is never committed to unless its options name what may be changed there.
"""

from __future__ import annotations

import os
import secrets
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.console.browser import close_all
from oceana_dr.drivers.console.opening import pages_of
from oceana_dr.drivers.console.reader import open_reader
from oceana_dr.drivers.protocol import Health, Setting
from oceana_dr.drivers.trial import Attempt, Moody, site_for_tests
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Unknown, Value
from oceana_dr.lab.clock import SystemClock
from oceana_dr.lab.console.app import ROOT, Answer, ConsoleApp, Request
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.memory import MemoryStore
from oceana_dr.lab.seed import Seed
from oceana_dr.lab.server import LabServer
from oceana_dr.lab.service import Service, one_lab

if TYPE_CHECKING:
    from oceana_dr.drivers.console.options import ConsoleOptions, MayChange

_SITE: Final = "globex"
_SCALE: Final = 100_000.0
_EMAIL: Final = Ref("dc1/smgr/cluster3/EmailService#Deployment status of emailmanager")
_ESTATE: Final = Estate(
    {
        Address("dc1/smgr"): {"state": "active"},
        Address("dc1/smgr/cluster3/EmailService"): {"Deployment status of emailmanager": Override(True, "true")},
    }
)


class MoodyConsole(Moody, ConsoleApp):
    """The lab's console; silent, or letting nobody in, when it is told to be."""

    def handle(self, request: Request) -> Answer | None:
        """Answer, unless it is told not to."""
        if self.mood == "silent":
            return None
        if self.mood == "locked":
            return super().handle(Request("GET", request.target.partition("?")[0]))
        return super().handle(request)


class ConsoleTrial:
    """One attribute of one console; `app` and `lab` are those of the lab's page."""

    def __init__(
        self,
        against: str,
        setting: Setting[ConsoleOptions],
        attempts: tuple[Attempt, ...],
        lab: tuple[Lab, MoodyConsole, str] | None = None,
    ) -> None:
        self.against = against
        self.setting: Setting[Any] = setting
        self.attempts = attempts
        self._lab = lab
        self.secrets = () if lab is None else (lab[2],)

    def arrived(self) -> int | None:
        """Acts in the lab's log."""
        return None if self._lab is None else sum(1 for event in self._lab[0].events() if event.kind == "act")

    def silence(self) -> AbstractContextManager[None] | None:
        """Connections are closed without an answer."""
        return None if self._lab is None else self._lab[1].being("silent")

    def lock_out(self) -> AbstractContextManager[None] | None:
        """Whatever is asked for, the login page comes."""
        return None if self._lab is None else self._lab[1].being("locked")


@contextmanager
def console_trial(options: ConsoleOptions | None) -> Iterator[ConsoleTrial]:
    """The lab's page for as long as it is entered, or a console of one's own; raises `Refused` without a browser."""
    try:
        if options is not None:
            yield _of_ones_own(options)
            return
        with (
            tempfile.TemporaryDirectory(prefix="oceana-dr-console-") as folder,
            served_lab() as (address, lab, app, word),
        ):
            Path(folder, "password").write_text(word, "utf-8")
            Path(folder, "password").chmod(0o600)
            made = lab_options(address, f"file:{folder}/password")
            setting = Setting(_SITE, made, lab.bound, evidence=Path(folder, "evidence"))
            attempt = _attempt(_EMAIL, Override(True, "true"), Override(True, "false"))
            yield ConsoleTrial(
                "the lab's own page in a browser, not System Manager", setting, (attempt,), (lab, app, word)
            )
    finally:
        close_all()


@contextmanager
def served_lab(estate: Estate = _ESTATE) -> Iterator[tuple[str, Lab, MoodyConsole, str]]:
    """A lab in memory with its console on loopback: the console's address, the lab, the console, its password."""
    bound = site_for_tests()
    seed, password = Seed(_SITE, bound.bindings, estate), secrets.token_urlsafe(18)
    lab = Lab(_SITE, MemoryStore(), lambda: seed, scale=_SCALE, wall=SystemClock(), known=bound)
    app = MoodyConsole(one_lab(lab), "tester", password)
    with LabServer(Service(one_lab(lab)), console=app) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield f"{server.address}{ROOT}{_SITE}/dc1/", lab, app, password
        finally:
            server.shutdown()
            thread.join()


def lab_options(url: str, password: str, **more: Any) -> ConsoleOptions:  # Any: options by their names
    """Options for the lab's console, with time-outs short enough for a test."""
    from oceana_dr.drivers.console.options import ConsoleOptions

    short = {"answer_s": 5.0, "quiet_s": 0.2, "arrive_s": 0.5, "sandbox": os.geteuid() != 0}
    consoles = {"dc1": {"url": url, "user": "tester", "password": password}}
    return ConsoleOptions.model_validate({"consoles": consoles, **short, **more})


def _attempt(place: Ref, found: Value, other: Value) -> Attempt:
    return Attempt(
        "change an attribute",
        SetValues({place: other}),
        before={place: found},
        after={place: other},
        undo=SetValues({place: found}),
    )


def _of_ones_own(options: ConsoleOptions) -> ConsoleTrial:
    setting = Setting(_SITE, options, site_for_tests())
    pages = pages_of(options, setting.bound)
    dcs = ", ".join(item.origin for item in pages.consoles.values())
    if options.may_change is None or options.dry_run:
        _only_looked(setting, dcs)
    assert options.may_change is not None
    place, found, other = _changeable(setting, options.may_change)
    return ConsoleTrial(f"the console at {dcs}", setting, (_attempt(place, found, other),))


def _only_looked(setting: Setting[ConsoleOptions], where: str) -> None:
    """Up to the last click and no further; raises `Refused` with what was seen."""
    from oceana_dr.drivers.console.doctor import ask

    found = list(ask(setting))
    bad = [item for item in found if item.health is Health.BAD]
    if bad:
        raise Refused(
            f"nothing was committed at {where}: {bad[0].says}", hint=bad[0].hint or "`oceana-dr doctor` has all"
        )
    seen = "; ".join(item.says for item in found if item.health is Health.GOOD)
    raise Refused(
        f"nothing was committed at {where}, up to the last click all is there: {seen}",
        hint="on a lab, `may_change` names an attribute that a test may change, and back",
    )


def _changeable(setting: Setting[ConsoleOptions], may: MayChange) -> tuple[Ref, Value, Value]:
    (reading,) = open_reader(setting).read([Address(may.address)])
    found = reading.resource if isinstance(reading.resource, Unknown) else reading.resource.get(may.label)
    values = [Override(True, text) for text in may.values]
    if found not in values:
        raise Refused(f"{may.address}#{may.label} cannot be tested with: it reads {found}", hint="see `may_change`")
    return Ref(f"{may.address}#{may.label}"), found, next(item for item in values if item != found)
