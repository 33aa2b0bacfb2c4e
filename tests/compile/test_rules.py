"""The vocabulary of rules about files, silences, and what is remembered of a judged site."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.model import Catalogue
from oceana_dr.catalogue.rules import Rule, rule_from
from oceana_dr.compile.desired import compile_site
from oceana_dr.compile.rules import desired, files
from oceana_dr.compile.rules import judge as judge_module
from oceana_dr.compile.rules.conditions import condition_from
from oceana_dr.compile.rules.glimpse import Glimpse
from oceana_dr.compile.rules.paths import Standpoint, pattern_from, standpoints
from oceana_dr.compile.rules.silences import apply_silences
from oceana_dr.compile.rules.special import SPECIAL
from oceana_dr.compile.rules.truth import judge
from oceana_dr.diagnostics import Diagnostic, Severity
from oceana_dr.estate.address import Ref
from oceana_dr.estate.estate import ABSENT
from oceana_dr.operations.judging import with_rules
from oceana_dr.source.cache import Cache
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.load import check_sites, load_site
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.prepared import prepare_site
from oceana_dr.source.project import open_project
from oceana_dr.source.yaml_tree import read_tree
from tests.planning import SITES, copy_project, edit, loaded

TEXT = r"""
numbers: {small: 3, large: 10, words: three}
names: {one: Aoc1.example, two: aoc1.EXAMPLE, three: other.example}
paths: {data: 'E:\data', backup: 'e:\backup', spare: 'F:\spare'}
lists: {both: [A, B], one: [A]}
maps: {left: {a: "1", b: "2"}, right: {a: "1", b: "3"}, same: {b: "2", a: "1"}}
times: {day: 1d}
flag: true
nothing: null
data_centers:
  dc1: {name: Frankfurt, servers: [{fqdn: a.example}, {fqdn: b.example}]}
  dc2: {name: Leipzig, servers: [{fqdn: c.example}, {fqdn: A.example}]}
