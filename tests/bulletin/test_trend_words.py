"""What is said of trends: only what the numbers bear out, everything named, in both languages."""

from datetime import date

import pytest

from kpi import formats
from kpi.bulletin import sentences_trend, trend_tables
from kpi.bulletin.taken import book_of
from kpi.bulletin.trend_beside import Beside
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.model import Result, Unit
from kpi.results.signals import Limit

KPI = KPIS["avoidable"]
MONTHS = ["Jan 2026", "Feb 2026", "Mar 2026"]


def result(value, n=500, half=2.0, **more):
    interval = (None, None) if value is None else (value - half, value + half)
    return Result("avoidable", {"month": "x"}, value, *interval, n=n, unit=Unit.PERCENT, **more)


def plain(text):
    return text.replace("\u00a0", " ")


@pytest.fixture(autouse=True)
def english():
    with use("en"):
        yield


def test_highest_lowest_and_who_moved():
    said = sentences_trend.groups(
        KPI,
        MONTHS,
        {
            "phone": [result(40), result(41), result(20)],
            "chat": [result(30), result(30), result(31)],
            "app": [result(10), result(12), result(11)],
        },
    )
    assert "(Mar 2026): from 11% for app to 31% for chat." in said
    assert "phone changed most: 40% (Jan 2026), 20% (Mar 2026)." in said


def test_a_peak_that_went_away_is_told():
    values = [4, 5, 4, 45, 5, 4, 5]
    said = sentences_trend.groups(
        KPI,
        [f"wk {i}" for i in range(7)],
        {"letter": [result(v) for v in values], "rest": [result(v) for v in [30] * 6 + [41]]},
    )
    assert said.endswith("letter stands out: 45% (wk 3), usually about 5%.")


def test_the_highest_of_many_is_not_yet_a_peak():
    values = [10, 11, 9, 10, 15, 10, 11, 10]
    said = sentences_trend.groups(
        KPI,
        [f"wk {i}" for i in range(8)],
        {"a": [result(v, half=2.0) for v in values], "b": [result(30)] * 8},
    )
    assert "stands out" not in said


def test_a_lasting_change_goes_before_a_small_peak():
    said = sentences_trend.groups(
        KPI,
        [f"wk {i}" for i in range(7)],
        {"a": [result(v) for v in [40, 40, 41, 40, 20, 20, 20]], "b": [result(5)] * 7},
    )
    assert said.endswith("a changed most: 40% (wk 0), 20% (wk 6).")


def test_what_may_be_chance_is_not_news():
    said = sentences_trend.groups(
        KPI, MONTHS, {"a": [result(40), None, result(43)], "b": [result(10), None, result(11)]}
    )
    assert "changed most" not in said


def test_unfinished_and_small_rank_nowhere():
    said = sentences_trend.groups(
        KPI,
        MONTHS,
        {
            "tiny": [result(100, n=9), result(100, n=9), result(100, n=9)],
            "a": [result(40), result(42), result(90, partial=True)],
            "b": [result(20), result(22), result(1, partial=True)],
        },
    )
    assert "tiny" not in said
    assert "(Feb 2026): from 22% for b to 42% for a." in said


def test_nothing_to_compare_is_said():
    said = sentences_trend.groups(KPI, MONTHS, {"a": [None, None, result(3, n=2)]})
    assert said == "Avoidable contacts: too few in each period to compare."
    assert sentences_trend.groups(KPI, MONTHS, {"a": [result(40)] * 3}) == (
        "Avoidable contacts (Mar 2026): 40% for a."
    )


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ([], ""),
        (["x"], "One smaller group is not drawn and is in the table: x."),
        (["x", "y"], "2 smaller groups are not drawn and are in the table: x and y."),
        (
            list("abcdefg"),
            "7 smaller groups are not drawn and are in the table: a, b, c, d and 3 more.",
        ),
    ],
)
def test_what_is_not_drawn_is_counted_and_named(rest, said):
    assert sentences_trend.left_over(rest) == said


def test_many_small_points_get_a_word_of_advice():
    few, sure = [result(50, n=3)] * 3, [result(50)] * 3
    assert sentences_trend.small_points(sure, coarsest=False) == ""
    assert "3 of 6" in sentences_trend.small_points(few + sure, coarsest=False)
    assert "per month" in sentences_trend.small_points(few + sure, coarsest=False)
    assert "per month" not in sentences_trend.small_points(few + sure, coarsest=True)
    assert sentences_trend.small_points([None, result(None)], coarsest=False) == ""


def test_the_course_of_one_line_leaves_small_points_out():
    said = sentences_trend.course(KPI, MONTHS, [result(20), result(99, n=4), result(30)])
    assert "99" not in said
    assert "between 20% (Jan 2026) and 30% (Mar 2026)" in said


