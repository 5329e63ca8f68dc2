"""A KPI that looks ahead says of what is too recent that it is too early, not that it is too few."""

from __future__ import annotations

from datetime import date

from kpi import numbers
from kpi.filters import Filters
from kpi.i18n import use
from tests.measures.world import world

CUSTOMERS = [
    {"customer_id": f"K-{n}", "customer_since": "2020-01-01"} for n in range(24)
]  # fmt: skip


def cancellation(number, month):
    return {
        "case_id": f"Z-{number}",
        "customer_id": f"K-{number}",
        "process": "cancellation",
        "status": "closed",
        "started_by": "customer",
        "opened_at": f"2025-{month}-03 09:00",
        "closed_at": f"2025-{month}-04 09:00",
    }


def test_saved_of_recent_months(tmp_path):
    cases = [cancellation(n, "01" if n < 12 else "05") for n in range(24)]
    with world({"customers": CUSTOMERS, "cases": cases}, "2025-06-30T22:00", tmp_path) as store:
        asked = Filters.of(date(2025, 1, 1), date(2025, 6, 30))
        by_month = {
            one.by["month"]: one for one in numbers.ask(store, ["saved"], asked, ("month",))
        }
        with use("en"):
            assert (by_month["2025-01"].n, by_month["2025-01"].note) == (12, "indicative (n = 12)")
            may = by_month["2025-05"]
            assert (may.value, may.n) == (None, 0)
            assert may.note == "the as-of date lies less than 90 days after the period began"
            # A month that is too recent at its end only is not all told yet.
            ends = {month: one.partial for month, one in by_month.items()}
            assert ends["2025-01"] is False
            assert ends["2025-05"] is True
            # A month that is long enough ago and has none is only empty.
            assert "2025-02" not in by_month or "days after" not in by_month["2025-02"].note


def test_a_month_whose_last_days_are_too_recent_is_partial(tmp_path):
    """Its rows of the last days are left out: it is no whole month, though the month is over."""
    cases = [cancellation(n, "03") for n in range(24)]
    with world({"customers": CUSTOMERS, "cases": cases}, "2025-06-15T22:00", tmp_path) as store:
        asked = Filters.of(date(2025, 3, 1), date(2025, 5, 31))
        march = numbers.ask(store, ["saved"], asked, ("month",))[0]
        assert (march.by["month"], march.n, march.partial) == ("2025-03", 24, True)
        assert "partial period" in march.note_in(str)
