"""Every setting of the manual has its record, its place, and a value that can be said and worked out."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.build import compile_settings
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.settings import COMPILED, Setting, load_settings
from oceana_dr.catalogue.wording import NOTHING, in_words, keys_of, rule_of
from oceana_dr.compile.bindings import bind_site
from oceana_dr.compile.expression import Evaluation
from oceana_dr.estate.address import SIDES
from oceana_dr.estate.values import Json, SecretRef
from oceana_dr.operations.settings_table import settings_table
from oceana_dr.source.site.model import Site
from oceana_dr.source.site.shape import field_at, shape_at
from tests.planning import SITES, loaded

IDS = (Path(__file__).with_name("setting_ids.txt")).read_text("utf-8").split()
ROWS = settings_table(load_catalogue(), load_settings())
SETTINGS = {item.id: item for item in load_settings()}
DECIDED = {"config", "lever", "input", "precondition", "artifact", "derived"}
# What a person finds on the page itself: these three describe every attribute, and their note says so.
OF_EVERY_ATTRIBUTE = {"smgr.attribute.override-default", "smgr.attribute.effective-value", "smgr.attribute.scope"}
# The manual names the thing, its page or its record shows a state or a value of it.
SHOWN_OTHERWISE = {
    "acm.admin-client.installation", "acm.license-tracker.state", "acm.sql-server.state", "dns.auth-token-service",
    "breeze.oceanamonitorservice.installed", "dns.mobile-communications", "dns.web-gateway", "pom.campaigns",
    "smgr.geo-replication", "workspaces.url",
}  # fmt: skip


def expanded(path: str) -> Iterator[str]:
    """The paths that a key with braces stands for; a star is any name."""
    for side, peer in (("dc1", "dc2"), ("dc2", "dc1")):
        yield path.replace("{dc}", side).replace("{peer}", peer).replace("*", "chat")


def test_the_compiled_settings_are_fresh() -> None:
    assert COMPILED.read_text("utf-8") == compile_settings(), "run: python -m oceana_dr.catalogue.build"


def test_every_setting_of_the_manual_has_a_record_and_rows() -> None:
    assert list(SETTINGS) == IDS
    assert sorted({str(row["setting"]) for row in ROWS if row["setting"]}) == IDS


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda item: item.id)
def test_a_setting_has_its_place(setting: Setting) -> None:
    rows = [row for row in ROWS if row["setting"] == setting.id]
    if all(row["address"] for row in rows):
        assert all(row["attribute"] for row in rows)
    else:
        assert len(rows) == 1, "attributes and none of them"
        assert rows[0]["site"] or setting.value is not None or setting.note
    if setting.kind in DECIDED - {"input"} and setting.id not in OF_EVERY_ATTRIBUTE:
        assert any(row["site"] or row["address"] or setting.value is not None for row in rows)
    if setting.kind == "input":
        assert any(row["site"] for row in rows), "a fact of the site without a key"


@pytest.mark.parametrize("path", sorted({str(key) for row in ROWS for key in row["site"]}))  # type: ignore[union-attr]
def test_a_key_behind_a_setting_is_one_of_the_site_language_and_is_described(path: str) -> None:
    known = []
    for full in expanded(path):
        parts = tuple(full.split("."))
        try:
            shape_at(Site, parts)
        except KeyError:
            continue
        field = field_at(Site, parts)
        assert field is None or field.description, full  # below a mapping of free names there are no fields
        known.append(full)
    assert known, f"no site has {path}"


@pytest.mark.parametrize("operational", SIDES)
@pytest.mark.parametrize("site", SITES)
def test_a_value_without_an_attribute_can_be_worked_out(site: str, operational: str) -> None:
    values = loaded(site)
    bindings = bind_site(values)
    for setting in SETTINGS.values():
        for side in SIDES if setting.valued else ():
            value = Evaluation(values, operational, side, bindings).value(setting.value)
            if setting.secret and value is not None:
                assert isinstance(value, SecretRef), setting.id
            if setting.allowed and value is not None and setting.type == "enum":
                for item in value if isinstance(value, tuple) else (value,):
                    # Where one page is filled in for several jobs, each value has the job before it.
                    assert (item.rpartition(": ")[2] if isinstance(item, str) else item) in setting.allowed, setting.id


def test_values_that_are_sentences_of_the_manual_are_said() -> None:
    def said(setting: str) -> Json:
        return next(row["values"] for row in ROWS if row["setting"] == setting)

    assert said("acm.restore-point") == {
        "dc1": {"dc1": "backup taken before the failure", "dc2": NOTHING},
        "dc2": {"dc1": NOTHING, "dc2": NOTHING},
    }
    assert said("smgr.backup-job.schedule-job") == {
        "dc1": {
            "dc1": "UCA: Run immediately, UCM: Schedule later, UCM before a move: Run immediately",
            "dc2": NOTHING,
        },
        "dc2": {"dc1": NOTHING, "dc2": "UCM: Schedule later, UCM before a move: Run immediately"},
    }
    assert said("pom.campaigns") == {
        "dc1": {"dc1": "allowed", "dc2": "none"},
        "dc2": {"dc1": "stopped", "dc2": "none"},
    }


def test_what_is_said_of_a_value_is_what_decides_it() -> None:
    for row in ROWS:
        values = row["values"]
        assert isinstance(values, dict)
        assert set(values) == set(SIDES)
    restored = next(row for row in ROWS if row["setting"] == "ocdb.restore.file")
    assert restored["values"] == {
        "dc1": {"dc1": "{backup.omnichannel.file}", "dc2": "{backup.omnichannel.mirror_file}"},
        "dc2": {"dc1": NOTHING, "dc2": NOTHING},
    }


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda item: item.id)
def test_the_table_says_of_a_setting_what_its_page_says(setting: Setting) -> None:
    said = {
        **{name: getattr(setting, name) for name in ("kind", "type", "label", "printed", "section", "secret", "note")},
        **{name: getattr(setting, name) for name in ("console", "commit", "read", "write", "override")},
        "allowed": list(setting.allowed),
        "manual": [list(lines) for lines in setting.manual],
        "basis": {side: list(found) for side, found in setting.basis.items()},
        "restart": [
            {"what": item.what, "when": item.when, "manual": [list(lines) for lines in item.manual]}
            for item in setting.restart
        ],
    }
    for row in (row for row in ROWS if row["setting"] == setting.id):
        assert {name: row[name] for name in said} == said


def test_an_attribute_keeps_its_own_facts_beside_those_of_its_setting() -> None:
    (row,) = (row for row in ROWS if row["setting"] == "acm.audit-log.state")
    assert (row["kind"], row["attribute_kind"]) == ("lever", "role")
    assert row["console"] == "Windows services on ACM-APP-2"
    assert row["attribute_console"] == ("Windows Services on {data_centers.{dc}.control_manager.application_server}")
    assert (row["commit"], row["attribute_commit"]) == ("", "OK")


def test_an_attribute_that_stands_for_no_setting_is_said_by_itself() -> None:
    alone = [row for row in ROWS if row["setting"] is None]
    assert alone
    for row in alone:
        assert row["console"] == row["attribute_console"]
        assert row["kind"] == row["attribute_kind"]


def test_every_name_in_braces_is_a_key_of_the_site() -> None:
    """A reader knows the site's keys; the catalogue's own names stand only in addresses, which are looked up."""
    words = str([{name: text for name, text in row.items() if name != "address"} for row in ROWS])
    for name in set(re.findall(r"\{((?:[\w.*-]|\{dc\}|\{peer\})+)\}", words)) - {"dc", "peer"}:
        for full in expanded(name):
            shape_at(Site, tuple(full.split(".")))


@pytest.mark.parametrize("site", SITES)
def test_words_and_attributes_agree(site: str) -> None:
    bound = BoundCatalogue(load_catalogue(), bind_site(loaded(site)))
    for resource in bound.resources.values():
        for label, attribute in resource.attributes.items():
            setting = SETTINGS.get(attribute.type.setting or "")
            assert attribute.type.setting is None or setting is not None, label
            if setting is None:
                continue
            if setting.printed and setting.id not in SHOWN_OTHERWISE:
                assert label == setting.label
            if attribute.type.kind != "observed" and setting.id not in SHOWN_OTHERWISE:
                assert setting.write == resource.type.write, setting.id
            assert ("override" in attribute.type.type) is (setting.override != "none"), setting.id
            if not attribute.type.readable:
                assert (setting.read, setting.secret) == ("none", True), setting.id


def test_literals_are_text_or_numbers() -> None:
    assert [item.id for item in SETTINGS.values() for value in item.allowed if type(value) not in (str, int)] == []


def test_secrets_are_never_read_back() -> None:
    assert [item.id for item in SETTINGS.values() if item.secret and item.read != "none"] == []


def test_a_rule_is_said_in_the_words_of_the_table_for_both_sides_at_once() -> None:
    chat: Json = {"by_channel": {"chat": {"open": False, "draining": True}}}
    side: Json = {"by_side": {"operational": chat, "resting": True}}
    assert rule_of({"override": side}) == (
        "(false while the site's channels.chat is open, true while it is draining) on the operational side, "
        "true on the resting side"
    )
    assert in_words(side, "dc1", "dc1") == "false while {channels.chat} is open, true while it is draining"
    assert rule_of({"by_operational": {"dc1": "a", "dc2": "b"}}) == "a while dc1 is operational, b while dc2 is"
    assert rule_of({"by_dc": {"dc1": "a", "dc2": {"site": "b", "else": ""}}}) == (
        "a in dc1, (the site's b, or else empty) in dc2"
    )
    assert rule_of({"by_topology": {"ha": {"yes": "x", "no": "y"}}}) == "x with ha, y without"
    assert rule_of({"by_topology": {"ha": {"yes": {"list": ["x", "z"]}, "no": None}}}) == "(x, z) with ha"
    assert rule_of({"text": "x{0}", "with": ["a"]}) == "x<a>"
    assert rule_of({"secret": "a"}) == "the secret that the site's a refers to"


def test_every_constructor_has_words() -> None:
    assert in_words({"site": "a.{dc}.b"}, "dc1", "dc2") == "{a.dc2.b}"
    assert in_words({"site": "a.{dc}.b"}, "dc1", "") == "{a.{dc}.b}", "shared by both: read in each"
    assert in_words({"site": "a", "else": ""}, "dc1", "") == "{a}, or else empty"
    assert in_words({"text": "x{1}y{0}", "with": ["a", "{peer}"]}, "dc1", "dc1") == "x{dc2}y{a}"
    assert in_words({"first": ["a", "b"], "else": "c"}, "dc1", "") == "{a}, or else {b}, or else c"
    assert in_words({"pairs": ["a", "b"]}, "dc1", "") == "{a}, overlaid by {b}"
    assert in_words({"flag": {"a": ["on", "off"]}}, "dc1", "") == "on if {a}, otherwise off"
    assert in_words({"list": [1, {"secret": "a"}]}, "dc1", "") == "1, the secret that {a} refers to"
    assert in_words({"override": {"by_side": {"operational": "x", "resting": "y"}}}, "dc1", "dc2") == "y"
    assert in_words({"by_topology": {"ha": {"yes": "x", "no": None}}}, "dc1", "") == "x with ha"
    assert in_words({"by_channel": {"chat": {"open": "x", "draining": "y"}}}, "dc1", "dc1") == (
        "x while {channels.chat} is open, y while it is draining"
    )
    assert keys_of(
        {"by_side": {"operational": {"flag": {"a": ["b", "c"]}}, "resting": {"text": "", "with": ["d"]}}}
    ) == (
        "a",
        "d",
        "operational",
    )
