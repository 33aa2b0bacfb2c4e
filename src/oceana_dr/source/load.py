"""A site's files → `LoadedSite`, with everything that is wrong in one go.

In: a project and a site's name. Out: the model, its plain data, and where every value came from.
It must never stop at the first error, nor report one twice when two sites share a file.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

from oceana_dr.diagnostics import Diagnostic, InputRefused, Label, Span, in_order
from oceana_dr.source.checks import run_checks
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.contributors import with_contributors
from oceana_dr.source.document import Document, read_document
from oceana_dr.source.factory_passwords import masked
from oceana_dr.source.holes import unsure, without_absence
from oceana_dr.source.merge import Data, Located, merge_trees
from oceana_dr.source.merge import Path as KeyPath
from oceana_dr.source.model_errors import validate
from oceana_dr.source.project import DEFAULTS_FILE, Project, missing_site
from oceana_dr.source.site.model import OWN_KEYS, Site
from oceana_dr.source.site.shape import shape_at
from oceana_dr.source.site.types import NAME_PATTERN

_NAME: Final = re.compile(NAME_PATTERN)


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A valid site: its model, the same as nested dicts, and the place behind every value.

    `digest` is `sha256:…` over the bytes of both files; it does not change with `operational=…`.
    """

    name: str
    path: Path
    model: Site
    data: Mapping[str, object]
    digest: str
    located: Located

    def value(self, path: str) -> object:
        """The value at `data_centers.dc1.system_manager.fqdn`; None if optional and not set.

        Items of lists by number (`nodes.0.fqdn`). Raises `KeyError` if no site can have the path.
        """
        here: object = self.data
        parts = _parts(path)
        for part in parts:
            if isinstance(here, dict) and part in here:
                here = here[part]
            elif isinstance(here, list) and part in range(len(here)):
                here = here[int(part)]
            elif here is None:
                shape_at(Site, parts)
                return None
            else:
                raise KeyError(path)
        return here

    def contributors(self, path: str) -> tuple[Span, ...]:
        """Every place that says something about the path, the winner's first.

        A single value is shown itself, a list or mapping by its key. For a value that no file
        gives, the nearest mapping around it that one does.
        """
        return tuple(place.span for place in self.located.nearest(_parts(path)))


def load_site(project: Project, name: str, operational: str | None = None) -> LoadedSite:
    """Load one site; `operational` replaces the file's (what if). Raises `InputRefused` with all errors."""
    defaults = read_defaults(project)
    found = examine(project, name, defaults, operational)
    if found.site is None or any(item.stops for item in found.diagnostics):
        raise InputRefused(in_order(found.diagnostics))
    return found.site


@dataclass(frozen=True, slots=True)
class Examined:
    """What came of reading one site: the site if it is valid, all diagnostics of its files, its file's bytes."""

    site: LoadedSite | None
    diagnostics: tuple[Diagnostic, ...]
    data: bytes = b""


def read_defaults(project: Project) -> Document | None:
    """`sites/defaults.yaml`, or None where there is none."""
    document = read_document(project.sites_dir / DEFAULTS_FILE, project.shown(project.sites_dir / DEFAULTS_FILE))
    absent = [item for item in document.diagnostics if item.code == "OD1001"]
    return None if absent else replace(document, diagnostics=(*document.diagnostics, *_own(document)))


def _own(document: Document) -> Iterator[Diagnostic]:
    """Keys that only a site may say of itself: one line in the defaults would move every site at once."""
    for key, _ in document.root.entries if document.root is not None else ():
        if key.value in OWN_KEYS:
            yield Diagnostic(
                "OD1022",
                f"`{key.value}` may not stand in the defaults",
                (Label(key.span),),
                ("each site says this of itself; here, one line would decide it for all of them",),
                f"remove this line; write `{key.value}` in each site.yaml",
            )


def examine(project: Project, name: str, defaults: Document | None, operational: str | None = None) -> Examined:
    """Read, merge, validate and cross-check one site; never raises for what the files hold."""
    found = _examine(project, name, defaults, operational)
    return replace(found, diagnostics=masked(found.diagnostics))


