"""What renderers want to be handed, as shapes that other packages' records already have or can take on.

In: nothing. Out: protocols; a frozen dataclass with these fields fits without knowing of this module.
A shape must never ask for more than is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from oceana_dr.diagnostics import Span
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.values import Value

Lines = tuple[tuple[int, int], ...]


class DriftItem(Protocol):
    """One attribute that differs: three values, and who changed it and when if that is known.

    `group` is `drift` (the system moved), `config` (the site moved and waits to be applied), `both`,
    or `unknown` (it could not be read: `live` says why).
    """

    @property
    def ref(self) -> Ref:
        """The attribute; of a resource that is dark as a whole, its address."""
        ...

    @property
    def group(self) -> str:
        """Under which heading."""
        ...

    @property
    def desired(self) -> Value:
        """What the site says."""
        ...

    @property
    def live(self) -> Value:
        """What was read."""
        ...

    @property
    def last_applied(self) -> Value:
        """What was applied last; `Unknown` without a baseline."""
        ...

    @property
    def by(self) -> str | None:
        """Who changed it."""
        ...

    @property
    def at(self) -> str | None:
        """When, ISO 8601."""
        ...


class Drift(Protocol):
    """A whole comparison; without a `baseline` live was compared with desired only."""

    @property
    def site(self) -> str:
        """Name of the site."""
        ...

    @property
    def items(self) -> Sequence[DriftItem]:
        """Everything that differs."""
        ...

    @property
    def baseline(self) -> bool:
        """Whether something was applied from here before."""
        ...

    @property
    def compared(self) -> int:
        """How many values were compared."""
        ...


class RunRow(Protocol):
    """A run in a list; a row of `store.index` is one."""

    @property
    def run(self) -> str:
        """Its id."""
        ...

    @property
    def scenario(self) -> str:
        """What it carried out."""
        ...

    @property
    def operator(self) -> str:
        """Who began it."""
        ...

    @property
    def state(self) -> str:
        """`running`, `interrupted`, `stopped`, `waiting`, `finished` or `taken back`."""
        ...

    @property
    def started(self) -> str:
        """When, ISO 8601."""
        ...

    @property
    def finished(self) -> str | None:
        """When, if it is."""
        ...


class Contribution(Protocol):
    """A path of the site and the places that wrote it, the winner first."""

    @property
    def path(self) -> str:
        """As the site file nests it, with dots."""
        ...

    @property
    def spans(self) -> Sequence[Span]:
        """The winner, then what it overrode."""
        ...


class Origin(Protocol):
    """What a desired value rests on; `compile.provenance.Provenance` is one."""

    @property
    def contributions(self) -> Sequence[Contribution]:
        """Every path the value was computed from."""
        ...

    @property
    def setting(self) -> str | None:
        """The catalogue's id."""
        ...

    @property
    def manual(self) -> Lines:
        """Lines of the manual."""
        ...


class Attribute(Protocol):
    """One attribute as `explain` shows it."""

    @property
    def label(self) -> str:
        """As its console prints it."""
        ...

    @property
    def desired(self) -> Mapping[str, Value]:
        """What it should be, by the data centre that is operational."""
        ...

    @property
    def live(self) -> Value | None:
        """What was read last, if anything was."""
        ...

    @property
    def rule(self) -> str:
        """How the value follows from the site, in the catalogue's words."""
        ...

    @property
    def origin(self) -> Origin:
        """Where it comes from."""
        ...


class Explained(Protocol):
    """An address, or one attribute of it, as `explain` shows it."""

    @property
    def address(self) -> Address:
        """Which."""
        ...

    @property
    def title(self) -> str:
        """What the resource is called."""
        ...

    @property
    def console(self) -> str:
        """Where it is changed."""
        ...

    @property
    def attributes(self) -> Sequence[Attribute]:
        """Those that were asked for."""
        ...

    @property
    def read_by(self) -> str:
        """The driver that reads it; `operator` for what people observe."""
        ...

    @property
    def set_by(self) -> str:
        """The driver that acts on it; `operator` for a person."""
        ...

    @property
    def operational(self) -> str:
        """The data centre that the site makes operational."""
        ...


class Told(Protocol):
    """What the catalogue says by an id: a heading, rows of a label (empty: more of the one before) and a text."""

    @property
    def heading(self) -> str:
        """The id and what it is about."""
        ...

    @property
    def rows(self) -> Sequence[tuple[str, str]]:
        """What there is to say."""
        ...

    @property
    def manual(self) -> Lines:
        """Lines of the manual."""
        ...


class Rule(Protocol):
    """An order rule; `catalogue.model.OrderRule` is one."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def reason(self) -> str:
        """Why, in a sentence."""
        ...

    @property
    def manual(self) -> Lines:
        """Lines of the manual."""
        ...
