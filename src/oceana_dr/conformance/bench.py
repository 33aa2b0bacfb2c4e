"""A driver on the bench: its parts opened on a trial, every call bounded, everything it says kept.

In: a declaration, a trial. Out: `Bench`, whose calls end in time and whose text can be searched for secrets.
A call that does not come back is given up, not waited for; its thread ends with the process.
"""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Final, TypeVar

from oceana_dr.conformance.report import Broken, Untested
from oceana_dr.diagnostics import SystemUnavailable
from oceana_dr.drivers.contract import ActRequest, Outcome, Reader, Reading, Writer
from oceana_dr.drivers.declaration import Driver
from oceana_dr.drivers.protocol import Check, Setting
from oceana_dr.drivers.registry import load_part
from oceana_dr.drivers.trial import Attempt, Attended, Trial
from oceana_dr.estate.action import Action
from oceana_dr.estate.address import Address, Ref, address_of, attribute_of
from oceana_dr.estate.estate import ABSENT
from oceana_dr.estate.values import Unknown, Value
from oceana_dr.execute.writers import open_writer, people_writer

LIMIT_S: Final = 30.0
"""No call of a driver may take longer in a trial, whatever its target does."""

Found = TypeVar("Found")


class Bench:
    """The driver under test; `reader` and `writer` are None where it has none."""

    def __init__(self, driver: Driver, trial: Trial, *, limit_s: float = LIMIT_S) -> None:
        self.driver = driver
        self.trial = trial
        self.said: list[str] = []
        self._limit_s = limit_s
        self._keys = 0
        self.reader: Reader | None = self._opened(driver.reader)
        self.writer: Writer | None = open_writer(driver, trial.setting)
        self._eyes = isinstance(trial, Attended)
        if isinstance(trial, Attended):
            self.reader, self.writer = trial.eyes, people_writer(trial.hands)

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """The acts to try; raises `Untested` without a writer."""
        if self.writer is None:
            raise Untested("it has no writer")
        if not self.trial.attempts:
            raise Broken("its trial has nothing to attempt, and it has a writer")
        return tuple(self.trial.attempts)

    def read(self, addresses: Sequence[Address] | None) -> tuple[Reading, ...]:
        """Read, within the limit; raises `Untested` without a reader."""
        reader = self.reader
        if reader is None:
            raise Untested("it reads nothing: people attest")
        return self.call(lambda: reader.read(addresses), "a reading")

    def value(self, reference: Ref) -> Value:
        """What one attribute reads as now."""
        found = {item.address: item.resource for item in self.read((address_of(reference),))}
        resource = found.get(address_of(reference), ABSENT)
        return resource if isinstance(resource, Unknown) else resource.get(attribute_of(reference), ABSENT)

    def can_verify(self, reference: Ref) -> bool:
        """Whether it can be read back here."""
        return self._eyes or self.driver.can_verify(reference)

    def can_read(self, reference: Ref) -> bool:
        """Whether it can be read here."""
        return self._eyes or self.driver.can_read_ref(reference)

    @property
    def verifies(self) -> bool:
        """Whether anything can be read back here."""
        return self._eyes or bool(self.driver.verifies)

    def act(self, action: Action, *, key: str | None = None, before: dict[Ref, Value] | None = None) -> Outcome:
        """Act, within the limit."""
        assert self.writer is not None
        request = ActRequest(key or self.new_key(), "T1", action, "conformance", 1, before or {})
        writer = self.writer
        return self.call(lambda: writer.act(request), "an act")

    def new_key(self) -> str:
        """A key that was never used before."""
        self._keys += 1
        return f"conformance-{time.time_ns()}/T1/{self._keys}"

    def checks(self) -> tuple[Check, ...]:
        """What it tells `doctor`."""
        if self.driver.doctor is None:
            raise Untested("it has nothing for `doctor`")
        part, setting = load_part(self.driver.doctor), self.trial.setting
        return self.call(lambda: tuple(part(setting)), "`doctor`")

    def setting(self, **changes: Any) -> Setting[Any]:
        """The trial's setting with changes."""
        return replace(self.trial.setting, **changes)

    def call(self, work: Callable[[], Found], what: str) -> Found:
        """The result, or what was raised; raises `Broken` if neither comes in time."""
        ended: list[tuple[bool, Any]] = []

        def run() -> None:
            try:
                ended.append((True, work()))
            except BaseException as error:  # noqa: BLE001 it is raised again where the call was made
                ended.append((False, error))

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(self._limit_s)
        if not ended:
            raise Broken(f"{what} does not come back within {self._limit_s:.0f} s")
        good, found = ended[0]
        if good:
            self.said.append(repr(found))
            return found  # type: ignore[no-any-return] # what `work` returns
        self.said += [str(found), repr(found), "".join(traceback.format_exception(found))]
        raise found

    def listening(self) -> _Listening:
        """Keeps what is logged meanwhile."""
        return _Listening(self.said)

    @contextmanager
    def put_back(self, attempt: Attempt) -> Iterator[None]:
        """Undo the attempt afterwards, whatever came of it."""
        try:
            yield
        finally:
            if any(self._reads(reference) != value for reference, value in attempt.before.items()):
                self.act(attempt.undo, before=dict(attempt.after))

    def _reads(self, reference: Ref) -> Value:
        try:
            return self.value(reference)
        except (Untested, SystemUnavailable):
            return Unknown("not read")

    def _opened(self, part: str | None) -> Any:  # Any: a reader or a writer, as the caller says
        return None if part is None else load_part(part)(self.trial.setting)


class _Listening(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__(logging.NOTSET)
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())

    def __enter__(self) -> None:
        self._level = logging.getLogger().level
        logging.getLogger().addHandler(self)
        logging.getLogger().setLevel(logging.DEBUG)

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)
        logging.getLogger().setLevel(self._level)
