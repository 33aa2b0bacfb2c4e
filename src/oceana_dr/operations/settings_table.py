"""The settings of the manual as rows, joined with the attributes that hold them.

In: the catalogue and its settings. Out: plain rows: one for each attribute, and one for each setting without any.
A setting is in exactly one of three places: attributes, an expression over the site, keys of the site.
"""

from __future__ import annotations

from typing import Any, Final, cast

from oceana_dr.catalogue.model import AttributeType, Catalogue, Lines, ResourceType, resource_type
from oceana_dr.catalogue.settings import Setting
from oceana_dr.catalogue.wording import NOTHING, in_words, keys_of
from oceana_dr.compile.bindings import keys_for_names, topology_keys
from oceana_dr.estate.address import SIDES
from oceana_dr.estate.values import Json

_UNSTATED: Final = ("inferred", "silent")
_SIDED: Final = frozenset({"by_dc", "by_side"})


def settings_table(catalogue: Catalogue, settings: tuple[Setting, ...]) -> list[dict[str, Json]]:
    """One row an attribute; `{dc}` stands for both data centres, other braces for a key of the site.

    `kind`, `type`, `allowed`, `console`, `commit`, `read`, `write` and `manual` are the setting's, as its page and
    `explain` say them; the attribute's own stand beside them as `attribute_kind` and so on, and in their place where
    an attribute stands for no setting. Addresses keep the catalogue's names in braces: they are looked up by them.
    Settings that no attribute holds come with `address` and `attribute` null; their value and keys say where they
    are. Sorted by setting, attributes that stand for no setting at the end.
    """
    known = {item.id: item for item in settings}
    rows: list[dict[str, Json]] = []
    held: set[str] = set()
    for data in catalogue.resources:
        kind = resource_type(cast("dict[str, Any]", dict(data)))
        for attribute in kind.attributes:
            setting = known.get(attribute.setting or "")
            held.add(attribute.setting or "")
            rows.append(_attribute_row(kind, attribute, setting))
    rows += [_setting_row(item) for item in settings if item.id not in held]
    return sorted(rows, key=lambda row: (str(row["setting"] or "~"), str(row["address"]), str(row["attribute"])))


def setting_facts(catalogue: Catalogue, setting: Setting, rows: list[dict[str, Json]]) -> tuple[tuple[str, str], ...]:
    """What there is to say of a setting, as names and texts; `rows` are its own of the table."""
    addresses = [f"{row['address']}#{row['attribute']}" for row in rows if row["address"]]
    override = {"stated": "tick Override Default", "assumed": "tick Override Default; the manual does not say so"}
    values = [(side, setting_values(setting, rows, side)) for side in SIDES]
    facts = (
        ("label", setting.label if setting.printed else f"{setting.label} (not printed as a label)"),
        ("page", setting.section),
        ("console", setting.console),
        ("address", ", ".join(addresses)),
        ("is", f"{setting.kind}, {setting.type}{', a secret' if setting.secret else ''}"),
        ("allowed", ", ".join(str(value) for value in setting.allowed)),
        ("override", override.get(setting.override, "")),
        ("commit", setting.commit),
        ("restart", "; ".join(f"{item.what}, {item.when}" for item in setting.restart)),
        ("read", f"{setting.read}; written: {setting.write}"),
        *((f"with {side}", ", ".join(f"{where} {text}" for where, text in found.items())) for side, found in values),
        ("site", ", ".join(dict.fromkeys(str(key) for row in rows for key in cast("list[str]", row["site"])))),
        ("manual", "; ".join(_line(first, last, catalogue.page(first)) for first, last in setting.manual)),
    )
    return tuple((name, text) for name, text in facts if text)


def setting_values(setting: Setting, rows: list[dict[str, Json]], operational: str) -> dict[str, str]:
    """The value by side with `operational` in service; what the manual does not state is marked."""
    found: dict[str, str] = {}
    for row in rows:
        for side, value in cast("dict[str, dict[str, str]]", row["values"])[operational].items():
            if found.get(side, NOTHING) == NOTHING:
                found[side] = value
    basis = dict(zip(SIDES, setting.basis[operational], strict=True))
    return {
        side: f"{value} ({basis[side]})" if value != NOTHING and basis.get(side) in _UNSTATED else value
        for side, value in sorted(found.items())
    }


def _attribute_row(kind: ResourceType, attribute: AttributeType, setting: Setting | None) -> dict[str, Json]:
    expression = setting.value if setting and setting.valued else attribute.desired
    sides = SIDES if "{dc}" in kind.address else (kind.address[:3],) if kind.address[:3] in SIDES else ("",)
    if sides == ("",) and isinstance(expression, dict) and not _SIDED.isdisjoint(expression):
        sides = SIDES  # one resource, and what the manual says of it differs by data centre
    observed = attribute.kind == "observed"
    own: dict[str, Json] = {
        "kind": attribute.kind,
        "type": attribute.type,
        "allowed": [keys_for_names(item) if isinstance(item, str) else item for item in attribute.allowed],
        "console": keys_for_names(kind.console["path"]),
        "commit": "" if observed or kind.console["commit"] == "none" else kind.console["commit"],
        "read": "none" if not attribute.readable else setting.read if setting else "auto",
        "write": "none" if observed else kind.write,
        "manual": _lines(attribute.manual or kind.manual),
    }
    return {
        "setting": attribute.setting,
        "address": kind.address,
        "attribute": attribute.label,
        **(_record(setting) if setting else own),
        **{f"attribute_{name}": value for name, value in own.items()},
        **_about(setting, expression, sides),
    }


def _setting_row(setting: Setting) -> dict[str, Json]:
    own = _record(setting)
    return {
        "setting": setting.id,
        "address": None,
        "attribute": None,
        **own,
        **{f"attribute_{name}": None for name in own},
        **_about(setting, setting.value, SIDES),
    }


def _record(setting: Setting) -> dict[str, Json]:
    """What the manual says of a setting; an attribute that holds it has the same under names of its own."""
    return {
        "kind": setting.kind,
        "type": setting.type,
        "allowed": list(setting.allowed),
        "console": setting.console,
        "commit": setting.commit,
        "read": setting.read,
        "write": setting.write,
        "manual": _lines(setting.manual),
    }


def _about(setting: Setting | None, expression: Json, sides: tuple[str, ...]) -> dict[str, Json]:
    """What a row says beyond its attribute: the setting's own words, its values, the site's keys behind them."""
    return {
        "label": setting.label if setting else None,
        "printed": setting.printed if setting else None,
        "section": setting.section if setting else None,
        "secret": setting.secret if setting else None,
        "basis": {side: list(found) for side, found in setting.basis.items()} if setting else None,
        "override": setting.override if setting else None,
        "restart": [
            {"what": item.what, "when": item.when, "manual": _lines(item.manual)}
            for item in (setting.restart if setting else ())
        ],
        "values": {
            operational: {side or "shared": in_words(expression, operational, side) for side in sides}
            for operational in SIDES
        },
        "site": list(
            dict.fromkeys((*keys_of(expression), *topology_keys(expression), *(setting.site if setting else ())))
        ),
        "note": setting.note if setting else "",
    }


def _lines(manual: Lines) -> list[Json]:
    return [[first, last] for first, last in manual]


def _line(first: int, last: int, page: int) -> str:
    return f"{'line' if first == last else 'lines'} {first}{'' if first == last else f'-{last}'} (p. {page})"
