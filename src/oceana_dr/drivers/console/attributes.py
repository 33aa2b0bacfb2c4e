"""The page of service attributes: the way to it, its rows, the box and the value of each.

In: a screen after the login, a click path. Out: what stands there; boxes and fields filled in, and no more than that.
The last click is not made here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from oceana_dr.catalogue.bind import BoundAttribute
from oceana_dr.drivers.console.clickpath import ClickPath
from oceana_dr.drivers.console.contract import Differs, NotOnPage, pattern, plain
from oceana_dr.drivers.console.screen import MENU
from oceana_dr.drivers.console.session import Session
from oceana_dr.drivers.gateway.canonical import canonical_value
from oceana_dr.estate.values import Override, Value

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Locator

_CHOSEN: Final = "list => [...list.selectedOptions].map(item => item.label)"
_MARK: Final = "rows => { for (const row of rows) row.shownBefore = true; return 0; }"
_MARKED: Final = "rows => rows.filter(row => row.shownBefore).length"
_CHOICES: Final = "list => [...(list.options ?? [])].map(item => item.label)"


@dataclass(frozen=True, slots=True)
class Row:
    """One attribute on the page: its box, the field of its value (none where it is only shown), what stands there."""

    box: Locator
    field: Locator | None
    value: Value


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
            shown = self._screen.only(("combobox",), self._called(field)).evaluate(_CHOSEN)
            if [plain(item) for item in shown] != [wanted]:
                raise NotOnPage(f"“{self._called(field)}” shows {_listed(shown)}, and “{wanted}” was chosen")

    def row(self, label: str) -> Row:
        """The row of an attribute; raises `NotOnPage`."""
        kind, called = self._path.rows[label], self._called(label)
        found = self._screen.one(lambda frame: self._rows(frame, called), f"a row “{called}”")
        table = self._screen.one(lambda frame: self._table(frame, called), f"a table with a row “{called}”")
        heads = [plain(text) for text in table.get_by_role("columnheader").all_inner_texts()]
        cells = found.get_by_role("cell").or_(found.get_by_role("gridcell")).or_(found.get_by_role("rowheader"))
        if cells.count() != len(heads):
            raise NotOnPage(f"the row “{called}” has {cells.count()} cells below {len(heads)} headings")
        box_cell, field_cell = (cells.nth(_column(heads, self._called(name))) for name in self._columns)
        box = box_cell.get_by_role("checkbox")
        if box.count() != 1:
            raise NotOnPage(f"looked for one box “{self._called(self._path.box)}” in the row “{called}”: {box.count()}")
        field = field_cell.get_by_role("combobox").or_(field_cell.get_by_role("textbox"))
        field = field.or_(field_cell.get_by_role("spinbutton"))
        if (count := field.count()) > 1:
            raise NotOnPage(f"looked for one “{self._called(self._path.field)}” in the row “{called}”: {count}")
        shown = field_cell.inner_text() if count == 0 else _text(field)
        value = Override(True, shown.strip()) if box.is_checked() else Override(False, None)
        return Row(box, field if count else None, canonical_value(kind.type, value))

    def fill(self, label: str, wanted: Value) -> None:
        """Fill the row in so that it shows `wanted`; raises `Differs` where the page does not take it."""
        row = self.row(label)
        if row.value == wanted:
            return
        if not isinstance(wanted, Override):
            raise Differs(f"“{label}” has a box and a value, and {wanted!r:.60} is neither")
        row.box.set_checked(wanted.override)
        self._screen.rest()
        if wanted.override and wanted.value is not None:
            self._type(label, self.row(label), wanted.value)
            self._screen.rest()
        if (shows := self.row(label).value) != wanted:
            raise Differs(f"“{label}” was to show {wanted} and shows {shows}")

    def show(self, labels: Iterable[str]) -> None:
        """Bring the rows into sight, for a picture."""
        for label in labels:
            self.row(label).box.scroll_into_view_if_needed()

    def commit_button(self) -> Locator:
        """The last click, found and not made."""
        return self._screen.only(("button",), self._called(self._path.commit))

    @property
    def _columns(self) -> tuple[str, str]:
        return self._path.box, self._path.field

    def _choose(self, field: str, choice: str) -> None:
        def fitting() -> list[int]:
            offered = self._screen.only(("combobox",), field).evaluate(_CHOICES)
            return [number for number, item in enumerate(offered) if plain(item) == choice]

        found = self._screen.wait(fitting, lambda numbers: len(numbers) == 1)
        control = self._screen.only(("combobox",), field)
        if len(found) != 1:
            offered = control.evaluate(_CHOICES)
            raise NotOnPage(f"looked for “{choice}” in the list “{field}”: it offers {_listed(offered)}")
        if [plain(item) for item in control.evaluate(_CHOSEN)] != [choice]:
            self._on_rows(_MARK)
            control.select_option(index=found[0])
            self._screen.rest()
            self._gone(field)

    def _gone(self, field: str) -> None:
        """Until no row is left of what was chosen before: two services may have rows of the same name."""
        if self._screen.wait(lambda: self._on_rows(_MARKED), lambda count: count == 0):
            raise NotOnPage(f"“{field}” was chosen anew, and the page still shows rows of what was chosen before")

    def _on_rows(self, script: str) -> int:
        from playwright.sync_api import Error

        count = 0
        for frame in self._session.page.frames:
            try:
                count += int(self._tables(frame).get_by_role("row").evaluate_all(script))
            except Error:  # the frame has just gone, and its rows with it
                continue
        return count

    def _type(self, label: str, row: Row, text: str) -> None:
        if row.field is None:
            raise Differs(f"“{label}” has no field to fill in")
        if row.field.evaluate("field => field.tagName") != "SELECT":
            row.field.fill(text)
            row.field.press("Tab")  # a page that looks at what was typed does so when the field is left
            return
        offered: list[str] = row.field.evaluate(_CHOICES)
        kind = self._path.rows[label]
        fitting = [number for number, item in enumerate(offered) if _same(kind, item, text)]
        if len(fitting) != 1:
            raise Differs(f"“{label}” was to become “{text}”, and its list offers {_listed(offered)}")
        row.field.select_option(index=fitting[0])

    def _rows(self, frame: Frame, label: str) -> Locator:
        rows = self._tables(frame).get_by_role("row").filter(has=_cell(frame, label))
        return rows.filter(has_not=frame.get_by_role("row"))

    def _table(self, frame: Frame, label: str) -> Locator:
        return self._tables(frame).filter(has=_cell(frame, label))

    def _tables(self, frame: Frame) -> Locator:
        """Innermost tables that have both headings."""
        found = frame.get_by_role("table").or_(frame.get_by_role("grid")).or_(frame.get_by_role("treegrid"))
        for heading in self._columns:
            found = found.filter(has=frame.get_by_role("columnheader", name=pattern(self._called(heading))))
        return found.filter(has_not=frame.get_by_role("table"))


def _cell(frame: Frame, label: str) -> Locator:
    name = pattern(label)
    found = frame.get_by_role("cell", name=name).or_(frame.get_by_role("gridcell", name=name))
    return found.or_(frame.get_by_role("rowheader", name=name))


def _column(heads: list[str], heading: str) -> int:
    if heads.count(plain(heading)) != 1:
        raise NotOnPage(f"looked for one heading “{heading}” above the row: there are {_listed(heads)}")
    return heads.index(plain(heading))


def _text(field: Locator) -> str:
    if field.evaluate("field => field.tagName") == "SELECT":
        return " ".join(field.evaluate(_CHOSEN))
    return field.input_value()


def _same(kind: BoundAttribute, shown: str, wanted: str) -> bool:
    return canonical_value(kind.type, Override(True, shown.strip())) == Override(True, wanted)


def _listed(items: list[str]) -> str:
    return ", ".join(f"“{plain(item)}”" for item in items[:12]) or "nothing"
