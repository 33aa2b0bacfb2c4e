"""Every mistake of the manual has a decision, and something that carries it out; what is awaited is open."""

import re
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.catalogue.bind import BoundCatalogue
from oceana_dr.catalogue.build import SOURCE
from oceana_dr.catalogue.covering import check_indexed
from oceana_dr.catalogue.errata import Erratum, load_errata, load_guidance, load_limitations
from oceana_dr.catalogue.holding import Records, check_answers, holders, state_of, strongest
from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.catalogue.observances import load_coverage, load_observances
from oceana_dr.compile.bindings import bind_site
from oceana_dr.diagnostics.codes import ALL
from oceana_dr.drivers.gateway.canonical import canonical_resource, canonical_value
from oceana_dr.operations.explaining.errata import erratum_names, explain_erratum, titles
from oceana_dr.operations.explaining.rules import catalogue_ids
from oceana_dr.present.coverage_text import STATES
from scripts.reference.errata import THEMES, errata_page
from tests.planning import loaded

ERRATA = load_errata()
ANSWERS = (*ERRATA, *load_limitations(), *load_guidance())
LAST_LINE = 2510
INDEX = {
    kind: {row.id for row in load_coverage() if row.kind == kind} for kind in ("defect", "limitation", "procedure")
}
RECORDS = Records(
    settings=[{"id": "a.setting", "write": "operator"}],
    procedures=[{"id": "by-hand", "driver": "operator"}],
    scenarios=[
        {
            "id": "a-move",
            "steps": [
                {"id": "P1.a", "kind": "set"},
                {"id": "P1.b", "kind": "run", "procedure": "by-hand"},
                {"id": "P2", "kind": "confirm"},
                {"id": "P3", "kind": "set", "procedure": "by-setting"},
            ],
        }
    ],
    orders=[{"rules": [{"id": "first-things-first"}]}],
    rules=[
        {"id": "strict", "code": "OD9001", "severity": "error"},
        {"id": "mild", "code": "OD9002", "severity": "info"},
    ],
    invariants=[{"id": "S-00"}],
    observances=[{"id": "looked-at"}, {"id": "asked", "ask": "Is it so?"}],
    roots=(SOURCE.parents[1],),
)


def test_every_mistake_of_the_index_has_its_decision() -> None:
    own = {item.id for item in ERRATA}
    assert INDEX["defect"] <= own
    assert len(own) == len(ERRATA)
    # What no list of the manual's mistakes has, and a decision was needed all the same.
    assert own - INDEX["defect"] == {
        "acm-backup-no-procedure",
        "analytics-database-only",
        "attribute-restart-unsaid",
        "reporting-loss-unquantified",
        "wan-list-incomplete",
    }


def test_every_numbered_decision_stands_somewhere() -> None:
    assert {number for item in ERRATA for number in item.also} == {f"D-{number:02}" for number in range(1, 69)}


def test_limits_and_sections_are_those_of_the_index() -> None:
    assert {item.id for item in load_limitations()} == INDEX["limitation"]
    assert {item.id for item in load_guidance()} <= INDEX["procedure"]


@pytest.mark.parametrize("item", ERRATA, ids=lambda item: item.id)
def test_a_mistake_says_what_is_wrong_and_what_is_done(item: Erratum) -> None:
    assert item.severity in {"high", "medium", "low"}
    assert item.theme in THEMES
    for text in (item.wrong, item.decision):
        assert text.endswith(".")
        assert text[0].isupper() or text.startswith("dc")
    assert item.wrong.count(". ") == 0, "one sentence"
    assert item.held_by
    assert item.manual
    assert all(0 < first <= last <= LAST_LINE for first, last in item.manual)


@pytest.mark.parametrize("item", ANSWERS, ids=lambda item: item.id)
def test_what_holds_a_decision_can_be_named(item: Erratum) -> None:
    assert item.state in STATES
    assert item.state != "open"
    for name in item.held_by:
        assert name in titles() or "/" in name, name


def test_no_two_records_have_one_name() -> None:
    others = {*catalogue_ids(load_catalogue()), *(item.id for item in load_observances())}
    assert {item.id for item in ERRATA} & {*others, *(rule.id for rule in load_catalogue().rules)} == set()


