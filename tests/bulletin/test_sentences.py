"""Titles and sentences state facts, and say nothing that the numbers do not bear."""

import pytest

from kpi.bulletin import sentences
from kpi.i18n import use
from kpi.model import Better, Unit
from tests.bulletin.results import PERCENT, kpi, result

DAYS = kpi("lead_time", Unit.DAYS, Better.DOWN, "Lead time")


def days(value, n=100, low=None, high=None, **more):
    return result(value, low, high, n=n, name="lead_time", unit=Unit.DAYS, **more)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (result(78, 75, 81), result(90, 88, 92), "Storingen: 78% within norm, 12 points lower than in Jan–Mar 2026"),
        (result(92, 90.5, 93), result(85, 82, 88), "Storingen: 92% within norm, 7 points higher than in Jan–Mar 2026"),
        (result(78, 70, 86), result(82, 75, 88), "Storingen: 78% within norm, not clearly different from Jan–Mar 2026"),
        (result(78, 75, 81), None, "Storingen: 78% within norm"),
        (result(78, 75, 81), result(90, 50, 99, n=5), "Storingen: 78% within norm"),
        (result(None, n=0), None, "Storingen"),
    ],
)  # fmt: skip
def test_title(now, before, said):
    with use("en"):
        text = sentences.stands("Storingen", PERCENT, now, before, "Jan–Mar 2026")
    assert text.replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("closed", "opened", "why"),
    [
        (days(1.2), days(2.4, extras={"open": 40}), "looks better than it is"),
        (days(9.0), days(2.4, extras={"open": 4}), "old cases were closed"),
        (days(2.0), days(2.1, extras={"open": 4}), "The two agree"),
        (days(2.0), days(None, extras={"open": 80}), "half or more are still open (80)"),
    ],
)
def test_why_two_lead_times_differ(closed, opened, why):
    with use("en"):
        assert why in sentences.two_lead_times(closed, opened)


def test_no_lead_time_no_sentence():
    assert sentences.two_lead_times(None, None) == ""
    assert sentences.two_lead_times(days(None, n=0), days(None, n=0)) == ""


def test_course_leaves_the_unfinished_period_out():
    labels = ["wk 1", "wk 2", "wk 3"]
    results = [result(70, 68, 72), result(80, 78, 82), result(20, 10, 30, partial=True)]
    with use("en"):
        assert sentences.course(PERCENT, labels, results) == (
            "Within norm: between 70% (wk 1) and 80% (wk 2); in the last whole period, wk 2, 80%."
        )
        assert "too few periods" in sentences.course(PERCENT, labels[:1], results[:1])
        same = sentences.course(DAYS, labels[:2], [days(2.0), days(2.0)])
        assert same.replace("\u00a0", " ") == "Lead time: 2.0 d throughout."


def test_abbreviations_keep_their_capitals():
    csat = kpi("csat", title="CSAT")
    with use("en"):
        assert "80% CSAT" in sentences.stands("A", csat, result(80, 78, 82), None, "")


def test_only_a_share_stands_before_its_name():
    backlog = kpi("backlog", Unit.COUNT, Better.DOWN, "Backlog")
    lasted = days(1.1, low=1.0, high=1.2)
    with use("en"):
        said = sentences.stands("Faults", backlog, result(166, unit=Unit.COUNT), None, "")
        longer = sentences.stands("Faults", DAYS, lasted, days(0.9, low=0.88, high=0.92), "May")
    assert said == "Faults: backlog 166"
    assert longer.replace("\u00a0", " ") == "Faults: lead time 26 h, 4 h longer than in May"


def test_too_few_is_no_title():
    with use("en"):
        said = sentences.stands("Faults", PERCENT, result(78, 45, 94, n=9), None, "")
    assert said == "Faults: too few to judge (n = 9)"


def test_nought_open_is_said_as_none():
    with use("en"):
        said = sentences.two_lead_times(days(2.0), days(2.1, extras={"open": 0}))
    assert "none is still open" in said
    assert "0 are" not in said


@pytest.mark.parametrize(
    ("backlog", "still_open", "said"),
    [
        (14, 0, "all 14 cases open at the end of 31-10-2026"),
        (14, 14, ""),
        (0, 3, ""),
        (None, 3, ""),
    ],
)
def test_the_backlog_beside_what_is_still_open(backlog, still_open, said):
    stock = days(backlog, n=backlog or 0, extras={"p50": 392.0})
    with use("en"):
        text = sentences.backlog_beside(stock, days(2.0, extras={"open": still_open}), "31-10-2026")
    assert said in text
    assert bool(said) == bool(text)
    assert ("392" in text) == bool(said)
