"""What the driver is tested against: a stand-in that replays dialogues, or databases that somebody gives options of.

In: options, or None. Out: a `Trial` that switches over and back.
With options of one's own both databases change their roles: they must be databases for tests.
"""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.dataguard.stand_in import StandIn, make_stand_in
from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.trial import Attempt, site_for_tests
from oceana_dr.estate.action import RunProcedure
from oceana_dr.estate.address import Ref

if TYPE_CHECKING:
    from oceana_dr.drivers.dataguard.options import DataGuardOptions

_SWITCHOVER: Final = "oracle-switchover-to-standby"
_DC1, _DC2 = Ref("dc1/oracle#Role"), Ref("dc2/oracle#Role")
_AT_DC1: Final = {_DC1: "PRIMARY", _DC2: "PHYSICAL STANDBY"}
_AT_DC2: Final = {_DC1: "PHYSICAL STANDBY", _DC2: "PRIMARY"}
ATTEMPTS: Final = (
    Attempt(
        "switch over",
        RunProcedure(_SWITCHOVER, {"from": "dc1", "to": "dc2"}),
        before=_AT_DC1,
        after=_AT_DC2,
        undo=RunProcedure(_SWITCHOVER, {"from": "dc2", "to": "dc1"}),
    ),
)
_SIDES: Final = ("dc1", "dc2")


class DataGuardTrial:
    """A pair of databases; without a stand-in they are real ones."""

    attempts = ATTEMPTS

    def __init__(self, setting: Setting[DataGuardOptions], stand_in: StandIn | None, password: str) -> None:
        self.setting: Setting[Any] = setting
        self.secrets = (password,) if password else ()
        self.against = "a stand-in that replays dialogues" if stand_in is not None else "two databases of yours"
        self._stand_in = stand_in

    def arrived(self) -> int | None:
        """Changes of roles that were sent to the stand-in."""
        return len(self._stand_in.sent) if self._stand_in is not None else None

    def silence(self) -> AbstractContextManager[None] | None:
        """It takes what is sent, and answers nothing."""
        return None if self._stand_in is None else self._stand_in.being("silent")

    def lock_out(self) -> AbstractContextManager[None] | None:
        """It accepts nobody's password."""
        return None if self._stand_in is None else self._stand_in.being("locked")


@contextmanager
def dataguard_trial(options: DataGuardOptions | None) -> Iterator[DataGuardTrial]:
    """A trial for as long as it is entered."""
    if options is not None:
        yield DataGuardTrial(Setting("globex", options, _named(options)), None, "")
        return
    from oceana_dr.drivers.dataguard.options import DataGuardOptions as Made

    with tempfile.TemporaryDirectory(prefix="oceana-dr-dataguard-") as name:
        password = secrets.token_urlsafe(18)
        stand_in = make_stand_in(Path(name), password=password)
        made = Made(
            program=stand_in.program, user="sys", secret=f"file:{name}/password", answer_s=1.0, act_s=1.0, settle_s=0.3
        )
        yield DataGuardTrial(Setting("globex", made, site_for_tests()), stand_in, password)


def _named(options: DataGuardOptions) -> BoundCatalogue:
    """The site of trials, whose databases have the names of the options: the first is the primary."""
    bound = site_for_tests()
    names = {f"site.oracle.name.{side}": name for side, name in zip(_SIDES, options.databases, strict=False)}
    return BoundCatalogue(bound.catalogue, {**bound.bindings, **names})
