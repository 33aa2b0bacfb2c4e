"""A plan as a page: what is on it, what a stranger cannot do to it, and that it is the same page every time."""

import html
import re
from collections import Counter
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.plan.model import Plan
from oceana_dr.present.page import element, page, style_sheet
from oceana_dr.present.page_chart import Bar, Mark, timeline
from oceana_dr.present.phrases import changes_of, value_text
from oceana_dr.present.plan_page.page import render_plan_page
from oceana_dr.present.plan_topology import differences
from oceana_dr.present.style import Style
from tests.present.samples import nothing, refused, steady, switchover
from tests.present.test_any_plan import plans

RULES = {rule.id: rule for order in load_catalogue().orders.values() for rule in order}
VOID = {"meta", "link", "br"}
ATTRIBUTES = {
    "aria-describedby", "aria-labelledby", "charset", "class", "content", "d", "data-label", "dx", "height",
    "href", "http-equiv", "id", "lang", "name", "open", "overflow", "rel", "role", "rx", "scope", "width", "x", "x1",
    "x2", "y", "y1", "y2",
}  # fmt: skip


class Read(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: Counter[str] = Counter()
        self.attributes: dict[str, list[str]] = {}
        self.open: list[str] = []
        self.text: list[str] = []
        self.headings: list[int] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value or "")
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] != ["style"]:
            self.text.append(data)

    @property
    def shown(self) -> str:
        return "".join(self.text)


def read(plan: Plan) -> Read:
    return Read(render_plan_page(plan, RULES, manual_page=load_catalogue().page))


def test_what_a_reviewer_needs_comes_before_the_steps() -> None:
    shown = read(switchover("globex")).shown
    order = [
        "May be applied.",
        "Warnings (",
        "What callers notice",
        "No way back (",
        "Time: ",
        "Before and after",
        "Steps (",
    ]
    assert [shown.index(part) for part in order] == sorted(shown.index(part) for part in order)


def test_a_refused_plan_says_so_first_and_how_to_go_on() -> None:
    shown = read(refused()).shown
    assert shown.index("Refused: 2 findings must be settled") < shown.index("21 changes")
    assert '--override approvals --reason "..."' in shown
    assert "--override dark-dc1/cm" not in shown
    assert "May be applied" not in shown


def test_a_plan_without_steps_is_a_short_page() -> None:
    found = read(nothing())
    assert "Nothing to do." in found.shown
    assert found.tags["svg"] == found.tags["details"] == 0


def test_a_step_gives_its_reason_with_rule_line_and_page() -> None:
    shown = read(switchover("acme")).shown
    assert "standby-before-replication: " in shown
    assert re.search(r"manual lines? \d+(-\d+)? \(p\.\s\d+\)", shown)
    assert "Read right before it" in shown or "read right before it" in shown
    assert re.search(r"sites/defaults\.yaml:\d+", shown)


def test_what_differs_is_what_is_left_when_all_steps_are_done() -> None:
    plan = switchover("acme")
    found = {(item.side, item.local, item.label): (item.before, item.after) for item in differences(plan)}
    assert found["dc1", "cluster-activity", "status"] == ("ACTIVE", "STANDBY")
    assert found["dc2", "cluster-activity", "status"] == ("STANDBY", "ACTIVE")
    # The voice flag is set and set back: no difference.
    assert ("shared", "experience-portal/application", "voice flag") not in found


@settings(max_examples=25, deadline=None)
@given(plans())
def test_nothing_that_a_stranger_wrote_is_markup(plan: Plan) -> None:
    text = render_plan_page(plan, RULES)
    found = Read(text)
    assert text.isascii()
    assert found.open == []
    assert not {"script", "img", "iframe", "form", "object", "base"} & set(found.tags)
    assert set(found.attributes) <= ATTRIBUTES
    assert all(target.startswith("#") or target == "data:," for target in found.attributes["href"])
    assert len(found.attributes["id"]) == len(set(found.attributes["id"]))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\u2028]", html.unescape(found.shown))
    for step in plan.steps:
        assert step.id in found.shown
        assert step.address is None or Style().text(step.address) in found.shown
        for _, old, new in changes_of(step):
            assert value_text(old, Style()) in found.shown or not value_text(old, Style())
            assert value_text(new, Style()) in found.shown or not value_text(new, Style())


def test_headings_lose_no_level_and_there_is_one_first() -> None:
    for plan in (switchover("globex"), refused(), nothing(), steady()):
        levels = read(plan).headings
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_same_plan_is_the_same_page_whenever_it_was_made() -> None:
    plan = switchover("acme")
    later = replace(plan, meta={**plan.meta, "created_at": "2027-01-01T00:00:00+00:00", "proof_ms": 900})
    assert render_plan_page(plan, RULES) == render_plan_page(later, RULES)


@given(st.text(), st.text())
def test_an_element_shows_its_texts_and_nothing_else(inside: str, attribute: str) -> None:
    found = Read(str(element("p", inside, id=attribute)))
    assert found.tags == {"p": 1}
    assert set(found.attributes) == {"id"}
    assert found.open == []


def test_the_policy_names_the_style_sheet_that_is_there() -> None:
    import base64
    import hashlib

    text = page("a page", [element("h1", "a page")], [])
    style = text[text.index("<style>") + 7 : text.index("</style>")]
    assert style == style_sheet()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src &#39;sha256-{digest}&#39;" in text
    assert "url(" not in style
    assert "@import" not in style


def test_a_bar_says_in_words_what_it_shows() -> None:
    drawn = Read(
        str(timeline("Outages", "t", [Bar("chat", "1 h", 600, 4200, "bad", 7800)], [Mark(900, "no way back")]))
    )
    assert "chat: 1 h, from +0:10 to +1:10; +0:15 no way back" in drawn.shown
    assert "7.69%" in drawn.attributes["x"]
    assert "46.15%" in drawn.attributes["width"]
