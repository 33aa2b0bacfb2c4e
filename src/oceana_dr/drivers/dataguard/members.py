"""The two databases of a site: their names, and how each is logged in to.

In: a setting. Out: `Pair`, by sides.
A name must never be guessed: it is the site's, and what is sent holds no other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from oceana_dr.drivers.dataguard.session import Login, Patience, words_for
from oceana_dr.drivers.ssh import LocalTarget
from oceana_dr.estate.address import SIDES, Address
from oceana_dr.estate.values import SecretRef

if TYPE_CHECKING:
    from oceana_dr.drivers.dataguard.options import DataGuardOptions
    from oceana_dr.drivers.protocol import Setting

RESOURCE: Final = "oracle"


@dataclass(frozen=True, slots=True)
class Database:
    """One database, by the name that the broker has for it."""

    side: str
    name: str
    login: Login

    @property
    def address(self) -> Address:
        """Where it stands in the estate."""
        return Address(f"{self.side}/{RESOURCE}")

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Pair:
    """Both databases by their sides; empty where the site has none. `showing` and `acting`: how long each may last."""

    databases: Mapping[str, Database]
    showing: Patience
    acting: Patience
    settle_s: float
    lag_age_s: int

    def named(self, name: str) -> Database | None:
        """The database of this name; the broker does not tell capital letters from small ones."""
        return next((item for item in self.databases.values() if item.name.lower() == name.lower()), None)

    def other(self, database: Database) -> Database:
        """The one on the other side."""
        return next(item for item in self.databases.values() if item.side != database.side)


def pair_of(setting: Setting[DataGuardOptions]) -> Pair:
    """The databases of the setting's site."""
    options, bindings = setting.options, setting.bound.bindings
    names = {side: bindings.get(f"site.oracle.name.{side}") for side in SIDES}
    there = [side for side in SIDES if Address(f"{side}/{RESOURCE}") in setting.bound.resources and names[side]]
    found = {side: Database(side, str(names[side]), _login(options, str(names[side]))) for side in there}
    return Pair(
        found if len(found) == len(SIDES) else {},
        Patience(options.answer_s, setting.stop),
        Patience(options.act_s, setting.stop),
        options.settle_s,
        options.lag_age_s,
    )


def _login(options: DataGuardOptions, name: str) -> Login:
    own = options.databases.get(name)
    host = own.host if own is not None else None
    target = options.ssh.target(host) if options.ssh is not None and host is not None else LocalTarget()
    variables = (("ORACLE_HOME", options.oracle_home), ("TNS_ADMIN", options.tns_admin))
    below = f"{options.oracle_home}/bin/dgmgrl" if options.oracle_home else "dgmgrl"
    where, words = words_for(target, options.program or below, [(key, value) for key, value in variables if value])
    secret = SecretRef(options.secret) if options.secret is not None else None
    return Login(where, words, (own.connect if own is not None else None) or name, options.user, secret)
