"""Two real name servers on loopback for a test session: a primary and its secondary, each with two views.

`inside` is for who signs with its key, `public` for everybody else. Debian's `bind9` is looked for unpacked in the
environment, on the path and beside it; where there is none, the tests are skipped and say so.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import dns.exception
import dns.message
import dns.query
import dns.tsigkeyring
import dns.update

from tests.debian import Program, program

ROOT: Final = Path(__file__).parents[1]
ZONE: Final = "globex.example"
NAMES: Final = ("token.globex.example", "aawg.globex.example", "amc.globex.example")
SECRET: Final = "c2VjcmV0LW9mLXRoZS10ZXN0cy1vbmx5LTMyYnl0ZXM="
INSIDE_SECRET: Final = "aW5zaWRlLXNlY3JldC1vZi10aGUtdGVzdHMtMzJieXQ="
KEY, STRANGER, INSIDE = "oceana-dr", "stranger", "inside"
"""The key that may change the names; one that may not; the one of the other view, which may there."""
HOST: Final = "127.0.0.1"
DC1: Final = dict(zip(NAMES, ("192.0.2.10", "192.0.2.11", "192.0.2.12"), strict=True))
DC2: Final = dict(zip(NAMES, ("198.51.100.10", "198.51.100.11", "198.51.100.12"), strict=True))
"""As the example site `globex` has them."""
INSIDE_DC1: Final = {name: address.replace("192.0.2.", "10.21.4.") for name, address in DC1.items()}
INSIDE_DC2: Final = {name: address.replace("198.51.100.", "10.22.4.") for name, address in DC2.items()}
"""As the example site `globex` has them."""
_STARTS_WITHIN_S: Final = 20.0

_RECORDS: Final = """\
$TTL 3600
@ IN SOA ns1 hostmaster 4294967290 3600 600 86400 60
@ IN NS ns1
@ IN NS ns2
ns1 IN A 127.0.0.1
ns2 IN A 127.0.0.1
other IN A 192.0.2.99
"""

_OPTIONS: Final = """\
options {
  directory "%(folder)s"; pid-file none; session-keyfile "%(folder)s/session.key"; lock-file none;
  listen-on port %(port)d { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; allow-query { any; }; dnssec-validation no; empty-zones-enable no; minimal-responses yes;
  notify explicit; notify-delay 0; notify-rate 1000; serial-query-rate 1000; startup-notify-rate 1000;
};
controls { };
key "oceana-dr" { algorithm hmac-sha256; secret "%(secret)s"; };
key "stranger" { algorithm hmac-sha256; secret "%(secret)s"; };
key "inside" { algorithm hmac-sha256; secret "%(inside)s"; };
"""

_PRIMARY: Final = """\
view "%(view)s" {
  match-clients { %(clients)s };
  zone "globex.example" {
    type primary; file "%(view)s.db"; allow-transfer { any; };
    update-policy {
      grant %(key)s name token.globex.example A; grant %(key)s name aawg.globex.example A;
      grant %(key)s name amc.globex.example A; grant %(key)s name alias.globex.example CNAME;
      grant %(key)s zonesub TXT;
    };
    also-notify { 127.0.0.1 port %(secondary)d %(signed)s; };
  };
};
"""

_SECONDARY: Final = """\
view "%(view)s" {
  match-clients { %(clients)s };
  zone "globex.example" {
    type secondary; file "%(view)s.db"; primaries { 127.0.0.1 port %(primary)d %(signed)s; };
    allow-notify { 127.0.0.1; }; min-refresh-time 1; min-retry-time 1; max-retry-time 2;
  };
};
"""

_VIEWS: Final = (
    {"view": "inside", "clients": "key inside;", "key": INSIDE, "signed": "key inside"},
    {"view": "public", "clients": "any;", "key": KEY, "signed": ""},
)


@dataclass(frozen=True, slots=True)
class NameServers:
    """Both servers, on 127.0.0.1 and 127.0.0.2; `stop` pauses one, as if it hung."""

    primary: int
    secondary: int
    processes: Mapping[int, subprocess.Popen[bytes]]

    @contextmanager
    def paused(self, port: int) -> Iterator[None]:
        """One server hangs: it takes what comes and says nothing."""
        process = self.processes[port]
        process.send_signal(signal.SIGSTOP)
        while not _is_stopped(process.pid):  # one of its threads passes the signal on, when it gets its turn
            time.sleep(0.005)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def update(self, message: dns.update.UpdateMessage, key: str = KEY) -> str:
        """Send an update past everything that is tested; its result."""
        _sign(message, key)
        return dns.rcode.to_text(dns.query.tcp(message, HOST, timeout=10, port=self.primary).rcode())

    def reset(self) -> None:
        """Every name in Data Center 1 with its steady time to live, on both servers, in both views."""
        for key, addresses in ((KEY, DC1), (INSIDE, INSIDE_DC1)):
            message = dns.update.UpdateMessage(f"{ZONE}.")
            for name, address in addresses.items():
                message.replace(f"{name}.", 3600, "A", address)
            message.delete(f"alias.{ZONE}.", "CNAME")
            assert self.update(message, key) == "NOERROR"
            for name, address in addresses.items():
                self.until(self.secondary, name, address, 3600, key)

    def until(self, port: int, name: str, address: str, ttl: int, key: str = KEY) -> None:
        """Wait until a server has one record."""
        for _ in range(2000):
            if self.record(port, name, key) == (address, ttl):
                return
            time.sleep(0.01)
        raise AssertionError(f"port {port} never had {name} {address} {ttl}: {self.record(port, name, key)}")

    def record(self, port: int, name: str, key: str = KEY, timeout_s: float = 5) -> tuple[str, int] | None:
        """Address and time to live, as `dig +norecurse` would show them; with the key of a view, in that view."""
        question = dns.message.make_query(f"{name}.", "A", flags=0)
        if key == INSIDE:
            _sign(question, key)
        answer = dns.query.udp(question, HOST, timeout=timeout_s, port=port)
        found = [rrset for rrset in answer.answer if rrset.rdtype == dns.rdatatype.A]
        return (found[0][0].address, found[0].ttl) if found else None

    def where(self, port: int, key: str = KEY) -> dict[str, tuple[str, int] | None]:
        """The three names on one server."""
        return {name: self.record(port, name, key) for name in NAMES}


def _is_stopped(process: int) -> bool:
    """Whether none of its threads runs any more."""
    states = [path.read_text().rpartition(")")[2].split()[0] for path in Path(f"/proc/{process}/task").glob("*/stat")]
    return set(states) == {"T"}


def _sign(message: dns.message.Message, key: str) -> None:
    secret = INSIDE_SECRET if key == INSIDE else SECRET
    keys = dns.tsigkeyring.from_text({f"{key}.": ("hmac-sha256", secret)})
    message.use_tsig(keys, f"{key}.", algorithm="hmac-sha256")


@contextmanager
def name_servers() -> Iterator[NameServers]:
    """A running pair; skips the test where `named` cannot be had."""
    named = program("named")
    folder = Path(tempfile.mkdtemp(prefix="oceana-dr-dns-"))
    primary, secondary = free_ports(2)
    processes: dict[int, subprocess.Popen[bytes]] = {}
    try:
        for port, pattern in ((primary, _PRIMARY), (secondary, _SECONDARY)):
            place = folder / str(port)
            place.mkdir()
            values = {"folder": place, "port": port, "secret": SECRET, "inside": INSIDE_SECRET}
            views = [pattern % {**view, "primary": primary, "secondary": secondary} for view in _VIEWS]
            (place / "named.conf").write_text("".join([_OPTIONS % values, *views]))
            for view, addresses in (("public", DC1), ("inside", INSIDE_DC1)) if port == primary else ():
                records = (f"{name}. IN A {address}\n" for name, address in addresses.items())
                (place / f"{view}.db").write_text("".join([_RECORDS, *records]))
            processes[port] = _start(named, place)
            _await(NameServers(primary, secondary, processes), port, place)
        yield NameServers(primary, secondary, processes)
    finally:
        for process in processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def free_ports(count: int) -> list[int]:
    """Ports that are free for UDP and TCP."""
    found: list[int] = []
    while len(found) < count:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as some, suppress(OSError):
            some.bind((HOST, 0))
            port = some.getsockname()[1]
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as other:
                other.bind((HOST, port))
            if port not in found:
                found.append(port)
    return found


def _start(named: Program, folder: Path) -> subprocess.Popen[bytes]:
    library = ctypes.CDLL(None)
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [named.path, "-g", "-n", "1", "-c", str(folder / "named.conf")],
            env={**os.environ, **named.environment},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=lambda: library.prctl(1, signal.SIGKILL),  # noqa: PLW1509 - it goes with a worker that is killed
        )


def _await(servers: NameServers, port: int, folder: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    for key, addresses in ((KEY, DC1), (INSIDE, INSIDE_DC1)):
        while True:
            with suppress(OSError, dns.exception.DNSException):
                found = servers.record(port, NAMES[0], key, 0.1)
                if found is not None and found[0] == addresses[NAMES[0]]:
                    break
            if time.monotonic() > until or servers.processes[port].poll() is not None:
                raise AssertionError((folder / "log").read_text())
            time.sleep(0.02)
