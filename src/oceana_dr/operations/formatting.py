"""The project's files in their canonical layout.

In: a project and names of sites (all files, if none). Out: for each file what it is and what it would be.
A file that does not parse, or that lies outside of the project, must never be written.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from oceana_dr.diagnostics import Diagnostic, InputRefused, Unreadable
from oceana_dr.operations.files import replace_bytes
from oceana_dr.source.files import read_file
from oceana_dr.source.project import DEFAULTS_FILE, PROJECT_FILE, Project, list_sites, missing_site

if TYPE_CHECKING:
    from pydantic import BaseModel


@dataclass(frozen=True, slots=True)
class Laid:
    """A file's text as it is and in its canonical layout; `shown` from the project's root."""

    path: Path
    shown: str
    before: str
    after: str

    @property
    def differs(self) -> bool:
        """Whether there is something to do."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Layouts:
    """Every file that could be laid out, and what is wrong with the others."""

    files: tuple[Laid, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def different(self) -> tuple[Laid, ...]:
        """The files that are not as they should be."""
        return tuple(item for item in self.files if item.differs)


def lay_out_files(project: Project, names: tuple[str, ...]) -> Layouts:
    """Lay out the sites named, or without names every file of the project; writes nothing."""
    files: list[Laid] = []
    found: list[Diagnostic] = []
    for path, model in _files(project, names, found):
        laid = _lay_out(project, path, model)
        if isinstance(laid, Laid):
            files.append(laid)
        else:
            found += laid
    return Layouts(tuple(files), tuple(sorted(found, key=lambda item: item.sort_key)))


def write_layout(laid: Laid) -> None:
    """Put the canonical layout in the file's place; raises `Unreadable` if somebody else has written it meanwhile."""
    now = read_file(laid.path, laid.shown)
    if isinstance(now, Diagnostic) or now.removeprefix(_BOM) != laid.before.encode():
        raise Unreadable(f"{laid.shown} has just changed: it is left as it is", hint="run the command again")
    replace_bytes(laid.path, laid.after.encode(), what="file")


_BOM = b"\xef\xbb\xbf"


def _files(project: Project, names: tuple[str, ...], found: list[Diagnostic]) -> Iterator[tuple[Path, type[BaseModel]]]:
    from oceana_dr.source.project_model import ProjectFile
    from oceana_dr.source.site.model import Site

    if not names:
        yield project.root / PROJECT_FILE, ProjectFile
        if os.path.lexists(project.sites_dir / DEFAULTS_FILE):
            yield project.sites_dir / DEFAULTS_FILE, Site
    known = list_sites(project)
    for name in names or known:
        if name in known:
            yield project.site_file(name), Site
        else:
            found.append(missing_site(project, name))


def _lay_out(project: Project, path: Path, model: type[BaseModel]) -> Laid | tuple[Diagnostic, ...]:
    from oceana_dr.source.formatter.layout import lay_out
    from oceana_dr.source.text import decode_text

    shown = project.shown(path)
    data = read_file(path, shown)
    if isinstance(data, Diagnostic):
        return (data,)
    text, problems = decode_text(data, shown)
    if text is None:
        return problems
    try:
        laid = Laid(path, shown, text, lay_out(text, shown, model))
    except InputRefused as refused:
        return refused.diagnostics
    if laid.differs and not _inside(project.root, path):
        advice = "put the file itself into the project, or lay it out where it is"
        return (Diagnostic("OD1002", f"`{shown}` is a link out of the project", (), (), advice),)
    return laid


def _inside(root: Path, path: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root))
