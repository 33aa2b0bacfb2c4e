"""What only people can see of a site, as text: by console, with what should be there and what was seen last.

In: attributes with their consoles. Out: text.
What nobody has looked at must never look as if somebody had.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Protocol

from oceana_dr.present.layout import words, wrapped
from oceana_dr.present.phrases import counted
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style


class ToLookAt(Protocol):
    """One attribute; `operations.observing.ToLookAt` is one."""

    @property
    def ref(self) -> str: ...
    @property
    def console(self) -> str: ...
    @property
    def desired(self) -> str: ...
    @property
    def seen(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def at(self) -> str: ...


def render_to_look_at(
    site: str,
    items: Sequence[ToLookAt],
    *,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """The verdict line first, then each console with its attributes."""
    style = Style(ascii=ascii, color=colour)
    open_ = sum(1 for item in items if not item.by)
    if not items:
        return f"{site}: drivers read everything; there is nothing that people have to look at\n"
    head = f"{site}: {counted(len(items), 'attribute')} that only people can see, {open_} of them never looked at"
    lines = [style.bad(style.text(head)) if open_ else style.good(style.text(head))]
    for console, group in groupby(items, key=lambda item: (item.ref.partition("#")[0], item.console)):
        lines += ["", style.strong(style.text(console[0]))]
        lines += wrapped(words(style.text(console[1]), style.faint), width, 2)
        for item in group:
            sign = style.sign(Sign.CHECK) if item.by else "?"
            label = item.ref.partition("#")[2]
            seen = f"{item.seen} ({item.by}, {item.at})" if item.by else "never looked at"
            wanted = f"; should be {item.desired}" if item.desired and item.desired != item.seen else ""
            first, *rest = wrapped(words(style.text(f"{sign} {label}: {seen}{wanted}")), width, 6, first=2)
            lines += [f"  {first}", *rest]
    lines += [
        "",
        style.faint(style.text(f"say what you see: oceana-dr observe {site} 'ADDRESS#LABEL=VALUE' --by NAME")),
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def render_seen(site: str, count: int, by: str) -> str:
    """One line."""
    return f"{site}: {counted(count, 'attribute')} remembered as {by} saw {'it' if count == 1 else 'them'}\n"
