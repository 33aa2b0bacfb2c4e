"""One process that oceana-dr's driver is timed in: read the three names on every server, and move them if told to.

In: the driver's options in a file, the addresses that the names have and those that they shall have. Out: the exit
code, 1 where a name was not as expected.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from oceana_dr.drivers.contract import ActRequest, Done
from oceana_dr.drivers.dns.contract import PREFIX
from oceana_dr.drivers.dns.options import DnsOptions
from oceana_dr.drivers.dns.reader import DnsReader
from oceana_dr.drivers.dns.writer import DnsWriter
from oceana_dr.drivers.dns.zones import zones_of
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.values import Value


def main(options: str, before: str, after: str) -> int:
    """Look, and change what differs: with equal addresses, a look only."""
    zones = zones_of(DnsOptions.model_validate_json(Path(options).read_bytes()))
    old, new = json.loads(before), json.loads(after)
    readings = DnsReader(zones, ()).read([Address(PREFIX + name) for name in old])
    found = {reading.address.removeprefix(PREFIX): reading.resource for reading in readings}
    if any(not isinstance(item, dict) or item["A"] != old[name] for name, item in found.items()):
        return 1
    if old == new:
        return 0

    def setting(values: dict[str, str]) -> dict[Ref, Value]:
        return {Ref(f"{PREFIX}{name}#A"): address for name, address in values.items()}

    request = ActRequest("bench/P34.names/1", "P34.names", SetValues(setting(new)), "bench", None, setting(old))
    return 0 if isinstance(DnsWriter(zones).act(request), Done) else 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
