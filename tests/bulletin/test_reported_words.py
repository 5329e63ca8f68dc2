"""What was reported beside what is now: only where it reads otherwise, and by what."""

from datetime import datetime

import pytest

from kpi.bulletin import sentences_reported, trend_tables
from kpi.bulletin.tables import Shown
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.model import Result
from kpi.results.reported import Cause, Reported

NORM, LEAD, HOURS = KPIS["within_norm"], KPIS["lead_time"], KPIS["contacts_per_hour"]
ZONE = "Europe/Amsterdam"
AS_OF = datetime(2026, 4, 30, 21, 59)
LATE = Cause(7, "verzoeken_mei.csv", datetime(2026, 5, 11, 22, 30), 40)
MONTHS = ["Mar 2026", "Apr 2026"]


def now(value, n=400, half=2.0):
    bounds = (None, None) if value is None else (value - half, value + half)
    return Result("within_norm", {"month": "x"}, value, *bounds, n=n)


def was(value, after, month="2026-04", process=None, n=400, **more):
    more = {"causes": (LATE,), **more}
    low, high = (None, None) if value is None else (value - 2, value + 2)
    return Reported("within_norm", month, process, value, low, high, n, AS_OF, AS_OF, after, **more)


@pytest.fixture(autouse=True)
def english():
    with use("en"):
        yield


def test_nothing_changed_is_nothing_said():
    assert sentences_reported.changed(NORM, [was(81.2, now(81.2))], ZONE) == ""
    assert sentences_reported.changed(NORM, [], ZONE) == ""


def test_what_rounds_to_the_same_is_the_same():
    assert sentences_reported.then(NORM, was(81.2, now(80.8)), ZONE) is None
    found = sentences_reported.then(NORM, was(81.2, now(80.4)), ZONE)
    assert (found.value, found.as_of) == ("81%", "as of 30 Apr 2026")
    # As sharp as the value of now, whatever it was then.
    sharp = now(80.4, half=0.3)
    assert sentences_reported.then(NORM, was(80.0, sharp), ZONE).value == "80.0%"
    assert sentences_reported.then(NORM, was(80.42, sharp), ZONE) is None


def test_lead_times_are_compared_as_they_are_told():
    assert sentences_reported.then(LEAD, was(2.31, now(2.34)), ZONE) is None
    assert sentences_reported.then(LEAD, was(1.5, now(2.34)), ZONE).value == "1.5\u00a0d"


def test_which_changed_most_and_by_what():
    reported = [was(80, now(78), "2026-03"), was(81, now(75)), was(90, now(90), "2026-05")]
    assert sentences_reported.changed(NORM, reported, ZONE) == (
        "2 months changed after they closed; most of all Apr 2026: reported 81%, now 75% "
        "(by verzoeken_mei.csv, 12 May 2026)."
    )
    assert sentences_reported.changed(NORM, reported[1:], ZONE) == (
        "1 month changed after it closed: Apr 2026, reported 81%, now 75% "
        "(by verzoeken_mei.csv, 12 May 2026)."
    )


def test_in_dutch():
    reported = [was(80, now(78), "2026-03"), was(81, now(75))]
    with use("nl"):
        said = sentences_reported.changed(NORM, reported, ZONE)
    assert said.replace("\u00a0", " ") == (
        "2 maanden zijn na de afsluiting veranderd; het meest apr 2026: gemeld 81 %, nu 75 % "
        "(door verzoeken_mei.csv, 12-05-2026)."
    )


def test_told_apart_it_names_the_process():
    reported = [was(80, now(78), process="request"), was(81, now(75), process="fault")]
    said = sentences_reported.changed(NORM, reported, ZONE, str.title)
    assert said.startswith(
        "2 values changed after their month closed; most of all Fault, Apr 2026: reported 81%"
    )


def test_too_few_are_counted_and_never_the_most():
    few = was(100, now(20, n=9))
    assert sentences_reported.changed(NORM, [few], ZONE) == (
        "1 month changed after it closed: see the table."
    )
    said = sentences_reported.changed(NORM, [few, was(80, now(78), "2026-03")], ZONE)
    assert "2 months" in said
    assert "most of all Mar 2026: reported 80%, now 78%" in said


def test_a_value_that_is_no_longer_there_is_told():
    found = sentences_reported.then(NORM, was(81, now(None, n=0)), ZONE)
    assert found.value == "81%"
    assert "see the table" in sentences_reported.changed(NORM, [was(81, now(None, n=0))], ZONE)


def test_what_was_taken_back_or_configured_is_named():
    back = Cause(5, "mail.csv", datetime(2026, 5, 20, 10), 90, undone=True)
    one = was(81, now(75), causes=(LATE, back), configured=True)
    assert sentences_reported.why(one, ZONE) == (
        "by taking back mail.csv, 20 May 2026; 1 more import; a changed configuration"
    )
    unknown = was(81, now(75), causes=())
    assert sentences_reported.why(unknown, ZONE) == ""
    assert sentences_reported.changed(NORM, [unknown], ZONE).endswith("reported 81%, now 75%.")


def test_the_table_has_the_column_only_where_something_differs():
    results = [now(80.0), now(75.0)]
    plain = trend_tables.periods(NORM, MONTHS, results, [None, None])
    assert plain == trend_tables.periods(NORM, MONTHS, results)
    then = sentences_reported.then(NORM, was(81, now(75.0)), ZONE)
    table = trend_tables.periods(NORM, MONTHS, results, [None, then])
    assert [column.title for column in table.columns][1:3] == ["Reported", "Now"]
    first, second = table.rows
    assert first[1:3] == ("", "80%")
    assert second[1:3] == (Shown("81%", under="as of 30 Apr 2026"), "75%")
    assert second[-1] == "by verzoeken_mei.csv, 12 May 2026"
    assert (
        "<b>"
        not in trend_tables.periods(
            NORM, MONTHS, results, [None, sentences_reported.Then("<b>", "", "<b>")]
        ).html
    )


def test_groups_too_and_the_unit_stays_in_the_head():
    then = sentences_reported.Then("12", "as of then", "by x")
    courses = {"Faults": [now(10.0), None], "Requests": [now(11.0), now(12.0)]}
    table = trend_tables.groups(HOURS, "Process", MONTHS, courses, {}, {"Faults": [None, then]})
    assert [column.title for column in table.columns][2:4] == ["Reported", "Now (per hour)"]
    # What is gone now was there when it was reported.
    assert [row[:2] for row in table.rows] == [
        ("Faults", "Mar 2026"),
        ("Faults", "Apr 2026"),
        ("Requests", "Mar 2026"),
        ("Requests", "Apr 2026"),
    ]
    assert table.rows[1][-1] == "no data in this period; by x"
    same = trend_tables.groups(HOURS, "Process", MONTHS, courses, {}, {"Faults": [None, None]})
    assert same == trend_tables.groups(HOURS, "Process", MONTHS, courses, {})
