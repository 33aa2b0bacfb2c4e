"""The page of service attributes: the way to it, its rows, the box and the value of each.

In: a screen after the login, a click path. Out: what stands there; boxes and fields filled in, and no more than that.
The last click is not made here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.drivers.console.clickpath import ClickPath
from oceana_dr.drivers.console.contract import Differs, NotOnPage, pattern, plain
from oceana_dr.drivers.console.screen import MENU
from oceana_dr.drivers.console.session import Session
from oceana_dr.drivers.gateway.canonical import canonical_value
from oceana_dr.estate.values import Override, Value, show

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Locator

# What HTML and ARIA mean by a list, a cell, a box and a field; nothing of any product.
_LISTS: Final = """lists => lists.map(list => ({
    chosen: [...(list.selectedOptions ?? [])].map(item => item.label),
    offers: [...(list.options ?? [])].map(item => item.label) }))"""
_ROWS: Final = """rows => rows.map(row => {
    const seen = (part, kind) => [...part.querySelectorAll(kind)].filter(item => item.checkVisibility());
    const cells = [...(row.cells ?? row.querySelectorAll('[role=cell],[role=gridcell],[role=rowheader]'))];
    const fields = 'select, textarea, input:not([type=checkbox], [type=hidden], [type=radio], [type=button])';
    return cells.map(cell => ({
        boxes: seen(cell, 'input[type=checkbox], [role=checkbox]').map(
            box => box.checked ?? box.getAttribute('aria-checked') === 'true'),
        fields: seen(cell, fields).map(field => field.selectedOptions
            ? { chosen: [...field.selectedOptions].map(item => item.label).join(' '),
                offers: [...field.options].map(item => item.label) }
            : { chosen: field.value, offers: null }),
        text: cell.innerText }));
})"""
_MARK: Final = "rows => { for (const row of rows) row.shownBefore = true; return []; }"
_MARKED: Final = "rows => rows.filter(row => row.shownBefore).map(() => 1)"


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute on the page: what stands there, where its box and its field are, and what a list offers."""

    value: Value
    box: Locator
    field: Locator | None
    offers: tuple[str, ...] | None


