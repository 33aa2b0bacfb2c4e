"""Whether a console can be worked with: browser, reach, certificate, clock, login, every label up to the last click.

In: a site, the options. Out: answers for `doctor`, console by console.
Nothing is filled in and nothing clicked that changes anything; a picture of the last page is left as evidence.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.checking import check_secret, skew_check
from oceana_dr.drivers.console.attributes import AttributesPage
from oceana_dr.drivers.console.browser import BrowserThread, Running
from oceana_dr.drivers.console.clickpath import ClickPath
from oceana_dr.drivers.console.contract import Console, ConsoleError, NoAnswer, NotOnPage
from oceana_dr.drivers.console.opening import browser_of, pages_of
from oceana_dr.drivers.console.pictures import Album
from oceana_dr.drivers.console.session import Session, new_session
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.estate.address import Address

if TYPE_CHECKING:
    from oceana_dr.drivers.console.options import Certified, ConsoleOptions
    from oceana_dr.drivers.protocol import Setting

_RENEW_DAYS: Final = 14
_HOW: Final = "docs/how-to/let-oceana-dr-use-the-console.md"
_KEPT: Final = "doctor"


@dataclass(frozen=True, slots=True)
class _Look:
    """One console, and how to ask its page."""

    console: Console
    browser: BrowserThread
    setting: Setting[ConsoleOptions]
    version: Check

    @property
    def about(self) -> str:
        return self.console.origin

    def job(self, work: Callable[[Session], object]) -> None:
        """Something done with the session that stays open between two answers."""

        def run(running: Running) -> None:
            name = f"{_KEPT} {self.console.dc}"
            if name not in running.kept:
                running.kept[name] = new_session(running, self.console, self.setting.stop)
            work(running.kept[name])

        self.browser.run(run, self.setting.stop)

    def leave(self) -> None:
        """Close the session."""

        def run(running: Running) -> None:
            kept = running.kept.pop(f"{_KEPT} {self.console.dc}", None)
            if kept is not None:
                kept.close()

        self.browser.run(run, self.setting.stop)


def ask(setting: Setting[ConsoleOptions]) -> Iterator[Check]:
    """The aspects of the browser and of every console."""
    pages = pages_of(setting.options, setting.bound)
    secrets = {dc: check_secret(item.password, setting.mark) for dc, item in pages.consoles.items()}
    yield from secrets.values()
    try:
        browser = browser_of(setting.options)
        version = browser.run(lambda running: running.version, setting.stop)
    except Unreadable as error:
        yield Check(Aspect.REACH, Health.BAD, error.message, "browser", error.hint or "")
        for item in pages.consoles.values():
            yield from _unknown("there is no browser to look with", item.origin, *_AFTER_REACH)
        return
    for dc, item in pages.consoles.items():
        certified = setting.options.consoles[dc].certified  # type: ignore[index] # the same keys
        paths = {address: path for address, path in pages.paths.items() if address.startswith(f"{dc}/")}
        look = _Look(item, browser, setting, certified_check(certified, version, item.origin))
        try:
            yield from _console(look, paths, lets_try=secrets[dc].health is Health.GOOD)
        finally:
            look.leave()


_AFTER_REACH: Final = (Aspect.AUTHENTICATION, Aspect.VERSION, Aspect.CLOCK, Aspect.PERMISSIONS)


def _console(look: _Look, paths: dict[Address, ClickPath], *, lets_try: bool) -> Iterator[Check]:
    about, found = look.about, list[Check]()
    sent = time.time()

    def opened(session: Session) -> None:
        session.open()
        found.extend(_first(session, sent, time.time(), about))

    try:
        look.job(opened)
    except (NoAnswer, ConsoleError) as error:
        aspect = Aspect.CERTIFICATE if "certificate" in str(error) else Aspect.REACH
        yield Check(aspect, Health.BAD, str(error), about, "is `drivers.console` right, and the network open?")
        if aspect is Aspect.CERTIFICATE:
            yield Check(Aspect.REACH, Health.UNKNOWN, "nothing was asked of whom is not trusted", about)
        yield from _unknown("the console did not answer", about, *_AFTER_REACH)
        return
    yield from (*found, look.version)
    if not lets_try:
        yield from _unknown("there is no password to log on with", about, Aspect.AUTHENTICATION, Aspect.PERMISSIONS)
        return
    try:
        look.job(lambda session: session.log_on())
    except (ConsoleError, Unreadable) as error:
        said = error.message if isinstance(error, Unreadable) else str(error)
        hint = "are `login` of `drivers.console` the labels of this page?" if isinstance(error, NotOnPage) else ""
        yield Check(
            Aspect.AUTHENTICATION, Health.BAD, said, about, hint or "does this account exist, and may it log on?"
        )
        yield from _unknown("it lets nobody in", about, Aspect.PERMISSIONS)
        return
    yield Check(Aspect.AUTHENTICATION, Health.GOOD, f"lets {look.console.user} in", about)
    yield from _labels(look, paths)


def _first(session: Session, sent: float, received: float, about: str) -> Iterator[Check]:
    """What the first answer tells: reach, certificate, clock."""
    answer = session.first
    yield Check(Aspect.REACH, Health.GOOD, f"shows {session.screen.where}", about)
    details = None if answer is None else answer.security_details()
    if not about.startswith("https:"):
        yield Check(Aspect.CERTIFICATE, Health.NONE, "no TLS: on this machine only", about)
    elif details is None or (until := details.get("validTo")) is None:
        yield Check(Aspect.CERTIFICATE, Health.UNKNOWN, "the browser does not tell", about)
    else:
        days = (datetime.fromtimestamp(until, UTC) - datetime.now(UTC)).days
        says = f"verified, by {details.get('issuer') or 'an authority'}, {days} days left"
        health = Health.GOOD if days >= _RENEW_DAYS else Health.BAD
        yield Check(Aspect.CERTIFICATE, health, says, about, "" if health is Health.GOOD else "renew it")
    try:
        there = parsedate_to_datetime((answer.header_value("date") if answer else "") or "").timestamp()
    except (ValueError, TypeError):
        yield Check(Aspect.CLOCK, Health.UNKNOWN, "its answer has no date", about)
    else:  # the date has whole seconds: half of one is the best guess
        yield skew_check(there + 0.5 - (sent + received) / 2, about)


def _labels(look: _Look, paths: dict[Address, ClickPath]) -> Iterator[Check]:
    """Every page up to its last click: each label there once, and the click possible."""
    album, wrong, labels = (
        Album(look.setting.evidence and look.setting.evidence / "console", f"doctor-{look.console.dc}"),
        0,
        0,
    )
    menu: tuple[str, ...] = ()
    for address, path in paths.items():
        said: list[str] = []

        def walk(
            session: Session, path: ClickPath = path, menu: tuple[str, ...] = menu, said: list[str] = said
        ) -> None:
            try:
                page = AttributesPage(session, path)
                page.go(from_menu=path.menu != menu)
                for label in path.rows:
                    page.row(label)
                page.commit_button().click(trial=True)
            except ConsoleError as error:
                picture = album.take(session, "missing")
                said.append(f"{error}" + (f"; picture: {picture}" if picture else ""))
                session.open()

        try:
            look.job(walk)
        except ConsoleError as error:
            said.append(str(error))
        menu = () if said else path.menu
        labels += len(path.rows)
        if said:
            wrong += 1
            hint = f"`labels` says what this console calls it ({_HOW})"
            yield Check(Aspect.PERMISSIONS, Health.BAD, f"{address}: {said[0]}", look.about, hint)
    if wrong:
        return
    look.job(lambda session: album.take(session, "last-page"))
    says = (
        f"{labels} labels on {len(paths)} pages, each up to the last click; whether that is taken, only the click tells"
    )
    yield Check(Aspect.PERMISSIONS, Health.GOOD if paths else Health.UNKNOWN, says, look.about)


def certified_check(found: Certified | None, browser: str, about: str) -> Check:
    """The console does not tell its release: somebody has compared its labels, or nobody has."""
    if found is None:
        says = f"Chromium {browser} is here; nobody has compared the labels on this console, which tells no release"
        return Check(Aspect.VERSION, Health.UNKNOWN, says, about, f"certify it on a lab: {_HOW}")
    says = (
        f"Chromium {browser}; compared with System Manager {found.release} by {found.by}, {found.date} ({found.record})"
    )
    return Check(Aspect.VERSION, Health.GOOD, says, about)


def _unknown(why: str, about: str, *aspects: Aspect) -> Iterator[Check]:
    for aspect in aspects:
        yield Check(aspect, Health.UNKNOWN, why, about)
