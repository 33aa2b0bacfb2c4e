"""What the driver is tested against: a BIND of its own behind a relay that can be silent, or a zone that is named.

In: options, or None. Out: a `Trial` that moves one name.
A zone of one's own is acted on only at the name `oceana-dr-test`, which has to be there.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.diagnostics import Refused
from oceana_dr.drivers.dns.contract import NONE, PREFIX, Seen, View
from oceana_dr.drivers.dns.look import at_primary
from oceana_dr.drivers.dns.reader import DnsReader
from oceana_dr.drivers.dns.trial_relay import HOST, Relay, free_port, relay
from oceana_dr.drivers.dns.zones import zones_of
from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.trial import Attempt, site_for_tests
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.values import Value

if TYPE_CHECKING:
    from oceana_dr.drivers.dns.options import DnsOptions

_ZONE: Final = "globex.example"
_NAME: Final = "oceana-dr-test"
_ADDRESSES: Final = ("192.0.2.1", "198.51.100.1")
_STARTS_WITHIN_S: Final = 20.0
_RECORDS: Final = """\
$TTL 3600
@ IN SOA ns1 hostmaster 1 3600 600 86400 60
@ IN NS ns1
ns1 IN A 127.0.0.1
oceana-dr-test IN A 192.0.2.1
token IN A 192.0.2.10
aawg IN A 192.0.2.11
amc IN A 192.0.2.12
"""
_CONFIGURATION: Final = """\
options {
  directory "%(folder)s"; pid-file none; session-keyfile "%(folder)s/session.key"; lock-file none;
  listen-on port %(port)d { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; allow-query { any; }; dnssec-validation no; empty-zones-enable no; notify no;
};
controls { };
key "oceana-dr" { algorithm hmac-sha256; secret "%(secret)s"; };
zone "globex.example" {
  type primary; file "zone.db"; allow-transfer { none; };
  update-policy { grant oceana-dr zonesub A; };
};
"""


class DnsTrial:
    """One name of one zone; `way` is the relay before a server of its own."""

    def __init__(self, against: str, setting: Setting[DnsOptions], secret: str, way: Relay | None) -> None:
        self.against = against
        self.setting: Setting[Any] = setting
        self.secrets = (secret,) if secret else ()
        self._zones = zones_of(setting.options)
        zone, self._views = next(iter(self._zones.views.items()))
        self._name = f"{_NAME}.{zone}"
        self._way = way
        self.attempts = _attempts(self._name, self._found())

    def arrived(self) -> int | None:
        """Changes of the zone, by the serial of its primary."""
        return self._serial(self._views[0])

    def silence(self) -> AbstractContextManager[None] | None:
        """Nothing arrives, and nothing is answered."""
        return None if self._way is None else self._way.being("silent")

    def lock_out(self) -> AbstractContextManager[None] | None:
        """Everything is refused."""
        return None if self._way is None else self._way.being("refusing")

    def _serial(self, view: View) -> int | None:
        seen = at_primary(view, (), self._zones.timeout_s)
        return seen.serial if isinstance(seen, Seen) else None

    def _found(self) -> Value:
        (reading,) = DnsReader(self._zones, ()).read([Address(PREFIX + self._name)])
        found = reading.resource.get("A") if isinstance(reading.resource, dict) else reading.resource
        if not isinstance(found, str) or found == NONE:
            raise Refused(
                f"{self._name} cannot be tested with: {found}",
                hint=f"give it one A record, which may be moved: {self._name} 300 A {_ADDRESSES[0]}",
            )
        return found


@contextmanager
def dns_trial(options: DnsOptions | None) -> Iterator[DnsTrial]:
    """The zone of the options, or of a BIND that runs for as long as it is entered; raises `Refused` without one."""
    bound = site_for_tests()
    if options is not None:
        against = f"the zone {next(iter(options.zones))} of the options"
        yield DnsTrial(against, Setting("globex", options, bound), "", None)
        return
    program = shutil.which("named", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if program is None:
        raise Refused("there is no name server here to test with", hint="install BIND (Debian: bind9), or give options")
    with _bind(program) as (secret, port, reference), relay(port) as way:
        made = _options(way.port, reference)
        yield DnsTrial(_version(program), Setting("globex", made, bound), secret, way)


@contextmanager
def _bind(program: str) -> Iterator[tuple[str, int, str]]:
    """A server with one zone: its secret, its port, a reference to the secret."""
    with tempfile.TemporaryDirectory(prefix="oceana-dr-dns-") as name:
        folder, port = Path(name), free_port()
        secret = b64encode(secrets.token_bytes(32)).decode()
        values = {"folder": name, "port": port, "secret": secret}
        (folder / "key").touch(mode=0o600)
        (folder / "key").write_text(secret)
        (folder / "zone.db").write_text(_RECORDS)
        (folder / "named.conf").write_text(_CONFIGURATION % values)
        with (folder / "log").open("wb") as log:
            command = [program, "-g", "-n", "1", "-c", f"{name}/named.conf"]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            _await(process, folder, port)
            yield secret, port, f"file:{name}/key"
        finally:
            process.kill()
            process.wait()


def _await(process: subprocess.Popen[bytes], folder: Path, port: int) -> None:
    """Until it answers for its zone."""
    view = zones_of(_options(port, f"file:{folder}/key")).views[_ZONE][0]
    until = time.monotonic() + _STARTS_WITHIN_S
    while not isinstance(at_primary(view, (), 0.1), Seen):
        if process.poll() is not None or time.monotonic() > until:
            said = (folder / "log").read_text("utf-8", "replace").splitlines()
            raise Refused(f"the name server does not start: {said[-1] if said else 'it says nothing'}")
        time.sleep(0.02)


def _options(port: int, reference: str) -> DnsOptions:
    from oceana_dr.drivers.dns.options import DnsOptions

    where = f"{HOST}:{port}"
    view = {"primary": where, "servers": {f"ns1.{_ZONE}": where}, "key": {"name": "oceana-dr", "secret": reference}}
    return DnsOptions.model_validate({"zones": {_ZONE: {"public": view}}, "answer_s": 0.2, "arrive_s": 5})


def _attempts(name: str, found: Value) -> tuple[Attempt, ...]:
    place = Ref(f"{PREFIX}{name}#A")
    other = next(item for item in _ADDRESSES if item != found)
    move, back = SetValues({place: other}), SetValues({place: found})
    return (Attempt("move a name", move, before={place: found}, after={place: other}, undo=back),)


def _version(program: str) -> str:
    done = subprocess.run([program, "-v"], capture_output=True, text=True, check=False)
    return f"{' '.join(done.stdout.split()[:2])} on loopback" if done.returncode == 0 else "a name server on loopback"
