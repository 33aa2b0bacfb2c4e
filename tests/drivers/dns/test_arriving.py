"""When a change counts as arrived: value and serial, on every server."""

import pytest

from oceana_dr.drivers.dns.arriving import _missing
from oceana_dr.drivers.dns.contract import NoRecords, Records, Seen, Server, Silent

NEW, OLD = Records(("198.51.100.10",), 60), Records(("192.0.2.10",), 60)
PRIMARY, SECONDARY = Server("ns1.globex.example", "192.0.2.53"), Server("ns2.globex.example", "198.51.100.53")


def seen(server: Server, serial: int, found: Records | NoRecords = NEW) -> Seen:
    return Seen(server, serial, (), {"token": found})


@pytest.mark.parametrize(
    ("secondary", "says"),
    [
        (seen(SECONDARY, 7), []),
        (seen(SECONDARY, 8), []),  # another change came after ours
        (seen(SECONDARY, 6), ["ns2.globex.example (198.51.100.53) has serial 6, behind 7"]),
        (seen(SECONDARY, 7, OLD), ["on ns2.globex.example (198.51.100.53) token is 192.0.2.10 (TTL 60)"]),
        (seen(SECONDARY, 7, NoRecords()), ["on ns2.globex.example (198.51.100.53) token is no address"]),
        (Silent(SECONDARY, "does not answer"), ["ns2.globex.example (198.51.100.53) does not answer"]),
    ],
)
def test_a_server_has_it_with_the_value_and_the_serial(secondary: Seen | Silent, says: list[str]) -> None:
    assert list(_missing({"token": NEW}, 7, (seen(PRIMARY, 7), secondary))) == says


def test_a_serial_that_wrapped_is_newer() -> None:
    assert list(_missing({"token": NEW}, 2, (seen(PRIMARY, 2), seen(SECONDARY, 2**32 - 1)))) != []
    assert list(_missing({"token": NEW}, 2**32 - 1, (seen(PRIMARY, 2**32 - 1), seen(SECONDARY, 2)))) == []
