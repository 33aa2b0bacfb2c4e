"""How it stands with every system that a site is reached through: all asked at once, none for longer than agreed.

In: a project, names of sites. Out: `Diagnosis`: a subject for each driver, the state and this machine, with checks.
What did not answer in time, or was not said, is unknown; no system is changed, and no secret is shown.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from oceana_dr.diagnostics import InputRefused, OceanaError
from oceana_dr.drivers.protocol import Aspect, Check, Health
from oceana_dr.estate.values import Json
from oceana_dr.operations.doctoring.fingerprints import remember, seen_before
from oceana_dr.operations.doctoring.machine import machine_checks
from oceana_dr.operations.doctoring.state import state_checks
from oceana_dr.operations.doctoring.systems import driver_checks, drivers_of
from oceana_dr.source.project import Project, list_sites, missing_site

WITHIN_S: Final = 10.0
EVERY: Final = (
    Aspect.REACH,
    Aspect.AUTHENTICATION,
    Aspect.VERSION,
    Aspect.CLOCK,
    Aspect.PERMISSIONS,
    Aspect.SECRETS,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that is asked: a driver at a site, the state, this machine."""

    name: str
    site: str
    checks: tuple[Check, ...]

    @property
    def healthy(self) -> bool:
        """Whether everything is good, or does not exist here."""
        return all(item.health in {Health.GOOD, Health.NONE} for item in self.checks)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All subjects, in the order in which they were asked."""

    subjects: tuple[Subject, ...]

    @property
    def healthy(self) -> bool:
        """Whether all of them are."""
        return all(item.healthy for item in self.subjects)

    def to_json(self) -> dict[str, Json]:
        """The diagnosis as a document."""
        return {
            "format_version": "1.0",
            "healthy": self.healthy,
            "subjects": [
                {
                    "name": item.name,
                    "site": item.site,
                    "healthy": item.healthy,
                    "checks": [_check(check) for check in item.checks],
                }
                for item in self.subjects
            ],
        }


@dataclass
class _Asking:
    """One subject while it is asked, in a thread of its own."""

    name: str
    site: str
    ask: Callable[[], Iterator[Check]]
    every: tuple[Aspect, ...] = EVERY
    heard: list[Check] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        try:
            for check in self.ask():
                self.heard.append(check)
        except InputRefused as error:
            first = error.diagnostics[0]
            said = f"{first.message} ({first.code})"
            self.heard.append(Check(Aspect.REACH, Health.BAD, said, hint=f"oceana-dr validate {self.site}"))
        except OceanaError as error:
            self.heard.append(Check(Aspect.REACH, Health.BAD, error.message, hint=error.hint or ""))
        except Exception as error:  # noqa: BLE001 - a driver of others may raise anything; its words may hold a secret
            said = f"the driver failed while it was asked: {type(error).__name__}"
            self.heard.append(Check(Aspect.REACH, Health.UNKNOWN, said, hint=f"oceana-dr driver-test {self.name}"))
        finally:
            self.ended.set()

    def found(self, within_s: float) -> Subject:
        """What was heard by then."""
        in_time = self.ended.wait(max(0.0, within_s))
        heard = tuple(self.heard)
        why = "the driver does not say" if in_time else "no answer in time"
        said = {item.aspect for item in heard}
        if in_time and any(item.health is Health.BAD for item in heard):
            why = "not asked: see what is wrong before"
        missing = tuple(Check(item, Health.UNKNOWN, why) for item in self.every if item not in said)
        return Subject(self.name, self.site, tuple(sorted((*heard, *missing), key=_place)))


def diagnose(
    project: Project,
    site: str | None,
    *,
    within_s: float = WITHIN_S,
    begin: Callable[[Sequence[tuple[str, str]]], None] = lambda _: None,
    notice: Callable[[Subject], None] = lambda _: None,
) -> Diagnosis:
    """Ask everything at once. `begin` hears whom; `notice` hears each subject in that order, as soon as it is known.

    Raises `InputRefused` where there is no such site.
    """
    if site is not None and not project.site_file(site).exists():
        raise InputRefused((missing_site(project, site),))
    sites = list_sites(project) if site is None else (site,)
    asking = [_Asking("this machine", "", lambda: machine_checks(project), (Aspect.VERSION,))]
    asking.append(_Asking("state", "", lambda: state_checks(project)))
    for name in sites:
        asking += [_Asking(driver, name, _of(project, name, driver)) for driver in drivers_of(project)]
    begin([(item.name, item.site) for item in asking])
    before = seen_before(project.state_dir)
    until = time.monotonic() + within_s
    for item in asking:
        threading.Thread(target=item.run, daemon=True).start()
    found = []
    for item in asking:
        found.append(_compared(item.found(until - time.monotonic()), before))
        notice(found[-1])
    marks = {check.about: check.mark for subject in found for check in subject.checks if check.mark}
    remember(project.state_dir, marks, datetime.now(UTC).date().isoformat())
    return Diagnosis(tuple(found))


def _compared(subject: Subject, before: Mapping[str, tuple[str, str]]) -> Subject:
    """The same, and where a secret is another one than when it was asked before, that is said."""
    return replace(subject, checks=tuple(_changed(check, before) for check in subject.checks))


def _changed(check: Check, before: Mapping[str, tuple[str, str]]) -> Check:
    mark, since = before.get(check.about, (check.mark, ""))
    if not check.mark or mark == check.mark:
        return check
    return replace(check, says=f"{check.says}; another secret than before: it was {mark} since {since}")


def _of(project: Project, site: str, driver: str) -> Callable[[], Iterator[Check]]:
    return lambda: driver_checks(project, site, driver)


def _place(check: Check) -> int:
    return list(Aspect).index(check.aspect)


def _check(check: Check) -> Json:
    found: dict[str, Json] = {
        "aspect": check.aspect.value,
        "health": check.health.value,
        "says": check.says,
        "about": check.about,
        "hint": check.hint,
    }
    # Milliseconds, for JSON here has whole numbers only.
    return found if check.skew_s is None else {**found, "skew_ms": round(check.skew_s * 1000)}
