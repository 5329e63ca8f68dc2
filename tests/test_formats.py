"""Numbers, durations, dates and changes read as a Dutch and an English reader expect them."""

import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi import formats
from kpi.i18n import use
from kpi.model import Better, Unit


def plain(text):
    """The text with its unbreakable spaces shown as spaces."""
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("call", "nl", "en"),
    [
        (lambda: formats.number(1234.5, 1), "1.234,5", "1,234.5"),
        (lambda: formats.number(1_850_000), "1.850.000", "1,850,000"),
        (lambda: formats.number(-0.04, 1), "0,0", "0.0"),
        (lambda: formats.number(-3.2, 1), "−3,2", "−3.2"),
        (lambda: formats.number(80.5), "81", "81"),
        (lambda: formats.number(0.125, 2), "0,13", "0.13"),
        (lambda: formats.number(1e15, 1), "1.000.000.000.000.000,0", "1,000,000,000,000,000.0"),
        (lambda: formats.number(None), "–", "–"),
        (lambda: formats.number(math.nan), "–", "–"),
        (lambda: formats.percent(27.31), "27 %", "27%"),
        (lambda: formats.percent(0.4, 1), "0,4 %", "0.4%"),
        (lambda: formats.percent(100 * 4 / 34_893), "< 0,1 %", "< 0.1%"),
        (lambda: formats.percent(100 * 4 / 34_893, 1), "< 0,1 %", "< 0.1%"),
        (lambda: formats.percent(100 * 4 / 34_893, 2), "0,01 %", "0.01%"),
        (lambda: formats.percent(0.3), "0,3 %", "0.3%"),
        (lambda: formats.percent(0.5), "1 %", "1%"),
        (lambda: formats.percent(0), "0 %", "0%"),
        (lambda: formats.percent(1e-13), "0 %", "0%"),
        (lambda: formats.percent(100 * 34_889 / 34_893), "> 99,9 %", "> 99.9%"),
        (lambda: formats.percent(99.97, 1), "> 99,9 %", "> 99.9%"),
        (lambda: formats.percent(99.6), "99,6 %", "99.6%"),
        (lambda: formats.percent(99.4), "99 %", "99%"),
        (lambda: formats.percent(100), "100 %", "100%"),
        (lambda: formats.percent(100 * sum([0.1] * 10)), "100 %", "100%"),
        (lambda: formats.percent(-0.2), "0 %", "0%"),
        (lambda: formats.percent(120.2), "120 %", "120%"),
        (lambda: formats.value(100 * 34_889 / 34_893, Unit.PERCENT), "> 99,9 %", "> 99.9%"),
        (lambda: formats.value(0.2, Unit.PERCENT, places=0), "0 %", "0%"),
        (lambda: formats.interval(99.97, 99.99, Unit.PERCENT), "100,0–100,0 %", "100.0–100.0%"),
        (lambda: formats.euro(1250), "€ 1.250", "€1,250"),
        (lambda: formats.euro(-7.5, 2), "−€ 7,50", "−€7.50"),
        (lambda: formats.value(0.003, Unit.PER_HOUR), "< 0,01", "< 0.01"),
        (lambda: formats.value(0.0, Unit.PER_HOUR), "0,0", "0.0"),
        (lambda: formats.days(2.84), "2,8 d", "2.8 d"),
        (lambda: formats.days(1.84), "44 u", "44 h"),
        (lambda: formats.days(0.24), "5,8 u", "5.8 h"),
        (lambda: formats.days(1.84, 1), "1,8 d", "1.8 d"),
        (lambda: formats.days(365.2), "365 d", "365 d"),
        (lambda: formats.duration(2 + 4 / 24), "2 d 4 u", "2 d 4 h"),
        (lambda: formats.duration(2.999), "3 d", "3 d"),
        (lambda: formats.duration(31 / 24), "31 u", "31 h"),
        (lambda: formats.duration(6.4 / 24), "6,4 u", "6.4 h"),
        (lambda: formats.duration(0.5 / 24), "30 min", "30 min"),
        (lambda: formats.seconds(45), "45 s", "45 s"),
        (lambda: formats.seconds(320), "5 min 20 s", "5 min 20 s"),
        (lambda: formats.seconds(300), "5 min", "5 min"),
        (lambda: formats.seconds(7200), "2,0 u", "2.0 h"),
        (lambda: formats.size(2_345_678), "2,3 MB", "2.3 MB"),
        (lambda: formats.day(date(2026, 6, 30)), "30-06-2026", "30 Jun 2026"),
        (lambda: formats.day(None), "–", "–"),
        (lambda: formats.day_short(date(2026, 6, 3)), "3 jun", "3 Jun"),
        (lambda: formats.day_long(date(2026, 7, 10)), "vr 10 juli", "Fri 10 July"),
        (lambda: formats.week("2026-W14"), "wk 14", "wk 14"),
        (lambda: formats.week("2026-W53", year=True), "wk 53 2026", "wk 53 2026"),
        (lambda: formats.bucket("2026-04", "month"), "apr", "Apr"),
        (lambda: formats.bucket("2026-04", "month", year=True), "apr 2026", "Apr 2026"),
        (lambda: formats.bucket("2026-Q2", "quarter", year=True), "K2 2026", "Q2 2026"),
        (lambda: formats.bucket("2026-04-01", "day"), "1 apr", "1 Apr"),
        (lambda: formats.bucket(None, "month"), "onbekend", "unknown"),
    ],
)
def test_written_in_both_languages(call, nl, en):
    with use("nl"):
        assert plain(call()) == nl
    with use("en"):
        assert plain(call()) == en


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (date(2026, 4, 1), date(2026, 6, 30), "apr–jun 2026"),
        (date(2026, 4, 1), date(2026, 4, 30), "apr 2026"),
        (date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (date(2025, 7, 1), date(2026, 6, 30), "jul 2025 – jun 2026"),
        (date(2026, 4, 3), date(2026, 6, 30), "3 apr – 30 jun 2026"),
        (date(2025, 12, 29), date(2026, 1, 4), "29 dec 2025 – 4 jan 2026"),
        (date(2026, 2, 28), date(2026, 2, 28), "28 feb 2026"),
        (date(2024, 2, 1), date(2024, 2, 28), "1 feb – 28 feb 2024"),
    ],
)
def test_period(since, until, said):
    with use("nl"):
        assert plain(formats.period(since, until)) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 6, 30, 12, 5), "30-06-2026 14:05"),
        (datetime(2026, 1, 31, 23, 30), "01-02-2026 00:30"),
        (datetime(2026, 10, 25, 0, 30), "25-10-2026 02:30"),
        (datetime(2026, 10, 25, 1, 30), "25-10-2026 02:30"),
        (None, "–"),
    ],
)
def test_moment_is_local(at, said):
    with use("nl"):
        assert plain(formats.moment(at, "Europe/Amsterdam")) == said


