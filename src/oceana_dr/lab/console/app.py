"""The console as a small web application: sessions, menus, the page of attributes, its Commit.

In: one request with its cookie and form. Out: one answer, or none where a fault of the lab swallows it.
What is committed goes to the lab like every other act, with its consoles' refusals and its faults.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qs, quote, unquote, urlsplit

from markupsafe import Markup

from oceana_dr.diagnostics import OceanaError
from oceana_dr.drivers.console.contract import plain
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Override, Unknown, Value
from oceana_dr.lab.console import pages
from oceana_dr.lab.console.book import Book, Row, book_of
from oceana_dr.lab.faults import SLOW_S, Fault, find
from oceana_dr.lab.lab import Lab
from oceana_dr.lab.records import Busy, Operation
from oceana_dr.lab.sight import out_of_reach

ROOT: Final = "/console/"
USER: Final = "lab"
PASSWORD: Final = "only-in-the-lab"  # noqa: S105 - it opens nothing but a lab on loopback, and its page says so
COOKIE: Final = "oceana-dr-lab"
_SETTLED_WITHIN_S: Final = 20.0
_LOOK_S: Final = 0.02
_FILES: Final = {("style.css",): (pages.STYLE, "text/css"), ("script.js",): (pages.SCRIPT, "text/javascript")}
_OTHER_MENUS: Final = ("Users", "Services")


@dataclass(frozen=True, slots=True)
class Request:
    """What a browser sends."""

    method: str
    target: str
    cookie: str = ""
    form: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What it gets; `headers` besides those that every answer has."""

    status: int
    body: str
    kind: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a request is: the lab, the data centre, the address of its first page, its book."""

    lab: Lab
    dc: str
    root: str
    book: Book

    @property
    def title(self) -> str:
        return f"Console of the lab: {self.lab.site}, {self.lab.bound.bindings.get(f'name.{self.dc}', self.dc)}"


class ConsoleApp:
    """Answers below `/console/SITE/dc1/`; whoever has logged on is known by a cookie, until `forget`."""

    def __init__(self, labs: Callable[[str], Lab | None], user: str = USER, password: str = PASSWORD) -> None:
        self._labs = labs
        self._known = (user, password)
        self._sessions: set[str] = set()
        self._lock = threading.Lock()

    def forget(self) -> None:
        """End every session."""
        with self._lock:
            self._sessions.clear()

    def handle(self, request: Request) -> Answer | None:
        """The answer; None where nobody answers."""
        try:
            return self._answered(request)
        except ValueError:  # a target or a form that is none
            return Answer(400, "The request cannot be read.", "text/plain; charset=utf-8")
        except OceanaError as error:
            return Answer(503, error.message, "text/plain; charset=utf-8")

    def _answered(self, request: Request) -> Answer | None:
        parts = urlsplit(request.target)
        match [unquote(part) for part in parts.path.removeprefix(ROOT).split("/")]:
            case [site, ("dc1" | "dc2") as dc, *rest] if rest and (lab := self._labs(site)) is not None:
                root = f"{ROOT}{quote(site, safe='')}/{dc}/"
                place = _Place(lab, dc, root, book_of(lab.bound, dc))
                return self._at(place, request, tuple(rest), parse_qs(parts.query, max_num_fields=20))
            case _:
                return Answer(404, "There is no such page.", "text/plain; charset=utf-8")

    def _at(
        self, place: _Place, request: Request, rest: tuple[str, ...], query: Mapping[str, list[str]]
    ) -> Answer | None:
        if request.method == "GET" and rest in _FILES:
            text, kind = _FILES[rest]
            return Answer(200, text, f"{kind}; charset=utf-8")
        faults = place.lab.faults()
        if find(faults, "gateway-down") or out_of_reach(place.lab.world(), (Address(f"{place.dc}/smgr"),)):
            return None
        if (slow := find(faults, "slow")) and place.lab.spend(slow):
            time.sleep(SLOW_S)
        form = parse_qs(request.form.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=500)
        if request.method == "POST" and rest == ("login",):
            return self._login(place, form)
        if not self._knows(request.cookie):
            return _html(pages.login_page(place.root, place.title), 200 if request.method == "GET" else 403)
        return self._inside(place, request, rest, query, form)

    def _inside(
        self,
        place: _Place,
        request: Request,
        rest: tuple[str, ...],
        query: Mapping[str, list[str]],
        form: Mapping[str, list[str]],
    ) -> Answer | None:
        """What is there for who has logged on."""
        match request.method, rest:
            case "GET", ("",):
                return _html(self._menu(place, 0))
            case "GET", ("menu", *way):
                return _html(self._menu(place, len([item for item in way if item]), tuple(way)))
            case "GET", ("frame",):
                return _html(_frame(place, query))
            case "POST", ("frame",):
                return self._commit(place, form)
            case "GET", ("logout",):
                with self._lock:
                    self._sessions.discard(_token(request.cookie))
                return _html(pages.login_page(place.root, place.title))
            case _:
                return Answer(404, "There is no such page.", "text/plain; charset=utf-8")

    def _login(self, place: _Place, form: Mapping[str, list[str]]) -> Answer:
        given = (form.get("user", [""])[0], form.get("password", [""])[0])
        same = [
            hmac.compare_digest(ours.encode(), theirs.encode()) for ours, theirs in zip(self._known, given, strict=True)
        ]
        if not all(same):
            return _html(pages.login_page(place.root, place.title, "The user or the password is not right."), 403)
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._sessions.add(token)
        cookie = f"{COOKIE}={token}; Path={ROOT}; HttpOnly; SameSite=Strict"
        return Answer(303, "", headers={"Location": place.root, "Set-Cookie": cookie})

    def _knows(self, cookie: str) -> bool:
        with self._lock:
            return _token(cookie) in self._sessions

    def _menu(self, place: _Place, depth: int, way: tuple[str, ...] = ()) -> Markup:
        user, menu = self._known[0], place.book.menu[:-1]  # the last one is a tab inside of the frame
        trail = [_printed(item) for item in menu[:depth]]
        if way and [plain(item) for item in way] != list(menu[:depth]):
            return pages.empty_page(place.root, place.title, user, way[-1])
        if depth >= len(menu):
            return pages.shell_page(place.root, place.title, user, trail, f"{place.root}frame?tab=0")
        here = "/".join(quote(item, safe="") for item in menu[: depth + 1])
        others = _OTHER_MENUS if depth == 0 else ()
        items = [(_printed(menu[depth]), f"{place.root}menu/{here}")]
        items += [(name, f"{place.root}menu/{quote(name)}") for name in others]
        return pages.menu_page(place.root, place.title, user, trail, items)

    def _commit(self, place: _Place, form: Mapping[str, list[str]]) -> Answer | None:
        chosen = _chosen(place, form)
        address = place.book.at(chosen)
        key = form.get("key", [""])[0]
        if address is None or not key:
            return _html(pages.tab_page(place.root, pages.TABS[1], pages.alert("Choose a cluster and a service.")), 400)
        changes = _changes(list(place.book.rows(address, _values(place, address))), form)
        if not changes:
            return _html(_attributes(place, chosen, pages.status("Nothing was changed.")))
        if (lost := _strikes(place.lab, "not-delivered", address)) and place.lab.spend(lost):
            return None
        said = _carried_out(place.lab, f"console/{key}", f"console:{self._known[0]}", changes)
        if (lost := _strikes(place.lab, "answer-lost", address)) and place.lab.spend(lost):
            return None
        return _html(_attributes(place, chosen, said))


def _carried_out(lab: Lab, key: str, actor: str, changes: Mapping[Ref, Value]) -> Markup:
    """Commit and wait until the lab has done it; what the page says then."""
    found, _ = lab.submit(key, actor, SetValues(changes))
    until = time.monotonic() + _SETTLED_WITHIN_S
    while isinstance(found, Operation):
        operation, now = lab.operation(found.key) or (found, lab.time()[0])
        match operation.state(now):
            case "running" if time.monotonic() < until:
                time.sleep(_LOOK_S)
            case "running":
                return pages.alert("The commit is still under way.")
            case "done":
                return pages.status("The attributes were committed.")
            case _:
                return pages.alert(f"The commit failed: {operation.message}.")
    busy = isinstance(found, Busy)
    return pages.alert("Somebody else is committing here." if busy else "This form was committed already.")


def _frame(place: _Place, query: Mapping[str, list[str]]) -> Markup:
    tab = query.get("tab", ["0"])[0]
    number = int(tab) if tab in {"0", "1", "2"} else 0
    if pages.TABS[number] != place.book.menu[-1]:
        return pages.tab_page(place.root, pages.TABS[number], Markup("<p>The lab has nothing on this tab.</p>"))
    return _attributes(place, _chosen(place, query))


def _attributes(place: _Place, chosen: tuple[str, ...], said: Markup | None = None) -> Markup:
    book = place.book
    path = next(iter(book.paths.values()))
    choices = [
        pages.Choice(name, tuple(map(_printed, book.choices(number, chosen))), _printed(chosen[number]))
        for number, name in enumerate(book.fields)
    ]
    address = book.at(chosen)
    rows = list(book.rows(address, _values(place, address))) if address is not None else []
    body = pages.attributes(
        place.root,
        choices,
        rows,
        heads=(path.box, path.field),
        commit=path.commit,
        key=secrets.token_urlsafe(12),
        said=said,
    )
    return pages.tab_page(place.root, book.menu[-1], body)


def _chosen(place: _Place, form: Mapping[str, list[str]]) -> tuple[str, ...]:
    """What is chosen; what does not fit to what is chosen before it counts as not chosen."""
    chosen: tuple[str, ...] = ()
    for number, _ in enumerate(place.book.fields):
        given = plain(form.get(f"c{number}", [""])[0])
        fitting = [item for item in place.book.choices(number, chosen) if plain(item) == given]
        chosen = (*chosen, fitting[0] if fitting else "")
    return chosen


def _values(place: _Place, address: Address) -> Attributes:
    found = place.lab.read([address]).get(address)
    return {} if found is None or isinstance(found, Unknown) else found


def _changes(rows: list[Row], form: Mapping[str, list[str]]) -> dict[Ref, Value]:
    """What the form has otherwise than it was shown."""
    changes: dict[Ref, Value] = {}
    for number, row in enumerate(rows):
        if row.ref is None:
            continue
        ticked, text = f"o{number}" in form, form.get(f"v{number}", [""])[0]
        now = f"+{text}" if ticked else "-"
        if now != form.get(f"w{number}", [""])[0]:
            changes[row.ref] = Override(True, text) if ticked else Override(False, None)
    return changes


def _strikes(lab: Lab, name: str, address: Address) -> Fault | None:
    return find(lab.faults(), name, (address,))


def _printed(text: str) -> str:
    """With the signs that the manual prints."""
    return text.replace("Avaya Breeze", "Avaya Breeze™").replace("Avaya Oceana Cluster", "Avaya Oceana® Cluster")


def _token(cookie: str) -> str:
    pairs = (item.strip().partition("=") for item in cookie.split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")


def _html(page: Markup, status: int = 200) -> Answer:
    return Answer(status, str(page))