@pytest.mark.parametrize(
    ("name", "now", "before", "said"),
    [
        ("avoidable", result(40), result(30), "Faults: 40% avoidable contacts, 10 points higher than in May"),
        ("backlog", Result("backlog", {}, 166, n=166), Result("backlog", {}, 164, n=164),
         "Faults: backlog 166, 2 higher than in May"),
        ("complaints", Result("complaints", {}, 104.2, n=866), None,
         "Faults: complaints 104 per 1,000 customers"),
        ("causer", result(100), result(100), "Faults: causer"),
        ("avoidable", result(None, n=0), None, "Faults: avoidable contacts"),
        ("csat", result(80), None, "Faults: 80% CSAT"),
    ],
)  # fmt: skip
def test_the_title_says_how_much_and_against_what(name, now, before, said):
    found = sentences_trend.standing(KPIS[name], "Faults", now, before, "May")
    assert plain(found) == said


def test_busiest_hour():
    cells = {"1-09": result(30), "2-10": result(10), "7-03": result(100, n=2)}
    says = {name: name.upper() for name in cells}
    assert sentences_trend.busiest(KPI, cells, says) == (
        "Avoidable contacts: highest on 1-09 (30%), lowest on 2-10 (10%)."
    )
    # An hour on few contacts is an indication: no sentence names it while there are firm ones.
    cells |= {"1-08": result(5, n=12)}
    assert "lowest on 2-10 (10%)" in sentences_trend.busiest(KPI, cells, says | {"1-08": "1-08"})
    one = {"7-03": result(100, n=2)}
    assert "too few" in sentences_trend.busiest(KPI, one, says)


def test_the_quietest_hour_is_one_with_few_contacts():
    cells = {"1-09": result(3.5, n=46), "1-12": result(2.3, n=31), "4-16": result(1.4, n=18)}
    said = sentences_trend.busiest(KPIS["contacts_per_hour"], cells, {name: name for name in cells})
    assert "lowest on 4-16 (1.4)" in said


def test_dutch():
    with use("nl"):
        said = sentences_trend.groups(
            KPI, ["jan", "feb"], {"a": [result(40), result(20)], "b": [result(10), result(12)]}
        )
    assert plain(said) == (
        "Onnodige contacten (feb): van 12 % bij b tot 20 % bij a. "
        "a veranderde het meest: 40 % (jan), 20 % (feb)."
    )


def test_the_table_of_groups_has_every_result_with_n_interval_and_note():
    few = result(50, n=3, notes=())
    made = trend_tables.groups(
        KPI, "Channel", MONTHS, {"a": [result(40), None, few], "b": [None, result(None, n=0), None]}, {}
    )  # fmt: skip
    rows = [[getattr(cell, "text", cell) for cell in row] for row in made.rows]
    assert rows == [
        ["a", "Jan 2026", "40%", "38–42%", "500", ""],
        ["a", "Mar 2026", "50%", "48–52%", "3", ""],
        ["b", "Feb 2026", "–", "", "0", ""],
    ]


