"""A lab on loopback: the process that `lab start` leaves behind.

In: folders of state and sites, a scale, a port (0: any). Out: HTTP until SIGTERM; its address in a file.
It holds a lock for as long as it lives, so that nobody takes a dead one's address, or signals a stranger.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from oceana_dr.lab.answers import problem
from oceana_dr.lab.clock import SystemClock, iso
from oceana_dr.lab.console.app import ROOT, Answer, ConsoleApp, Request
from oceana_dr.lab.lab import Lab, open_lab
from oceana_dr.lab.seed import SEED_FILE
from oceana_dr.lab.service import Service
from oceana_dr.lab.serving import ADDRESS_FILE, ALREADY, LOCK_FILE
from oceana_dr.lab.wire import LARGEST, answer, encoded
from oceana_dr.store.files import SystemFiles

HOST: Final = "127.0.0.1"
LOG_FILE: Final = "server.log"
_IDLE_S: Final = 30
_POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; frame-src 'self'; form-action 'self';"
    " frame-ancestors 'self'; base-uri 'none'"
)


class LabServer(ThreadingHTTPServer):
    """Serves every lab that has a seed; below `/console/` a web console for a browser, where there is one."""

    daemon_threads = True

    def __init__(self, service: Service, port: int = 0, console: ConsoleApp | None = None) -> None:
        super().__init__((HOST, port), _Handler)
        self.service = service
        self.console = console

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.server_address[1]}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that left is nobody's error; anything else is ours, and goes to the log."""
        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: LabServer
    protocol_version = "HTTP/1.1"
    server_version = "oceana-dr-lab"
    sys_version = ""
    timeout = _IDLE_S

    def _serve(self) -> None:
        self.close_connection = True
        host = (self.headers.get("Host") or "").rpartition(":")[0] or (self.headers.get("Host") or "")
        if host not in {HOST, "localhost"}:
            self._send(403, encoded(problem(403, "a lab is asked on loopback, by that name")))
            return
        body = self._received()
        if body is None:
            return
        if self.server.console is not None and self.path.startswith(ROOT):
            request = Request(self.command, self.path, self.headers.get("Cookie") or "", body)
            if (page := self.server.console.handle(request)) is not None:
                self._send_page(page)
            return
        found = answer(self.server.service, self.command, self.path, self.headers.get("Content-Type") or "", body)
        if found is not None:
            self._send(*found)

    def __getattr__(self, name: str) -> Any:
        # Every method gets an answer of the contract, also one that HTTP has not thought of yet.
        if name.startswith("do_"):
            return self._serve
        raise AttributeError(name)

    def _received(self) -> bytes | None:
        if self.headers.get("Transfer-Encoding"):
            self._send(411, encoded(problem(411, "send Content-Length")))
            return None
        text = self.headers.get("Content-Length") or "0"
        if not text.isdecimal() or len(text) > 12:
            self._send(400, encoded(problem(400, "Content-Length is not a number")))
            return None
        if int(text) > LARGEST:
            self._send(413, encoded(problem(413, f"a body has {LARGEST} bytes at most")))
            return None
        return self.rfile.read(int(text))

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        kind = "application/json" if status < 400 else "application/problem+json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _send_page(self, page: Answer) -> None:
        body = page.body.encode()
        self.send_response(page.status)
        headers = {
            "Content-Type": page.kind,
            "Content-Length": str(len(body)),
            "Cache-Control": "no-store" if page.kind.startswith("text/html") else "max-age=300",
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Connection": "close",
        }
        for name, value in {**headers, **page.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base class's
        """The lab's own log says who did what; requests are not worth a line."""


def labs_of(state_dir: Path, sites_dir: Path, scale: float) -> Service:
    """A service for every site with a seed; labs are opened when first asked for."""
    opened: dict[str, Lab] = {}
    lock = threading.Lock()

    def find(site: str) -> Lab | None:
        with lock:
            if site not in opened and site in {path.parent.name for path in sites_dir.glob(f"*/{SEED_FILE}")}:
                opened[site] = open_lab(state_dir, sites_dir, site, scale)
            return opened.get(site)

    return Service(find)


def main(arguments: list[str]) -> int:
    """Take the lock, listen, detach, serve. Prints the address file's content once it can be asked."""
    state_dir, sites_dir, scale, port = Path(arguments[0]), Path(arguments[1]), float(arguments[2]), int(arguments[3])
    folder = state_dir / "lab"
    SystemFiles().make_folder(folder)
    with (folder / LOCK_FILE).open("a+b") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return ALREADY
        service = labs_of(state_dir, sites_dir, scale)
        with LabServer(service, port, ConsoleApp(service.labs)) as server:
            # Connections queue from here on, so the address is good before the child serves.
            if child := os.fork():
                about = {"pid": child, "address": server.address, "started_at": iso(SystemClock().now())}
                temporary = folder / f"{ADDRESS_FILE}.new"
                temporary.write_text(json.dumps(about), "utf-8")
                temporary.replace(folder / ADDRESS_FILE)
                sys.stdout.write(json.dumps(about))
                return 0
            _detach(folder / LOG_FILE)
            _serve_until_told(server)
            (folder / ADDRESS_FILE).unlink(missing_ok=True)
    return 0


def _detach(log: Path) -> None:
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDONLY)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(nothing, 0)
    os.dup2(written, 1)
    os.dup2(written, 2)


def _serve_until_told(server: LabServer) -> None:
    def stop(*_: object) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as error:  # the folder cannot be made, the port is taken: `lab start` shows the last line
        sys.exit(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}")
