"""Who else has a say in a value that is wrong: the default below it, the site above it.

In: merged data and diagnostics. Out: the same diagnostics, each with the other file's place as a further label.
It must never change the first label: what is wrong stands there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from oceana_dr.diagnostics import Diagnostic, Label, Span
from oceana_dr.source.merge import Located, Path, Place

# What these say is about a whole file or about the place itself.
_FILE_ONLY = frozenset({"OD1006", "OD1007", "OD1008", "OD1009", "OD1010", "OD1102", "OD1140", "OD1141"})


def with_contributors(located: Located, found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """Each diagnostic about a merged value, with the place of the other contributor."""
    by_span: dict[Span, Path] | None = None
    root = located.places.get(())
    own = root[0].value.span.file if root else ""
    for item in found:
        if item.span is None or item.code in _FILE_ONLY:
            yield item
            continue
        if by_span is None:
            by_span = _paths(located)
        path = by_span.get(item.span)
        others = () if path is None else _others(located, path, own)
        known = {(label.span.file, label.span.line) for label in item.labels}
        fresh = tuple(label for label in others if (label.span.file, label.span.line) not in known)
        yield replace(item, labels=(*item.labels, *fresh)) if fresh else item


def _paths(located: Located) -> dict[Span, Path]:
    found: dict[Span, Path] = {}
    for path, places in located.places.items():
        for span in _spans(places[0]):
            found.setdefault(span, path)
    return found


def _spans(place: Place) -> Iterator[Span]:
    yield place.value.span
    if place.key is not None:
        yield place.key


def _others(located: Located, path: Path, own: str) -> tuple[Label, ...]:
    places = located.places[path]
    if places[0].value.span.file == own:
        return tuple(Label(place.span, "the default, which it replaces") for place in places[1:2])
    # A default is to blame: show where the site adds to the same mapping.
    while len(path) > 1:
        path = path[:-1]
        for place in located.places[path]:
            if place.value.span.file == own and place.key is not None:
                return (Label(place.key, f"{own} adds to this default here"),)
    return ()
