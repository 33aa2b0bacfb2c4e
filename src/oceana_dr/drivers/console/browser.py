"""One browser for a process, and the one thread that may speak to it.

In: a job that is given the browser, from any thread. Out: what the job returns or raises.
The browser must never reach anything but the consoles' origins, nor outlive the run: it ends with a stop, and at exit.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from oceana_dr.diagnostics import Unreadable
from oceana_dr.drivers.console.authorities import trusting
from oceana_dr.drivers.console.contract import NoAnswer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

Result = TypeVar("Result")

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_NOWHERE: Final = "http://0.0.0.0:9"
"""A proxy that is not there: whatever does not go to a console's origin ends at it, redirects and sockets too."""
SWITCHES: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
"""Nothing of its own over the network: no updates, no reports, no look-ups."""
_ENDS_WITHIN_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Start:
    """How the browser is started: program, origins that it may reach, authorities that it trusts besides its own."""

    program: str
    origins: tuple[str, ...]
    ca: str = ""
    headless: bool = True
    sandbox: bool = True


@dataclass
class Running:
    """The browser, and what jobs keep with it from one to the next, under names of their own."""

    browser: Browser
    version: str
    kept: dict[str, Any] = field(default_factory=dict)


def find_program(named: str) -> str:
    """The path of the browser; raises `Unreadable` where there is none, or Playwright is not installed."""
    if find_spec("playwright") is None:
        raise Unreadable("the driver `console` needs Playwright", hint='pip install "oceana-dr[browser]"')
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        said = f"there is no browser {named}" if named else "there is no Chromium on this machine"
        raise Unreadable(
            said, hint="install it (Debian: apt install chromium), or name it in `drivers.console.browser`"
        )
    return found


class BrowserThread:
    """Runs one job after the other with one browser, which is started for the first."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._jobs: SimpleQueue[tuple[Callable[[Running], Any], threading.Event, Future[Any]] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def run(self, job: Callable[[Running], Result], stop: threading.Event) -> Result:
        """What the job returns; raises what it raises, `Unreadable` where the browser does not start."""
        told: Future[Result] = Future()
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._serve, name="browser", daemon=True)
                self._thread.start()
            self._jobs.put((job, stop, told))
        return told.result()

    def close(self) -> None:
        """End the browser, if it runs."""
        with self._lock:
            thread, self._thread = self._thread, None
        if thread is not None and thread.is_alive():
            self._jobs.put(None)
            thread.join(_ENDS_WITHIN_S)

    def _serve(self) -> None:
        running: Running | None = None
        with ExitStack() as held:
            while (item := self._jobs.get()) is not None:
                job, stop, told = item
                try:
                    if running is None or not running.browser.is_connected():
                        held.close()
                        running = _started(self._start, held)
                    told.set_result(job(running))
                except BaseException as error:  # noqa: BLE001 it is raised again where the job came from
                    told.set_exception(_in_words(error))
                if stop.is_set():
                    held.close()
                    running = None


def _in_words(error: BaseException) -> BaseException:
    """What a page or the browser did not do, as the driver's own error; anything else as it is."""
    from playwright.sync_api import Error

    if not isinstance(error, Error):
        return error
    said = next((line for line in error.message.splitlines() if line.strip()), "it gives no reason")
    return NoAnswer(f"the browser does not go on: {said.strip():.200}")


def _started(start: Start, held: ExitStack) -> Running:
    """A browser with nothing of an earlier one in it; raises `Unreadable`."""
    from playwright.sync_api import Error, sync_playwright

    home = tempfile.mkdtemp(prefix="oceana-dr-browser-")
    held.callback(shutil.rmtree, home, ignore_errors=True)
    if start.ca:
        trusting(home, start.ca)
    playwright = held.enter_context(sync_playwright())
    reachable = ";".join(("<-loopback>", *map(_host_and_port, start.origins)))
    switches = [
        *SWITCHES,
        f"--proxy-server={_NOWHERE}",
        f"--proxy-bypass-list={reachable}",
        *(() if start.sandbox else ("--no-sandbox",)),
    ]
    environment: dict[str, str | float | bool] = {**os.environ, "HOME": home}
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        environment.pop(name, None)
    try:
        browser = playwright.chromium.launch(
            executable_path=start.program, args=switches, env=environment, headless=start.headless
        )
    except Error as error:
        said = next((line for line in error.message.splitlines() if line.strip()), "it gives no reason")
        hint = "as root it needs `sandbox: false`" if os.geteuid() == 0 and start.sandbox else "does it start by hand?"
        raise Unreadable(f"{start.program} does not start: {said.strip():.200}", hint=hint) from None
    held.callback(_closed, browser)
    return Running(browser, browser.version)


def _closed(browser: Browser) -> None:
    from playwright.sync_api import Error

    with suppress(Error):  # it has ended already
        browser.close()


def _host_and_port(origin: str) -> str:
    parts = urlsplit(origin)
    return f"{parts.hostname}:{parts.port or {'http': 80, 'https': 443}[parts.scheme]}"


_threads: Final[dict[Start, BrowserThread]] = {}
_taken: Final = threading.Lock()


def shared(start: Start) -> BrowserThread:
    """The browser of this process that is started so: the reader, the writer and the checks share one."""
    with _taken:
        if start not in _threads:
            if not _threads:
                atexit.register(close_all)
            _threads[start] = BrowserThread(start)
        return _threads[start]


def close_all() -> None:
    """End every browser of this process."""
    with _taken:
        threads = tuple(_threads.values())
        _threads.clear()
    for thread in threads:
        thread.close()
