"""Settings of the manual that have a value of their own, beside what the fields of a console page hold.

In: the catalogue's settings and a site. Out: those that have a value in a data centre, with the paths they rest on.
A setting must never get a value here that its expression does not give; what has none is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from oceana_dr.catalogue.settings import Setting, load_settings
from oceana_dr.compile.artifacts.subject import Subject, ranges
from oceana_dr.compile.expression import Evaluation
from oceana_dr.estate.values import Json, Value, to_json


@dataclass(frozen=True, slots=True)
class Valued:
    """A setting, its value in one data centre, and the paths of the site that were read."""

    setting: Setting
    value: Value
    read: tuple[str, ...]

    def shown(self) -> dict[str, Json]:
        """The setting as a file shows it."""
        setting = self.setting
        return {
            "setting": setting.id,
            "label": setting.label,
            "printed": setting.printed,
            "section": setting.section or None,
            "console": setting.console or None,
            "commit": setting.commit or None,
            "value": to_json(self.value),
            "manual": ranges(setting.manual),
        }


def valued(subject: Subject, dc: str, in_service: str | None = None) -> Iterator[Valued]:
    """Every setting with a value in this data centre, by id; `in_service`: as if that one took the contacts."""
    for setting in load_settings():
        if setting.valued:
            found = _evaluated(subject, setting, dc, in_service or subject.operational)
            if found.value is not None and found.value != ():
                yield found


def value_of(subject: Subject, setting_id: str, dc: str) -> Valued:
    """One setting in a data centre; its value may be None."""
    (setting,) = (item for item in load_settings() if item.id == setting_id)
    return _evaluated(subject, setting, dc, subject.operational)


def _evaluated(subject: Subject, setting: Setting, dc: str, operational: str) -> Valued:
    evaluation = Evaluation(subject.site, operational, dc, subject.bindings)
    value = evaluation.value(setting.value)
    return Valued(setting, value, tuple(dict.fromkeys(evaluation.read)))
