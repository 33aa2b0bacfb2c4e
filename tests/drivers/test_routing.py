"""Who reads and who acts: the site's choice by the longest match, people where a driver cannot, and no one in place."""

from collections.abc import Mapping, Sequence

from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.contract import Reading
from oceana_dr.drivers.declaration import Driver
from oceana_dr.drivers.routing import RoutedReader, Routes
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown

CM, DNS, ACM = Address("dc1/cm"), Address("shared/dns/a.example"), Address("dc1/acm/services")
SMGR = Address("dc1/smgr")
ROUTES = Routes(
    {"dc1": "operator", "dc1/cm": "cm", "shared/dns": "dns", "dc1/acm": "windows"},
    {
        "cm": Driver("cm", "SAT", reads=("dc*/cm",)),
        "dns": Driver("dns", "DNS", reads=("shared/dns",), writes=("shared/dns",), verifies=("shared/dns/*#A",)),
        "windows": Driver("windows", "services", reads=("dc*/acm/services#Audit Log",), writes=("dc*/acm",)),
    },
)


class Told:
    def __init__(self, found: Mapping[Address, Attributes | Unknown], name: str, error: str = "") -> None:
        self.found = found
        self.name = name
        self.error = error
        self.asked: list[Sequence[Address] | None] = []

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        self.asked.append(addresses)
        if self.error:
            raise SystemUnavailable(self.error)
        wanted = sorted(self.found) if addresses is None else addresses
        return tuple(
            Reading(item, self.found.get(item, Unknown("never observed")), self.name, "now") for item in wanted
        )


def test_the_longest_match_acts_and_a_person_where_it_only_reads() -> None:
    assert ROUTES.writer_of(CM, "gateway") == "operator"
    assert ROUTES.writer_of(DNS, "gateway") == "dns"
    assert ROUTES.writer_of(SMGR, "gateway") == "operator"
    assert ROUTES.writer_of(Address("dc2/smgr"), "gateway") == "gateway"
    assert ROUTES.writer_of(Address("dc2/smgr"), "operator") == "operator"


def test_what_is_waited_for_is_seen_by_who_reads_it() -> None:
    assert ROUTES.watcher_of(CM) == "cm"
    assert ROUTES.watcher_of(SMGR) == "operator"
    assert ROUTES.watcher_of(Address("dc2/queues")) == "gateway"
    assert ROUTES.watcher_of(Address("dc1/acm/sql-server")) == "operator"


def test_what_the_driver_cannot_prove_is_attested() -> None:
    assert ROUTES.can_verify(Ref(f"{DNS}#A"))
    assert not ROUTES.can_verify(Ref(f"{DNS}#TTL"))
    assert not ROUTES.can_verify(Ref(f"{CM}#state"))
    assert ROUTES.can_verify(Ref("dc2/smgr#state"))


def test_each_address_is_read_by_its_driver_alone_in_the_order_asked() -> None:
    readers = {
        "gateway": Told({SMGR: {"state": "active"}}, "gateway"),
        "cm": Told({CM: {"state": "running"}}, "cm"),
        "dns": Told({DNS: {"A": "192.0.2.1"}}, "dns"),
    }
    reader = RoutedReader(ROUTES, readers, Told({}, "operator"), (CM, DNS, SMGR))
    found = reader.read()
    assert [(item.address, item.source) for item in found] == [(CM, "cm"), (DNS, "dns"), (SMGR, "gateway")]
    assert [item.address for item in reader.read((SMGR, CM))] == [SMGR, CM]
    assert reader.read(()) == ()
    assert readers["gateway"].asked == [None, [SMGR]]


def test_the_gateway_tells_all_it_has_and_nothing_of_what_others_serve() -> None:
    other = Address("dc2/something/else")
    readers = {
        "gateway": Told({SMGR: {}, CM: {"state": "a gateway's word"}, other: {}}, "gateway"),
        "cm": Told({}, "cm"),
    }
    found = RoutedReader(ROUTES, readers, Told({}, "operator"), (CM, SMGR)).read()
    assert [(item.address, item.source) for item in found] == [(CM, "cm"), (SMGR, "gateway"), (other, "gateway")]


def test_without_a_gateway_people_tell_what_no_driver_reads() -> None:
    routes = Routes(ROUTES.chosen, ROUTES.drivers, gateway=False)
    told = Told({SMGR: {"state": "active"}}, "operator")
    found = RoutedReader(routes, {"cm": Told({CM: {"state": "running"}}, "cm")}, told, (CM, SMGR)).read()
    assert [(item.address, item.source) for item in found] == [(CM, "cm"), (SMGR, "operator")]
    assert routes.writer_of(Address("dc2/smgr"), "gateway") == routes.watcher_of(Address("dc2/smgr")) == "operator"
    assert not routes.can_verify(Ref("dc2/smgr#state"))
    assert not routes.is_read(Ref("dc2/smgr#state"))


def test_a_driver_that_cannot_be_asked_leaves_its_own_unknown_and_nothing_switched_off() -> None:
    readers = {
        "gateway": Told({SMGR: {"state": "active"}}, "gateway"),
        "cm": Told({}, "cm", "SSH: permission denied"),
    }
    found = RoutedReader(ROUTES, readers, Told({CM: {"state": "shut down"}}, "operator"), (CM, SMGR)).read()
    assert found[0].resource == Unknown("not read: SSH: permission denied")
    assert found[1].resource == {"state": "active"}


def test_people_tell_what_the_driver_does_not_read_and_nothing_it_does() -> None:
    readers = {"windows": Told({ACM: {"Audit Log": "running"}}, "windows")}
    told = Told({ACM: {"Audit Log": "stopped", "License Tracker": "running"}}, "operator")
    (found,) = RoutedReader(ROUTES, readers, told, (ACM,)).read()
    assert found.resource == {"Audit Log": "running", "License Tracker": "running"}
    readers["windows"].found = {ACM: Unknown("unreachable")}
    (found,) = RoutedReader(ROUTES, readers, told, (ACM,)).read()
    assert found.resource == Unknown("unreachable")
