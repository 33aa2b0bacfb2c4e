"""Which driver serves which address, to read and to act, and a reader that asks each for its own.

In: the site's `drivers`, the declarations of those it names. Out: `Routes`; `RoutedReader`.
What a driver cannot read is not read by another in its place: it is what people have observed of it, or unknown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.contract import Reader, Reading
from oceana_dr.drivers.declaration import Driver
from oceana_dr.estate.address import Address, Ref, address_of, below
from oceana_dr.estate.estate import Attributes
from oceana_dr.estate.values import Unknown, Value

GATEWAY: Final = "gateway"
OPERATOR: Final = "operator"


@dataclass(frozen=True)
class Routes:
    """`chosen` is the site's choice, by an address or the beginning of one: the longest match counts.

    `drivers` are the declarations of every driver that is chosen. What nobody chose for is read by the gateway, and
    done by whom the catalogue says. A person who is chosen acts; reading stays with the gateway. Without a `gateway`
    people do both: what they saw last is what is read.
    """

    chosen: Mapping[str, str] = field(default_factory=dict)
    drivers: Mapping[str, Driver] = field(default_factory=dict)
    gateway: bool = True

    @property
    def _common(self) -> str:
        """Who serves what nobody was chosen for."""
        return GATEWAY if self.gateway else OPERATOR

    def named(self, address: Address) -> str | None:
        """The driver that the site chooses for an address."""
        prefixes = sorted(self.chosen, key=len, reverse=True)
        return next((self.chosen[prefix] for prefix in prefixes if below(address, (prefix,))), None)

    def writer_of(self, address: Address, default: str, procedure: str | None = None) -> str:
        """Who acts on it: the one chosen, or a person where that one can only read, or does not run the procedure."""
        name = self.named(address)
        if name is None:
            return self._common if default == GATEWAY else default
        if name in _OWN:
            return name
        driver = self.drivers[name]
        can = driver.can_write(address) if procedure is None else driver.can_run(procedure, address)
        return name if can else OPERATOR

    def reader_of(self, address: Address) -> str:
        """Who reads it."""
        name = self.named(address)
        return self._common if name is None or name in _OWN else name

    def watcher_of(self, address: Address) -> str:
        """Who sees to it that something has come about: a person where the site says so or nothing can read it."""
        name = self.named(address)
        if name is None or name in _OWN:
            return name or self._common
        return name if self.drivers[name].can_read(address) else OPERATOR

    def can_verify(self, reference: Ref) -> bool:
        """Whether a reading proves what this attribute is after an act; if not, a person attests it."""
        name = self.reader_of(address_of(reference))
        return name == GATEWAY or (name != OPERATOR and self.drivers[name].can_verify(reference))

    def is_read(self, reference: Ref) -> bool:
        """Whether a driver reads this attribute."""
        name = self.reader_of(address_of(reference))
        return name == GATEWAY or (name != OPERATOR and self.drivers[name].can_read_ref(reference))


_OWN: Final = frozenset({GATEWAY, OPERATOR})


class RoutedReader:
    """Reads each address by its driver, all drivers at once; `readers` by name, `observed` for what none reads."""

    def __init__(self, routes: Routes, readers: Mapping[str, Reader], observed: Reader, all_of_them: Sequence[Address]):
        self._routes = routes
        self._readers = readers
        self._observed = observed
        self._all = tuple(all_of_them)

    def read(self, addresses: Sequence[Address] | None = None) -> tuple[Reading, ...]:
        """The resources named, or all. A driver that cannot be asked leaves its own unknown; the gateway raises."""
        wanted = self._all if addresses is None else tuple(addresses)
        shares: dict[str, list[Address] | None] = {}
        for address in wanted:
            share = shares.setdefault(self._routes.reader_of(address), [])
            assert share is not None
            share.append(address)
        if addresses is None and GATEWAY in shares:
            shares[GATEWAY] = None  # in one request, as it has them: what it does not have is not asked for
        if not shares:
            return ()
        from concurrent.futures import ThreadPoolExecutor  # only where there are several to ask

        with ThreadPoolExecutor(max_workers=len(shares)) as pool:
            found = list(pool.map(lambda share: self._share(*share), shares.items()))
        by_address = {reading.address: reading for part in found for reading in part}
        in_order = tuple(by_address.pop(address) for address in wanted if address in by_address)
        return (*in_order, *(by_address.values() if addresses is None else ()))

    def _share(self, name: str, addresses: list[Address] | None) -> tuple[Reading, ...]:
        if addresses is None:
            every = self._readers[name].read()
            return tuple(item for item in every if self._routes.reader_of(item.address) == name)
        if name == GATEWAY:
            return tuple(self._readers[name].read(addresses))
        if name == OPERATOR:
            return tuple(self._observed.read(addresses))
        told = {reading.address: reading for reading in self._observed.read(addresses)}
        try:
            read = {reading.address: reading for reading in self._readers[name].read(addresses)}
        except SystemUnavailable as error:
            # Not `unreachable`: that is what something that is switched off reads, and here nobody could look.
            why = Unknown(f"not read: {error.message}")
            read = {item: Reading(item, why, name, told[item].observed_at) for item in addresses}
        return tuple(self._joined(read.get(item), told[item]) for item in addresses)

    def _joined(self, read: Reading | None, told: Reading) -> Reading:
        """What the driver reads, and beside it what people saw of what it does not read."""
        if read is None:
            return told
        if isinstance(read.resource, Unknown) or isinstance(told.resource, Unknown):
            return read
        seen: dict[str, Value] = {
            label: value
            for label, value in told.resource.items()
            if label not in read.resource and not self._routes.is_read(Ref(f"{read.address}#{label}"))
        }
        merged: Attributes = {**read.resource, **seen}
        return Reading(read.address, merged, read.source, read.observed_at) if seen else read
