import pytest

from oceana_dr.drivers.dns.serial import at_least


@pytest.mark.parametrize(
    ("serial", "other", "holds"),
    [
        (7, 7, True),
        (8, 7, True),
        (7, 8, False),
        (0, 4294967295, True),  # it wraps
        (4294967295, 0, False),
        (2147483647, 0, True),
        (2147483648, 0, False),  # half the circle away: neither is newer (RFC 1982, 3.2)
        (0, 2147483648, False),
    ],
)
def test_serials_are_compared_around_the_circle(serial: int, other: int, holds: bool) -> None:
    assert at_least(serial, other) is holds
