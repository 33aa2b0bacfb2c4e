"""`settings/<dc>.yaml`: every setting with a value of its own: facts, files, preconditions, addresses of consoles.

In: the catalogue's settings, evaluated for the site. Out: one sheet a data centre, by id.
Nothing may be left out by name: a new setting of the catalogue appears by itself.
"""

from __future__ import annotations

from collections.abc import Iterator

from oceana_dr.compile.artifacts.heading import heading
from oceana_dr.compile.artifacts.subject import Artifact, Subject
from oceana_dr.compile.artifacts.valued import valued
from oceana_dr.estate.address import SIDES


def settings(subject: Subject) -> Iterator[Artifact]:
    """Both sheets."""
    for side in SIDES:
        found = tuple(valued(subject, side))
        purpose = f"Settings of {subject.place(side)} ({side}) that are no field of a page: facts, files, preconditions"
        data = {
            **heading(subject, purpose, settings=found),
            "side": side,
            "name": subject.place(side),
            "settings": [item.shown() for item in found],
        }
        yield Artifact(f"settings/{side}.yaml", "settings/sheet.yaml.j2", data)
