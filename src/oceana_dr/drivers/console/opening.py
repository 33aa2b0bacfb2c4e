"""The consoles and the browser of a project, from its options.

In: a setting. Out: what the reader, the writer and the checks share.
Nothing is started here: the browser starts with the first job.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.console.browser import BrowserThread, Start, find_program, shared
from oceana_dr.drivers.console.clickpath import ClickPath, click_path
from oceana_dr.drivers.console.contract import Console
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import SecretRef

if TYPE_CHECKING:
    from oceana_dr.drivers.console.options import ConsoleOptions, ConsoleSystem


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a site that have a click path, by address, and the console of each data centre."""

    consoles: dict[str, Console]
    paths: dict[Address, ClickPath]

    def of(self, address: Address) -> tuple[Console, ClickPath] | str:
        """The console and the click path, or why there is none."""
        path, console = self.paths.get(address), self.consoles.get(address.partition("/")[0])
        if path is None:
            return "the catalogue has no click path to it that a program can follow"
        if console is None:
            return f"`drivers.console` has no console for {address.partition('/')[0]}"
        return console, path


def pages_of(options: ConsoleOptions, bound: BoundCatalogue) -> Pages:
    """The pages of a site."""
    consoles = {dc: _console(dc, system, options) for dc, system in options.consoles.items()}
    origins = {console.origin for console in consoles.values()}
    found = {address: click_path(resource) for address, resource in bound.resources.items()}
    return Pages(
        {dc: replace(console, others=tuple(origins - {console.origin})) for dc, console in consoles.items()},
        {address: path for address, path in found.items() if path is not None},
    )


def browser_of(options: ConsoleOptions) -> BrowserThread:
    """The browser of this process for these options; raises `Unreadable` where there is none."""
    origins = sorted({_console(dc, system, options).origin for dc, system in options.consoles.items()})
    program = find_program(options.browser)
    return shared(Start(program, tuple(origins), options.ca, options.headless, options.sandbox))


def _console(dc: str, system: ConsoleSystem, options: ConsoleOptions) -> Console:
    return Console(
        dc=dc,
        url=system.url,
        user=system.user,
        password=SecretRef(system.password),
        user_label=system.login.user,
        password_label=system.login.password,
        log_on_label=system.login.button,
        labels=dict(system.labels),
        answer_s=options.answer_s,
        quiet_s=min(options.quiet_s, options.answer_s),
        arrive_s=options.arrive_s,
        dry_run=options.dry_run,
    )