def _examine(project: Project, name: str, defaults: Document | None, operational: str | None) -> Examined:
    path = project.site_file(name)
    if not _NAME.fullmatch(name):
        return Examined(None, (_no_name(project, name),))
    document = read_document(path, project.shown(path))
    if any(item.code == "OD1001" for item in document.diagnostics):
        return Examined(None, (missing_site(project, name),))
    documents = [document] if defaults is None else [document, defaults]
    found = [item for part in documents for item in part.diagnostics]
    if document.root is None or any(part.root is None for part in documents):
        return Examined(None, (*found, *(item for part in documents for item in alone(part))), document.data)
    located = merge_trees(tuple(part.root for part in documents if part.root is not None))
    if operational is not None:
        located = replace(located, data={**cast("dict[str, Data]", located.data), "operational": operational})
    model, problems = _validate(located, documents)
    crossed = run_checks(project, name, located)
    found += with_contributors(located, _sure(documents, (*problems, *crossed)))
    site = None
    if model is not None:
        digest = content_digest(*(part.data for part in documents))
        site = LoadedSite(name, path, model, model.model_dump(mode="json"), digest, located)
    whole = site if not any(item.stops for item in found) else None
    found += _sure(documents, project.judge.findings(SiteView(located, name, _texts(documents)), whole))
    return Examined(site, tuple(found), document.data)


def _no_name(project: Project, name: str) -> Diagnostic:
    """A folder whose name no site can have, or a name of no folder."""
    missing = missing_site(project, name)
    if Path(name).name != name or not os.path.lexists(project.site_file(name)):
        return missing
    folder = project.shown(project.site_file(name).parent)
    better = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    advice = f"rename it, for example to `{better}`, and write `name: {better}`" if _NAME.fullmatch(better) else None
    message = f"the folder `{folder}` has no name of a site: lower-case letters, digits and hyphens"
    return Diagnostic("OD1114", message, (), ("runs, locks and the lab are kept by this name",), advice)


def alone(document: Document) -> tuple[Diagnostic, ...]:
    """What is wrong in one of the files, whatever the other one says; missing keys are not."""
    if document.root is None:
        return ()
    _, problems = _validate(merge_trees((document.root,)), [document])
    return masked(item for item in _sure([document], problems) if item.code != "OD1102")


def _validate(located: Located, documents: Sequence[Document]) -> tuple[Site | None, tuple[Diagnostic, ...]]:
    """The model; what the reader has refused at a place is not refused there again."""
    found = [item for document in documents for item in document.diagnostics]
    refused = {item.span for item in found}
    texts = _texts(documents)
    holes = [hole for document in documents for hole in document.holes]
    model, problems = validate(Site, located, texts, holes)
    passwords = {(span.file, span.line) for span in (item.span for item in found if item.code == "OD1140") if span}
    return model, tuple(item for item in problems if item.span not in refused and not _hides(item, passwords))


def _texts(documents: Iterable[Document]) -> dict[str, str]:
    return {file: text for document in documents for file, text in document.texts.items()}


def _hides(item: Diagnostic, passwords: AbstractSet[tuple[str, int]]) -> bool:
    """Whether a value has the wrong form for the password in it: that has been said, and how to mend it."""
    return item.code in {"OD1111", "OD1116"} and item.span is not None and item.span[:2] in passwords


def _sure(documents: Sequence[Document], found: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
    """What does not depend on how a line is read that cannot be read as it stands."""
    holes = {document.file: document.holes for document in documents if document.holes}
    for item in without_absence(found) if holes else found:
        if item.span is None or not unsure(holes.get(item.span.file, ()), item.span):
            yield item


def content_digest(*files: bytes) -> str:
    """`sha256:…` over the bytes of a site's files."""
    total = hashlib.sha256()
    for data in files:
        # Each file's own digest: bytes cannot move from one file to the other unnoticed.
        total.update(hashlib.sha256(data).digest())
    return f"sha256:{total.hexdigest()}"


def _parts(path: str) -> KeyPath:
    return tuple(int(part) if part.isdigit() else part for part in path.split("."))
