"""Any plan, whatever stands in it: every id, address and value is shown, and none drives the terminal."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.diff.reason import Reason
from oceana_dr.estate.action import SetValues
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.values import Override, SecretRef, Unknown, Value
from oceana_dr.plan.model import Cause, Change, Estimate, Finding, Instructions, Kind, Phase, Plan, Step, StepClass
from oceana_dr.present.phrases import changes_of, local_part, value_text
from oceana_dr.present.plan_text import render_plan
from oceana_dr.present.style import Style
from tests.present.samples import nothing, switchover

NASTY = ("\x1b[2J\x1b]0;owned\x07", "a\nb", "\r0", "\u202eetihw", "\x9b31m", "\u2028", "\ud800", "\0", "\x7f", "x\tz")
texts = st.one_of(st.text(max_size=30), st.sampled_from(NASTY), st.just("https://" + "long." * 20))
values: st.SearchStrategy[Value] = st.one_of(
    texts,
    st.integers(),
    st.booleans(),
    st.none(),
    st.builds(Override, st.booleans(), texts),
    st.builds(SecretRef, texts),
    st.builds(Unknown, st.sampled_from(["absent", "unreachable"])),
    st.tuples(texts, texts),
)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9.-]{0,24}", fullmatch=True)
addresses = st.builds(
    lambda side, parts: Address("/".join([side, *parts])),
    st.sampled_from(["dc1", "dc2", "shared"]),
    st.lists(st.from_regex(r"[^\s/#]{1,30}", fullmatch=True), min_size=1, max_size=4),
)


@st.composite
def steps(draw: st.DrawFn, step_id: str, before: tuple[str, ...]) -> Step:
    kind = draw(st.sampled_from(Kind))
    address = draw(addresses)
    labels = draw(st.lists(texts, min_size=1, max_size=3, unique=True))
    changed = Change(
        {label: draw(values) for label in labels},
        {label: draw(values) for label in labels},
        draw(st.sampled_from(Reason)),
    )
    beside = {Ref(f"{draw(addresses)}#{draw(texts)}"): draw(values)}
    return Step(
        id=step_id,
        kind=kind,
        step_class=StepClass.IDEMPOTENT,
        title=draw(texts),
        address=address,
        driver=draw(texts),
        estimate=Estimate(draw(st.integers(0, 9000)), 9000),
        after=tuple(draw(st.sets(st.sampled_from(before)))) if before else (),
        change=changed if kind is Kind.SET else None,
        action=SetValues(beside) if kind is Kind.SET else None,
        expect=beside,
        irreversible=draw(st.none() | texts),
        cause=(Cause(draw(texts), 3),),
        pair=draw(st.none() | texts),
        instructions=Instructions(draw(texts), (draw(texts),), second_person=draw(st.booleans())),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    base = draw(st.sampled_from([switchover("acme"), nothing()]))
    ids = draw(st.lists(names, min_size=1, max_size=6, unique=True))
    made = tuple(draw(steps(step_id, tuple(ids[:place]))) for place, step_id in enumerate(ids))
    cut = draw(st.integers(0, len(ids)))
    phases = tuple(Phase("x", draw(texts), tuple(part)) for part in (ids[:cut], ids[cut:]) if part)
    severity = draw(st.sampled_from(["refuse", "warning"]))
    findings = (Finding(draw(texts), draw(texts), severity, draw(texts), draw(st.booleans())),)
    bindings = {"name.dc1": draw(texts), "name.dc2": draw(texts)}
    return replace(base, site=draw(texts), steps=made, phases=phases, findings=findings, bindings=bindings, outage={})


@settings(max_examples=150, deadline=None)
@given(plans(), st.integers(60, 160), st.booleans())
def test_nothing_is_lost_and_nothing_gets_through(plan: Plan, width: int, ascii_only: bool) -> None:
    style = Style(ascii=ascii_only)
    text = render_plan(plan, width=width, ascii=ascii_only)
    assert all(character == "\n" or character.isprintable() or character.isspace() for character in text)
    assert not any(bad in text for bad in ("\x1b", "\r", "\x9b", "\u202e", "\u2028", "\0", "\x07", "\t"))
    assert text.isascii() or not ascii_only
    assert text.count("no way back from here") <= text.count("! no way back")
    for step in plan.steps:
        assert style.text(step.id) in text
        assert style.text(local_part(step)[1]) in text
        for _, before, after in changes_of(step):
            assert value_text(before, style) in text
            assert value_text(after, style) in text


@settings(max_examples=50, deadline=None)
@given(plans())
def test_without_colour_there_is_no_escape_and_with_it_only_colours(plan: Plan) -> None:
    coloured = render_plan(plan, colour=True)
    assert all(part.partition("m")[0].replace(";", "").isdigit() for part in coloured.split("\x1b[")[1:])
    assert "\x1b" not in render_plan(plan, colour=False)
