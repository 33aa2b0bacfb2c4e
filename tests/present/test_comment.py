"""A plan as a comment on a pull request, and as annotations: what a reviewer reads, and what a stranger cannot do."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from oceana_dr.diff.reason import Reason
from oceana_dr.estate.address import Address
from oceana_dr.estate.values import Unknown
from oceana_dr.plan.model import Cause, Change, Finding, Phase, Plan
from oceana_dr.present.budget import Block, fit
from oceana_dr.present.comment_steps import alike
from oceana_dr.present.markdown import code, prose
from oceana_dr.present.plan_annotations import MOST, render_annotations
from oceana_dr.present.plan_comment import ROOM, marker, render_comment
from tests.golden_files import Golden
from tests.present.samples import nothing, refused, switchover
from tests.present.test_any_plan import plans

GOLDENS = Path(__file__).parents[1] / "goldens" / "present"
GITHUB = MarkdownIt("gfm-like")
# A name with a dot in it is no link for GitHub, only `www.` and addresses with a scheme are.
GITHUB.linkify.set({"fuzzy_link": False})  # type: ignore[union-attr] # the preset brings it
OURS = {"details", "summary", "b"}


def tokens(text: str) -> list[Token]:
    """Everything that GitHub's Markdown makes of a text, flat."""
    return [inner for token in GITHUB.parse(text) for inner in (token, *(token.children or ()))]


def is_link(token: Token) -> bool:
    """Whether GitHub would make a link of it: the parser here also takes a name alone, as in `0.al`, for an address."""
    if token.type != "link_open":
        return False
    bare = re.fullmatch(r"http://(?!www\.)[^/:@]*", str(token.attrs["href"]), re.IGNORECASE)
    return not (bare and token.markup == "linkify")


@pytest.mark.parametrize("case", ["switchover", "refused", "nothing"])
def test_a_comment_reads_like_this(case: str, golden: Golden) -> None:
    plan = {"switchover": switchover("globex"), "refused": refused(), "nothing": nothing()}[case]
    golden(GOLDENS / f"comment-{case}.md", render_comment(plan))


def test_what_a_reviewer_needs_comes_before_the_steps() -> None:
    text = render_comment(switchover("globex"))
    order = ["### globex", "May be applied", "Callers notice", "No way back", "Warnings", "<details>"]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)


@settings(max_examples=50, deadline=None)
@given(plans(), st.sampled_from([ROOM, 3_000]))
def test_nothing_that_a_stranger_wrote_is_markup(plan: Plan, room: int) -> None:
    text = render_comment(plan, room=room)
    assert text.startswith("<!-- oceana-dr plan ")
    assert len(text.encode()) <= room
    assert not any(bad in text for bad in ("\x1b", "\r", "\u202e", "\0"))
    for token in tokens(text):
        assert not is_link(token)
        assert token.type not in {"image", "heading_open"} or token.tag == "h3"
        if token.type in {"html_block", "html_inline"}:
            assert set(re.findall(r"</?([a-z]+)", re.sub(r"^<!-- [^>]* -->", "", token.content))) <= OURS
    if room == ROOM:
        assert all(code(step.id) in text for step in plan.steps)


@given(st.text())
def test_prose_is_one_line_that_shows_its_letters(text: str) -> None:
    found = tokens(prose(text))
    shown = "".join(token.content for token in found if token.type in {"text", "text_special"}).replace("\u200b", "")
    shown = shown.replace("\u00a0", " ")
    assert {token.type for token in found} <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
    assert shown == " ".join(prose_of(text).split()) or len(text) > 900


def prose_of(text: str) -> str:
    from oceana_dr.present.cells import show_text

    return show_text(" ".join(text.split()), ascii_only=False)


@pytest.mark.parametrize(
    "text",
    [
        "@octocat",
        "see #12",
        "GH-12",
        "https://evil.example",
        "www.evil.example",
        "<img src=x>",
        "[a](b)",
        "# big",
        "1. x",
    ],
)
def test_a_text_calls_nobody_and_points_nowhere(text: str) -> None:
    shown = prose(text)
    assert not re.search(r"(?<!&)[@#]\w|GH-\d|://\w|www\.\w", shown)
    assert {token.type for token in tokens(shown)} <= {
        "paragraph_open",
        "inline",
        "text",
        "text_special",
        "paragraph_close",
    }


