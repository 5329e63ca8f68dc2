"""Stocks: of two selects, between which cases may come and go."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np

from kpi.access import EVERYTHING
from kpi.measures import KPIS
from kpi.model import Moment
from kpi.periods import Period
from kpi.query.question import Question
from kpi.results.stock import Spells, moments, stock_results

MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def test_a_case_of_a_group_that_has_gone_meanwhile_is_left_out() -> None:
    at = Moment(datetime(2026, 3, 31, 12))
    question = Question(KPIS["backlog"], MARCH, (), ("process",), EVERYTHING, at, "UTC")
    opened = ["2026-03-02", "2026-03-01", "2026-03-03"]
    spans = {
        "by_0": np.array(["fault", "gone", "fault"], dtype=object),
        "opened_at": np.array(opened, dtype="datetime64[us]"),
        "ended_at": np.array(["NaT", "NaT", "NaT"], dtype="datetime64[us]"),
    }
    groups = {
        "by_0": np.array(["fault"], dtype=object),
        "first_at": np.array(["2026-02-01"], dtype="datetime64[us]"),
    }
    spells = Spells.read(question, spans, groups)
    [found] = stock_results(question, moments(question), spells)
    assert (found.by, found.value) == ({"process": "fault"}, 2)
    assert found.extras["p50"] == 29.0