def test_as_of_leaves_out_the_clock_when_the_day_is_over():
    with use("nl"):
        assert formats.as_of(datetime(2026, 3, 31, 21, 59), "Europe/Amsterdam") == "31-03-2026"
        assert formats.as_of(datetime(2026, 3, 31, 12, 0), "Europe/Amsterdam") == "31-03-2026 14:00"
        assert formats.as_of(None, "Europe/Amsterdam") == "onbekend"


@pytest.mark.parametrize(
    ("now", "before", "unit", "better", "said", "good"),
    [
        (1.4, 1.8, Unit.DAYS, Better.DOWN, "▼ 9 u, beter", True),
        (2.4, 1.8, Unit.DAYS, Better.DOWN, "▲ 0,6 d, slechter", False),
        (1.8, 2.4, Unit.DAYS, Better.DOWN, "▼ 15 u, beter", True),
        (0.5, 9.5, Unit.DAYS, Better.DOWN, "▼ 9,0 d, beter", True),
        (0.2, 0.21, Unit.DAYS, Better.DOWN, "▼ 0,2 u, beter", True),
        (1.4, 1.41, Unit.DAYS, Better.DOWN, "gelijk", None),
        (27, 18, Unit.PERCENT, Better.DOWN, "▲ 9 punten, slechter", False),
        (81, 80, Unit.PERCENT, Better.UP, "▲ 1 punt, beter", True),
        (80.4, 80, Unit.PERCENT, Better.UP, "▲ 0,4 punten, beter", True),
        (80.01, 80, Unit.PERCENT, Better.UP, "gelijk", None),
        (31, 28, Unit.PER_HOUR, Better.CONTEXT, "▲ 3,0, meer", None),
        (1200, 1900, Unit.COUNT, Better.DOWN, "▼ 700, beter", True),
        (5, -12, Unit.NPS, Better.UP, "▲ 17, beter", True),
    ],
)
def test_change_says_which_way_is_good(now, before, unit, better, said, good):
    with use("nl"):
        change = formats.change(now, before, unit, better)
    assert change is not None
    assert (plain(change.text), change.good) == (said, good)


