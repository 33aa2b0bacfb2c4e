"""`settings.md` and `addresses.md`: what the manual lets be set, by system and by console page.

In: the settings of the catalogue, joined with the attributes that hold them. Out: two pages.
An address must never be left out: each row belongs to a resource, or no page is written.
"""

from __future__ import annotations

from typing import Any, cast

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import resource_type
from oceana_dr.catalogue.settings import Setting, load_settings
from oceana_dr.compile.bindings import keys_for_names
from oceana_dr.operations.settings_table import setting_values, settings_table
from scripts.reference.markdown import code, manual, page, prose, table


def settings_page() -> str:
    """Every setting that the manual names, by system."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in settings_table(load_catalogue(), load_settings()):
        rows.setdefault(str(row["setting"]), []).append(cast("dict[str, Any]", row))
    systems: dict[str, list[Setting]] = {}
    for item in load_settings():
        systems.setdefault(item.system, []).append(item)
    return page(
        "Settings",
        f"Every setting that the manual of Oceana {load_catalogue().release} names: {len(load_settings())}. "
        "`oceana-dr catalogue settings --format json` gives the same to programs; [Addresses](addresses.md) has "
        "them by console page, [The site file](site.md) says what the keys in braces mean.",
        "**Kinds.** *config*: declared and kept. *lever*: changes in a move. *input*: a fact of the site. *derived*: "
        "follows from other values. *artifact*: a file or object to make. *observed*: read, never written. "
        "*precondition*: has to hold. *data*: a data set. *selector*: the address of something.",
        "**Read**: *auto* by a program, *evidence* when a person looks and records what is there, *none* when there is "
        "nothing to read back. **Written**: *auto* by a program, *operator* by a person at the console, *none* not at "
        "all. **Values**: `{…}` is a key of the site, `-` that there is none there. What the manual does not state is "
        "marked: *inferred* from its text, or *silent* and decided here.",
        *(
            f"## {code(system)}\n\n" + "\n\n".join(_setting(item, rows[item.id]) for item in found)
            for system, found in sorted(systems.items())
        ),
    )


def _setting(item: Setting, rows: list[dict[str, Any]]) -> str:
    restart = "; ".join(f"{part.what}, {part.when} ({manual(part.manual)})" for part in item.restart)
    override = {"stated": "tick Override Default", "assumed": "tick Override Default; the manual does not say so"}
    where = [f"{row['address']}#{row['attribute']}" for row in rows if row["address"]]
    words = [
        ("label", code(item.label) if item.printed else f"{prose(item.label)} (not printed as a label)"),
        ("page", prose(item.section)),
        ("console", prose(item.console)),
        ("address", ", ".join(map(code, where))),
        ("kind, type", f"{item.kind}, {item.type}{', a secret' if item.secret else ''}"),
        ("allowed", ", ".join(code(value) for value in item.allowed)),
        ("override", override.get(item.override, "")),
        ("commit", prose(item.commit)),
        ("restart owed", restart),
        ("read, written", f"{item.read}, {item.write}"),
        *((f"{side} operational", _values(item, rows, side)) for side in ("dc1", "dc2")),
        ("site", ", ".join(code(key) for key in dict.fromkeys(key for row in rows for key in row["site"]))),
        ("manual", manual(item.manual)),
    ]
    lines = [f"- **{name}**: {text}" for name, text in words if text]
    return "\n".join([f"### {code(item.id)}", "", *([prose(item.note), ""] if item.note else []), *lines])


def _values(item: Setting, rows: list[dict[str, Any]], operational: str) -> str:
    values = setting_values(item, rows, operational)
    return "; ".join(f"{side} {code(value)}" for side, value in values.items())


def addresses_page() -> str:
    """Every attribute of the catalogue, by resource."""
    catalogue = load_catalogue()
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in settings_table(catalogue, load_settings()):
        if row["address"]:
            rows.setdefault(str(row["address"]), []).append(cast("dict[str, Any]", row))
    kinds = [resource_type(cast("dict[str, Any]", dict(data))) for data in catalogue.resources]
    sections = []
    for kind in sorted(kinds, key=lambda item: item.address):
        cells = [
            (
                prose(row["attribute"]),
                f"[{code(row['setting'])}](settings.md)" if row["setting"] else "",
                row["attribute_kind"],
                ", ".join(code(value) for value in row["attribute_allowed"]) or row["attribute_type"],
                row["attribute_write"],
                manual(row["attribute_manual"]),
            )
            for row in rows.pop(kind.address)
        ]
        head = ("attribute", "setting", "kind", "values", "written by", "manual")
        sections.append(
            f"## {code(kind.address)}\n\n{prose(keys_for_names(kind.console['path']))}\n\n{table(head, cells)}"
        )
    assert not rows
    return page(
        "Addresses",
        f"Everything that the catalogue of Oceana {catalogue.release} compares and writes, by address: what is written "
        "on one console page in one act. `{dc}` stands for `dc1` and `dc2`, other braces for values of the site. "
        "`oceana-dr explain ADDRESS` says what a value should be, and why; [Settings](settings.md) has each setting "
        "with its words, values and lines of the manual.",
        "**Kinds.** *config*: follows from the site file and is kept. *lever*: changes during a move. *role*: who is "
        "ACTIVE, primary, running; only a scenario changes it. *observed*: read, never written.",
        *sections,
    )