"""


def view(text: str = TEXT) -> SiteView:
    tree = read_tree(text, "site.yaml")
    assert tree.root is not None
    return SiteView(merge_trees((tree.root,)), "acme")


HERE = Standpoint(())


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ({"has": "flag"}, True),
        ({"has": "nothing"}, False),
        ({"has": "numbers.missing"}, False),
        ({"has": "data_centers.*.servers.*.fqdn"}, True),
        ({"lacks": "nothing"}, True),
        ({"lacks": "flag"}, False),
        ({"is": ["numbers.small", 3, 4]}, True),
        ({"is": ["numbers.small", 4]}, False),
        ({"is": ["numbers.small", "3"]}, None),
        ({"is": ["numbers.missing", 3]}, None),
        ({"is": ["flag", True]}, True),
        ({"is": ["flag", 1]}, None),
        ({"is": ["data_centers.*.name", "Frankfurt", "Leipzig"]}, True),
        ({"is": ["data_centers.*.name", "Frankfurt"]}, False),
        ({"matches": ["names.one", "Aoc.*"]}, True),
        ({"matches": ["names.one", "oc1"]}, False),
        ({"matches": ["numbers.small", "3"]}, None),
        ({"at_most": ["numbers.small", 3]}, True),
        ({"at_most": ["numbers.large", 9]}, False),
        ({"at_least": ["numbers.large", 11]}, False),
        ({"at_least": ["numbers.words", 1]}, None),
        ({"at_most": ["flag", 5]}, None),
        ({"lasts": ["times.day", "24h"]}, True),
        ({"lasts": ["times.day", "25h"]}, False),
        ({"lasts": ["names.one", "1h"]}, None),
        ({"times": ["numbers.large", 3, "numbers.small"]}, True),
        ({"times": ["numbers.large", 4, "numbers.small"]}, False),
        ({"times": ["numbers.large", 4, "numbers.words"]}, None),
        ({"same": ["names.one", "names.two"]}, True),
        ({"same": ["names.one", "names.three"]}, False),
        ({"same": ["names.one", "names.missing"]}, None),
        ({"distinct": ["data_centers.*.name"]}, True),
        ({"distinct": ["data_centers.*.servers.*.fqdn"]}, False),
        ({"distinct": ["names.missing"]}, None),
        ({"same_entries": ["maps.left", "maps.same"]}, True),
        ({"same_entries": ["maps.left", "maps.right"]}, False),
        ({"same_entries": ["maps.left", "flag"]}, None),
        ({"same_drive": ["paths.data", "paths.backup"]}, True),
        ({"same_drive": ["paths.data", "paths.spare"]}, False),
        ({"other_drive": ["paths.spare", "paths.data", "paths.backup"]}, True),
        ({"other_drive": ["paths.backup", "paths.spare", "paths.data"]}, False),
        ({"other_drive": ["paths.backup", "paths.missing"]}, None),
        ({"covers": ["lists.both", "A", "B"]}, True),
        ({"covers": ["lists.one", "A", "B"]}, False),
        ({"covers": ["flag", "A"]}, None),
        ({"listed": ["names.one", "names.two", "names.three"]}, True),
        ({"listed": ["names.one", "names.three"]}, False),
        ({"listed": ["names.one", "names.missing"]}, None),
        ({"count": ["data_centers.*", 2, 2]}, True),
        ({"count": ["data_centers.*", 1, 1]}, False),
        ({"all": [{"has": "flag"}, {"has": "numbers"}]}, True),
        ({"all": [{"has": "flag"}, {"has": "nothing"}]}, False),
        ({"all": [{"has": "flag"}, {"is": ["numbers.words", 3]}]}, None),
        ({"told": [{"has": "flag"}, {"is": ["numbers.words", 3]}]}, True),
        ({"told": [{"has": "nothing"}, {"is": ["numbers.words", 3]}]}, False),
        ({"told": [{"is": ["numbers.words", 3]}]}, None),
        ({"any": [{"has": "nothing"}, {"has": "flag"}]}, True),
        ({"any": [{"has": "nothing"}, {"lacks": "flag"}]}, False),
        ({"not": {"has": "flag"}}, False),
        ({"not": {"is": ["numbers.words", 3]}}, None),
        ({"if": {"has": "flag"}, "then": {"has": "nothing"}}, False),
        ({"if": {"has": "flag"}, "then": {"has": "numbers"}}, True),
        ({"if": {"has": "nothing"}, "then": {"has": "missing"}}, None),
    ],
    ids=str,
)
def test_a_condition_is_true_false_or_cannot_be_told(condition: object, truth: bool | None) -> None:
    assert judge(condition_from(condition), view(), HERE).truth is truth


@pytest.mark.parametrize(
    "condition",
    [{}, {"is": ["a"]}, {"has": 3}, {"same": []}, {"is": ["a", [1]]}, {"unknown": "a"}, {"if": {"has": "a"}}, "a"],
    ids=str,
)
def test_what_is_not_in_the_vocabulary_is_refused(condition: object) -> None:
    with pytest.raises(ValueError, match="not"):
        condition_from(condition)


def test_what_is_wrong_is_shown_at_both_places() -> None:
    found = judge(condition_from({"distinct": ["data_centers.*.servers.*.fqdn"]}), view(), HERE)
    assert found.places == (
        ("data_centers", "dc2", "servers", 1, "fqdn"),
        ("data_centers", "dc1", "servers", 0, "fqdn"),
    )


def test_a_rule_stands_in_each_data_centre() -> None:
    condition = condition_from({"is": [".name", "Frankfurt"]})
    sides = list(standpoints(pattern_from("dc"), view()))
    assert [(here.dc, judge(condition, view(), here).truth) for here in sides] == [("dc1", True), ("dc2", False)]
    other = condition_from({"is": ["data_centers.{peer}.name", "Leipzig"]})
    assert [judge(other, view(), here).truth for here in sides] == [True, False]


@pytest.mark.parametrize(
    "text",
    ["data_centers: 3", "data_centers: {dc1: [], dc2: x}", "a: 1", "data_centers: {dc1: {clusters: {cluster1: 4}}}"],
)
def test_no_rule_raises_on_a_broken_file(text: str) -> None:
    found = list(files.outcomes(load_catalogue(), view(text)))
    assert [item.rule.id for item in found if item.truth is False and item.rule.severity is Severity.ERROR] == []


def test_every_special_function_is_used() -> None:
    used = {name for rule in load_catalogue().rules for name in specials(rule.check)}
    assert used == set(SPECIAL)


def specials(data: object) -> list[str]:
    match data:
        case {"special": str() as name}:
            return [name]
        case dict():
            return [name for part in data.values() for name in specials(part)]
        case list():
            return [name for part in data for name in specials(part)]
        case _:
            return []


# ------------------------------------------------------------------------------------------------ silences


def rule(**changes: Any) -> Rule:
    record = {
        "id": "chat-stays-open",
        "code": "OD2101",
        "severity": "error",
        "title": "chat is open",
        "manual": [[291, 293]],
        "subject": "site",
        "check": {"must": {"is": ["channels.chat", "open"]}},
        "message": "chat is {value}",
        "silenceable": True,
    }
    return rule_from({**record, **changes})


def judged(folder: Path, monkeypatch: pytest.MonkeyPatch, text: str, *rules: Rule) -> tuple[Diagnostic, ...]:
    """What is found in the example with chat draining and this text added, under these rules alone."""
    root = copy_project(folder)
    catalogue: Catalogue = replace(load_catalogue(), rules=rules)
    monkeypatch.setattr(judge_module, "load_catalogue", lambda: catalogue)
    edit(root / "sites/acme/site.yaml", ("change_windows:", f"channels: {{chat: draining}}\n{text}change_windows:"))
    return check_sites(with_rules(open_project(root)), ["acme"])


def summary(found: tuple[Diagnostic, ...]) -> list[tuple[str, str | None]]:
    return [(item.code, item.silenced) for item in found]


def test_a_silence_keeps_its_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = judged(tmp_path, monkeypatch, "silences: [{rule: od2101, reason: chat moves out in May}]\n", rule())
    assert summary(found) == [("OD2101", "chat moves out in May")]
    assert not found[0].stops


@pytest.mark.parametrize(
    ("at", "reported"), [("channels", False), ("channels.chat", False), ("channels.sms", True), ("chan", True)]
)
def test_a_silence_may_name_a_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str, *, reported: bool
) -> None:
    text = f"silences: [{{rule: chat-stays-open, at: {at}, reason: chat moves out}}]\n"
    found = judged(tmp_path, monkeypatch, text, rule())
    assert any(item.stops for item in found) is reported
    assert ("OD2093" in [item.code for item in found]) is reported


def test_a_rule_that_may_never_be_silenced_is_reported_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "silences: [{rule: OD2101, reason: chat moves out}]\n"
    found = judged(tmp_path, monkeypatch, text, rule(silenceable=False))
    assert sorted(summary(found)) == [("OD2092", None), ("OD2101", None)]


def test_a_silence_of_a_plan_rule_waits_for_plans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "silences: [{rule: OD2101, reason: everybody knows}]\n"
    assert judged(tmp_path, monkeypatch, text, rule(subject="plan", check={"notice": True}, severity="info")) == ()


def test_what_is_missing_is_not_missed_in_a_file_with_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    missing = rule(check={"must": {"has": "outbound.url"}})
    assert [item.code for item in judged(tmp_path / "a", monkeypatch, "", missing)] == ["OD2101"]
    assert [item.code for item in judged(tmp_path / "b", monkeypatch, "nonsense: 3\n", missing)] == ["OD1101"]


def test_nothing_is_unused_while_the_file_has_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "silences: [{rule: OD2101, at: channels.sms, reason: chat moves out}]\nnonsense: 3\n"
    assert sorted(item.code for item in judged(tmp_path, monkeypatch, text, rule())) == ["OD1101", "OD2101"]


def test_a_silence_without_a_reason_silences_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "silences: [{rule: OD2101, reason: ' '}]\n"
    assert sorted(item.code for item in judged(tmp_path, monkeypatch, text, rule())) == ["OD1116", "OD2101"]


def test_a_silenced_site_is_loaded_and_one_that_is_not_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged(tmp_path, monkeypatch, "silences: [{rule: OD2101, reason: chat moves out}]\n", rule())
    project = with_rules(open_project(tmp_path))
    assert load_site(project, "acme").name == "acme"


# ------------------------------------------------------------------------------------------------ the desired estate


def test_only_what_rules_look_at_is_compiled() -> None:
    whole, part = load_catalogue(), desired.looked_at(load_catalogue())
    assert 0 < len(part.resources) < len(whole.resources)
    assert part.rules == whole.rules


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("side", ["dc1", "dc2"])
def test_a_glimpse_is_what_the_whole_estate_says(site: str, side: str) -> None:
    compiled = compile_site(loaded(site), load_catalogue(), side)
    glimpse = Glimpse(loaded(site), load_catalogue(), compiled.bound.bindings)
    references = list(compiled.estate.refs())
    assert {name: glimpse.value(name, side) for name in references} == {
        name: compiled.estate.get(name) for name in references
    }
    for absent in ("dc1/nothing#here", f"{references[0]}!", "dc1/queues#chat"):
        assert glimpse.value(Ref(absent), side) == compiled.estate.get(Ref(absent)) == ABSENT


def test_a_site_is_judged_again_when_the_rules_are_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = copy_project(tmp_path / "project")
    cache = Cache(tmp_path / "cache")
    project = with_rules(open_project(root))
    prepare_site(project, "acme", None, cache)
    asked: list[str] = []

    def findings(_self: object, view: SiteView, _site: object) -> tuple[Diagnostic, ...]:
        asked.append(view.folder)
        return ()

    monkeypatch.setattr(judge_module.RuleJudge, "findings", findings)
    prepare_site(project, "acme", None, cache)
    assert asked == []
    monkeypatch.setattr(judge_module, "_mark", lambda: b"another catalogue")
    prepare_site(project, "acme", None, cache)
    assert asked == ["acme"]


def test_silences_are_matched_without_a_site() -> None:
    found = tuple(apply_silences(load_catalogue(), view("silences: [{rule: OD2182, reason: words}]"), (), frozenset()))
    assert found == ()
