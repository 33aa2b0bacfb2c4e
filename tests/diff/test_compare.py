"""The three-way comparison, as laws."""

from hypothesis import given
from hypothesis import strategies as st

from oceana_dr.catalogue.load import load_catalogue
from oceana_dr.compile.desired import compile_site
from oceana_dr.diff.compare import settle_off
from oceana_dr.diff.reason import Reason
from oceana_dr.estate.address import Address, Ref
from oceana_dr.estate.estate import Estate
from oceana_dr.estate.values import Override, Unknown, Value
from tests.planning import compared, loaded, seed

COMPILED = compile_site(loaded("acme"), load_catalogue())
SETTABLE = sorted(
    reference
    for reference in COMPILED.estate.refs()
    if COMPILED.bound.resources[Address(reference.partition("#")[0])].attributes[reference.partition("#")[2]].type.kind
    in {"config", "lever"}
    and not reference.endswith("#Password")
)
values: st.SearchStrategy[Value] = st.one_of(
    st.text(max_size=8), st.integers(), st.builds(Override, st.just(True), st.sampled_from(["true", "false"]))
)


@given(st.dictionaries(st.sampled_from(SETTABLE), values, max_size=5))
def test_exactly_what_differs_is_a_change(changes: dict[Ref, Value]) -> None:
    live = seed("acme").with_values(changes)
    found = compared(COMPILED, live)
    differing = {name for name, value in changes.items() if value != COMPILED.estate.get(name)}
    assert {item.ref for item in found.changes} == differing
    assert all(
        item.before == live.get(item.ref) and item.after == COMPILED.estate.get(item.ref) for item in found.changes
    )


@given(st.sampled_from(SETTABLE), values, values)
def test_the_reason_tells_who_moved(reference: Ref, live_value: Value, last_value: Value) -> None:
    desired = COMPILED.estate.get(reference)
    live = seed("acme").with_values({reference: live_value})
    baseline = seed("acme").with_values({reference: last_value})
    found = compared(COMPILED, live, baseline)
    if live_value == desired:
        assert not found.changes
        return
    (change,) = found.changes
    expected = Reason.CONFIG if last_value == live_value else Reason.DRIFT if last_value == desired else Reason.BOTH
    assert change.reason is expected


def test_without_a_baseline_a_difference_is_adopted() -> None:
    name = Ref("shared/acm/CommunicationManager#CM IP Address")
    found = compared(COMPILED, seed("acme").with_values({name: "10.0.0.1"}))
    assert [item.reason for item in found.changes] == [Reason.ADOPT]


def test_the_desired_estate_does_not_differ_from_itself() -> None:
    assert compared(COMPILED, COMPILED.estate).empty


def test_unreachable_is_agreement_only_where_it_was_switched_off_on_record() -> None:
    moved = compile_site(loaded("acme"), load_catalogue(), "dc2")
    record = Ref("shared/switched-off#System Manager")
    at_dc2 = moved.estate.with_values({record: "on record"})
    dark = Estate({**at_dc2.resources, Address("dc1/smgr"): Unknown("unreachable")})
    assert compared(moved, dark).empty
    assert settle_off(dark, moved.bound, moved.expected_off).get(Ref("dc1/smgr#state")) == "shut down"
    died = dark.with_values({record: "none"})
    assert compared(moved, died).dark == {"dc1/smgr": "unreachable"}
    replicating = dark.with_values({Ref("shared/geographic-redundancy#replication"): "enabled"})
    assert compared(moved, replicating).dark == {"dc1/smgr": "unreachable"}
    stale = Estate({**at_dc2.resources, Address("dc1/smgr"): Unknown("never observed")})
    assert compared(moved, stale).dark == {"dc1/smgr": "never observed"}
    at_home = Estate({**COMPILED.estate.resources, Address("dc1/smgr"): Unknown("unreachable")})
    found = compared(COMPILED, at_home)
    assert found.dark == {"dc1/smgr": "unreachable"}


def test_what_was_switched_off_on_record_is_off_whatever_is_desired() -> None:
    """On the way back System Manager 1 is wanted active, and does not answer because it was shut down in order."""
    moved = compile_site(loaded("acme"), load_catalogue(), "dc2")
    gone = {Address("dc1/smgr"): Unknown("unreachable"), Address("dc1/cm"): Unknown("unreachable")}
    record = {
        Ref("shared/switched-off#System Manager"): "on record",
        Ref("shared/switched-off#Communication Manager"): "on record",
    }
    live = Estate({**moved.estate.with_values(record).resources, **gone})
    found = compared(COMPILED, live)
    assert not found.dark
    assert {"dc1/smgr#state", "dc1/cm#state"} <= {item.ref for item in found.deviations}
    started = live.with_values({Ref("shared/switched-off#System Manager"): "none"})
    assert compared(COMPILED, started).dark == {"dc1/smgr": "unreachable"}
