"""Compile a site to files.

In: a project, a site's name, a folder. Out: the artifacts there, and their names.
It must never read a live system: the same files always give the same bytes.
"""

from __future__ import annotations

from pathlib import Path

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.artifacts import render_artifacts, write_artifacts
from oceana_dr.compile.desired import compile_site
from oceana_dr.source.load import load_site
from oceana_dr.source.project import Project


def compile_to(project: Project, site: str, folder: Path, operational: str | None = None) -> tuple[str, ...]:
    """Write every artifact of the site below `folder`; returns their names, sorted."""
    loaded = load_site(project, site, operational)
    compiled = compile_site(loaded, load_catalogue())
    files = render_artifacts(
        compiled.estate,
        compiled.provenance,
        loaded.data,
        compiled.bound.bindings,
        compiled.bound,
        loaded.contributors,
    )
    write_artifacts(folder, files)
    return tuple(files)
