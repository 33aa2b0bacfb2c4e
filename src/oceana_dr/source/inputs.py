"""The bytes that decide what a site means and whether it is right.

In: a project and the bytes of its files. Out: the parts of a cache's key.
Nothing that can change a site's result may be left out here, and nothing of one machine (an absolute path) put in:
a checkout elsewhere has the same sites.
"""

from __future__ import annotations

from dataclasses import fields
from typing import Final

from oceana_dr.diagnostics import Diagnostic
from oceana_dr.source.files import read_file
from oceana_dr.source.project import DEFAULTS_FILE, Project

_OF_THE_MACHINE: Final = frozenset({"root", "sites_dir", "state_dir"})


def read_site_bytes(project: Project, name: str) -> bytes | Diagnostic:
    """The site's file as it is now."""
    return read_file(project.site_file(name), project.shown(project.site_file(name)))


def read_default_bytes(project: Project) -> bytes | Diagnostic | None:
    """The defaults as they are now; None where there are none."""
    path = project.sites_dir / DEFAULTS_FILE
    found = read_file(path, project.shown(path))
    return None if isinstance(found, Diagnostic) and found.code == "OD1001" else found


def deciding_parts(project: Project, name: str, site: bytes, defaults: bytes | None) -> tuple[bytes, ...]:
    """Everything that decides the result of a site, the code apart."""
    layers = (b"", b"") if defaults is None else (b"defaults", defaults)
    return (name.encode("utf-8", "surrogateescape"), settings_part(project), site, *layers)


def settings_part(project: Project) -> bytes:
    """What `oceana-dr.yaml` says, as it was read when the project was opened."""
    said = {item.name: getattr(project, item.name) for item in fields(project) if item.name not in _OF_THE_MACHINE}
    return repr(said).encode("utf-8", "surrogateescape")