class AttributesPage:
    """The page of one service of one cluster, once `go` has led to it."""

    def __init__(self, session: Session, path: ClickPath) -> None:
        self._session = session
        self._screen = session.screen
        self._path = path
        self._called = session.console.called

    def go(self, *, from_menu: bool = True) -> None:
        """Click through the menu, unless the page is open already, and choose; raises `ConsoleError`."""
        for item in self._path.menu if from_menu else ():
            self._screen.press(self._screen.only(MENU, self._called(item)))
        for field, choice in self._path.select:
            self._choose(self._called(field), plain(self._called(choice)))
        self.stands()

    def stands(self) -> None:
        """Whether the page still shows what was chosen; raises `NotOnPage`."""
        for field, choice in self._path.select:
            wanted = plain(self._called(choice))
            _, told = self._list(self._called(field))
            if [plain(item) for item in told["chosen"]] != [wanted]:
                raise NotOnPage(f"“{self._called(field)}” shows {_listed(told['chosen'])}, and “{wanted}” was chosen")

    def row(self, label: str) -> Row:
        """The row of an attribute; raises `NotOnPage`."""
        called = self._called(label)
        frame, cells = self._screen.fact(lambda frame: self._rows(frame, called), _ROWS, f"a row “{called}”")
        table = self._tables(frame).filter(has=_cell(frame, called))
        heads = [plain(text) for text in table.get_by_role("columnheader").all_inner_texts()]
        if len(cells) != len(heads):
            raise NotOnPage(f"the row “{called}” has {len(cells)} cells below {len(heads)} headings")
        at_box, at_field = (_column(heads, name) for name in self._columns)
        boxes, fields = cells[at_box]["boxes"], cells[at_field]["fields"]
        if len(boxes) != 1:
            raise NotOnPage(f"looked for one box “{self._columns[0]}” in the row “{called}”: there are {len(boxes)}")
        if len(fields) > 1:
            raise NotOnPage(f"looked for one “{self._columns[1]}” in the row “{called}”: there are {len(fields)}")
        shown = fields[0]["chosen"] if fields else cells[at_field]["text"]
        value = Override(True, shown.strip()) if boxes[0] else Override(False, None)
        places = _every_cell(self._rows(frame, called))
        return Row(
            canonical_value(self._path.rows[label].type, value),
            places.nth(at_box).get_by_role("checkbox"),
            _field(places.nth(at_field)) if fields else None,
            tuple(fields[0]["offers"]) if fields and fields[0]["offers"] is not None else None,
        )

    def fill(self, label: str, wanted: Value) -> None:
        """Fill the row in so that it shows `wanted`; raises `Differs` where the page does not take it."""
        row = self.row(label)
        if row.value == wanted:
            return
        if not isinstance(wanted, Override):
            raise Differs(f"“{label}” has a box and a value, and {show(wanted):.60} is not both")
        row.box.set_checked(wanted.override)
        self._screen.rest()
        if wanted.override and wanted.value is not None:
            self._type(label, self.row(label), wanted.value)
            self._screen.rest()
        if (shows := self.row(label).value) != wanted:
            raise Differs(f"“{label}” was to show {show(wanted)} and shows {show(shows)}")

    def bring_into_sight(self, labels: Iterable[str]) -> None:
        """Scroll to the rows, for a picture."""
        for label in labels:
            self.row(label).box.scroll_into_view_if_needed()

    def commit_button(self) -> Locator:
        """The last click, found and not made."""
        return self._screen.only(("button",), self._called(self._path.commit))

    @property
    def _columns(self) -> tuple[str, str]:
        return self._called(self._path.box), self._called(self._path.field)

    def _list(self, field: str) -> tuple[Frame, Any]:
        name = pattern(field)
        return self._screen.fact(lambda frame: frame.get_by_role("combobox", name=name), _LISTS, f"a list “{field}”")

    def _choose(self, field: str, choice: str) -> None:
        def fitting() -> tuple[Frame, Any, list[int]]:
            frame, told = self._list(field)
            return frame, told, [number for number, item in enumerate(told["offers"]) if plain(item) == choice]

        frame, told, found = self._screen.wait(fitting, lambda seen: len(seen[2]) == 1)
        if len(found) != 1:
            raise NotOnPage(f"looked for “{choice}” in the list “{field}”: it offers {_listed(told['offers'])}")
        if [plain(item) for item in told["chosen"]] != [choice]:
            self._screen.facts(self._shown, _MARK)
            frame.get_by_role("combobox", name=pattern(field)).select_option(index=found[0])
            self._screen.rest()
            # Two services may have rows of the same name: none may be left of what was chosen before.
            if self._screen.wait(lambda: self._screen.facts(self._shown, _MARKED), lambda left: not left):
                raise NotOnPage(f"“{field}” was chosen anew, and the page still shows rows of what was chosen before")

    def _type(self, label: str, row: Row, text: str) -> None:
        if row.field is None:
            raise Differs(f"“{label}” has no field to fill in")
        if row.offers is None:
            row.field.fill(text)
            row.field.press("Tab")  # a page that looks at what was typed does so when the field is left
            return
        kind, wanted = self._path.rows[label].type, Override(True, text)
        fitting = [
            number
            for number, item in enumerate(row.offers)
            if canonical_value(kind, Override(True, item.strip())) == wanted
        ]
        if len(fitting) != 1:
            raise Differs(f"“{label}” was to become “{text}”, and its list offers {_listed(row.offers)}")
        row.field.select_option(index=fitting[0])

    def _shown(self, frame: Frame) -> Locator:
        return self._tables(frame).get_by_role("row")

    def _rows(self, frame: Frame, label: str) -> Locator:
        return self._shown(frame).filter(has=_cell(frame, label)).filter(has_not=frame.get_by_role("row"))

    def _tables(self, frame: Frame) -> Locator:
        """Innermost tables that have both headings."""
        found = frame.get_by_role("table").or_(frame.get_by_role("grid")).or_(frame.get_by_role("treegrid"))
        for heading in self._columns:
            found = found.filter(has=frame.get_by_role("columnheader", name=pattern(heading)))
        return found.filter(has_not=frame.get_by_role("table"))


def _cell(frame: Frame, label: str) -> Locator:
    name = pattern(label)
    found = frame.get_by_role("cell", name=name).or_(frame.get_by_role("gridcell", name=name))
    return found.or_(frame.get_by_role("rowheader", name=name))


def _every_cell(row: Locator) -> Locator:
    return row.get_by_role("cell").or_(row.get_by_role("gridcell")).or_(row.get_by_role("rowheader"))


def _field(cell: Locator) -> Locator:
    return cell.get_by_role("combobox").or_(cell.get_by_role("textbox")).or_(cell.get_by_role("spinbutton"))


def _column(heads: list[str], heading: str) -> int:
    if heads.count(plain(heading)) != 1:
        raise NotOnPage(f"looked for one heading “{heading}” above the row: there are {_listed(heads)}")
    return heads.index(plain(heading))


def _listed(items: Iterable[str]) -> str:
    return ", ".join(f"“{plain(item)}”" for item in tuple(items)[:12]) or "nothing"
