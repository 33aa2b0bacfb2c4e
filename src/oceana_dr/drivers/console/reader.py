"""Reads service attributes off the page, over the click path, on a page that was opened for it.

In: addresses. Out: readings; what the page does not show once, by its label, is `Unknown` with what was looked for.
A box that is not set is a state of its own: what stands in the field beside it does not count.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from oceana_dr.diagnostics import SystemUnavailable, Unreadable
from oceana_dr.drivers.console.attributes import AttributesPage
from oceana_dr.drivers.console.browser import BrowserThread, Running
from oceana_dr.drivers.console.clickpath import ClickPath
from oceana_dr.drivers.console.contract import Console, ConsoleError, NoAnswer, NotLetIn, NotOnPage, Stopped
from oceana_dr.drivers.console.opening import Pages, browser_of, pages_of
from oceana_dr.drivers.console.session import Session, new_session
from oceana_dr.drivers.contract import Reading
from oceana_dr.estate.address import Address
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown, Value

if TYPE_CHECKING:
    from oceana_dr.drivers.console.options import ConsoleOptions
    from oceana_dr.drivers.protocol import Setting

SOURCE = "console"


def open_reader(setting: Setting[ConsoleOptions]) -> ConsoleReader:
    """A reader of the site's service attributes."""
    return ConsoleReader(pages_of(setting.options, setting.bound), lambda: browser_of(setting.options), setting.stop)


class ConsoleReader:
    """Reads the pages of a site. It stays logged on from one reading to the next; each begins on the first page."""

    def __init__(self, pages: Pages, browser: Callable[[], BrowserThread], stop: threading.Event) -> None:
        self._pages = pages
        self._browser = browser
        self._stop = stop

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        """The pages asked for, or all of them; raises `SystemUnavailable` where there is no browser."""
        wanted = tuple(self._pages.paths) if addresses is None else tuple(addresses)
        if addresses is None:
            wanted = tuple(address for address in wanted if not isinstance(self._pages.of(address), str))
        found: dict[Address, Attributes | Unknown] = {}
        shares: dict[str, dict[Address, ClickPath]] = {}
        for address in wanted:
            match self._pages.of(address):
                case str() as why:
                    found[address] = Unknown(why)
                case (console, path):
                    shares.setdefault(console.dc, {})[address] = path
        if shares:
            try:
                browser = self._browser()
                for dc, share in shares.items():
                    found |= self._seen(browser, self._pages.consoles[dc], share)
            except Unreadable as error:
                raise SystemUnavailable(error.message, hint=error.hint) from None
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return tuple(Reading(address, found[address], SOURCE, now) for address in wanted)

    def _seen(
        self, browser: BrowserThread, console: Console, share: Mapping[Address, ClickPath]
    ) -> Mapping[Address, Attributes | Unknown]:
        try:
            return browser.run(lambda running: look(running, console, share, self._stop), self._stop)
        except ConsoleError as error:
            return dict.fromkeys(share, why_not(error))


def look(
    running: Running, console: Console, paths: Mapping[Address, ClickPath], stop: threading.Event
) -> dict[Address, Attributes | Unknown]:
    """What stands on these pages of one console; logs on again where the login has been lost meanwhile."""
    kept: Session | None = running.kept.get(console.dc)
    if kept is not None and kept.console == console:
        try:
            kept.open()
            if not kept.logged_out:
                return read_pages(kept, paths)
        except ConsoleError:
            pass  # whatever it was, a new login tells
    forget(running, console)
    session = new_session(running, console, stop)
    try:
        session.log_on()
    except (ConsoleError, Unreadable) as error:
        session.close()
        return dict.fromkeys(paths, why_not(error))
    running.kept[console.dc] = session
    return read_pages(session, paths)


def forget(running: Running, console: Console) -> None:
    """Leave the session that readings use."""
    if (kept := running.kept.pop(console.dc, None)) is not None:
        kept.close()


def read_pages(session: Session, paths: Mapping[Address, ClickPath]) -> dict[Address, Attributes | Unknown]:
    """Every page, one after the other; pages with the same menu are opened once."""
    found: dict[Address, Attributes | Unknown] = {}
    menu: tuple[str, ...] = ()
    for address, path in paths.items():
        try:
            page = AttributesPage(session, path)
            page.go(from_menu=path.menu != menu)
            menu = path.menu
            found[address] = read_rows(page, path.rows)
        except (NoAnswer, Stopped) as error:
            rest: Iterable[Address] = [item for item in paths if item not in found]
            return found | dict.fromkeys(rest, why_not(error))
        except ConsoleError as error:
            menu = ()
            found[address] = Unknown("not read: the login was lost") if session.lost else why_not(error)
            session.open()
    return found


def read_rows(page: AttributesPage, labels: Iterable[str]) -> dict[str, Value]:
    """The rows of one page; one that cannot be told apart is unknown, the others are what they show."""
    values: dict[str, Value] = {}
    for label in labels:
        try:
            values[label] = page.row(label).value
        except NotOnPage as error:
            values[label] = Unknown(f"not read: {error}")
    return values


def why_not(error: ConsoleError | Unreadable) -> Unknown:
    """Why nothing can be told; `unreachable` only where no connection came about."""
    match error:
        case NoAnswer(off=True):
            return Unknown("unreachable")
        case NotLetIn():
            return Unknown(f"not read, no login: {error}")
        case Unreadable():
            return Unknown(f"not read: {error.message}")
        case _:
            return Unknown(f"not read: {error}")
