"""Change windows: the wall clock of a zone says when they open, elapsed time when they end."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oceana_dr.guard.recurrence import Recurrence, starts
from oceana_dr.guard.windows import Ruling, Window, allowed, next_openings, ruling

SUNDAYS = "FREQ=WEEKLY;BYDAY=SU"
MINUTE = timedelta(minutes=1)


def window(
    start: str = "2026-01-04T02:00",
    hours: float = 4,
    rule: str | None = SUNDAYS,
    zone: str = "Europe/Berlin",
    *,
    deny: bool = False,
    scenarios: tuple[str, ...] = (),
) -> Window:
    recurrence = Recurrence(datetime.fromisoformat(start), rule, ZoneInfo(zone))
    return Window(recurrence, round(hours * 3600), deny=deny, scenarios=scenarios)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def is_open(windows: list[Window], at: str, scenario: str = "steady") -> bool:
    return ruling(windows, utc(at), scenario).open


def test_a_window_is_open_from_its_start_up_to_its_end() -> None:
    found = ruling([window()], utc("2026-11-29T02:40+01:00"), "steady")
    assert found.open
    assert found.until == utc("2026-11-29T06:00+01:00")
    assert is_open([window()], "2026-11-29T02:00:00+01:00")
    assert not is_open([window()], "2026-11-29T01:59:59+01:00")
    assert is_open([window()], "2026-11-29T05:59:59+01:00")
    assert not is_open([window()], "2026-11-29T06:00:00+01:00")


def test_a_closed_window_says_when_it_opens_and_ends() -> None:
    found = ruling([window()], utc("2026-11-28T23:00+01:00"), "steady")
    assert (found.open, found.until) == (False, utc("2026-11-29T02:00+01:00"))
    assert found.closes == utc("2026-11-29T06:00+01:00")


def test_without_windows_it_is_always_open() -> None:
    assert ruling([], utc("2026-11-28T23:00Z"), "steady").until is None
    assert is_open([], "2026-11-28T23:00Z")


def test_windows_that_overlap_or_touch_are_one() -> None:
    late = window("2026-01-04T04:00", 6)
    assert ruling([window(), late], utc("2026-11-29T02:40+01:00"), "steady").until == utc("2026-11-29T10:00+01:00")
    behind = window("2026-01-04T06:00", 1)
    assert ruling([window(), behind], utc("2026-11-29T02:40+01:00"), "steady").until == utc("2026-11-29T07:00+01:00")


def test_a_window_that_never_ends_has_no_end() -> None:
    always = window("2026-01-01T00:00", 24, "FREQ=DAILY", "UTC")
    assert ruling([always], utc("2026-11-29T02:40+01:00"), "steady") == ruling([], utc("2026-11-29T02:40Z"), "steady")


def test_a_freeze_closes_what_is_open_and_ends_an_open_window() -> None:
    freeze = window("2026-12-20T00:00", 24 * 14, None, deny=True)
    assert not is_open([window(), freeze], "2026-12-27T03:00+01:00")
    assert ruling([window(), freeze], utc("2026-12-27T03:00+01:00"), "steady").denied_by == (freeze,)
    late = window("2026-01-04T04:00", 1, deny=True)
    first = ruling([window(), late], utc("2026-11-29T02:40+01:00"), "steady")
    assert first.until == utc("2026-11-29T04:00+01:00")
    inside = ruling([window(), late], utc("2026-11-29T04:30+01:00"), "steady")
    assert (inside.open, inside.until, inside.closes) == (
        False,
        utc("2026-11-29T05:00+01:00"),
        utc("2026-11-29T06:00+01:00"),
    )


def test_freezes_alone_leave_the_rest_of_the_time_open() -> None:
    freeze = window("2026-12-20T00:00", 24, None, deny=True)
    assert is_open([freeze], "2026-12-19T23:59+01:00")
    assert not is_open([freeze], "2026-12-20T23:59+01:00")
    assert is_open([freeze], "2026-12-21T00:00+01:00")


def test_a_window_of_some_scenarios_opens_for_no_other_plan() -> None:
    nightly = window("2026-01-01T22:00", 2, "FREQ=DAILY", scenarios=("steady",))
    assert is_open([nightly, window()], "2026-11-25T22:30+01:00", "steady")
    assert not is_open([nightly, window()], "2026-11-25T22:30+01:00", "planned-switchover")
    assert not is_open([nightly], "2026-11-25T22:30+01:00", "planned-switchover")
    freeze = window("2026-11-29T00:00", 24, None, deny=True, scenarios=("planned-switchover",))
    assert is_open([window(), freeze], "2026-11-29T03:00+01:00", "steady")
    assert not is_open([window(), freeze], "2026-11-29T03:00+01:00", "planned-switchover")


def test_where_the_clock_is_put_forward_a_window_opens_by_the_offset_before() -> None:
    # 02:00 does not come on 29 March 2026 in Berlin: the clock goes from 01:59 to 03:00.
    found = next_openings([window()], utc("2026-03-28T12:00Z"), "steady", 1)
    assert found == ((utc("2026-03-29T03:00+02:00"), utc("2026-03-29T07:00+02:00")),)


def test_where_the_clock_is_put_back_a_window_opens_once_and_lasts_as_long() -> None:
    # 02:00 comes twice on 25 October 2026 in Berlin; the window opens at the first and lasts for four hours.
    found = next_openings([window()], utc("2026-10-24T12:00Z"), "steady", 1)
    assert found == ((utc("2026-10-25T02:00+02:00"), utc("2026-10-25T05:00+01:00")),)


def test_a_rule_of_the_29_february_comes_every_four_years_but_not_in_2100() -> None:
    leap = window("2024-02-29T02:00", 1, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "UTC")
    opened = [start.year for start, _ in next_openings([leap], utc("2090-01-01T00:00Z"), "steady", 3)]
    assert opened == [2092, 2096, 2104]
    sundays = window("2032-02-29T02:00", 1, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=SU", "UTC")
    assert [start.year for start, _ in next_openings([sundays], utc("2026-01-01T00:00Z"), "steady", 2)] == [2032, 2060]


def test_a_window_over_the_end_of_a_leap_february_lasts_its_hours() -> None:
    last = window("2024-02-29T23:00", 2, "FREQ=MONTHLY;BYMONTHDAY=-1", "UTC")
    found = next_openings([last], utc("2028-02-28T23:30Z"), "steady", 2)
    assert found[0] == (utc("2028-02-29T23:00Z"), utc("2028-03-01T01:00Z"))
    assert found[1][0] == utc("2028-03-31T23:00Z")


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=DAILY;COUNT=3", "2026-01-06"),
        ("FREQ=DAILY;UNTIL=20260107", "2026-01-07"),
        ("FREQ=DAILY;UNTIL=20260107T020000", "2026-01-07"),
        ("FREQ=DAILY;UNTIL=20260107T015959", "2026-01-06"),
        ("FREQ=DAILY;UNTIL=20260107T010000Z", "2026-01-07"),
        ("FREQ=DAILY;UNTIL=20260107T005959Z", "2026-01-06"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;COUNT=2", "2026-01-18"),
        (None, "2026-01-04"),
    ],
)
def test_a_series_ends_where_its_rule_says(rule: str | None, last: str) -> None:
    found = [*starts(window(rule=rule).recurrence, utc("2026-01-01T00:00Z"), utc("2027-01-01T00:00Z"))]
    assert found[-1].astimezone(ZoneInfo("Europe/Berlin")).date() == date.fromisoformat(last)
    assert next_openings([window(rule=rule)], utc("2027-01-01T00:00Z"), "steady", 1) == ()


def test_intervals_count_from_the_first_start_however_long_ago() -> None:
    every_other = window("2026-01-04T02:00", 1, "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU", "UTC")
    first = date(2026, 1, 4)
    for start, _ in next_openings([every_other], utc("2126-06-01T00:00Z"), "steady", 3):
        assert (start.date() - first).days % 14 == 0
    daily = window("2026-01-04T02:00", 1, "FREQ=DAILY;INTERVAL=3", "UTC")
    ((start, _),) = next_openings([daily], utc("2126-06-01T00:00Z"), "steady", 1)
    assert (start.date() - first).days % 3 == 0


def test_a_leap_second_counts_as_the_second_before() -> None:
    found = next_openings([window(rule="FREQ=DAILY;BYSECOND=60", zone="UTC")], utc("2026-06-30T00:00Z"), "steady", 1)
    assert found[0][0] == utc("2026-06-30T02:00:59Z")


@pytest.mark.parametrize("rule", ["FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=31"])
def test_a_rule_that_no_day_matches_never_opens(rule: str) -> None:
    found = ruling([window("2026-01-04T02:00", 1, rule)], utc("2026-11-29T02:40Z"), "steady")
    assert found == Ruling(open=False, until=None)


def test_a_window_longer_than_time_itself_stays_open() -> None:
    endless = window("2026-01-04T02:00", 24 * 999_999, None)
    assert ruling([endless], utc("2399-12-31T00:00Z"), "steady").open
    assert not ruling([endless], utc("2026-01-01T00:00Z"), "steady").open


# ------------------------------------------------------------------------------------- against a naive expansion

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kolkata", "UTC")
RULES: dict[str | None, Callable[[date, date], bool]] = {
    None: lambda day, first: day == first,
    "FREQ=DAILY": lambda day, first: day >= first,
    "FREQ=DAILY;INTERVAL=2": lambda day, first: day >= first and (day - first).days % 2 == 0,
    "FREQ=WEEKLY;BYDAY=SU,TH": lambda day, first: day >= first and day.isoweekday() in {4, 7},
    "FREQ=MONTHLY;BYMONTHDAY=-1,29": lambda day, first: (
        day >= first and (day.day == 29 or (day + timedelta(days=1)).day == 1)
    ),
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29": lambda day, first: day >= first and (day.month, day.day) == (2, 29),
}
TURNS = [  # days on which one of the zones puts its clock forward or back, leaves a day out, or a leap day comes
    "2026-03-29",
    "2026-10-25",
    "2026-03-08",
    "2026-11-01",
    "2026-04-05",
    "2026-10-04",
    "2011-12-30",
    "2028-02-29",
    "2026-07-15",
]


@st.composite
def some_windows(draw: st.DrawFn, turn: date) -> list[Window]:
    found = []
    for _ in range(draw(st.integers(1, 3))):
        start = datetime.combine(turn, datetime.min.time()) + timedelta(
            days=draw(st.integers(-9, 1)), minutes=30 * draw(st.integers(0, 47))
        )
        rule, minutes = draw(st.sampled_from(list(RULES))), draw(st.integers(1, 1600))
        found.append(
            window(start.isoformat(), minutes / 60, rule, draw(st.sampled_from(ZONES)), deny=draw(st.booleans()))
        )
    return found


def local_readings(moment: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    """What a clock on the wall shows at a moment, if it has not shown it before; and in the hours after it was put
    forward also what it would show if it had not been, unless it will show that in earnest.
    """
    shown = moment.astimezone(zone)
    if not shown.fold:
        yield shown.replace(tzinfo=None)
    before = (moment - timedelta(hours=25)).astimezone(zone).utcoffset()
    assert before is not None
    unset = (moment + before).replace(tzinfo=None)
    if unset.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) != unset:
        yield unset


def minutes_open(one: Window, first: datetime, last: datetime) -> set[datetime]:
    """Every minute of the interval in which the window is open, found by looking at each minute on the wall."""
    found: set[datetime] = set()
    length, begins = round(one.duration_s / 60), RULES[one.recurrence.rule]
    moment = first - length * MINUTE
    while moment < last:
        for shown in local_readings(moment, one.recurrence.zone):
            start = one.recurrence.start
            if shown.time() == start.time() and begins(shown.date(), start.date()):
                found |= {moment + minute * MINUTE for minute in range(length)}
                break
        moment += MINUTE
    return {minute for minute in found if first <= minute < last}


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_it_agrees_with_looking_at_the_clock_every_minute(data: st.DataObject) -> None:
    turn = date.fromisoformat(data.draw(st.sampled_from(TURNS)))
    windows = data.draw(some_windows(turn))
    first = datetime.combine(turn, datetime.min.time(), UTC) - timedelta(hours=data.draw(st.integers(0, 24)))
    last = first + timedelta(hours=36)
    naive = {first + minute * MINUTE for minute in range(36 * 60)}
    if any(not one.deny for one in windows):
        naive = set().union(*(minutes_open(one, first, last) for one in windows if not one.deny))
    for one in windows:
        if one.deny:
            naive -= minutes_open(one, first, last)
    found = {
        start + minute * MINUTE
        for start, end in allowed(windows, "steady", first, last)
        for minute in range(round((end - start) / MINUTE))
    }
    assert found == naive
