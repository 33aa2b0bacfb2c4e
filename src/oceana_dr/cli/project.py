"""The project a command works in, from `-C DIR` and the current folder.

In: click's context. Out: an opened `Project`, and plan files by name.
A command must never look for the project by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from oceana_dr.diagnostics import Diagnostic
    from oceana_dr.source.cache import Cache
    from oceana_dr.source.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])


def folder(context: click.Context) -> Path:
    """Where the command was asked to start."""
    root = context.find_root().obj
    return Path(root["folder"] if root else ".")


def opened(context: click.Context) -> Project:
    """The project at or above that folder; raises `InputRefused`."""
    from dataclasses import replace

    from oceana_dr.operations.drivers import check_drivers
    from oceana_dr.operations.judging import open_judged

    project = check_drivers(open_judged(folder(context), cache(context)))
    return replace(project, state=replace(project.state, alone=alone(context)))


def opened_to_check(context: click.Context) -> tuple[Project, tuple[Diagnostic, ...]]:
    """The same, and what is wrong with its file; raises `InputRefused` only where there is no project."""
    from oceana_dr.operations.drivers import driver_problems, with_offers
    from oceana_dr.operations.judging import open_judged_to_check

    project, wrong = open_judged_to_check(folder(context), cache(context))
    return with_offers(project), (*wrong, *(() if wrong else driver_problems(project)))


def alone(context: click.Context) -> str | None:
    """Why this command works without the team's state, if it does."""
    root = context.find_root().obj
    reason: str | None = root.get("alone") if root else None
    return reason


def cache(context: click.Context) -> Cache:
    """Where valid files are remembered; nowhere with `--no-cache`."""
    from oceana_dr.source.cache import Cache, user_cache

    root = context.find_root().obj
    return Cache(None) if root and root.get("no_cache") else user_cache()


def no_cache_option(command: Command) -> Command:
    """`--no-cache` after the command's name means what it means before it."""
    return click.option(
        "--no-cache",
        is_flag=True,
        expose_value=False,
        callback=_no_cache,
        help="Read and check every file anew.",
    )(command)


def _no_cache(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        context.find_root().ensure_object(dict)["no_cache"] = True


def emit(text: str) -> None:
    """Data on stdout, whole, ending in a line feed; what stands in it drives no terminal but by our colours."""
    from oceana_dr.present.cells import only_our_colours

    text = only_our_colours(text)
    click.echo(text, nl=not text.endswith("\n"))


def emit_exactly(text: str) -> None:
    """The very text on stdout, in UTF-8, whatever the locale: its bytes are compared and kept."""
    import sys

    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def emit_json(document: object) -> None:
    """A JSON document on stdout; escaped where the locale has not all letters, or a letter is invisible."""
    import json

    from oceana_dr.cli.terminal import stdout_style
    from oceana_dr.present.cells import escape_hidden

    emit(escape_hidden(json.dumps(document, ensure_ascii=stdout_style().ascii, indent=1)))
