"""A text that was cut, mixed up or scrawled over raises nothing, and makes nothing primary, ready or well."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.drivers.dataguard.contract import Role, Succeeded
from oceana_dr.drivers.dataguard.ending import ending_of
from oceana_dr.drivers.dataguard.readiness import readiness_of
from oceana_dr.drivers.dataguard.showing import configuration_of, databases_of
from oceana_dr.drivers.dataguard.text import codes_of, lines_of, login_of, version_of
from tests.drivers.dataguard.forms import NAMES, form

NOT_READY = ("validate-12.1-primary-gone", "validate-19c-disabled")
STANDBYS = tuple(name for name in NAMES if name.startswith("database-") and "PHYSICAL STANDBY" in form(name))
SICK = ("configuration-12.1-unreachable", "configuration-12.2-failed-over")
UNDONE = ("switchover-refused", "failover-refused", "reinstate-19c-failed", "switchover-19c-to-finish")


def everything(text: str) -> None:
    lines = lines_of(text)
    for reads in (configuration_of, databases_of, readiness_of, ending_of, codes_of, login_of, version_of):
        reads(lines)


@st.composite
def mutilated(draw: st.DrawFn, names: tuple[str, ...]) -> str:
    """One of the forms, cut, with lines lost or in another order, or with a character in the place of another."""
    text = form(draw(st.sampled_from(names)))
    lines = text.splitlines(keepends=True)
    match draw(st.sampled_from(["cut", "beginning lost", "line lost", "mixed", "scrawled", "joined"])):
        case "cut":
            return text[: draw(st.integers(0, len(text)))]
        case "beginning lost":
            return text[draw(st.integers(0, len(text))) :]
        case "line lost":
            place = draw(st.integers(0, len(lines) - 1))
            return "".join(lines[:place] + lines[place + 1 :])
        case "mixed":
            return "".join(draw(st.permutations(lines)))
        case "scrawled":
            place = draw(st.integers(0, len(text) - 1))
            return text[:place] + draw(st.characters(codec="utf-8")) + text[place + 1 :]
        case _:
            place = draw(st.integers(0, len(text) - 1))
            return text[:place].rstrip("\n") + text[place:].lstrip("\n")


@settings(max_examples=100, deadline=None)
@given(st.one_of(mutilated(NAMES), st.text(), st.binary().map(lambda data: data.decode("utf-8", "replace"))))
def test_no_text_raises_anything(text: str) -> None:
    everything(text)


@settings(max_examples=100, deadline=None)
@given(mutilated(STANDBYS))
def test_no_standby_becomes_primary(text: str) -> None:
    assert Role.PRIMARY not in {item.role for item in databases_of(lines_of(text)).values()}


@settings(max_examples=100, deadline=None)
@given(mutilated(NOT_READY))
def test_nothing_becomes_ready(text: str) -> None:
    found = readiness_of(lines_of(text))
    assert found is None or found.switchover is not True
    assert found is None or found.primary_runs is not True


@settings(max_examples=100, deadline=None)
@given(mutilated(SICK))
def test_no_configuration_becomes_well(text: str) -> None:
    found = configuration_of(lines_of(text))
    assert found is None or found.status is None or found.status.word != "SUCCESS"


@settings(max_examples=100, deadline=None)
@given(mutilated(UNDONE))
def test_nothing_undone_becomes_a_success(text: str) -> None:
    assert not isinstance(ending_of(lines_of(text)), Succeeded)


@pytest.mark.parametrize("name", [name for name in NAMES if name.startswith("database-")])
def test_a_database_that_is_cut_off_before_its_status_is_not_known(name: str) -> None:
    text = form(name)
    status = text.index("Database Status:")
    for end in range(status + len("Database Status:\n")):
        assert databases_of(lines_of(text[:end])) == {}


@pytest.mark.parametrize("name", ["validate-12.1-ready", "validate-19c-ready"])
def test_readiness_counts_with_its_whole_line_only(name: str) -> None:
    text = form(name)
    end = text.index("Ready for Switchover:  Yes\n") + len("Ready for Switchover:  Yes\n")
    for place in range(end):
        found = readiness_of(lines_of(text[:place]))
        assert found is None or found.switchover is None
