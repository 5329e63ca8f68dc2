"""A difference or a ratio agrees with the two numbers beside it, as these are shown."""

import pytest

from kpi import formats
from kpi.differences import changed, times
from kpi.i18n import use
from kpi.model import Better, Result, Unit


def share(value, wide=3.0):
    return Result("avoidable", {}, value, value - wide, value + wide, 30, 100, 100, Unit.PERCENT)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        # Shown as 39 % and 30 %; the difference of what is not shown rounds to 8.
        (share(38.7), share(30.4), "9 punten"),
        (share(52.4), share(65.6), "14 punten"),
        # With a decimal each where the interval bears it.
        (share(38.74, 0.2), share(30.41, 0.2), "8,3 punten"),
        # Shown alike and surely apart: the difference alone says so.
        (share(30.4), share(29.7), "0,7 punten"),
    ],
)
def test_a_difference_is_that_of_what_is_shown(now, before, said):
    with use("nl"):
        found = changed(now, before, Unit.PERCENT, Better.DOWN)
        assert found is not None
        assert found.amount.replace(formats.SPACE, " ") == said
        assert found.good is (now.value < before.value)


def test_lengths_of_time_keep_their_own_words():
    with use("nl"):
        now, before = (
            Result("lead_time", {}, days, None, None, 9, 9, 9, Unit.DAYS) for days in (2.3, 1.6)
        )
        assert changed(now, before, Unit.DAYS, Better.DOWN) == formats.change(
            2.3, 1.6, Unit.DAYS, Better.DOWN
        )
        assert changed(now, Result("lead_time", {}, None), Unit.DAYS, Better.DOWN) is None


def test_a_ratio_is_that_of_what_is_shown():
    with use("nl"):
        assert times(458, 18) == "ongeveer 25 keer zoveel"
        assert times(371, 18) == "ongeveer 21 keer zoveel"
        assert times(30, 11) == "2,7 keer zoveel"
        assert times(5, 0) == ""
