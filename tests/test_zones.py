"""Local time and UTC: equal to zoneinfo for every moment, in every kind of zone."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.zones import Reading, readings, regimes, to_local, to_utc, transitions

AMSTERDAM = "Europe/Amsterdam"
# Lord Howe switches by half an hour, St John's used to switch a minute after midnight, Sao Paulo
# at midnight itself, Apia lost a whole day in 2011, Monrovia had odd seconds until 1972.
ZONES = [
    AMSTERDAM,
    "America/New_York",
    "Australia/Lord_Howe",
    "UTC",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Pacific/Apia",
    "Africa/Monrovia",
]
FIRST, LAST = date(1930, 1, 1), date(2037, 12, 31)
moments = st.datetimes(datetime(1930, 1, 1), datetime(2037, 12, 31, 23, 59, 59))
zones = st.sampled_from(ZONES)


def near_switches(zone):
    """Moments within two hours of a switch: where everything goes wrong that can."""
    switches = transitions(zone, FIRST, LAST) or transitions(AMSTERDAM, FIRST, LAST)
    return st.builds(
        lambda switch, seconds: switch.at + timedelta(seconds=switch.before + seconds),
        st.sampled_from(switches),
        st.integers(-7200, 7200),
    )


def by_zoneinfo(local, zone):
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def test_first_of_the_doubled_hour():
    assert to_utc(datetime(2026, 10, 25, 2, 30), AMSTERDAM) == (
        datetime(2026, 10, 25, 0, 30),
        True,
        False,
    )


def test_time_that_does_not_exist_shifts_forward():
    converted = to_utc(datetime(2026, 3, 29, 2, 30), AMSTERDAM)
    assert converted == (datetime(2026, 3, 29, 1, 30), False, True)
    assert to_local(converted.utc, AMSTERDAM) == datetime(2026, 3, 29, 3, 30)


def test_fold_of_the_input_is_not_listened_to():
    second = datetime(2026, 10, 25, 2, 30, fold=1)
    assert to_utc(second, AMSTERDAM).utc == datetime(2026, 10, 25, 0, 30)


@pytest.mark.parametrize(
    ("local", "doubled", "skipped"),
    [
        (datetime(2026, 3, 29, 1, 59, 59), False, False),
        (datetime(2026, 3, 29, 2, 0), False, True),
        (datetime(2026, 3, 29, 2, 59, 59), False, True),
        (datetime(2026, 3, 29, 3, 0), False, False),
        (datetime(2026, 10, 25, 1, 59, 59), False, False),
        (datetime(2026, 10, 25, 2, 0), True, False),
        (datetime(2026, 10, 25, 2, 59, 59), True, False),
        (datetime(2026, 10, 25, 3, 0), False, False),
    ],
)
def test_bounds_of_the_odd_hours(local, doubled, skipped):
    converted = to_utc(local, AMSTERDAM)
    assert (converted.doubled, converted.skipped) == (doubled, skipped)


def test_transitions_of_a_year():
    assert [(switch.at, switch.before, switch.after) for switch in transitions(
        AMSTERDAM, date(2026, 1, 1), date(2026, 12, 31)
    )] == [
        (datetime(2026, 3, 29, 1), 3600, 7200),
        (datetime(2026, 10, 25, 1), 7200, 3600),
    ]  # fmt: skip


def test_transitions_include_both_days():
    found = transitions(AMSTERDAM, date(2026, 3, 29), date(2026, 10, 25))
    assert len(found) == 2


def test_a_zone_without_switches_is_one_span():
    (only,) = regimes("UTC", date(2026, 1, 1), date(2026, 12, 31))
    assert only == (datetime(2026, 1, 1), datetime(2027, 1, 1), 0)
    (span,) = readings("UTC", date(2026, 1, 1), date(2026, 12, 31))
    assert span == (datetime(2026, 1, 1), datetime(2027, 1, 1), 0, Reading.PLAIN)


def test_a_switch_at_the_very_start_is_no_span_of_its_own():
    # Apia crossed the date line at the end of 29 December 2011, local; 30 December 10:00 UTC.
    spans = regimes("Pacific/Apia", date(2011, 12, 30), date(2011, 12, 31))
    assert [span.offset_seconds for span in spans] == [-10 * 3600, 14 * 3600]
    assert spans[1].utc_from == datetime(2011, 12, 30, 10)


@given(st.data())
def test_to_utc_is_zoneinfo(data):
    zone = data.draw(zones)
    local = data.draw(st.one_of(moments, near_switches(zone)))
    converted = to_utc(local, zone)
    assert converted.utc == by_zoneinfo(local, zone)
    back = to_local(converted.utc, zone)
    assert (back == local) is not converted.skipped
    if converted.skipped:
        assert back > local
    if converted.doubled:
        again = local.replace(tzinfo=ZoneInfo(zone), fold=1).astimezone(UTC).replace(tzinfo=None)
        assert again > converted.utc
        assert to_local(again, zone) == local


@given(st.data())
def test_readings_say_what_to_utc_says(data):
    zone = data.draw(zones)
    local = data.draw(st.one_of(moments, near_switches(zone)))
    hits = [span for span in readings(zone, FIRST, LAST) if span[0] <= local < span[1]]
    assert len(hits) == 1
    converted = to_utc(local, zone)
    assert local - timedelta(seconds=hits[0].offset_seconds) == converted.utc
    assert (hits[0].kind is Reading.DOUBLED) == converted.doubled
    assert (hits[0].kind is Reading.SKIPPED) == converted.skipped


@given(st.data())
def test_regimes_say_what_to_local_says(data):
    zone = data.draw(zones)
    near = near_switches(zone).map(lambda local: to_utc(local, zone).utc)
    utc = data.draw(st.one_of(moments, near))
    hits = [span for span in regimes(zone, FIRST, LAST) if span[0] <= utc < span[1]]
    assert len(hits) == 1
    assert utc + timedelta(seconds=hits[0].offset_seconds) == to_local(utc, zone)


@pytest.mark.parametrize("zone", ZONES)
def test_spans_follow_one_another(zone):
    first, last = date(1950, 6, 1), date(2030, 6, 1)
    for spans in (regimes(zone, first, last), readings(zone, first, last)):
        assert spans[0][0] == datetime(1950, 6, 1)
        assert spans[-1][1] == datetime(2030, 6, 2)
        for one, next_one in pairwise(spans):
            assert one[1] == next_one[0]


def test_readings_of_all_plausible_times_are_few():
    assert len(readings(AMSTERDAM)) < 1000
