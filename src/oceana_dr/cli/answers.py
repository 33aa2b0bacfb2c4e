"""Types of the answers to `init` and `import`: a domain, a time zone, the name of a data centre.

In: what somebody typed, as a flag or at a question. Out: the same, or what is wrong with it.
An answer must never be taken that a site file with it would be refused for.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    _Text = click.ParamType[str]
else:
    _Text = click.ParamType  # older versions of click know no type of the result


class Answer(_Text):
    """Text that a check accepts; the check gives what the text must be, or None if it is that."""

    def __init__(self, name: str, wrong: Callable[[str], str | None]) -> None:
        self.name = name
        self._wrong = wrong

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> str:
        """The text, or `click.BadParameter`, which names the flag."""
        said = self._wrong(str(value))
        if said is not None:
            self.fail(f"{str(value)!r} is not {said}", parameter, context)
        return str(value)


def _domain(text: str) -> str | None:
    from oceana_dr.source.site.types import FQDN_PATTERN

    longest = f"breeze11.dc1.{text}"
    fits = len(longest) <= 253 and re.match(FQDN_PATTERN, longest) and "\n" not in text
    return None if fits else "a domain, for example acme.example"


def _time_zone(text: str) -> str | None:
    from zoneinfo import available_timezones

    from oceana_dr.source.checks.times import known_zone
    from oceana_dr.source.site.types import ZONE_PATTERN

    # Without a time zone database on this machine nothing can be said.
    fits = re.match(ZONE_PATTERN, text) and (known_zone(text) or not available_timezones())
    return None if fits else "an IANA time zone, for example Europe/Berlin"


def _name(text: str) -> str | None:
    from oceana_dr.source.site.types import TEXT_PATTERN

    fits = text.strip() and len(text) <= 200 and re.match(TEXT_PATTERN, text)
    return None if fits else "a name on one line, for example Frankfurt am Main"


DOMAIN = Answer("domain", _domain)
TIME_ZONE = Answer("zone", _time_zone)
NAME = Answer("name", _name)
