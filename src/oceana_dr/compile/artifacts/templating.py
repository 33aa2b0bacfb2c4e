"""Templates → text, in Jinja2's sandbox; the only module that imports Jinja2.

In: a template's name and plain data. Out: text with LF line ends.
A template must never print a value that no filter of `quoting` has written: such a template is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import BaseLoader, FileSystemLoader, StrictUndefined, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

import oceana_dr
from oceana_dr.compile.artifacts.quoting import FILTERS, Quoted

_PACKAGE: Final = Path(oceana_dr.__file__).parent
# In a wheel the templates lie in the package; in a checkout at the root of the repository.
_FOLDERS: Final = (_PACKAGE / "_templates", _PACKAGE.parents[1] / "templates")


class UnquotedValue(TypeError):
    """A template prints a value as it is: a bug of the template."""


def template_folder() -> Path:
    """Where the templates lie; raises `FileNotFoundError` for an incomplete installation."""
    for folder in _FOLDERS:
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"no templates in {_FOLDERS[0]} or {_FOLDERS[1]}")


def sandbox(loader: BaseLoader) -> ImmutableSandboxedEnvironment:
    """An environment whose templates see their data and the quoting filters, and nothing else."""
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=False,  # HTML's escapes would be wrong here; `finalize` demands the right ones
        finalize=_only_quoted,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        newline_sequence="\n",
    )
    environment.globals.clear()
    environment.filters.clear()
    environment.filters.update({name: _of_defined(quote) for name, quote in FILTERS.items()})
    return environment


@lru_cache(maxsize=1)
def _installed() -> ImmutableSandboxedEnvironment:
    return sandbox(FileSystemLoader(template_folder()))


def fill(template: str, data: Mapping[str, object]) -> str:
    """The text of an installed template for this data."""
    return _installed().get_template(template).render(data)


def _of_defined(quote: Callable[[object], Quoted]) -> Callable[[object], Quoted]:
    """The filter; for what is undefined or forbidden, the sandbox's own complaint instead."""

    def checked(value: object) -> Quoted:
        return quote(str(value) if isinstance(value, Undefined) else value)

    return checked


def _only_quoted(value: object) -> object:
    if isinstance(value, Quoted | Undefined):  # printing what is undefined raises by itself
        return value
    raise UnquotedValue(f"{value!r} is printed without a filter that quotes it")
