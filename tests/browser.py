"""One real Chromium for the tests of a module, offline: whatever a page asks for is written down and refused.

A page's text goes in, a page to look at comes out, with what it said on the console and what it asked for.
Nothing stands in for the browser: a test whose browser is nowhere is skipped and says so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Page, Route, sync_playwright

from oceana_dr.drivers.console.browser import SWITCHES
from tests.debian import program

HOME = "http://page.test/"


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that is open, what its console said, and every address that it asked for besides itself."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with an empty profile."""
    found = program("chromium")
    with sync_playwright() as started:
        browser = started.chromium.launch(
            executable_path=found.path, args=[*SWITCHES, "--no-sandbox"], env={**os.environ, **found.environment}
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def looking_at(browser: Browser, html: str, *, scripts: bool = True) -> Iterator[Seen]:
    """The page on a phone by day, as a server without any header of its own would give it."""
    context = browser.new_context(
        viewport={"width": 400, "height": 900}, color_scheme="light", java_script_enabled=scripts
    )
    seen = Seen(context.new_page())

    def answer(route: Route) -> None:
        if route.request.url == HOME:
            route.fulfill(body=html, content_type="text/html")
        else:
            seen.requests.append(route.request.url)
            route.abort()

    context.route("**/*", answer)
    seen.page.on("console", lambda message: seen.console.append(message.text))
    seen.page.on("pageerror", lambda error: seen.console.append(str(error)))
    try:
        seen.page.goto(HOME)
        yield seen
    finally:
        context.close()
