"""The commonest subjects of real complaints, as REFERENCE.md counts them."""

from datetime import date

from kpi.filters import Filters
from kpi.numbers import top_complaints
from tests.real.test_counts import COMPLAINTS

SUBJECTS = (COMPLAINTS[0], "telecom_subjects")
# As labelled in the file, where day and month are swapped: all of them lie in this year.
YEAR = Filters(date(2015, 1, 1), date(2015, 12, 31))


def test_subjects_in_one_spelling(loaded):
    store, _ = loaded(SUBJECTS)
    found = top_complaints(store, YEAR, n=5)
    assert [(row.reason, row.n) for row in found.rows] == [
        ("comcast", 102),
        ("comcast data cap", 30),
        ("comcast internet", 29),
        ("comcast data caps", 21),
        ("comcast billing", 18),
    ]
    assert found.total == 2224


def test_themes_in_one_spelling(loaded):
    store, _ = loaded(COMPLAINTS)
    found = top_complaints(store, YEAR, n=7)
    reasons = [row.reason for row in found.rows]
    assert reasons == [None, "internet", "service", "billing", "data cap", "speed", "price"]
    assert sum(row.n for row in found.rows) == 2224
