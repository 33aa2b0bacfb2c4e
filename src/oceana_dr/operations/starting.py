"""`init`: a new site that is valid and plans to nothing, and a project around it where there is none.

In: a folder and answers. Out: the files that were written.
Nothing that is there may be overwritten, and nothing is written that `validate` would complain about.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import AttributeType
from oceana_dr.compile.desired import Compiled, compile_site
from oceana_dr.diagnostics import Diagnostic, InputRefused, OceanaError
from oceana_dr.estate.address import Ref, ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Value, from_json
from oceana_dr.lab.seed import SEED_FILE, SEED_SCHEMA
from oceana_dr.operations.drafting import Answers, draft, listed, without
from oceana_dr.operations.files import create_text
from oceana_dr.operations.judging import with_rules
from oceana_dr.operations.validating import check_sites
from oceana_dr.source.document import read_document
from oceana_dr.source.formatter.document import write_document
from oceana_dr.source.load import load_site
from oceana_dr.source.merge import Path as KeyPath
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.project import DEFAULTS_FILE, PROJECT_FILE, SITE_FILE, find_root, open_project
from oceana_dr.source.project_model import ProjectFile
from oceana_dr.source.site.model import Site
from oceana_dr.source.site.shape import fields_of
from oceana_dr.source.site.types import FORMS, NAME_PATTERN

_OWN: Final = frozenset({"schema", "name", "operational"})
"""Keys that every site file has, whatever its defaults say."""


@dataclass(frozen=True, slots=True)
class Written:
    """The project's root, and the new files by their names from there, with their texts."""

    root: Path
    files: Mapping[str, str]


def start_site(folder: Path, answers: Answers) -> Written:
    """Write a new site; raises `OceanaError` if it is there, `InputRefused` if it would not be valid here."""
    root, files = prepare(folder, answers)
    data = draft("site", answers)
    files[site_file(answers.site)] = site_text(root, files, data, site_head(root, answers), {})
    with staged(root, files) as place:
        compiled = checked(place, answers.site)
    seed = seed_text(compiled, at_rest(compiled))
    files[f"sites/{answers.site}/{SEED_FILE}"] = seed
    write_new(root, files)
    return Written(root, files)


def prepare(folder: Path, answers: Answers) -> tuple[Path, dict[str, str]]:
    """The root of the project at or above the folder, and the files of a new project where there is none."""
    check_name(answers.site)
    try:
        root, files = find_root(folder), {}
    except InputRefused:
        root = Path(os.path.abspath(folder))  # noqa: PTH100 - resolve() would follow links
        files = _new_project(root, answers)
    refuse_existing(root, (site_file(answers.site),))
    return root, files


def check_name(site: str) -> None:
    """Raises `InputRefused` for what cannot be a site's name."""
    if not re.match(NAME_PATTERN, site):
        form = FORMS[NAME_PATTERN]
        advice = f"write, for example, {form.example}"
        raise InputRefused((Diagnostic(form.code, f"`{site}` must be {form.noun}", (), (), advice),))


def site_file(site: str) -> str:
    """The site's file, from the root."""
    return f"sites/{site}/{SITE_FILE}"


def site_text(
    root: Path, files: Mapping[str, str], data: Mapping[str, Any], head: tuple[str, ...], notes: Mapping[KeyPath, str]
) -> str:
    """The site's file: what the defaults say alike is left to them."""
    own = without(data, defaults_of(root, files), keep=_OWN)
    further = ", ".join(key for key in fields_of(Site) if key not in data)
    more = (*head, "", f"# More can be said, if it is so: {further}.") if further else head
    return write_document(own, Site, _wrapped(more), notes)


def site_head(root: Path, answers: Answers) -> tuple[str, ...]:
    """What stands at the top of a new site file."""
    about = (
        f"# {answers.site}: put your names, addresses and numbers in the place of those for documentation "
        "(.example, 192.0.2.x, 198.51.100.x, 203.0.113.x, 555 01xx)."
    )
    return (*modeline(root), about)


def modeline(root: Path) -> tuple[str, ...]:
    """The line that tells editors the schema, if the project keeps it."""
    schema = "schemas/site.schema.json"
    return (f"# yaml-language-server: $schema=../../{schema}",) if (root / schema).is_file() else ()


