"""Top complaints: reasons by distinct complaint cases, over which days, and what a screen shows."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import numbers
from kpi.access import SCREEN, Scope
from kpi.bulletin import sentences_top
from kpi.filters import Filters
from kpi.i18n import use
from kpi.numbers import AskProblem
from tests.measures.world import world


def complaints(reason: str | None, day: str, count: int, **more: str) -> list[dict]:
    return [
        {
            "case_id": f"{reason}{day}{n}",
            "process": "complaint",
            "reason": reason,
            "opened_at": f"2024-{day} 10:00",
            "closed_at": None,
            "status": "open",
            **more,
        }
        for n in range(count)
    ]


def places(rows) -> list[tuple]:
    return [(row.place, row.reason, row.n, row.previous, row.change) for row in rows]


def test_the_last_seven_full_days_against_the_weeks_before(tmp_path):
    cases = [
        # As-of is Thursday 13 June at noon: the week is Thursday 6 to Wednesday 12.
        *complaints("late_delivery", "06-06", 5),
        *complaints("late_delivery", "06-12", 2),
        *complaints("treatment", "06-08", 4),
        *complaints("invoice_wrong", "06-08", 4),
        *complaints("broken_promise", "06-08", 1),
        *complaints("tip", "06-08", 30),
        *complaints("treatment", "06-13", 9),
        # The four weeks before: 9 May to 5 June.
        *complaints("late_delivery", "06-05", 8),
        *complaints("treatment", "05-09", 20),
        *complaints("invoice_wrong", "05-08", 40),
    ]
    with world({"cases": cases}, "2024-06-13T12:00", tmp_path) as store:
        top = numbers.top_complaints(store, Filters())
        assert (top.now.since, top.now.until) == (date(2024, 6, 6), date(2024, 6, 12))
        assert (top.before.since, top.before.until) == (date(2024, 5, 9), date(2024, 6, 5))
        assert top.weeks == 4
        assert places(top.rows) == [
            (1, "late_delivery", 7, 2, 5),
            (2, "invoice_wrong", 4, 0, 4),
            (2, "treatment", 4, 5, -1),
            (4, "broken_promise", 1, 0, 1),
        ]
        assert [row.reason for row in top.risers] == [
            "late_delivery",
            "invoice_wrong",
            "broken_promise",
        ]
        assert top.total == 16
        assert top.tied_beyond == 0
        two = numbers.top_complaints(store, Filters(), n=2)
        assert [row.reason for row in two.rows] == ["late_delivery", "invoice_wrong"]
        assert two.tied_beyond == 1
        assert numbers.ask_top_complaints(store, Filters(), n=2) == list(two.rows)


def test_few_complaints_are_counted_over_28_days(tmp_path):
    cases = [
        *complaints("late_delivery", "06-12", 9),
        *complaints("treatment", "05-20", 10),
        *complaints("treatment", "05-01", 3),
    ]
    with world({"cases": cases}, "2024-06-13T12:00", tmp_path) as store:
        top = numbers.top_complaints(store, Filters())
        assert (top.now.since, top.now.until) == (date(2024, 5, 16), date(2024, 6, 12))
        assert (top.before.since, top.before.until) == (date(2024, 4, 18), date(2024, 5, 15))
        assert places(top.rows) == [(1, "treatment", 10, 3, 7), (2, "late_delivery", 9, 0, 9)]


def test_weeks_without_data_are_no_quiet_weeks(tmp_path):
    # Two a day since Thursday 16 May, as-of Thursday 13 June: three whole weeks lie before.
    days = [f"05-{day}" for day in range(16, 32)] + [f"06-{day:02d}" for day in range(1, 13)]
    cases = [row for day in days for row in complaints("treatment", day, 2)]
    with world({"cases": cases}, "2024-06-13T12:00", tmp_path) as store:
        top = numbers.top_complaints(store, Filters())
        assert (top.weeks, top.compared) == (3, True)
        assert places(top.rows) == [(1, "treatment", 14, 14, 0)]


def test_what_began_just_now_is_compared_with_nothing(tmp_path):
    cases = complaints("treatment", "06-09", 12)
    with world({"cases": cases}, "2024-06-13T12:00", tmp_path) as store:
        top = numbers.top_complaints(store, Filters())
        assert not top.compared
        assert top.risers == ()
        assert "the data begin within" in top.notes[-1].text()
        assert [row.n for row in top.rows] == [12]


def test_a_period_is_compared_with_the_equal_one_before(tmp_path):
    cases = [
        *complaints("late_delivery", "05-12", 3),
        *complaints("late_delivery", "04-12", 1),
        *complaints("treatment", "04-12", 5),
    ]
    with world({"cases": cases}, "2024-06-30T00:00", tmp_path) as store:
        filters = Filters(date(2024, 5, 1), date(2024, 5, 31))
        top = numbers.top_complaints(store, filters)
        assert places(top.rows) == [(1, "late_delivery", 3, 1, 2)]
        assert top.before.since == date(2024, 4, 1)
        assert top.notes[0].text() == "too few (n = 3)"
        # April 12 is the first day there is: before it nothing was loaded.
        assert not top.compared


def test_a_complaint_is_one_of_the_process_or_by_its_reason(tmp_path):
    cases = [
        *complaints("late_delivery", "05-12", 2, process="request"),
        *complaints("defect", "05-12", 4, process="fault"),
        *complaints("eigen reden", "05-12", 1),
        *complaints(None, "05-12", 3),
    ]
    with world({"cases": cases}, "2024-06-30T00:00", tmp_path) as store:
        may = Filters(date(2024, 5, 1), date(2024, 5, 31))
        rows = numbers.ask_top_complaints(store, may)
        assert [(row.reason, row.n) for row in rows] == [
            (None, 3),
            ("late_delivery", 2),
            ("eigen reden", 1),
        ]
        request = Filters.of(may.since, may.until, process=["request"])
        assert [row.reason for row in numbers.ask_top_complaints(store, request)] == [
            "late_delivery"
        ]
        scope = Scope(frozenset(["request"]))
        assert len(numbers.ask_top_complaints(store, may, scope)) == 1
        with pytest.raises(AskProblem, match="cannot be split by cause"):
            numbers.ask_top_complaints(store, Filters.of(cause=["it"]))


def test_a_screen_hides_few_and_shows_what_is_not_configured_together(tmp_path):
    cases = [
        *complaints("late_delivery", "05-12", 12),
        *complaints("treatment", "05-12", 9),
        *(row for n in range(11) for row in complaints(f"eigen reden {n}", "05-12", 1)),
        *complaints(None, "05-12", 20),
    ]
    with world({"cases": cases}, "2024-06-30T00:00", tmp_path) as store:
        may = Filters(date(2024, 5, 1), date(2024, 5, 31))
        rows = numbers.ask_top_complaints(store, may, SCREEN)
        assert [(row.place, row.reason, row.n) for row in rows] == [(1, "late_delivery", 12)]
        found = numbers.top_complaints(store, may, SCREEN)
        assert found is not None
        # What has no reason is no complaint to be the largest.
        assert (found.others, found.unknown) == (11, 20)
        with use("nl"):
            assert sentences_top.apart(found) == (
                "11 klachten hadden een reden die niet is ingericht. "
                "20 klachten kwamen binnen zonder reden."
            )
        assert len(numbers.ask_top_complaints(store, may, n=50)) == 14
        few = numbers.top_complaints(
            store, Filters.of(may.since, may.until, reason=["treatment"]), SCREEN
        )
        assert few.rows == ()
        assert few.total == 0
