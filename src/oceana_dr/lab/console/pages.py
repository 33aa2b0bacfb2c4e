"""The pages as HTML: login, menus, the page of attributes in its frame.

In: data. Out: whole pages, each of which says that it is the lab's and not the product.
Whatever stands in an estate is text here, never markup; nothing is fetched from anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from markupsafe import Markup, escape

from oceana_dr.lab.console.book import Row

NOTICE: Final = "Lab of oceana-dr: made for trying things out. This is not System Manager, and changes no real estate."
TABS: Final = ("Service Profiles", "Service Clusters", "Service Globals")
STYLE: Final = """\
body { font: 15px/1.5 system-ui, sans-serif; color: #1c2733; background: #fff; margin: 0; }
.lab { background: #fff3cd; border-bottom: 2px solid #b58100; color: #4a3600; padding: .4rem 1.5rem; }
header { display: flex; justify-content: space-between; background: #1d3f5e; color: #fff; padding: .7rem 1.5rem; }
header a { color: #fff; }
main { padding: 1rem 1.5rem; }
nav ul { display: flex; gap: .4rem 1.2rem; list-style: none; padding: 0; flex-wrap: wrap; }
a { color: #0b5394; }
.inside { padding: .2rem 1rem 1rem; }
iframe { border: 1px solid #c5ced8; width: 100%; height: 44rem; }
form.login { display: grid; gap: .6rem; max-width: 20rem; }
label { display: block; font-weight: 600; }
input, select, button { font: inherit; padding: .3rem .5rem; }
input[type=text], input[type=password], select { min-width: 15rem; box-sizing: border-box; }
button { background: #1d3f5e; border: 0; border-radius: 4px; color: #fff; padding: .5rem 1.4rem; }
.choose { display: flex; gap: 1.5rem; margin: 1rem 0; }
[role=tablist] { border-bottom: 2px solid #1d3f5e; display: flex; gap: .3rem; }
[role=tab] { border-radius: 4px 4px 0 0; padding: .4rem 1rem; text-decoration: none; }
[role=tab][aria-selected=true] { background: #1d3f5e; color: #fff; }
table { border-collapse: collapse; margin: 0 0 1.2rem; width: 100%; }
caption { font-weight: 600; padding: .3rem 0; text-align: left; }
th, td { border: 1px solid #c5ced8; padding: .45rem .7rem; text-align: left; }
thead th { background: #eef2f6; }
tbody th { font-weight: 400; width: 50%; }
:disabled { background: #f1f3f5; color: #6a7683; }
[role=alert], [role=status] { border-left: 5px solid; margin: 1rem 0; padding: .6rem 1rem; }
[role=alert] { background: #fdecea; border-color: #b3261e; color: #7a1610; }
[role=status] { background: #e7f4ea; border-color: #1e7a34; color: #14532a; }
"""
SCRIPT: Final = """\
document.addEventListener('change', event => {
  const changed = event.target;
  if (changed.matches('.choose select')) changed.form.submit();
  if (changed.matches('[type=checkbox]')) changed.closest('tr').querySelector('.value').disabled = !changed.checked;
});
"""


@dataclass(frozen=True, slots=True)
class Choice:
    """A field to choose in: its label, what it offers, what is chosen."""

    label: str
    offers: tuple[str, ...]
    chosen: str


def login_page(root: str, title: str, refused: str = "") -> Markup:
    """The two fields and the button."""
    return _page(
        root,
        title,
        _alert(refused)
        + Markup(
            '<h1>Log On</h1><form class="login" method="post" action="{root}login">'
            '<label for="user">User ID:</label><input type="text" id="user" name="user" autocomplete="off">'
            '<label for="password">Password:</label>'
            '<input type="password" id="password" name="password" autocomplete="off">'
            "<div><button>Log On</button></div></form>"
        ).format(root=root),
    )


def menu_page(root: str, title: str, user: str, trail: Sequence[str], items: Sequence[tuple[str, str]]) -> Markup:
    """A menu: what was clicked so far, and what can be clicked next."""
    links = Markup("").join(Markup('<li><a href="{}">{}</a></li>').format(link, label) for label, link in items)
    way = Markup("<p>{}</p>").format(" › ".join(trail)) if trail else Markup("")
    heading = trail[-1] if trail else "Home"
    body = Markup('<h1>{}</h1>{}<nav aria-label="Menu"><ul>{}</ul></nav>').format(heading, way, links)
    return _page(root, title, body, user)


def shell_page(root: str, title: str, user: str, trail: Sequence[str], inner: str) -> Markup:
    """The page around a frame."""
    body = Markup('<h1>{}</h1><p>{}</p><iframe title="{}" src="{}"></iframe>')
    return _page(root, title, body.format(trail[-1], " › ".join(trail), trail[-1], inner), user)


def empty_page(root: str, title: str, user: str, heading: str) -> Markup:
    """What the lab does not have."""
    return _page(root, title, Markup("<h1>{}</h1><p>The lab has no such page.</p>").format(heading), user)


def tab_page(root: str, tab: str, body: Markup) -> Markup:
    """The inside of the frame: the tabs, and one of them."""
    tabs = Markup("").join(
        Markup('<a role="tab" aria-selected="{}" href="{}frame?tab={}">{}</a>').format(
            "true" if name == tab else "false", root, number, name
        )
        for number, name in enumerate(TABS)
    )
    return _whole(root, tab, Markup('<div role="tablist">{}</div><div class="inside">{}</div>').format(tabs, body))


def attributes(
    root: str,
    choices: Sequence[Choice],
    rows: Sequence[Row],
    *,
    heads: tuple[str, str],
    commit: str,
    key: str,
    said: Markup | None,
) -> Markup:
    """What is chosen, and its rows in their sections with the button below; `key` names this form."""
    said = said or Markup("")
    fields = Markup("").join(_choice(number, item) for number, item in enumerate(choices))
    top = Markup(
        '<form class="choose" method="get" action="{}frame"><input type="hidden" name="tab" value="1">{}</form>'
    ).format(root, fields)
    if not rows:
        return said + top
    hidden = Markup("").join(
        Markup('<input type="hidden" name="{}" value="{}">').format(f"c{number}", item.chosen)
        for number, item in enumerate(choices)
    ) + Markup('<input type="hidden" name="key" value="{}">').format(key)
    numbered = list(enumerate(rows))
    tables = Markup("").join(
        _table(section or "Attributes", heads, list(group))
        for section, group in groupby(numbered, key=lambda item: item[1].section)
    )
    form = Markup('<form method="post" action="{}frame">{}{}<button>{}</button></form>')
    return said + top + form.format(root, hidden, tables, commit)


def alert(text: str) -> Markup:
    """Something went wrong."""
    return _alert(text)


def status(text: str) -> Markup:
    """Something went well."""
    return Markup('<p role="status">{}</p>').format(text)


def _table(section: str, heads: tuple[str, str], rows: Sequence[tuple[int, Row]]) -> Markup:
    body = Markup("").join(_row(number, row, heads) for number, row in rows)
    head = Markup("<tr><th>Attribute</th><th>{}</th><th>{}</th></tr>").format(*heads)
    return Markup("<table><caption>{}</caption><thead>{}</thead><tbody>{}</tbody></table>").format(section, head, body)


def _row(number: int, row: Row, heads: tuple[str, str]) -> Markup:
    if row.ref is None:
        shown = Markup("<tr><td>{}</td><td>yes</td><td>{}</td></tr>")
        return shown.format(row.label, row.value)
    ticked = Markup(" checked") if row.override else Markup("")
    off = Markup("") if row.override else Markup(" disabled")
    box = Markup('<input type="checkbox" name="o{0}" aria-label="{1}"{2}>').format(number, heads[0], ticked)
    names = Markup('name="v{0}" class="value" aria-label="{1}"{2}').format(number, heads[1], off)
    if row.choices:
        options = Markup("").join(_option(item, row.value) for item in row.choices)
        field = Markup("<select {}>{}</select>").format(names, options)
    else:
        field = Markup('<input type="text" {} value="{}">').format(names, row.value)
    was = Markup('<input type="hidden" name="w{0}" value="{1}">').format(number, was_text(row))
    return Markup('<tr><th scope="row">{}</th><td>{}{}</td><td>{}</td></tr>').format(row.label, box, was, field)


def was_text(row: Row) -> str:
    """A row as it was shown, for the form to bring back."""
    return f"+{row.value}" if row.override else "-"


def _choice(number: int, item: Choice) -> Markup:
    blank = () if item.chosen else ("",)
    options = Markup("").join(_option(offer, item.chosen) for offer in (*blank, *item.offers))
    label = Markup('<div><label for="c{0}">{1}:</label><select id="c{0}" name="c{0}">{2}</select></div>')
    return label.format(number, item.label, options)


def _option(text: str, chosen: str) -> Markup:
    mark = Markup(" selected") if text == chosen else Markup("")
    return Markup("<option{}>{}</option>").format(mark, text)


def _alert(text: str) -> Markup:
    return Markup('<p role="alert">{}</p>').format(text) if text else Markup("")


def _page(root: str, title: str, body: Markup, user: str = "") -> Markup:
    who = Markup('<span>{} · <a href="{}logout">Log Off</a></span>').format(user, root) if user else Markup("")
    head = Markup('<div class="lab">{}</div><header><span>{}</span>{}</header>').format(NOTICE, title, who)
    return _whole(root, title, head + Markup("<main>{}</main>").format(body))


def _whole(root: str, title: str, body: Markup) -> Markup:
    start = Markup(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{} (lab)</title>'
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="{}style.css">'
        '<script src="{}script.js" defer></script></head><body>'
    ).format(escape(title), root, root)
    return start + body + Markup("</body></html>")