def test_rows_that_are_not_shown_are_counted():
    courses = {str(i): [result(40)] * 3 for i in range(trend_tables.MOST_ROWS // 3 + 1)}
    made = trend_tables.groups(KPI, "Channel", MONTHS, courses, {})
    assert len(made.rows) == trend_tables.MOST_ROWS
    assert "2,500 of 2,502 rows" in made.note


def test_a_period_without_data_is_a_row_too():
    made = trend_tables.periods(KPI, MONTHS, [result(40), None, result(41)])
    assert [row[0] for row in made.rows] == MONTHS
    assert made.rows[1][-1] == "no data in this period"


def test_names_are_only_text():
    hostile = "<script>alert(1)</script>"
    made = trend_tables.groups(KPI, hostile, [hostile], {hostile: [result(1)]}, {})
    assert "<script>" not in made.html


def test_hours_open_stand_beside_a_number_per_hour():
    per_hour = KPIS["contacts_per_hour"]
    one = Result(
        "contacts_per_hour", {"weekday_hour": "1-09"}, 8.4, n=413, denominator=49.0,
        unit=Unit.PER_HOUR, since=date(2026, 1, 1),
    )  # fmt: skip
    made = trend_tables.hours(per_hour, {"1-09": one}, {"1-09": "Monday 9–10 h"}, per_hour=True)
    assert [getattr(cell, "text", cell) for cell in made.rows[0]] == [
        "Monday 9–10 h", "8.4", "49", "413", "",
    ]  # fmt: skip


def test_what_is_drawn_otherwise_is_said():
    whole, cut_off = result(30.0), result(12.0, partial=True)
    assert sentences_trend.marks(KPI, [whole, whole], 2) == ""
    assert "hollow point" in sentences_trend.marks(KPI, [whole, cut_off], 2)
    # Without a value nothing is drawn.
    assert sentences_trend.marks(KPI, [whole, None, result(None, partial=True)], 3) == ""
    few = result(12.0, n=4)
    assert sentences_trend.marks(KPI, [whole, few], 2) == ""
    assert "small grey" not in sentences_trend.marks(KPI, [whole, cut_off], 2)
    assert "small grey" in sentences_trend.marks(KPI, [few, cut_off], 2), "both are hollow"
    customers = KPIS["three_contacts"]
    assert "afresh" in sentences_trend.marks(customers, [whole, whole], 2)
    assert sentences_trend.marks(customers, [whole, whole], 1) == ""


def _beside(centre, low, high, signal="", earlier=None):
    return Beside(Limit(centre, low, high, 1.0), signal, earlier)


def _texts(table):
    return [[getattr(cell, "text", cell) for cell in row] for row in table.rows]


def test_what_the_figure_draws_stands_beside_the_value():
    drawn = [
        _beside(76.4, 72.4, 80.4, earlier=result(70)),
        _beside(76.4, 71.6, 81.2, "below"),
        Beside(earlier=result(60, n=4)),
    ]
    made = trend_tables.periods(KPI, MONTHS, [result(77), result(68), None], drawn=drawn)
    assert [column.title for column in made.columns] == [
        "Period", "Value", "95% interval", "n", "Usual", "Usual from", "Usual to", "Signal",
        "A year before", "Note",
    ]  # fmt: skip
    assert [row[4:9] for row in _texts(made)] == [
        ["76%", "72%", "80%", "", "70%"],
        ["76%", "72%", "81%", "below", ""],
        ["", "", "", "", "60%"],
    ]
    # Taken along they are numbers.
    book = book_of(made)
    assert [head.title for head in book.heads][5:10] == [
        "Usual", "Usual from", "Usual to", "Signal", "A year before",
    ]  # fmt: skip
    assert book.rows[1][5:10] == [0.76, 0.72, 0.81, "below", None]


def test_what_is_not_drawn_has_no_column():
    bare = trend_tables.periods(KPI, MONTHS, [result(77)] * 3)
    assert bare == trend_tables.periods(KPI, MONTHS, [result(77)] * 3, drawn=[Beside()] * 3)
    only = trend_tables.periods(KPI, MONTHS, [result(77)] * 3, drawn=[_beside(76, 72, 80)] * 3)
    assert "A year before" not in [column.title for column in only.columns]


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        # By itself it would read 72% beside from 72%.
        ("avoidable", (71.6, 75.0, 71.9, 78.0), ["71.6%", "75.0%", "71.9%", "78.0%"]),
        ("avoidable", (71.62, 75.0, 71.64, 78.0), ["71.62%", "75.00%", "71.64%", "78.00%"]),
        # Not in days beside hours.
        ("lead_time", (1.005, 0.9, 0.5, 0.99), ["24.1 h", "21.6 h", "12.0 h", "23.8 h"]),
        ("lead_time", (4.03, 4.5, 4.04, 5.0), ["4.03 d", "4.50 d", "4.04 d", "5.00 d"]),
        # What is counted is whole.
        ("customers_closing", (120.0, 150.0, 120.4, 170.0), ["120", "150.0", "120.4", "170.0"]),
    ],
)
def test_a_signal_never_reads_the_same_as_the_limit_it_passes(name, values, expected):
    value, centre, low, high = values
    one = Result(name, {"month": "x"}, value, value - 2, value + 2, n=500, unit=KPIS[name].unit)
    [row] = _texts(
        trend_tables.periods(
            KPIS[name], MONTHS[:1], [one], drawn=[_beside(centre, low, high, "below")]
        )
    )
    assert [plain(text) for text in (row[1], *row[4:7])] == expected
    # What is no signal is as it always is.
    [calm] = _texts(
        trend_tables.periods(KPIS[name], MONTHS[:1], [one], drawn=[_beside(centre, low, high)])
    )
    assert calm[1] == formats.value(value, one.unit, one.low, one.high)


def test_groups_have_what_is_usual_of_each():
    made = trend_tables.groups(
        KPI,
        "Channel",
        MONTHS[:1],
        {"a": [result(40)], "b": [result(50)]},
        {},
        drawn={"a": [_beside(41, 38, 44)], "b": [Beside()]},
    )
    assert [row[5:9] for row in _texts(made)] == [["41%", "38%", "44%", ""], [""] * 4]
