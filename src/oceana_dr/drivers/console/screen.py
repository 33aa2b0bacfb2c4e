"""What a page shows, found as people find it: by role and visible label, in whichever frame it lies.

In: a page, a label. Out: the one thing on it that is called so, once the page has come to rest.
It must never take the first of several: what is there twice is as little found as what is missing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from oceana_dr.drivers.console.contract import NoAnswer, NotOnPage, Stopped, pattern, plain

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Locator, Page, Request

Found = TypeVar("Found")
Role = Literal["button", "cell", "checkbox", "combobox", "link", "menuitem", "tab", "textbox"]

MENU: Final[tuple[Role, ...]] = ("link", "tab", "menuitem", "button")
_PAUSE_MS: Final = 10
_REST_S: Final = 0.03
_WORDS: Final[dict[Role, str]] = {
    "button": "a button",
    "combobox": "a list",
    "link": "a link",
    "menuitem": "a menu item",
    "tab": "a tab",
    "textbox": "a field",
}


class Screen:
    """One page with its frames. `answer_s` for one thing to appear, `quiet_s` of rest after which it is missing."""

    def __init__(self, page: Page, stop: threading.Event, *, answer_s: float, quiet_s: float) -> None:
        self.page = page
        self._stop = stop
        self._answer_s = answer_s
        self._quiet_s = quiet_s
        self._asked: dict[Request, bool] = {}
        self._sent = 0
        page.on("request", self._begins)
        page.on("requestfinished", self._ends)
        page.on("requestfailed", self._ends)

    def only(self, roles: tuple[Role, ...], label: str) -> Locator:
        """The one thing of these roles that is called so; raises `NotOnPage`."""
        name = pattern(label)

        def look(frame: Frame) -> Locator:
            found = frame.get_by_role(roles[0], name=name)
            for role in roles[1:]:
                found = found.or_(frame.get_by_role(role, name=name))
            return found

        words = [_WORDS[role] for role in roles]
        kind = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} or {words[-1]}"
        return self.one(look, f"{kind} called “{label}”")

    def labelled(self, label: str) -> Locator:
        """The one field with this label, whatever kind it is: a password has no role."""
        name = pattern(label)
        return self.one(lambda frame: frame.get_by_label(name).filter(visible=True), f"a field labelled “{label}”")

    def shows(self, look: Callable[[Frame], Locator]) -> bool:
        """Whether any of it is there now."""
        return bool(self._found(look))

    def one(self, look: Callable[[Frame], Locator], what: str) -> Locator:
        """The one thing that is found so, in all frames together; waits for it. Raises `NotOnPage`."""
        found: list[Locator] = self.wait(lambda: self._found(look), lambda places: len(places) == 1)
        return self._once(found, what)

    def _once(self, found: list[Found], what: str) -> Found:
        if len(found) == 1:
            return found[0]
        count = "is not there" if not found else f"is there {len(found)} times, and should be once"
        raise NotOnPage(f"looked for {what}: it {count} ({self.where})")

    def facts(self, look: Callable[[Frame], Locator], script: str) -> list[tuple[Frame, Any]]:
        """What the script tells of each thing that is found so, with its frame: one question for a frame."""
        from playwright.sync_api import Error

        told: list[tuple[Frame, Any]] = []  # Any: JSON of a script of ours
        for frame in self.page.frames:
            try:
                told += [(frame, item) for item in look(frame).evaluate_all(script)]
            except Error:  # the frame has just gone; its successor is looked at the next time
                continue
        return told

    def fact(self, look: Callable[[Frame], Locator], script: str, what: str) -> tuple[Frame, Any]:
        """The same of the only one; waits for it. Raises `NotOnPage`."""
        told: list[tuple[Frame, Any]] = self.wait(lambda: self.facts(look, script), lambda seen: len(seen) == 1)
        return self._once(told, what)

    def wait(self, look: Callable[[], Any], good: Callable[[Any], bool]) -> Any:  # Any: what `look` returns
        """What is seen, once it is good, or once nothing has moved for a while."""
        began = quiet = time.monotonic()
        while True:
            found = look()
            now = time.monotonic()
            if good(found):
                return found
            if self._asked:
                quiet = now
            if now - quiet >= self._quiet_s or now - began >= self._answer_s:
                return found
            self.pause()

    def press(self, what: Locator) -> None:
        """Click, and wait until the page has come to rest."""
        what.click()
        self.rest()

    def send(self, what: Locator) -> bool:
        """Click, wait until the page has sent something and come to rest; whether it has sent anything."""
        before = self._sent
        what.click()
        sent = bool(self.wait(lambda: self._sent > before, bool))
        self.rest()
        return sent

    def rest(self) -> None:
        """Until no page is under way, and nothing else for a moment; raises `NoAnswer`."""
        began = still = time.monotonic()
        while True:
            self.pause()
            now = time.monotonic()
            leaving = any(self._asked.values())
            if leaving or (self._asked and now - began < self._quiet_s):
                still = now
            if now - still >= _REST_S:
                return
            if now - began >= self._answer_s:
                raise NoAnswer(f"{self.where} does not come to rest within {self._answer_s:g} s")

    def pause(self) -> None:
        """A moment, in which the page goes on; raises `Stopped`."""
        if self._stop.is_set():
            raise Stopped("it was told to stop")
        self.page.wait_for_timeout(_PAUSE_MS)

    def alerts(self) -> str:
        """What the page says in alerts and the like, on one line."""
        said = (
            text
            for frame in self.page.frames
            for text in self._texts(frame.get_by_role("alert").or_(frame.get_by_role("status")))
        )
        return "; ".join(dict.fromkeys(filter(None, map(plain, said))))[:300]

    def alarmed(self) -> bool:
        """Whether there is an alert: a status is good news as often as bad."""
        return self.shows(lambda frame: frame.get_by_role("alert"))

    @property
    def where(self) -> str:
        """The page's title, and its address without what may stand behind it."""
        from playwright.sync_api import Error

        address = self.page.url.partition("?")[0]
        try:
            title = plain(self.page.title())
        except Error:
            title = ""
        return f"page “{title}” at {address}" if title else f"the page at {address}"

    def _texts(self, place: Locator) -> Iterable[str]:
        from playwright.sync_api import Error

        try:
            return place.all_inner_texts()
        except Error:  # the frame has just gone
            return ()

    def _found(self, look: Callable[[Frame], Locator]) -> list[Locator]:
        from playwright.sync_api import Error

        places: list[Locator] = []
        for frame in self.page.frames:
            try:
                there = look(frame)
                count = there.count()
            except Error:  # the frame has just gone; its successor is looked at the next time
                continue
            places += [there] if count == 1 else [there.nth(number) for number in range(count)]
        return places

    def _begins(self, request: Request) -> None:
        self._asked[request] = request.is_navigation_request()
        self._sent += 1

    def _ends(self, request: Request) -> None:
        self._asked.pop(request, None)
