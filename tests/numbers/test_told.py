"""What a number is of what, asked by itself: as the results of the same question have it."""

from datetime import date

import pytest

from kpi.access import EVERYTHING, Scope
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.numbers import AskProblem, ask
from kpi.numbers.stretches import FACTORS
from kpi.numbers.told import told_of

PERIOD = Filters(date(2024, 3, 20), date(2024, 5, 31))
OF = [kpi for kpi in KPIS.values() if kpi.kind in FACTORS]


@pytest.fixture
def store(busy):
    return busy


@pytest.mark.parametrize("scope", [EVERYTHING, Scope(screen=True)], ids=["all", "screen"])
@pytest.mark.parametrize("by", [("process", "week"), ("channel", "month"), ("month",), ()])
@pytest.mark.parametrize("kpi", OF, ids=lambda kpi: kpi.name)
def test_it_is_what_the_results_have(store, kpi, by, scope):
    try:
        results = ask(store, [kpi.name], PERIOD, by, scope)
    except AskProblem:
        with pytest.raises(AskProblem):
            list(told_of(store, [kpi], PERIOD, by, scope))
        return
    expected = {
        tuple(one.by.values()): (one.numerator or 0.0, one.denominator)
        for one in results
        if not one.partial and one.denominator
    }
    found = list(told_of(store, [kpi], PERIOD, by, scope))
    assert {key: told for _name, key, told in found} == expected
    assert len(found) == len(expected)
    assert {name for name, _key, _told in found} <= {kpi.name}


def test_most_of_them_tell_something(store):
    """Else the test above compares nothing with nothing."""
    there = [kpi for kpi in OF if kpi.reads and _applies(store, kpi)]
    assert len(there) > len(OF) / 2


def _applies(store, kpi):
    try:
        return bool(list(told_of(store, [kpi], PERIOD, ("month",), EVERYTHING)))
    except AskProblem:
        return False
