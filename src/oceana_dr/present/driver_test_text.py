"""The report of `driver-test` as text: the verdict, what is broken, what was not tested, what is kept.

In: the report's document. Out: text.
A rule that was not tested must never be shown among those that are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from oceana_dr.present.layout import hanging, words, wrapped
from oceana_dr.present.signs import Sign
from oceana_dr.present.style import Style

_INDENT: Final = 6


def render_driver_test(
    report: Mapping[str, Any],  # Any: JSON of the report
    *,
    width: int = 100,
    colour: bool = False,
    ascii: bool = False,  # noqa: A002 - the word a caller would look for
) -> str:
    """The verdict line first."""
    style = Style(ascii=ascii, color=colour)
    by = {verdict: [item for item in report["rules"] if item["verdict"] == verdict] for verdict in _GROUPS}
    lines = hanging(words(_verdict(report, by, style), style.good if report["conforms"] else style.bad), width)
    about = style.text(f"{report['title']}; tested against {report['against']}")
    lines += hanging(words(about, style.faint), width)
    for verdict, title in _GROUPS.items():
        if by[verdict]:
            lines += ["", style.strong(f"{title} ({len(by[verdict])})")]
            lines += [line for item in by[verdict] for line in _rule(item, verdict, style, width)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


_GROUPS: Final[Mapping[str, str]] = {"broken": "Broken", "not tested": "Not tested", "kept": "Kept"}


def _verdict(report: Mapping[str, Any], by: Mapping[str, Sequence[Any]], style: Style) -> str:
    dot = style.sign(Sign.DOT)
    counts = [f"{len(items)} {verdict}" for verdict, items in by.items() if items]
    said = "keeps to the protocol" if report["conforms"] else "does not keep to the protocol"
    if report["conforms"] and by["not tested"]:
        said = "keeps to the protocol as far as it could be tested"
    return style.text(f"{report['driver']} {said} {dot} {f' {dot} '.join(counts)}")


def _rule(item: Mapping[str, Any], verdict: str, style: Style, width: int) -> Iterator[str]:
    sign, paint = {
        "broken": (Sign.FAILED, style.bad),
        "not tested": (Sign.WARNING, style.doubtful),
        "kept": (Sign.DONE, style.good),
    }[verdict]
    yield f"{paint(style.sign(sign))} {item['id']:<3} {style.text(item['title'])}"
    paint_says = style.text if verdict == "broken" else lambda text: style.faint(style.text(text))
    yield from wrapped(words(item["says"], paint_says), width, _INDENT)
