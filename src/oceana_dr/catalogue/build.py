"""YAML source to compiled JSON: `python -m oceana_dr.catalogue.build` (a developer's command).

In: `oceana_3_5/**/*.yaml`. Out: `oceana_3_5.json`, and beside it `oceana_3_5_{settings,rules,manual,drills}.json` with
what only readers need; byte-identical for the same source; a test keeps them fresh. It must never run at a
user's: these files are what ships.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from oceana_dr.catalogue.borrowing import lend_rules, lend_steps
from oceana_dr.catalogue.covering import FOLDERS, check_indexed, coverage, places_of
from oceana_dr.catalogue.drills import COMPILED as COMPILED_DRILLS
from oceana_dr.catalogue.holding import Records, check_answers, holders, state_of
from oceana_dr.catalogue.load import COMPILED, RULE_PAGES
from oceana_dr.catalogue.observances import COMPILED as COMPILED_MANUAL
from oceana_dr.catalogue.rules import NEVER
from oceana_dr.catalogue.settings import COMPILED as COMPILED_SETTINGS
from oceana_dr.estate.canonical import digest
from oceana_dr.estate.values import Json

SOURCE = Path(__file__).with_name("oceana_3_5")


def compile_catalogue(source: Path = SOURCE) -> str:
    """The compiled JSON text of a catalogue folder."""
    release = _read(source / "release.yaml")
    scenarios = lend_steps(_files(source / "scenarios"))
    data: dict[str, Json] = {
        "release": release,
        "resources": _lists(source / "resources"),
        "procedures": _lists(source / "procedures"),
        "scenarios": cast("list[Json]", scenarios),
        "order": cast("list[Json]", lend_rules(_files(source / "order"), scenarios)),
        "invariants": _lists(source / "invariants"),
        "fences": _read(source / "fences.yaml"),
        "owed": _read(source / "owed.yaml"),
        "timers": _read(source / "timers.yaml"),
        "losses": _read(source / "losses.yaml"),
        "pages": _read(source / "pages.yaml"),
        "dynamics": _read(source / "dynamics.yaml"),
        "rules": [_without_page(rule) for rule in _rules(source)],
    }
    assert isinstance(release, dict)
    data["id"] = f"{release['id']}@{digest(data).removeprefix('sha256:')[:16]}"
    return _text(data)


def compile_settings(source: Path = SOURCE) -> str:
    """The compiled JSON text of a catalogue's settings, sorted by id; not part of the catalogue's digest."""
    found = cast("list[dict[str, str]]", _lists(source / "settings"))
    return _text(sorted(found, key=lambda item: item["id"]))


def compile_drills(source: Path = SOURCE) -> str:
    """The compiled JSON text of what drills begin from; not part of the catalogue's digest."""
    return _text(_read(source / "drills.yaml"))


def _text(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def compile_rule_pages(source: Path = SOURCE) -> str:
    """The compiled JSON text of what the rules of a catalogue folder say about themselves."""
    pages: dict[str, Json] = {str(rule["id"]): rule["doc"] for rule in _rules(source)}
    return json.dumps(pages, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def compile_manual(source: Path = SOURCE) -> str:
    """The compiled JSON text of what is done about every item of the manual.

    Raises `ValueError` for an answer that names what is not there, or awaits what is.
    """
    scenarios = lend_steps(_files(source / "scenarios"))
    manual = cast("dict[str, list[dict[str, Json]]]", _read(source / "manual.yaml"))
    records = Records(
        settings=_records(source / "settings"),
        procedures=_records(source / "procedures"),
        scenarios=scenarios,
        orders=lend_rules(_files(source / "order"), scenarios),
        rules=_rules(source),
        invariants=_records(source / "invariants"),
        observances=_records(source / "observances"),
        roots=(source.parents[1], source.parents[3]),
    )
    answers = {kind: _answers(source / folder) for kind, folder in FOLDERS.items()}
    check_indexed(manual, answers)
    known = holders(records)
    for items in answers.values():
        check_answers(items, known, records.roots)
    told = {
        FOLDERS[kind]: sorted(
            (_answer(item, manual[kind], state_of(item, known, records.roots)) for item in items),
            key=lambda item: str(item["id"]),
        )
        for kind, items in answers.items()
    }
    observances = sorted(records.observances, key=lambda item: str(item["id"]))
    rows = coverage(manual, records, answers, places_of(source))
    return _text({"observances": observances, "coverage": rows, **told})


def _answer(item: dict[str, Json], index: Iterable[dict[str, Json]], state: str) -> dict[str, Json]:
    """An answer with what the manual's index says of its item: lines, and how severe a mistake is."""
    indexed = next((entry for entry in index if entry["id"] == item["id"]), {})
    return {**indexed, **item, "state": state}


def _answers(folder: Path) -> list[dict[str, Json]]:
    """The records of a folder, each with the name of its file: its theme."""
    return [
        {**item, "theme": path.stem}
        for path in sorted(folder.glob("*.yaml"))
        for item in cast("list[dict[str, Json]]", _read(path))
    ]


def _records(folder: Path) -> list[dict[str, Json]]:
    return cast("list[dict[str, Json]]", _lists(folder))


def _files(folder: Path) -> list[dict[str, Any]]:  # Any: YAML
    return cast("list[dict[str, Any]]", [_read(path) for path in sorted(folder.glob("*.yaml"))])


def _rules(source: Path) -> list[dict[str, Json]]:
    found = _lists(source / "rules")
    assert isinstance(found, list)
    rules = [rule for rule in found if isinstance(rule, dict)]
    return sorted(rules, key=lambda rule: (str(rule["code"]), str(rule["id"])))


def _without_page(rule: dict[str, Json]) -> Json:
    doc = rule["doc"]
    assert isinstance(doc, dict), rule["id"]
    return {**{key: value for key, value in rule.items() if key != "doc"}, "silenceable": doc["silence"] != NEVER}


def _lists(folder: Path) -> Json:
    items: list[Json] = []
    for path in sorted(folder.glob("*.yaml")):
        found = _read(path)
        assert isinstance(found, list), path
        items.extend(found)
    return items


def _read(path: Path) -> Json:
    from ruamel.yaml import YAML  # only this developer's command needs it

    data: Json = YAML(typ="safe").load(path.read_text("utf-8"))
    return data


if __name__ == "__main__":
    COMPILED.write_text(compile_catalogue(), "utf-8")
    RULE_PAGES.write_text(compile_rule_pages(), "utf-8")
    COMPILED_SETTINGS.write_text(compile_settings(), "utf-8")
    COMPILED_MANUAL.write_text(compile_manual(), "utf-8")
    COMPILED_DRILLS.write_text(compile_drills(), "utf-8")