@pytest.mark.parametrize(
    ("item", "accepted"),
    [(item, accepted) for item in ERRATA for accepted in item.accepts],
    ids=lambda value: getattr(value, "printed", ""),
)
def test_a_reader_takes_the_printed_word(item: Erratum, accepted: Any) -> None:
    bound = BoundCatalogue(load_catalogue(), bind_site(loaded("globex")))
    found = [
        (address, label, attribute.type)
        for address, resource in bound.resources.items()
        for label, attribute in resource.attributes.items()
        if attribute.type.setting == accepted.setting
    ]
    assert found, f"{item.id}: no attribute has the setting {accepted.setting}"
    for address, label, kind in found:
        if label == accepted.canonical:
            assert canonical_resource(bound, address, {accepted.printed: 1}) == {accepted.canonical: 1}
        elif label == "nodes":  # of each node, beside the state of the cluster
            continue
        else:
            read = canonical_value(kind, accepted.printed)
            assert read == accepted.canonical, f"{address}#{label}"
            assert read != accepted.printed


def test_the_state_follows_from_the_strongest_holder() -> None:
    known = holders(RECORDS)
    assert {name: state for name, state in known.items() if name not in ALL} == {
        "a.setting": "operator",
        "by-hand": "operator",
        "a-move": "done",
        "P1": "done",
        "P1.a": "done",
        "P1.b": "operator",
        "P2": "operator",
        "P3": "done",
        "by-setting": "done",
        "first-things-first": "done",
        "strict": "refused",
        "OD9001": "refused",
        "mild": "warned",
        "OD9002": "warned",
        "S-00": "refused",
        "looked-at": "done",
        "asked": "operator",
    }
    assert known["OD1131"] == "refused", "a code of the site language"
    assert strongest(["warned", "operator", "done", "refused"]) == "refused"
    assert strongest(["warned", "operator"]) == "operator"
    assert state_of({"held_by": ["mild"]}, known, ()) == "warned"
    assert state_of({"held_by": ["mild", "catalogue/oceana_3_5/manual.yaml"]}, known, RECORDS.roots) == "done"


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ({"held_by": ["P9"]}, "x is held by what is not there: P9"),
        ({"held_by": ["templates/none.j2"]}, "x is held by what is not there: templates/none.j2"),
        ({"held_by": []}, "x is held by nothing"),
    ],
)
def test_the_build_refuses_an_answer_that_does_not_fit(answer: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        check_answers([{"id": "x", **answer}], holders(RECORDS), RECORDS.roots)


def test_an_answer_to_what_the_manual_does_not_have_is_refused() -> None:
    index: dict[str, list[dict[str, Any]]] = {"defect": [{"id": "known"}]}
    check_indexed(index, {"defect": [{"id": "known"}, {"id": "own", "manual": [[1, 1]]}]})
    with pytest.raises(ValueError, match=r"not in manual\.yaml under defect: strange"):
        check_indexed(index, {"defect": [{"id": "strange"}]})


def test_no_other_record_settles_a_mistake_or_a_limit() -> None:
    for path in SOURCE.glob("*/*.yaml"):
        assert not re.search(r"^\s*(settles|limitations):", path.read_text("utf-8"), re.MULTILINE), path


def test_each_is_explained_by_its_name_and_number() -> None:
    assert {"D-15", "latest-backup-ambiguous", "no-active-active", "recovery-overview"} <= set(erratum_names())
    for name in erratum_names():
        assert explain_erratum(name) is not None, name
        assert name not in load_catalogue().scenarios, name
    assert explain_erratum("d-15") == explain_erratum("latest-backup-ambiguous")
    assert explain_erratum("no-such-thing") is None


def test_the_page_has_them_all_and_leads_to_what_holds_them() -> None:
    page = errata_page()
    assert [item.id for item in ERRATA if f"\n### {item.id}\n" not in page] == []
    folder = Path(__file__).parents[2] / "docs" / "explanation"
    for target in set(re.findall(r"\]\(([^)#]+)", page)):
        assert (folder / target).is_file(), target
