"""What a part of a change is called: its amount, and whether it is the right way, in words."""

from dataclasses import replace

import pytest

from kpi.bulletin import sentences_split as words
from kpi.bulletin import sentences_trend
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.model import Result, Unit
from kpi.results.split import Divided, Split


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


def plain(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def divided(before, now, *parts, n=40_000, half=0.3):
    def result(value):
        hits = value * n / 100
        return Result("avoidable", {}, value, value - half, value + half, hits, n, n, Unit.PERCENT)

    return Divided(
        result(now), result(before),
        [Split((key,), part, 0.0, 10.0, 10.0, 0.2, 0.2) for key, part in parts], True,
    )  # fmt: skip


def test_two_that_undo_each_other_are_both_named():
    """What happens to have the sign of next to nothing is not what weighs most."""
    kpi = KPIS["avoidable"]
    with use("en"):
        both = divided(45.0, 45.05, ("fault", -3.9), ("information", 3.3), ("request", 0.65))
        said = plain(words.largest(kpi, both, lambda key: str(key[0])))
        assert (
            said
            == "fault (\u22123.9 points) and information (+3.3 points) all but undo each other."
        )
        one = divided(45.0, 48.0, ("information", 4.0), ("fault", -1.0))
        said = plain(words.largest(kpi, one, lambda key: str(key[0])))
        assert said.startswith(
            "information weighs most: +4.0 points, the others together \u22121.0"
        )


def test_what_weighs_most_says_by_what():
    kpi = KPIS["avoidable"]
    found = divided(47.0, 43.0, ("x", -3.0))
    with use("en"):

        def said(rate, mix, before=29.4, now=42.1):
            part = Split(("fault",), rate, mix, now, before, 0.088, 0.212)
            whole = replace(found, parts=[part], mixed=True)
            return plain(words.largest(kpi, whole, lambda key: str(key[0])))

        assert said(-0.1, -3.0).endswith(
            "; mainly because its share of the whole went from 21% to 9%."
        )
        assert said(-3.0, -0.1).endswith("; mainly because its own value went from 29% to 42%.")
        # Of what was not there before there is no value to tell.
        assert said(-3.0, -0.1, None).endswith(
            "fault weighs most: \u22123.1 points of \u22124.0 points."
        )
        part = Split(("fault",), -3.0, 0.3, 29.0, 42.0, 0.2, 0.2)
        assert [plain(one) for one in words.halves(kpi, part)] == [
            "by its own value \u22123.0 points, better",
            "by its share of the whole +0.3 points, worse",
        ]


def test_the_title_tells_the_change_that_its_parts_add_up_to():
    """In whole points 38.5 against 26.9 would be 11 or 12; its parts say 11.6."""
    found = divided(26.9, 38.5, ("letter", 11.6), half=0.9)
    with use("en"):
        told = sentences_trend.standing(
            KPIS["avoidable"], "All", *words.told_to_a_tenth(found), "before"
        )
        assert "38.5%" in plain(told)
        assert "11.6 points" in plain(told)
        alike = divided(26.9, 27.1, ("letter", 0.2), half=0.9)
        said = sentences_trend.standing(
            KPIS["avoidable"], "All", *words.told_to_a_tenth(alike), "before"
        )
        assert "not clearly different" in said
