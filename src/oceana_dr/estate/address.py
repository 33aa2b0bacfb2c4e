"""Names of what one console page commits at once, and of the attributes inside it.

In: text such as `dc1/smgr/cluster3/EmailService` or `dc1/cm#state`. Out: `Address` and `Ref`.
An address must never depend on which data centre is operational: `dc1` is the manual's Data Center 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NewType

Address = NewType("Address", str)
"""`<dc>/<system>[/<part>…]`, `<dc>` one of `dc1`, `dc2`, `shared`; parts without white space."""

Ref = NewType("Ref", str)
"""An address, `#`, and the label of one attribute as its console prints it."""

SIDES: Final = ("dc1", "dc2")
_ADDRESS: Final = re.compile(r"(dc1|dc2|shared)(/[^\s/#]+)+")


class BadAddress(ValueError):
    """The text is not an address or a reference."""


def parse_address(text: str) -> Address:
    """Read an address; white space inside a part is dropped (`Web Voice` is `WebVoice`).

    Raises `BadAddress` with a sentence for the user.
    """
    squeezed = "".join(text.split())
    if not _ADDRESS.fullmatch(squeezed):
        raise BadAddress(f"{text!r} is not an address: write <dc1|dc2|shared>/<system>[/<part>…]")
    return Address(squeezed)


def ref(address: Address, attribute: str) -> Ref:
    """The reference to one attribute of an address."""
    return Ref(f"{address}#{attribute}")


def parse_ref(text: str) -> Ref:
    """Read a reference; raises `BadAddress`."""
    address, mark, attribute = text.partition("#")
    if not mark or not attribute:
        raise BadAddress(f"{text!r} names no attribute: write ADDRESS#ATTRIBUTE")
    return ref(parse_address(address), attribute)


def address_of(reference: Ref) -> Address:
    """The address part of a reference."""
    return Address(reference.partition("#")[0])


def attribute_of(reference: Ref) -> str:
    """The attribute part of a reference."""
    return reference.partition("#")[2]


def side_of(address: Address) -> str:
    """`dc1`, `dc2` or `shared`."""
    return address.partition("/")[0]


def below(address: str, prefixes: Iterable[str]) -> bool:
    """Whether an address is one of these or lies below one, part by part (`dc1/cm` is below `dc1`)."""
    return any(address == prefix or address.startswith(f"{prefix.rstrip('/')}/") for prefix in prefixes)


def peer_of(side: str) -> str:
    """The other data centre of `dc1` or `dc2`."""
    return "dc2" if side == "dc1" else "dc1"
