"""Who left, held in memory, is who left by the select: of every cross-section, grain and filter."""

from collections.abc import Iterator
from datetime import date

import pytest

from kpi import numbers
from kpi.filters import Filters
from kpi.numbers import leavers
from kpi.numbers.answering import ask_each
from kpi.store import Store
from tests.measures.world import world
from tests.numbers.test_daily_sums import PERIODS
from tests.numbers.test_engines import check
from tests.numbers.test_hold import demo

__all__ = ["demo"]
pytestmark = pytest.mark.timeout(300)

WHERE: list[dict[str, list[str]]] = [
    {},
    {"has_portal": ["yes"]},
    {"has_portal": ["no", ""]},
    {"segment": ["consumer", ""], "caller": ["no"]},
    {"tenure": ["new"]},
]
BY = [
    (), ("month",), ("segment",), ("has_portal", "month"), ("week", "tenure"), ("caller",),
    ("products", "quarter"), ("value_class", "caller", "month"), ("tenure", "day"),
]  # fmt: skip


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Of each question whether what is held answered it."""
    found: list[bool] = []
    plain = leavers.from_leavers

    def noted(*asked):
        told = plain(*asked)
        found.append(told is not None)
        return told

    monkeypatch.setattr("kpi.numbers.answering.from_leavers", noted)
    return found


@pytest.mark.parametrize("by", BY, ids=lambda by: " ".join(by) or "whole")
def test_it_is_the_same(
    demo: Store, answered: list[bool], by: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = PERIODS[::3] if "day" in by else PERIODS
    asked = [
        (["churn"], Filters.of(one.since, one.until, **where)) for where in WHERE for one in spans
    ]
    kept = ask_each(demo, asked, by)
    assert answered
    assert all(answered)
    monkeypatch.setattr("kpi.numbers.answering.from_leavers", lambda *_asked: None)
    rows = ask_each(demo, asked, by)
    check(kept, rows, f"{by}")
    assert sum(one.numerator or 0 for found in rows for one in found) > 20


def test_other_words_for_yes_are_left_to_the_select(demo: Store, answered: list[bool]) -> None:
    spans = PERIODS[0]
    told = [
        numbers.ask(demo, ["churn"], Filters.of(spans.since, spans.until, has_portal=[word]))
        for word in ("yes", "Ja")
    ]
    assert answered == [True, False]
    assert told[0] == told[1]
    assert told[0][0].numerator


def test_who_comes_and_goes_within_a_bucket_was_not_there_on_its_eve(tmp_path) -> None:
    def one(name, since, until):
        return {"customer_id": name, "customer_since": since, "customer_until": until}

    rows = [one("a", "2024-01-10", "2024-03-20"), one("b", "2024-03-05", "2024-03-25"), one("c", "2024-01-01", None)]  # fmt: skip
    with world({"customers": rows}, "2024-06-01 12:00", tmp_path) as store:
        assert numbers.hold(store, least=0)
        march = Filters(date(2024, 3, 1), date(2024, 3, 31))
        assert [found.numerator for found in numbers.ask(store, ["churn"], march)] == [1]
        weeks = {one.by["week"]: one.numerator for one in numbers.ask(store, ["churn"], march, ("week",))}  # fmt: skip
        assert weeks["2024-W12"] == 1
        # Of the week in which b left it was there on the eve.
        assert weeks["2024-W13"] == 1


def test_of_too_many_groups_the_select_counts(
    demo: Store, answered: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leavers, "_CELLS", 100)
    assert numbers.ask(demo, ["churn"], PERIODS[0], ("tenure", "week"))
    assert answered == [False]
