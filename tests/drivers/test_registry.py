"""Drivers by name: a table of our own, entry points for others, and a word for each that cannot be had."""

import importlib.metadata
from pathlib import Path

import pytest

from oceana_dr.drivers.declaration import Driver
from oceana_dr.drivers.registry import BUILT_IN, DriverMissing, find_driver, known_names, load_part
from oceana_dr.estate.address import Address, Ref
from tests.drivers.packages import THIRD_PARTY, installed, write_package

PATTERNS = Driver(
    "x", "a system", reads=("dc*/acm/services#Audit *", "shared/dns/*"), writes=("dc1",), verifies=("shared/dns/*#A",)
)


def test_built_in_drivers_are_found_without_looking_for_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "entry_points", None)
    assert [find_driver(name).name for name in BUILT_IN] == list(BUILT_IN)


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_part_of_a_built_in_driver_is_there(name: str) -> None:
    driver = BUILT_IN[name]
    for part in (driver.options, driver.reader, driver.writer, driver.doctor, driver.trial):
        assert part is None or callable(load_part(part))


@pytest.mark.parametrize(
    ("can", "cannot"),
    [
        ("dc1/acm/services#Audit Log", "dc1/acm/services#License Tracker"),
        ("shared/dns/a.example#TTL", "shared/dns#A"),
    ],
)
def test_a_pattern_is_the_beginning_of_an_address_and_may_name_attributes(can: str, cannot: str) -> None:
    assert PATTERNS.can_read_ref(Ref(can))
    assert not PATTERNS.can_read_ref(Ref(cannot))


def test_reading_writing_and_proving_are_three_things() -> None:
    name = Address("shared/dns/a.example")
    assert PATTERNS.can_read(name)
    assert not PATTERNS.can_write(name)
    assert PATTERNS.can_write(Address("dc1/cm"))
    assert not PATTERNS.can_write(Address("dc11/cm"))
    assert PATTERNS.can_verify(Ref(f"{name}#A"))
    assert not PATTERNS.can_verify(Ref(f"{name}#TTL"))


def test_a_driver_of_another_package_is_found_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DriverMissing, match="there is no driver `name-file`"):
        find_driver("name-file")
    installed(THIRD_PARTY, monkeypatch)
    assert find_driver("name-file").reads == ("shared/dns/*",)
    assert known_names() == (*BUILT_IN, "name-file")


def test_a_package_cannot_take_the_place_of_a_built_in_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_package(tmp_path, "gateway", "raise SystemExit('imported')", "gateway_package:DRIVER")
    installed(tmp_path, monkeypatch)
    assert find_driver("gateway") is BUILT_IN["gateway"]
    assert known_names() == tuple(BUILT_IN)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise RuntimeError('half installed')", "cannot be loaded: RuntimeError: half installed"),
        ("import not_there_at_all", "cannot be loaded: ModuleNotFoundError"),
        ("OTHER = 1", "cannot be loaded: AttributeError"),
        ("DRIVER = 1", "is no declaration"),
        (
            "from oceana_dr.drivers.declaration import Driver\nDRIVER = Driver('other', 'named otherwise')",
            "is no declaration of a driver `broken-one`",
        ),
    ],
)
def test_a_package_that_is_not_in_order_is_named(
    code: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = f"broken_one_package_{abs(hash(code))}"
    write_package(tmp_path, "broken-one", code, f"{module}:DRIVER")
    (tmp_path / "broken_one_package.py").rename(tmp_path / f"{module}.py")
    installed(tmp_path, monkeypatch)
    with pytest.raises(DriverMissing) as caught:
        find_driver("broken-one")
    assert said in caught.value.message
    assert caught.value.hint


def test_a_misspelt_driver_is_named_rightly() -> None:
    with pytest.raises(DriverMissing) as caught:
        find_driver("gatway")
    assert caught.value.hint == "did you mean `gateway`?"


def test_a_part_that_needs_another_package_says_which() -> None:
    with pytest.raises(DriverMissing) as caught:
        load_part("not_there_at_all:thing")
    assert caught.value.hint == "install what brings `not_there_at_all`"
