"""What the driver is tested against: a stand-in for three servers on this machine, or servers that are named.

In: options, or None. Out: a `Trial`.
Servers of one's own are read, and nothing is attempted at them: a promotion is no test.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.drivers.contract import Hands, Reader
from oceana_dr.drivers.mirror.reader import open_reader
from oceana_dr.drivers.mirror.stand import Stand
from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.trial import Attempt, site_for_tests
from oceana_dr.estate.action import RunProcedure
from oceana_dr.estate.address import Ref

if TYPE_CHECKING:
    from oceana_dr.drivers.mirror.options import MirrorOptions

AGAINST: Final = "a stand-in for csession, ccontrol and powershell.exe, which has never met Caché"
_ANSWER_S: Final = 0.5
_C: Final = "dc2/omnichannel/C"
PROMOTE: Final = Attempt(
    "promote Server C",
    RunProcedure("promote-async-active-available", {}),
    before={Ref(f"{_C}#Role"): "async"},
    after={Ref(f"{_C}#Role"): "primary"},
    undo=RunProcedure("configure-cache-mirroring-backup-dc2", {}),
    repeatable=False,
)
STOP: Final = Attempt(
    "stop Caché on Server C",
    RunProcedure("stop-cache-c", {}),
    before={Ref(f"{_C}#Cache"): "up"},
    after={Ref(f"{_C}#Cache"): "down"},
    undo=RunProcedure("start-cache-c", {}),
)


class MirrorTrial:
    """Servers that stand in for real ones, until they are left."""

    secrets = ()

    def __init__(self, setting: Setting[Any], stand: Stand, attempts: tuple[Attempt, ...]) -> None:
        self.against = AGAINST
        self.setting = setting
        self.attempts = attempts
        self._stand = stand

    def arrived(self) -> int | None:
        """How many acts have changed the stand-in."""
        found: int = self._stand.state["changes"]
        return found

    def silence(self) -> AbstractContextManager[None] | None:
        """No program answers."""
        return self._stand.being("silent")

    def lock_out(self) -> AbstractContextManager[None] | None:
        """No program lets the account in."""
        return self._stand.being("locked")


class PeoplesTrial(MirrorTrial):
    """The same, where a person acts at the consoles, and the driver sees what came of it."""

    def __init__(self, setting: Setting[Any], stand: Stand, attempts: tuple[Attempt, ...]) -> None:
        super().__init__(setting, stand, attempts)
        self.hands: Hands = stand
        self.eyes: Reader = open_reader(setting)


class NamedTrial:
    """Servers of one's own, to be read."""

    attempts = ()
    secrets = ()

    def __init__(self, setting: Setting[Any]) -> None:
        self.against = "the servers of the options"
        self.setting = setting

    def arrived(self) -> int | None:
        """Nobody counts there."""
        return None

    def silence(self) -> AbstractContextManager[None] | None:
        """Not with servers of one's own."""
        return None

    def lock_out(self) -> AbstractContextManager[None] | None:
        """Not with servers of one's own."""
        return None


@contextmanager
def mirror_trial(options: MirrorOptions | None) -> Iterator[PeoplesTrial | NamedTrial]:
    """Promoting by a person; the servers of the options are read only."""
    if options is not None:
        yield NamedTrial(Setting("globex", options, site_for_tests()))
        return
    with _stand() as (stand, setting):
        yield PeoplesTrial(setting, stand, (PROMOTE,))


@contextmanager
def automatic_trial(options: MirrorOptions | None) -> Iterator[MirrorTrial | NamedTrial]:
    """Starting and stopping by the driver itself: of a promotion there is no way back that it could go."""
    if options is not None:
        yield NamedTrial(Setting("globex", options, site_for_tests()))
        return
    with _stand() as (stand, setting):
        yield MirrorTrial(setting, stand, (STOP,))


@contextmanager
def _stand() -> Iterator[tuple[Stand, Setting[Any]]]:
    with tempfile.TemporaryDirectory(prefix="oceana-dr-mirror-") as folder:
        bound = site_for_tests()
        # Two servers are enough to be two primaries, and are asked faster.
        pair = BoundCatalogue(bound.catalogue, {**bound.bindings, "topology.ha": "no"})
        stand = Stand(Path(folder), "AC")
        yield stand, Setting("globex", stand.options(answer_s=_ANSWER_S), pair)
