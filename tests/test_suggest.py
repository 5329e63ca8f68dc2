"""Did you mean: near names are offered, chance likeness is not."""

import pytest

from kpi.suggest import suggest

NAMES = ["information", "opened_at", "closed_at", "csat", "nps"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [("opend_at", "opened_at"), ("csa", "csat"), ("nsp", "nps"), ("informatie", "information")],
)
def test_a_near_name_is_offered(written, meant):
    assert suggest(written, NAMES) == meant


@pytest.mark.parametrize("written", ["foo", "xyz", "q", "for", ""])
def test_letters_that_some_long_name_holds_are_no_likeness(written):
    assert suggest(written, NAMES) is None
