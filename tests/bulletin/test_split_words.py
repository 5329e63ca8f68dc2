"""What a part of a change is called: its amount, and whether it is the right way, in words."""

import pytest

from kpi.bulletin import sentences_split as words
from kpi.i18n import use
from kpi.measures import KPIS


@pytest.mark.parametrize(
    ("kpi", "part", "said"),
    [
        ("avoidable", -6.2, "\u22126.2 points, better"),
        ("avoidable", 6.2, "+6.2 points, worse"),
        ("within_norm", 6.2, "+6.2 points, better"),
        # What rounds to nothing is neither.
        ("avoidable", 0.01, "0.0 points"),
        ("avoidable", 0.0, "0.0 points"),
    ],
)
def test_the_right_way_is_said_and_not_only_coloured(kpi, part, said):
    with use("en"):
        assert words.judged(KPIS[kpi], part).replace("\u00a0", " ").replace("\u202f", " ") == said


def test_what_has_no_right_way_is_called_neither():
    with use("en"):
        plain = words.judged(KPIS["contacts_per_hour"], 2.0)
    assert "better" not in plain
    assert "worse" not in plain