class staged:  # noqa: N801 - reads as the sentence it is used in
    """The project as it would be, in a folder of its own; another site of the project is not in it."""

    def __init__(self, root: Path, files: Mapping[str, str]) -> None:
        self._root = root
        self._files = files
        self._place = tempfile.TemporaryDirectory(prefix="oceana-dr-")

    def __enter__(self) -> Path:
        place = Path(self._place.name)
        shared = {name: self._root / name for name in (PROJECT_FILE, f"sites/{DEFAULTS_FILE}")}
        kept = {name: path.read_text("utf-8") for name, path in shared.items() if path.is_file()}
        for name, text in {**kept, **self._files}.items():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            (place / name).write_text(text, "utf-8", newline="")
        return place

    def __exit__(self, *_: object) -> None:
        self._place.cleanup()


def checked(place: Path, site: str) -> Compiled:
    """The site of a staged project, compiled; raises `InputRefused` with all that is wrong, warnings too."""
    project = with_rules(open_project(place))
    found = check_sites(project, (site,))
    if found:
        raise InputRefused(found)
    return compile_site(load_site(project, site), load_catalogue())


def at_rest(compiled: Compiled) -> Estate:
    """The estate as desired, and what can only be observed as in a quiet moment: nothing queued, all healthy."""
    observed: dict[Ref, Value] = {}
    for address, resource in compiled.bound.resources.items():
        for label, attribute in resource.attributes.items():
            if not attribute.type.managed:
                observed[ref(address, label)] = _quiet(attribute.type, compiled.operational)
    return compiled.estate.with_values(observed)


def _quiet(kind: AttributeType, operational: str) -> Value:
    match kind.quiet:
        case None:
            return from_json(kind.allowed[0]) if kind.allowed else 0 if kind.type == "integer" else ""
        case {"by_operational": dict() as cases}:
            return from_json(cases[operational])
        case value:
            return from_json(value)


def seed_text(compiled: Compiled, estate: Estate) -> str:
    """The file that the site's lab begins with."""
    document = {
        "schema": SEED_SCHEMA,
        "site": compiled.site.name,
        "bindings": dict(compiled.bound.bindings),
        "estate": estate.to_json(),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def write_new(root: Path, files: Mapping[str, str]) -> None:
    """Write files that are not there; nothing at all if one of them is."""
    refuse_existing(root, files)
    for name, text in files.items():
        create_text(root / name, text, what="file")


def refuse_existing(root: Path, names: Mapping[str, str] | tuple[str, ...]) -> None:
    """Raises `OceanaError` if one of these files is there."""
    there = [name for name in names if os.path.lexists(root / name)]
    if there:
        raise OceanaError(
            f"{', '.join(there)} is there already: nothing was written",
            hint="choose another name for the site, or move the file away",
        )


def _new_project(root: Path, answers: Answers) -> dict[str, str]:
    project = (
        "# Settings of the whole project; found upward from the current folder.",
        "# `lab` is the embedded estate: write the address of your gateway in its place once there is one.",
    )
    files = {PROJECT_FILE: write_document(draft("project", answers), ProjectFile, project)}
    if not os.path.lexists(root / f"sites/{DEFAULTS_FILE}"):
        defaults = ("# Shared by every site below this folder; a site's own value wins.",)
        files[f"sites/{DEFAULTS_FILE}"] = write_document(draft("defaults", answers), Site, defaults)
    return files


def defaults_of(root: Path, files: Mapping[str, str]) -> dict[str, Any]:
    """What the defaults say, written or about to be."""
    name = f"sites/{DEFAULTS_FILE}"
    with tempfile.TemporaryDirectory(prefix="oceana-dr-") as folder:
        path = root / name
        if name in files:
            path = Path(folder) / DEFAULTS_FILE
            path.write_text(files[name], "utf-8")
        document = read_document(path, name)
    found = listed(merge_trees((document.root,)).data) if document.root is not None else {}
    assert isinstance(found, dict)
    return found


def _wrapped(lines: tuple[str, ...]) -> tuple[str, ...]:
    import textwrap

    return tuple(part for line in lines for part in (textwrap.wrap(line, 100, subsequent_indent="# ") or [""]))
