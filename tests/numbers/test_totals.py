"""Totals of a period: shown as they came, and which of them count."""

from datetime import date

from kpi import numbers
from kpi.access import Scope
from kpi.bulletin.totals import totals_table
from kpi.filters import Filters
from kpi.periods import Period
from tests.measures.world import world

YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))


def total(month: int, metric: str, value: float, dimension: str = "") -> dict:
    return {
        "period_start": f"2026-{month:02d}-01",
        "metric": metric,
        "dimension": dimension,
        "value": value,
    }


def test_what_was_delivered_and_what_counts(tmp_path):
    rows = [
        total(1, "Online transactions", 80, "address"),
        total(1, "calls", 20, "address"),
        # Calls of February are missing: nothing can be divided.
        total(2, "Online transactions", 90, "address"),
        total(1, "bezoeken website", 5000),
        total(1, "calls", 400),
    ]
    with world({"totals": rows}, "2026-03-01", tmp_path) as store:
        found = numbers.totals(store, YEAR)
        told = {(one.metric, one.part): one for one in found}
        online = told["Online transactions", "address"]
        assert (online.value, len(online.values), online.counted) == (170, 2, 1)
        assert told["calls", "address"].counted == 1
        assert (told["calls", ""].kpi, told["calls", ""].counted) == ("online_share", 0)
        assert told["bezoeken website", ""].kpi == ""
        # What is said to count is what the KPI counts.
        [share] = numbers.ask(store, ["online_share"], Filters(YEAR.since, YEAR.until))
        assert (share.numerator, share.denominator, share.extras["totals"]) == (80, 100, 1)
        # All of it is somewhere, and only within the period.
        assert sum(one.value for one in found) == sum(row["value"] for row in rows)
        february = Period(date(2026, 2, 1), date(2026, 2, 28))
        assert [one.value for one in numbers.totals(store, february)] == [90]
        assert numbers.totals(store, YEAR, Scope(frozenset({"fault"}))) == []
        html = totals_table(found, "Online share").html
    assert "1 of 2 totals" in html
    assert "needs both online and calls" in html
