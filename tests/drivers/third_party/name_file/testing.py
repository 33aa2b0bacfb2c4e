"""A file of names to test the driver against.

In: options, or None for a file of its own. Out: a `Trial`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oceana_dr.drivers.protocol import Setting
from oceana_dr.drivers.trial import Attempt, site_for_tests
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Ref

_A = Ref("shared/dns/aawg.globex.example#A")


@dataclass
class FileTrial:
    """A file with one name."""

    setting: Setting[Any]
    file: Path
    against = "a file of its own"
    secrets = ()
    attempts = (
        Attempt(
            "move a name",
            SetValues({_A: "203.0.113.21"}),
            before={_A: "203.0.113.11"},
            after={_A: "203.0.113.21"},
            undo=SetValues({_A: "203.0.113.11"}),
        ),
    )

    def arrived(self) -> int | None:
        return None

    def silence(self) -> AbstractContextManager[None] | None:
        return self._without()

    def lock_out(self) -> AbstractContextManager[None] | None:
        return None

    @contextmanager
    def _without(self) -> Iterator[None]:
        aside = self.file.with_suffix(".aside")
        self.file.rename(aside)
        try:
            yield
        finally:
            aside.rename(self.file)


@contextmanager
def open_trial(options: object | None) -> Iterator[FileTrial]:
    from .parts import Options

    with tempfile.TemporaryDirectory() as folder:
        given = options if isinstance(options, Options) else Options(file=f"{folder}/names.json")
        file = Path(given.file)
        file.write_text(json.dumps({"aawg.globex.example": {"A": "203.0.113.11", "TTL": 300}}), encoding="utf-8")
        yield FileTrial(Setting("globex", given, site_for_tests()), file)
