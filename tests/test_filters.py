"""One typed question: equal ones are equal, and the URL brings back what was put into it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpi.filters import BY, DIMENSIONS, EARLIEST, GRAINS, LATEST, Comparison, Filters

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
FILTERS = st.builds(
    lambda days, comparison, where: (
        Filters.of(*sorted(days), comparison, **where)
        if len(days) == 2
        else Filters.of(comparison=comparison, **where)
    ),
    st.lists(st.dates(EARLIEST, LATEST), max_size=2, unique=True),
    st.sampled_from(Comparison),
    st.dictionaries(st.sampled_from(DIMENSIONS), st.lists(TEXTS, max_size=4)),
)


@given(FILTERS)
def test_a_url_brings_back_the_question(filters):
    assert Filters.from_query(filters.to_query()) == (filters, [])


@given(st.lists(TEXTS, max_size=5), st.randoms())
def test_order_and_repetition_make_no_difference(values, chance):
    turned = [*values, *values]
    chance.shuffle(turned)
    one = Filters.of(process=values, channel=["phone"])
    other = Filters.of(channel=["phone", "phone"], process=turned)
    assert one == other
    assert hash(one) == hash(other)


def test_no_values_is_all():
    assert Filters.of(process=[]) == Filters()
    assert Filters().to_query() == {}
    assert Filters.of(process=["fault"]).keeping("process", []) == Filters()
    assert Filters().values("process") == ()


def test_a_question_can_be_narrowed_and_moved():
    asked = Filters.of(process=["fault"]).keeping("channel", ["phone", "chat"])
    assert asked.values("channel") == ("chat", "phone")
    moved = asked.during(date(2024, 5, 1), date(2024, 5, 31))
    assert (moved.since, moved.until) == (date(2024, 5, 1), date(2024, 5, 31))
    assert moved.where == asked.where


def test_what_cannot_be_a_question_is_refused():
    with pytest.raises(ValueError, match="before it begins"):
        Filters(date(2024, 5, 2), date(2024, 5, 1))
    with pytest.raises(ValueError, match="cannot filter by agent"):
        Filters(where=(("agent", ("M1",)),))


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"since": ["gisteren"]}, ["since=gisteren"]),
        ({"until": ["2024-02-30"]}, ["until=2024-02-30"]),
        (
            {"since": ["2024-05-02"], "until": ["2024-05-01"]},
            ["since=2024-05-02&until=2024-05-01"],
        ),
        ({"compare": ["nothing"]}, ["compare=nothing"]),
    ],
)
def test_what_a_url_says_wrong_is_named_and_left_out(query, refused):
    assert Filters.from_query(query) == (Filters(), refused)


def test_what_a_url_says_besides_is_none_of_our_business():
    found, refused = Filters.from_query({"lang": ["nl"], "process": ["fault"]})
    assert found == Filters.of(process=["fault"])
    assert refused == []


def test_by_knows_what_the_command_line_names():
    assert (*GRAINS, "weekday_hour", *DIMENSIONS) == BY
    # Those of the sheet, and where calls are transferred to.
    assert len(set(BY)) == len(BY) == 18 + 1
    assert "transferred_to" in BY


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "9999-12-31"])
def test_days_nobody_means_are_refused(day):
    filters, refused = Filters.from_query({"since": [day]})
    assert filters.since is None
    assert refused == [f"since={day}"]
