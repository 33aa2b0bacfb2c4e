"""What the broker can say, as data: configurations, databases, readiness, how an act ended.

In: nothing. Out: frozen data that parsers make, and reader, writer and checks share.
What was not said, or not understood, is None here and never a default.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class Role(StrEnum):
    """The two roles that a database of Avaya Analytics has. Any other is none that we know."""

    PRIMARY = "PRIMARY"
    STANDBY = "PHYSICAL STANDBY"


@dataclass(frozen=True, slots=True)
class Lag:
    """Seconds that a standby is behind, and how many seconds ago that was measured."""

    seconds: int | None = None
    age_s: int | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A verdict of the broker: SUCCESS, WARNING, ERROR or DISABLED, or the number of an error in its place."""

    word: str
    age_s: int | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One line of SHOW CONFIGURATION. `target`: of fast-start failover."""

    name: str
    role: Role | None
    disabled: bool
    target: bool
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Configuration:
    """SHOW CONFIGURATION. `fast_start_failover`: on or off; `status`: None where none was read."""

    name: str
    members: tuple[Member, ...]
    fast_start_failover: bool | None
    status: Status | None
    problems: tuple[str, ...]

    def member(self, name: str) -> Member | None:
        """The member of this name: the broker does not tell capital letters from small ones."""
        return next((item for item in self.members if item.name.lower() == name.lower()), None)


@dataclass(frozen=True, slots=True)
class Database:
    """SHOW DATABASE, read to its end: without role and status there is no `Database`."""

    name: str
    role: Role
    intended_state: str | None
    transport_lag: Lag
    apply_lag: Lag
    status: Status
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Readiness:
    """VALIDATE DATABASE. `primary_runs`: as the standby sees it; `warnings` are lines of the answer."""

    role: Role | None
    switchover: bool | None
    failover: bool | None
    primary_runs: bool | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The broker's sentence of success; `database` is the new primary, or the one that was reinstated."""

    database: str


@dataclass(frozen=True, slots=True)
class ToFinish:
    """The roles have changed, and people have to do the rest: `steps`."""

    steps: tuple[str, ...]
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """The broker says that it failed; `begun`: after it had begun to shut down, start or open something."""

    codes: tuple[str, ...]
    begun: bool


@dataclass(frozen=True, slots=True)
class Unclear:
    """No sentence that is known."""

    codes: tuple[str, ...]


Ending: TypeAlias = Succeeded | ToFinish | Refused | Unclear
