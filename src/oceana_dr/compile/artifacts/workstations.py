"""What an administrator's workstation needs before an outage: hosts entries and bookmarks of the consoles.

In: the settings that are hosts entries or addresses of consoles. Out: `hosts/<dc>.hosts`, `bookmarks/consoles.html`.
A bookmark must never lead anywhere but to a web page, and a hosts entry never name a node for its cluster.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, cast

from oceana_dr.compile.artifacts.heading import heading
from oceana_dr.compile.artifacts.subject import Artifact, Subject
from oceana_dr.compile.artifacts.valued import Valued, valued
from oceana_dr.compile.site_values import present
from oceana_dr.estate.address import SIDES

# Consoles that serve both data centres: keys of the site that no setting of the manual reads.
_COMMON: Final = (
    ("Experience Portal Manager", "experience_portal.url"),
    ("Proactive Outreach Manager", "outbound.url"),
)


def hosts(subject: Subject) -> Iterator[Artifact]:
    """The entries of each data centre, told by their type in the catalogue."""
    for side in SIDES:
        found = [item for item in valued(subject, side) if item.setting.type == "hosts-entry"]
        purpose = f"Windows hosts entries for {subject.place(side)} ({side}), added to the file on each workstation"
        data = {
            **heading(subject, purpose, settings=found, paths=["workstations"]),
            "workstations": subject.site.value("workstations") or [],
            "entries": [_entry(item) for item in found],
        }
        yield Artifact(f"hosts/{side}.hosts", "hosts/entries.hosts.j2", data)


def bookmarks(subject: Subject) -> Iterator[Artifact]:
    """Every address of a console, in one file that browsers import.

    Each data centre's are those of the time when it is in service: nobody wants to import bookmarks during a move.
    """
    folders: list[dict[str, object]] = []
    every: list[Valued] = []
    for side in SIDES:
        found = [item for item in valued(subject, side, in_service=side) if item.setting.type == "url"]
        every += found
        links: list[dict[str, object]] = [link for item in found for link in _links(item)]
        folders.append({"title": f"{subject.place(side)} ({side})", "links": links})
    common = [(title, path) for title, path in _COMMON if present(subject.site, path)]
    links = [{"title": title, "url": subject.site.value(path)} for title, path in common]
    folders.append({"title": "Both data centres", "links": links})
    purpose = "Bookmarks of the consoles, imported into the browser of each workstation before an outage"
    data = {
        **heading(subject, purpose, settings=every, paths=[path for _, path in common]),
        "folders": folders,
    }
    yield Artifact("bookmarks/consoles.html", "bookmarks/consoles.html.j2", data)


def _links(item: Valued) -> Iterator[dict[str, object]]:
    """One link; or one for each server, named as the manual names them: the active one is A."""
    if isinstance(item.value, tuple):
        for letter, url in zip("AB", item.value, strict=True):
            yield {"title": f"{_title(item)}, server {letter}", "url": url}
    else:
        yield {"title": _title(item), "url": item.value}


def _title(item: Valued) -> str:
    """The catalogue's label as a title: `Oceana Manager page` of `Oceana Manager page URL`."""
    label = item.setting.label.replace(" URL", "")
    return label[:1].upper() + label[1:]


def _entry(item: Valued) -> Mapping[str, str]:
    address, _, name = cast("str", item.value).partition(" ")
    return {"address": address, "name": name}
