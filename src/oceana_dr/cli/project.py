"""The project a command works in, from `-C DIR` and the current folder.

In: click's context. Out: an opened `Project`, and plan files by name.
A command must never look for the project by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from oceana_dr.source.cache import Cache
    from oceana_dr.source.project import Project


def folder(context: click.Context) -> Path:
    """Where the command was asked to start."""
    root = context.find_root().obj
    return Path(root["folder"] if root else ".")


def opened(context: click.Context) -> Project:
    """The project at or above that folder; raises `InputRefused`."""
    from oceana_dr.operations.judging import with_rules
    from oceana_dr.source.project import open_project

    return with_rules(open_project(folder(context), cache(context)))


def cache(context: click.Context) -> Cache:
    """Where valid files are remembered; nowhere with `--no-cache`."""
    from oceana_dr.source.cache import Cache, user_cache

    root = context.find_root().obj
    return Cache(None) if root and root.get("no_cache") else user_cache()


def emit(text: str) -> None:
    """Data on stdout, whole, ending in a line feed."""
    click.echo(text, nl=not text.endswith("\n"))


def emit_json(document: object) -> None:
    """A JSON document on stdout; escaped where the locale has not all letters."""
    import json

    from oceana_dr.cli.terminal import stdout_style

    emit(json.dumps(document, ensure_ascii=stdout_style().ascii, indent=1))