def test_a_duration_beside_longer_ones_is_told_in_days_like_them():
    with use("nl"):
        with formats.alike(Unit.DAYS, (1.97, 2.4, None)):
            assert plain(formats.value(1.97, Unit.DAYS)) == "2,0 d"
            assert plain(formats.value(0.08, Unit.DAYS)) == "0,08 d"
            assert plain(formats.interval(0.4, 0.6, Unit.DAYS)) == "0,4–0,6 d"
            change = formats.change(1.4, 1.8, Unit.DAYS, Better.DOWN)
            assert plain(change.text) == "▼ 0,4 d, beter"
            assert plain(formats.duration(0.9)) == "22 u"
        with formats.alike(Unit.DAYS, (47 / 24, 3.0)):
            assert formats.duration(47 / 24) == "1\u00a0d\u00a023\u00a0u"
            assert formats.duration(0.5) == "12\u00a0u", "no days at all"
        assert formats.duration(47 / 24) == "47\u00a0u"
        with formats.alike(Unit.DAYS, (1.4, 0.1)):
            assert plain(formats.value(1.4, Unit.DAYS)) == "34 u"
        assert plain(formats.value(1.4, Unit.DAYS)) == "34 u"


def test_no_change_without_both_values():
    assert formats.change(None, 3, Unit.DAYS, Better.DOWN) is None
    assert formats.change(3, math.nan, Unit.DAYS, Better.DOWN) is None


@pytest.mark.parametrize(
    ("amount", "low", "high", "said"),
    [
        (49.9, 48.5, 51.3, "50 %"),
        (49.91, 49.7, 50.1, "49,9 %"),
        (0.42, 0.1, 2.1, "0,4 %"),
        (0.042, 0.01, 0.21, "0,04 %"),
        (27.31, None, None, "27 %"),
        (None, None, None, "–"),
    ],
)
def test_no_more_digits_than_the_interval_bears(amount, low, high, said):
    with use("nl"):
        assert plain(formats.value(amount, Unit.PERCENT, low, high)) == said


@pytest.mark.parametrize(
    ("amount", "unit", "said"),
    [
        (2.0, Unit.PERCENT, "2 %"),
        (2.5, Unit.PERCENT, "2,5 %"),
        (90, Unit.PERCENT, "90 %"),
        (7.5, Unit.GRADE, "7,5"),
        (8.0, Unit.GRADE, "8"),
        (1.25, Unit.RATIO, "1,25"),
        (2.0, Unit.DAYS, "2,0 d"),
        (45, Unit.SECONDS, "45 s"),
    ],
)
def test_what_was_set_is_told_as_fine_as_it_was_set(amount, unit, said):
    with use("nl"):
        assert plain(formats.aim(amount, unit)) == said


def test_interval():
    with use("nl"):
        assert plain(formats.interval(25.2, 29.4, Unit.PERCENT)) == "25–29 %"
        assert plain(formats.interval(1.62, 2.04, Unit.DAYS)) == "39–49 u"
        assert plain(formats.interval(1.92, 2.24, Unit.DAYS)) == "1,9–2,2 d"
        assert formats.interval(None, 3, Unit.DAYS) == ""


@pytest.mark.parametrize("unit", Unit)
def test_every_unit_is_written_and_named(unit):
    for language in ("nl", "en"):
        with use(language):
            assert "4" in formats.value(42.4, unit)
            formats.unit_name(unit)


@given(st.floats(-1e9, 1e9), st.integers(0, 2))
def test_dutch_number_reads_back(amount, places):
    with use("nl"):
        text = formats.number(amount, places)
    back = float(text.replace(".", "").replace(",", ".").replace("−", "-"))
    assert back == pytest.approx(amount, abs=10**-places)


@given(st.floats(0, 3000))
def test_duration_is_right_to_the_step_it_shows(length):
    with use("en"):
        parts = plain(formats.duration(length)).replace(",", "").split()
    scale = {"d": 1.0, "h": 1 / 24, "min": 1 / 1440}
    back = sum(
        float(figure) * scale[unit] for figure, unit in zip(parts[::2], parts[1::2], strict=True)
    )
    step = 1 if length >= 100 else 1 / 24 if length >= 1 / 24 else 1 / 1440
    assert back == pytest.approx(length, abs=0.51 * step)


def test_a_number_of_things_per_other_thing_keeps_its_decimals():
    """1,29 contacts per case are not one."""
    with use("nl"):
        said = [formats.value(n, Unit.COUNT) for n in (1.29, 3.0, 12.5, 1234.0)]
        assert said == ["1,29", "3", "13", "1.234"]
        assert formats.interval(1.2, 1.4, Unit.COUNT) == "1,20–1,40"
