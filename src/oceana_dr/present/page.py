"""A page for a browser: its frame, and the pieces that every page is made of.

In: texts and pieces. Out: one HTML file that needs no script and asks for nothing; equal content gives equal bytes.
A text must never become markup: only `element` makes markup, and it escapes every text that it is handed.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from markupsafe import Markup

from oceana_dr.present.cells import show_text
from oceana_dr.present.durations import whole

Content = str | Markup | None
"""A text, which is escaped; markup, which stands as it is; or nothing."""
Tone = Literal["good", "bad", "warn", "info", "plain"]
"""What a piece means. Its colour follows from it, and a word beside it always says the same."""
_VOID: Final = frozenset({"br", "hr", "link", "meta"})
_MOST: Final = 4_000
"""Letters of one text; what is longer is read in the file that the page was made from."""


def element(name: str, /, *content: Content, **attributes: str | int | None) -> Markup:
    """One element. `class_` is written `class`, `aria_label` as `aria-label`; an attribute of None is left out."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), harmless(str(value)))
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup("<{}{}>").format(name, written)
    return Markup("<{}{}>{}</{}>").format(name, written, joined(content), name)


def joined(content: Iterable[Content], between: Content = None) -> Markup:
    """Pieces one after another; every text among them is escaped."""
    found = [part if isinstance(part, Markup) else harmless(part) for part in content if part is not None]
    gap = between if isinstance(between, Markup) else harmless(between or "")
    return Markup.escape(gap).join(found)


def harmless(text: str) -> str:
    """A text without letters that cannot be seen or turn others around; it still has to be escaped."""
    short = text if len(text) <= _MOST else f"{text[: _MOST - 1]}…"
    return short if short.isascii() and short.isprintable() else show_text(short, ascii_only=False)


def page(title: str, header: Sequence[Content], main: Sequence[Content], footer: Sequence[Content] = ()) -> str:
    """A whole file. The header holds the one `h1`; a policy in the head forbids scripts and every request."""
    css = style_sheet()
    digest = b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=policy),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("meta", name="referrer", content="no-referrer"),
        element("title", title),
        element("link", rel="icon", href="data:,"),  # else a browser asks the server for one
        element("style", Markup(css)),  # noqa: S704 - the product's own file, in which nothing is filled in
    )
    body = element(
        "body",
        element("header", *header),
        element("main", *main),
        element("footer", *footer) if footer else None,
    )
    text = f"<!doctype html>\n{element('html', head, body, lang='en')}\n"
    # Other letters as references: the same bytes whatever the locale of who prints them.
    return text.encode("ascii", "xmlcharrefreplace").decode()


@cache
def style_sheet() -> str:
    """The one style sheet of all pages: light and dark, phone and wall, screen and paper."""
    return files("oceana_dr.present").joinpath("page.css").read_text("utf-8")


def section(name: str, title: Content, *content: Content, class_: str | None = None) -> Markup:
    """A part of the page under a heading of the second level; `name` is its anchor."""
    heading = element("h2", title, id=f"{name}-title")
    return element("section", heading, *content, id=name, aria_labelledby=f"{name}-title", class_=class_)


def paragraph(*content: Content, class_: str | None = None) -> Markup:
    """A paragraph."""
    return element("p", *content, class_=class_)


def code(text: str) -> Markup:
    """A name or a value, letter by letter."""
    return element("code", text or "(empty)")


def spoken(text: str) -> Markup:
    """A sentence of ours; what it has between backticks is a command."""
    return joined(code(part) if place % 2 else part for place, part in enumerate(whole(text).split("`")))


def badge(tone: Tone, text: str) -> Markup:
    """A word in a coloured box; the word alone has to tell what the colour tells."""
    return element("span", text, class_=f"badge {tone}")


def banner(tone: Tone, *content: Content) -> Markup:
    """What must not be overlooked."""
    return element("div", *content, class_=f"banner {tone}")


def bullets(items: Iterable[Content]) -> Markup:
    """A list, without an order of its own."""
    return element("ul", *(element("li", item) for item in items))


def facts(rows: Iterable[tuple[str, Content]]) -> Markup:
    """Labels and what there is to say about each."""
    return element(
        "dl", *(element("div", element("dt", label), element("dd", said)) for label, said in rows), class_="facts"
    )


def table(caption: str, headings: Sequence[str], rows: Iterable[Sequence[Content]]) -> Markup:
    """A table with a caption; the first cell of a row is its heading. On a phone each row becomes a small list."""
    head = element("tr", *(element("th", text, scope="col", role="columnheader") for text in headings), role="row")
    body = [
        element(
            "tr",
            *(
                element("th", cell, scope="row", role="rowheader", data_label=label)
                if place == 0
                else element("td", cell, role="cell", data_label=label)
                for place, (label, cell) in enumerate(zip(headings, row, strict=True))
            ),
            role="row",
        )
        for row in rows
    ]
    # The roles are written out because a browser drops them where the style turns rows into blocks.
    return element(
        "table",
        element("caption", caption),
        element("thead", head, role="rowgroup"),
        element("tbody", *body, role="rowgroup"),
        role="table",
    )


def folded(summary: Content, *content: Content, open_: bool = False, name: str | None = None) -> Markup:
    """What opens when it is asked for; on paper it is always open."""
    return element("details", element("summary", summary), *content, open="" if open_ else None, id=name)
