"""One person's visit to a console: a browser context of its own, logged on, kept within the console's origin.

In: the browser, a console. Out: a screen after the login, and what was refused on the way.
A password is looked up in the very call that types it, and never stands in an error.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from oceana_dr.drivers.console.browser import Running
from oceana_dr.drivers.console.contract import Console, NoAnswer, NotLetIn, origin_of, pattern
from oceana_dr.drivers.console.screen import Screen
from oceana_dr.drivers.secret import Secret, resolve

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Dialog, Page, Request, Response

_OFF: Final = ("ERR_CONNECTION_REFUSED", "ERR_ADDRESS_UNREACHABLE", "ERR_CONNECTION_TIMED_OUT")
_MOST_TOLD: Final = 20


class Session:
    """A page of its own.

    `told`: what it asked for and did not get; `first`: the answer to its first request; `entered`: whether it has been
    let in.
    """

    def __init__(self, context: BrowserContext, console: Console, stop: threading.Event) -> None:
        self.console = console
        self.told: list[str] = []
        self.entered = False
        self._secret: Secret | None = None
        self.first: Response | None = None
        self._context = context
        context.set_default_timeout(console.answer_s * 1000)
        if console.others:  # the browser may reach them, and this page may not
            context.route(lambda url: origin_of(url) in console.others, _refuse)
        context.on("request", self._asked)
        context.on("dialog", self._dialog)
        self.page: Page = context.new_page()
        context.on("page", self._window)
        self.page.on("download", lambda download: self._tell(f"a download of {download.suggested_filename}: refused"))
        self.screen = Screen(self.page, stop, answer_s=console.answer_s, quiet_s=console.quiet_s)

    def log_on(self) -> None:
        """Open the console and log on; raises `NoAnswer`, `NotLetIn`, `NotOnPage`, `Unreadable`."""
        self.open()
        self._enter()

    def open(self) -> None:
        """Open the console's first page; raises `NoAnswer`."""
        from playwright.sync_api import Error

        console = self.console
        try:
            self.first = self.page.goto(console.url)
        except Error as error:
            raise _unreached(console, error.message, self.told) from None
        if self.first is not None and self.first.status >= 500:
            raise NoAnswer(f"{console.origin} answers with {self.first.status}")
        self.screen.rest()

    def _enter(self) -> None:
        from playwright.sync_api import Error

        console, screen = self.console, self.screen
        screen.only(("textbox",), console.user_label).fill(console.user)
        field = screen.labelled(console.password_label)
        button = screen.only(("button",), console.log_on_label)
        if field.get_attribute("type") != "password":
            raise NotLetIn(
                f"the field “{console.password_label}” is none for a password: what stands in it can be read"
            )
        self._secret = resolve(console.password)
        try:
            field.fill(self._secret.reveal())
        except Error:  # its text holds what was to be typed
            raise NotLetIn(f"the field “{console.password_label}” does not take the password") from None
        screen.press(button)
        if self.logged_out:
            said = self.hide(screen.alerts())
            raise NotLetIn(f"{console.origin} lets {console.user} not in" + (f": {said}" if said else ""))
        self.entered = True

    @property
    def lost(self) -> bool:
        """Whether it was let in, and is asked for the password again."""
        return self.entered and self.logged_out

    @property
    def logged_out(self) -> bool:
        """Whether the page asks for a password."""
        name = pattern(self.console.password_label)
        return self.screen.shows(lambda frame: frame.get_by_label(name).filter(visible=True))

    def hide(self, text: str) -> str:
        """A text of the page without the password, which a page may repeat."""
        return text if self._secret is None else self._secret.hide(text)

    def close(self) -> None:
        """Leave; what was filled in and not committed is lost, as it shall be."""
        from playwright.sync_api import Error

        try:
            self._context.close()
        except Error:  # the browser has gone already
            return

    def _tell(self, text: str) -> None:
        if text not in self.told and len(self.told) < _MOST_TOLD:
            self.told.append(text)

    def _asked(self, request: Request) -> None:
        if request.url.startswith(("http:", "https:")) and (other := origin_of(request.url)) != self.console.origin:
            self._tell(f"a request to {other}: refused")

    def _dialog(self, dialog: Dialog) -> None:
        self._tell(f"a dialog “{' '.join(dialog.message.split())[:120]}”: answered with Cancel")
        dialog.dismiss()

    def _window(self, page: Page) -> None:
        self._tell("a window of its own: closed")
        page.close()


@contextmanager
def visit(running: Running, console: Console, stop: threading.Event) -> Iterator[Session]:
    """A session of its own, not logged on yet, closed at the end."""
    session = new_session(running, console, stop)
    try:
        yield session
    finally:
        session.close()


def new_session(running: Running, console: Console, stop: threading.Event) -> Session:
    """A session that is not logged on yet: nothing of an earlier one is in it."""
    context = running.browser.new_context(
        accept_downloads=False,
        service_workers="block",
        locale="en-US",
        viewport={"width": 1280, "height": 900},
        reduced_motion="reduce",
    )
    return Session(context, console, stop)


def _refuse(route: object) -> None:
    route.abort("blockedbyclient")  # type: ignore[attr-defined] # a `Route`; the name is imported for types only


def _unreached(console: Console, message: str, told: list[str]) -> NoAnswer:
    line = message.splitlines()[0]
    code = next((word for word in line.replace(":", " ").split() if word.startswith("ERR_")), "")
    where = console.origin
    if code in _OFF:
        return NoAnswer(f"no connection to {where} ({code})", off=True)
    if code.startswith(("ERR_CERT", "ERR_SSL")):
        return NoAnswer(f"the certificate of {where} is not trusted ({code}); `drivers.console.ca` names authorities")
    if code == "ERR_PROXY_CONNECTION_FAILED" or told:
        return NoAnswer(f"{where} leads away from itself: {'; '.join(told) or 'refused'}")
    return NoAnswer(f"{where} does not answer ({code or 'in time'})")
