"""One folder for each domain rule: `<code>-<id>/positive` keeps it, `<code>-<id>/negative` breaks it.

Each holds one of

- `change.yaml`: an example site with changes, as in `test_invalid.py`, for rules about files;
- `estate.yaml`: `site`, `operational`, and `estate`: values of the compiled estate that are put in place of its own,
  for rules about the desired estate;
- `plan.yaml`: a plan, as `small_plans.py` reads it, for rules about plans.

`negative/expected.txt` is what the tool says. A positive case must be one that the rule speaks of: that it says
nothing because it sees nothing would show nothing.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from oceana_dr.catalogue.load import load_catalogue, load_rule_docs
from oceana_dr.catalogue.rules import Rule, Subject
from oceana_dr.compile.desired import compile_site
from oceana_dr.compile.rules import desired, files
from oceana_dr.compile.rules.outcome import Outcome, diagnostic
from oceana_dr.diagnostics import Diagnostic, InputRefused, Severity
from oceana_dr.diagnostics.codes import ALL
from oceana_dr.estate.address import Ref
from oceana_dr.estate.predicate import Truth
from oceana_dr.estate.values import from_json
from oceana_dr.guard.rules import rule_findings, rulings
from oceana_dr.operations.judging import with_rules
from oceana_dr.operations.validating import check_sites
from oceana_dr.present.diagnostic import render_text
from oceana_dr.source.checks.view import SiteView
from oceana_dr.source.document import read_document
from oceana_dr.source.merge import merge_trees
from oceana_dr.source.project import open_project
from tests.cases.small_plans import plan_of
from tests.cases.test_invalid import PROJECT_FILES, build_project
from tests.golden_files import Golden
from tests.planning import loaded, project

FOLDER = Path(__file__).parent / "rules"
RULES = load_catalogue().rules
FILES = {Subject.SITE: "change.yaml", Subject.DESIRED: "estate.yaml", Subject.PLAN: "plan.yaml"}


@dataclass(frozen=True)
class Told:
    """What came of a case: what the rule said at each place, the text for people, and what else is wrong."""

    truths: tuple[Truth, ...]
    text: str
    others: tuple[Diagnostic, ...] = ()


def folder_of(rule: Rule) -> Path:
    return FOLDER / f"{rule.code}-{rule.id}"


def read(file: Path) -> Any:
    document = read_document(file, file.name)
    assert document.root is not None, document.diagnostics
    return json.loads(json.dumps(merge_trees((document.root,)).data))


def tell(rule: Rule, case: Path, root: Path) -> Told:
    file = case / FILES[rule.subject]
    assert file.exists(), f"{case} has no {file.name}"
    match rule.subject:
        case Subject.SITE:
            return tell_site(rule, case, root)
        case Subject.DESIRED:
            return tell_desired(rule, read(file))
        case Subject.PLAN:
            plan = plan_of(read(file), case)
            truths = tuple(found.truth for found in rulings((rule,), plan))
            told = rule_findings((rule,), plan)
            return Told(truths, "".join(f"{item.severity}[{item.code}]: {item.message}\n" for item in told))


def tell_site(rule: Rule, case: Path, root: Path) -> Told:
    name = build_project(case, root)
    try:
        opened = with_rules(open_project(root))
        found = check_sites(opened, [name])
    except InputRefused as error:
        found = error.diagnostics
        texts = {file: (root / file).read_text("utf-8") for file in PROJECT_FILES}
        return Told((False,), render_text(found, texts.get))
    own = [item for item in found if item.code == rule.code and (rule.held or item.rule == rule.id)]
    if rule.held:
        truths: tuple[Truth, ...] = (not own,)
    else:
        documents = [read_document(path, path.name) for path in (opened.site_file(name), root / "sites/defaults.yaml")]
        view = SiteView(merge_trees(tuple(item.root for item in documents if item.root)), name)
        truths = tuple(item.truth for item in files.outcomes(load_catalogue(), view) if item.rule is rule)
    text = render_text(found, opened.source_text).replace(str(root), "<project>")
    return Told(truths, text, tuple(item for item in found if item not in own and item.stops))


def tell_desired(rule: Rule, case: dict[str, Any]) -> Told:
    assert case.keys() <= {"site", "operational", "estate"}
    compiled = compile_site(loaded(case["site"]), load_catalogue(), case.get("operational", "dc1"))
    values = {Ref(name): from_json(value) for name, value in case.get("estate", {}).items()}
    missing = [name for name in values if name not in set(compiled.estate.refs())]
    assert missing == [], "the estate has no such attribute"
    estate = compiled.estate.with_values(values)
    outcomes: list[Outcome] = list(desired.outcomes_on((desired.read_check(rule),), compiled, estate))
    told = [diagnostic(item, load_catalogue()) for item in outcomes if item.truth is False]
    return Told(tuple(item.truth for item in outcomes), render_text(told, project().source_text))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_that_is_kept_says_nothing(rule: Rule, tmp_path: Path) -> None:
    told = tell(rule, folder_of(rule) / "positive", tmp_path)
    assert False not in told.truths, told.text
    assert told.others == (), told.text
    if not rule.check.get("notice"):
        assert True in told.truths, "the rule does not speak of this case"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_that_is_broken_says_where_and_why(rule: Rule, tmp_path: Path, golden: Golden) -> None:
    case = folder_of(rule) / "negative"
    told = tell(rule, case, tmp_path)
    assert False in told.truths, told.text
    assert f"[{rule.code}]" in told.text
    assert "{" not in told.text.partition("\n")[0], "a name in the message was not filled"
    golden(case / "expected.txt", told.text)


# Reported otherwise than the manual's catalogue says, and why.
OTHER_SEVERITY = {
    "release-match": "another release has other labels and consoles: it is refused, not only warned of",
    "mirror-name": "an installation may have another name, which console steps then show (OD1151)",
    "mirror-port": "as the name",
    "async-instance-name": "as the name",
}


# Limits of the solution that no constraint of the manual's catalogue says.
LIMITS = {
    "calls-are-not-carried-over",
    "activation-takes-downtime",
    "telephony-moves-with-oceana",
    "ess-serves-for-a-time",
}


def test_every_constraint_is_a_rule() -> None:
    lines = (Path(__file__).parent / "constraints.txt").read_text("utf-8").splitlines()
    constraints = dict(line.split() for line in lines)
    assert len(lines) == len(constraints) == 127
    assert {rule.id for rule in RULES} == set(constraints) | LIMITS
    differing = [rule.id for rule in RULES if rule.severity.value != constraints.get(rule.id, rule.severity.value)]
    assert [name for name in differing if name not in OTHER_SEVERITY] == []


def test_every_folder_is_a_rule_s() -> None:
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(folder_of(rule).name for rule in RULES)
    for rule in RULES:
        assert sorted(path.name for path in folder_of(rule).iterdir()) == ["negative", "positive"]


def test_a_code_has_one_meaning() -> None:
    own = [rule.code for rule in RULES if not rule.held]
    assert len(own) == len(set(own))
    assert not set(own) & set(ALL)
    assert [rule.id for rule in RULES if rule.held and rule.code not in ALL] == []
    assert [rule.id for rule in RULES if rule.held and rule.severity is not ALL[rule.code].severity] == []
    assert all("OD2101" <= code <= "OD2231" for code in own)


def test_no_reason_lets_a_plan_run_that_a_rule_refuses() -> None:
    plan_errors = [rule for rule in RULES if rule.subject is Subject.PLAN and rule.severity is Severity.ERROR]
    assert [rule.id for rule in plan_errors if rule.silenceable] == []
    assert [rule.id for rule in RULES if rule.held and rule.silenceable] == []


@cache
def pages() -> dict[str, Any]:
    return dict(load_rule_docs())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_rule_has_a_page(rule: Rule) -> None:
    doc = pages()[rule.id]
    assert rule.manual
    for text in (doc.checks, doc.why):
        assert len(text.split()) > 4
        assert text.endswith(".")
    assert doc.wrong != doc.right
    assert doc.silence == "never" or doc.silence.endswith(".")
    assert not rule.title.endswith(".")
    assert rule.held or rule.message
    assert rule.subject is not Subject.PLAN or not rule.help, "a finding of a plan says it all in its message"
    assert not rule.message.endswith((".", "!"))
