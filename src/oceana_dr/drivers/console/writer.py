"""Sets service attributes on the page, as a person does, and looks on a fresh page what came of it.

In: a step that sets attributes of one page. Out: `Done`, `Declined`, or `InDoubt`, with pictures as evidence.
Until the last click everything that is odd declines the step; after it nothing does that has not been seen.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.console.attributes import AttributesPage
from oceana_dr.drivers.console.browser import BrowserThread, Running
from oceana_dr.drivers.console.clickpath import ClickPath
from oceana_dr.drivers.console.contract import Console, ConsoleError, Differs, NoAnswer, NotLetIn, Stopped
from oceana_dr.drivers.console.opening import Pages, browser_of, pages_of
from oceana_dr.drivers.console.pictures import Album, to_json
from oceana_dr.drivers.console.reader import read_rows
from oceana_dr.drivers.console.session import Session, visit
from oceana_dr.drivers.contract import ActRequest, Declined, Done, InDoubt, Outcome
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, address_of, attribute_of
from oceana_dr.estate.values import Json, Value, show

if TYPE_CHECKING:
    from oceana_dr.drivers.console.options import ConsoleOptions
    from oceana_dr.drivers.protocol import Setting

_AGAIN_S: Final = 0.5
_FOLDER: Final = "console"


def open_writer(setting: Setting[ConsoleOptions]) -> ConsoleWriter:
    """A writer of the site's service attributes."""
    pages = pages_of(setting.options, setting.bound)
    return ConsoleWriter(pages, lambda: browser_of(setting.options), setting.evidence, setting.stop)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done on one page: the values that shall stand there, and those that the plan found."""

    console: Console
    path: ClickPath
    wanted: Mapping[str, Value]
    expected: Mapping[str, Value]


@dataclass
class Course:
    """How far an act has come, and what was seen on the way."""

    album: Album
    clicked: bool = False
    refused: str = ""
    told: list[str] = field(default_factory=list)

    def seen(self, text: str) -> str:
        """The text, with what was refused on the way and the last picture."""
        parts = [text, *self.told, *(f"picture: {item}" for item in self.album.pictures[-1:])]
        return "; ".join(parts)

    def evidence(self, read_back: Mapping[str, Value]) -> dict[str, Json]:
        """What stands in the journal."""
        return {
            "read_back": {label: show(value) for label, value in read_back.items()},
            "pictures": to_json(self.album.pictures),
            **({"refused": [*self.told]} if self.told else {}),
        }


class ConsoleWriter:
    """Acts on the pages of a site, one at a time; the folder takes the pictures."""

    def __init__(
        self, pages: Pages, browser: Callable[[], BrowserThread], folder: Path | None, stop: threading.Event
    ) -> None:
        self._pages = pages
        self._browser = browser
        self._folder = folder
        self._stop = stop

    def act(self, request: ActRequest) -> Outcome:
        """Fill in, look, click, and look again on a fresh page."""
        work = self._prepared(request)
        if isinstance(work, Declined):
            return work
        course = Course(Album(None if self._folder is None else self._folder / _FOLDER, request.key))
        try:
            return self._browser().run(lambda running: self._done(running, work, course), self._stop)
        except ConsoleError as error:
            if course.clicked:
                return InDoubt(course.seen(f"{work.path.commit} was clicked, then: {error}"))
            return Declined(course.seen(f"{work.path.commit} was not clicked: {error}"), error.rule)
        except Unreadable as error:
            if course.clicked:
                return InDoubt(course.seen(f"{work.path.commit} was clicked, then: {error.message}"))
            return Declined(f"nothing was done: {error.message}", "browser")

    def _prepared(self, request: ActRequest) -> Work | Declined:
        action = request.action
        if not isinstance(action, SetValues):
            return Declined("a page of attributes runs no procedures: only attributes can be set", "action")
        addresses: set[Address] = {address_of(reference) for reference in action.values}
        if len(addresses) != 1:
            return Declined(f"one click commits one page, and this is {len(addresses)}", "action")
        address = addresses.pop()
        found = self._pages.of(address)
        if isinstance(found, str):
            return Declined(f"{address}: {found}", "action")
        console, path = found
        wanted = {attribute_of(reference): value for reference, value in action.values.items()}
        if strange := sorted(set(wanted) - set(path.rows)):
            return Declined(f"{strange[0]} is no single row of the page", "action")
        expected = {attribute_of(name): value for name, value in request.before.items() if address_of(name) == address}
        return Work(console, path, wanted, expected)

    def _done(self, running: Running, work: Work, course: Course) -> Outcome:
        already = self._filled_in(running, work, course)
        if already is not None:
            return already
        return self._read_back(running, work, course)

    def _filled_in(self, running: Running, work: Work, course: Course) -> Outcome | None:
        """Up to the last click, and the click; an outcome where there is nothing to look for afterwards."""
        from playwright.sync_api import Error

        with visit(running, work.console, self._stop) as session:
            course.told = session.told
            try:
                session.log_on()
                page = AttributesPage(session, work.path)
                page.go()
                shown = read_rows(page, work.path.rows)
                if all(shown.get(label) == value for label, value in work.wanted.items()):
                    course.album.take(session, "as-found")
                    return Done({"already": True, **course.evidence({label: shown[label] for label in work.wanted})})
                _as_planned(work, shown)
                course.album.take(session, "before")
                fill_in(page, work, shown)
                button = page.commit_button()
                button.click(trial=True)
                page.bring_into_sight(work.wanted)
                course.album.take(session, "filled-in")
                if work.console.dry_run:
                    return Declined(course.seen(f"dry run: left without {work.path.commit}"), "dry-run")
                if self._stop.is_set():
                    raise Stopped("it was told to stop")
                course.clicked = True
                if not session.screen.send(button):
                    course.told.append(f"{work.path.commit} was clicked, and the page sent nothing")
                _look_after(session, course)
            except ConsoleError as error:
                if session.lost:
                    error = NotLetIn(f"the login was lost: {error}")
                course.album.take(session, "stopped")
                if not course.clicked:
                    raise error from None
                course.told.append(str(error))
            except Error as error:
                said = error.message.splitlines()[0]
                if not course.clicked:
                    course.album.take(session, "stopped")
                    raise NoAnswer(f"the page does not do it: {said}") from None
                course.told.append(f"no answer to {work.path.commit}: {said}")
        return None

    def _read_back(self, running: Running, work: Work, course: Course) -> Outcome:
        """What a fresh page shows after a new login, looked at until it is so or the time is up."""
        until = time.monotonic() + work.console.arrive_s
        while True:
            with visit(running, work.console, self._stop) as session:
                session.log_on()
                page = AttributesPage(session, work.path)
                page.go()
                shown = {label: page.row(label).value for label in work.wanted}
                there = shown == work.wanted
                if there or course.refused or time.monotonic() >= until:
                    page.bring_into_sight(work.wanted)
                    course.album.take(session, "read-back")
                    return _judged(work, course, shown, there=there)
            if self._stop.wait(_AGAIN_S):
                raise Stopped("it was told to stop")


def _judged(work: Work, course: Course, shown: Mapping[str, Value], *, there: bool) -> Outcome:
    if there:
        return Done(course.evidence(shown))
    reads = ", ".join(f"{label} is {show(value)}" for label, value in shown.items())
    unchanged = all(shown[label] == work.expected[label] for label in work.wanted if label in work.expected)
    if course.refused and unchanged:
        return Declined(course.seen(f"the console says: {course.refused}; a fresh page shows that {reads}"), "console")
    said = f"; the console says: {course.refused}" if course.refused else ""
    return InDoubt(course.seen(f"{work.path.commit} was clicked, and a fresh page shows that {reads}{said}"))


def _as_planned(work: Work, shown: Mapping[str, Value]) -> None:
    """Raise `Differs` where somebody has changed it since the plan."""
    for label, value in work.expected.items():
        if label in work.wanted and shown.get(label) not in {value, work.wanted[label]}:
            raise Differs(f"“{label}” shows {show(shown.get(label))}, and the plan found {show(value)}")


def fill_in(page: AttributesPage, work: Work, shown: Mapping[str, Value]) -> None:
    """Everything before the last click; raises `ConsoleError` where another row has changed on the way."""
    for label, value in work.wanted.items():
        page.fill(label, value)
    page.stands()
    for label, value in read_rows(page, shown).items():
        if label not in work.wanted and value != shown[label]:
            raise Differs(f"“{label}” shows {show(value)} and was {show(shown[label])}: nobody has asked for that")


def _look_after(session: Session, course: Course) -> None:
    """What the page says after the click."""
    course.album.take(session, "committed")
    if session.screen.alarmed():
        course.refused = session.hide(session.screen.alerts()) or "an alert without words"