@given(st.text(alphabet="`a b", min_size=1, max_size=12))
def test_a_value_is_shown_letter_by_letter(text: str) -> None:
    (shown,) = [token.content for token in tokens(f"x {code(text)} y") if token.type == "code_inline"]
    assert shown == text


def test_a_marker_is_of_one_site_and_ends_no_comment() -> None:
    assert marker("acme") == "<!-- oceana-dr plan acme -->"
    assert marker("--><img>") == "<!-- oceana-dr plan -img- -->"


def wide(number: int) -> Plan:
    """A plan of so many steps, each of which removes something without a way back, and as many findings."""
    one = next(step for step in switchover("acme").steps if step.change is not None)
    steps = tuple(
        replace(
            one,
            id=f"A{place:04}",
            address=Address(f"dc1/hosts/{place}"),
            title=f"take entry {place} out of the hosts file",
            change=Change({"address": "192.0.2.1"}, {"address": Unknown("absent")}, Reason.CONFIG),
            action=None,
            after=(),
            irreversible="it is not kept anywhere",
        )
        for place in range(number)
    )
    findings = tuple(
        Finding(f"dark-dc1/hosts/{place}", "OD2006", "refuse", f"dc1/hosts/{place} cannot be read: unreachable")
        for place in range(number)
    )
    phases = (Phase("prepare", "Prepare", tuple(step.id for step in steps)),)
    return replace(switchover("acme"), steps=steps, phases=phases, findings=findings, outage={})


@pytest.mark.parametrize("number", [50, 400, 1_000, 4_000])
def test_a_comment_is_never_too_long_and_never_hides_what_must_be_known(number: int) -> None:
    plan = wide(number)
    text = render_comment(plan)
    assert len(text.encode()) <= ROOM
    assert f"Removed ({number})" in text
    assert f"Refused ({number})" in text
    assert "No way back" in text
    for step in plan.steps if number <= 400 else ():
        assert text.count(code(step.id)) >= 1, step.id
    assert ("Shortened" in text) is (number > 50)
    if number == 4_000:
        assert "`OD2006`: 4,000 findings" in text
        assert "dc1 4,000" in text


def test_the_longest_part_is_shortened_first_and_the_last_ones_give_way() -> None:
    blocks = [Block(("head",)), Block(("x" * 100, "x")), Block(("y" * 50, "y"))]
    assert fit(blocks, 400, "cut") == f"head\n\n{'x' * 100}\n\n{'y' * 50}\n"
    assert fit(blocks, 100, "cut") == f"head\n\nx\n\n{'y' * 50}\n\ncut\n"
    assert fit(blocks, 20, "cut") == "head\n\nx\n\ny\n\ncut\n"
    assert fit(blocks, 14, "cut") == "head\n\nx\n\ncut\n"


def test_the_same_change_on_many_systems_is_one_row() -> None:
    groups = [[step.id for step in group] for group in alike(switchover("globex").steps[4:15])]
    assert ["P06.ed", "P09.voice", "P09.video"] in groups
    assert ["P06.smgr", "P07", "P08"] in groups


def test_annotations_stand_on_the_lines_that_cause_steps() -> None:
    lines = render_annotations(switchover("globex")).splitlines()
    assert lines[0].startswith("::warning title=OD2122::web callers")
    first = next(line for line in lines if "file=" in line)
    assert re.match(r"::notice file=sites/\S+\.yaml,line=\d+,title=globex%3A \d+ steps of the plan::\S+ ", first)
    assert len([line for line in lines if line.startswith("::notice")]) <= MOST


def test_annotations_are_no_more_than_github_shows() -> None:
    plan = wide(30)
    steps = tuple(replace(step, cause=(Cause("sites/a.yaml", place),)) for place, step in enumerate(plan.steps))
    lines = render_annotations(replace(plan, steps=steps)).splitlines()
    assert [sum(line.startswith(f"::{level} ") for line in lines) for level in ("error", "notice")] == [MOST, MOST]
    assert lines[MOST - 1] == "::error title=more findings::and 21 more; see the plan"
    assert lines[-1].endswith("::and 21 more lines cause steps")


@settings(max_examples=30, deadline=None)
@given(plans())
def test_no_text_begins_a_command_of_its_own(plan: Plan) -> None:
    lines = render_annotations(plan).splitlines()
    assert all(re.match(r"::(error|warning|notice) ", line) for line in lines)
