"""Values of closed months in the store: whole or not at all, and no number is another for it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from kpi.store import Store
from kpi.tables import table

KEPT = table("month_end_values")


def row(kpi: str, month: str, value: float | None = 1.5) -> dict[str, Any]:
    return {
        "kpi": kpi,
        "month": month,
        "process": "",
        "value": value,
        "low": None,
        "high": 2.5,
        "numerator": 3.0,
        "denominator": 2.0,
        "n": 2,
        "as_of": datetime(2026, 4, 30, 21, 59, 59, 123456),
        "data_version": 4,
        "kept_at": datetime(2026, 5, 1, 4),
        "last_import": 7,
    }


def kept(store: Store) -> list[dict[str, Any]]:
    return store.rows(sa.select(KEPT).order_by(KEPT.c.kpi, KEPT.c.month))


def test_rows_are_kept_as_they_are_and_the_version_stays(store: Store) -> None:
    version = store.data_version
    rows = [row("avoidable", "2026-04"), row("csat", "2026-03", None), row("csat", "2026-04")]
    assert store.keep_month_ends(version, [], rows)
    assert kept(store) == rows
    assert store.data_version == version
    assert not list(store.staging.iterdir())


def test_months_that_are_open_again_are_forgotten(store: Store) -> None:
    names = ("2026-02", "2026-03", "2026-04")
    rows = [row(kpi, month) for kpi in ("avoidable", "csat") for month in names]
    version = store.data_version
    store.keep_month_ends(version, [], rows)
    again = row("csat", "2026-03", 9.0)
    assert store.keep_month_ends(version, [("csat", "2026-03"), ("avoidable", "")], [again])
    assert kept(store) == [row("csat", "2026-02"), again]


def test_what_other_data_told_is_not_kept(store: Store) -> None:
    version = store.data_version
    store.set_property("touched", "yes")
    assert not store.keep_month_ends(version, [("csat", "")], [row("csat", "2026-04")])
    assert kept(store) == []


def test_a_row_that_cannot_be_kept_leaves_all_as_it_was(store: Store) -> None:
    version = store.data_version
    store.keep_month_ends(version, [], [row("csat", "2026-04")])
    nameless = {**row("csat", "2026-05"), "month": None}
    with pytest.raises(sa.exc.DBAPIError):
        store.keep_month_ends(version, [("csat", "")], [nameless])
    assert kept(store) == [row("csat", "2026-04")]
    assert not list(store.staging.iterdir())
