"""A stand-in for `dgmgrl` that replays dialogues, for tests, trials and the lab: it knows nothing of Oracle.

In: a folder, a state of the dialogues. Out: a program there, and what was sent to it.
It must never be taken for Oracle: its banner says what it is.
"""

from __future__ import annotations

import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_BANNER: Final = "DGMGRL for tests: Version 12.1.0.2.0 - a stand-in that replays dialogues, no Oracle"
ACTS: Final = ("SWITCHOVER", "FAILOVER", "REINSTATE")


class StandIn:
    """The stand-in in a folder: `dgmgrl` is the program; `state` and `mood` are what it replays from."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def program(self) -> str:
        """What to run in the place of `dgmgrl`."""
        return str(self.folder / "dgmgrl")

    @property
    def state(self) -> str:
        """Where the dialogue stands."""
        return (self.folder / "state").read_text("utf-8").strip()

    @state.setter
    def state(self, name: str) -> None:
        (self.folder / "state").write_text(f"{name}\n", "utf-8")

    @property
    def sent(self) -> tuple[str, ...]:
        """Changes of roles that have arrived, oldest first: `MEMBER<tab>COMMAND`."""
        log = self.folder / "log"
        return tuple(log.read_text("utf-8").splitlines()) if log.exists() else ()

    @contextmanager
    def being(self, mood: str) -> Iterator[None]:
        """In this mood, for as long as it is entered."""
        (self.folder / "mood").write_text(f"{mood}\n", "utf-8")
        try:
            yield
        finally:
            (self.folder / "mood").unlink()


def make_stand_in(folder: Path, state: str = "dc1", dialogues: Path | None = None, password: str = "") -> StandIn:
    """Put it into a folder. With a password it lets in by that one too, beside the wallet."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(dialogues or _HERE / "dialogues" / "12.1.txt", folder / "dialogues.txt")
    shutil.copy(_HERE / "stand_in.awk", folder / "stand_in.awk")
    if password:
        (folder / "password").touch(mode=0o600)
        (folder / "password").write_text(password, "utf-8")
    where = folder.absolute()
    words = ["awk", "-v", f"folder={where}", "-v", f"banner={_BANNER}", "-f", str(where / "stand_in.awk")]
    program = folder / "dgmgrl"
    program.write_text(f"#!/bin/sh\nexec {shlex.join(words)}\n", "utf-8")
    program.chmod(0o755)
    found = StandIn(folder)
    found.state = state
    return found


if __name__ == "__main__":  # python -m oceana_dr.drivers.dataguard.stand_in FOLDER
    sys.stdout.write(f"{make_stand_in(Path(sys.argv[1])).program}\n")
