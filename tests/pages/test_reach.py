"""Bereikbaarheid: every number is the one that is asked, and it stands whatever is asked."""

from datetime import date

import pytest

from kpi import formats, numbers
from kpi.bulletin.states import State
from kpi.bulletin.tables import Shown, Table
from kpi.filters import Filters
from kpi.i18n import use
from kpi.periods import Period
from kpi.results.shortfall import Shortfall, missing
from pages.shared import (
    action_form,
    data,
    drill,
    page,
    places,
    reach_hours,
    reach_parts,
)
from pages.shared.asked import Asked
from tests.pages import alone

NOW, BEFORE = Period(date(2025, 6, 1), date(2025, 8, 31)), Period(date(2025, 3, 1), date(2025, 5, 31))  # fmt: skip
PERIOD = {"since": NOW.since.isoformat(), "until": NOW.until.isoformat()}
ASKED = Asked(Filters.of(NOW.since, NOW.until), NOW, BEFORE, None)

pytestmark = pytest.mark.usefixtures("quiet_places")


@pytest.fixture
def store(demo_shown):
    return demo_shown


def texts(rows):
    return [[cell if isinstance(cell, str) else cell.text for cell in row] for row in rows]


@pytest.mark.parametrize("dimension", ["channel", "process"])
def test_parts_are_what_is_asked(store, dimension):
    by_kpi = {
        (one.kpi, one.by[dimension]): one
        for one in numbers.ask(store, reach_parts.COLUMNS, ASKED.filters, (dimension,))
    }
    with use("nl"):
        rows = texts(reach_parts.rows_of(ASKED, dimension))
        said = {row[0]: row for row in rows}
        levels = [one for (kpi, _key), one in by_kpi.items() if kpi == "service_level" and one.n]
        assert len(rows) == len(levels)
        for one in levels:
            row = said[data.title(dimension, one.by[dimension])]
            assert row[1] == formats.number(one.n)
            if not one.too_few:
                assert row[2] == formats.value(one.value, one.unit, one.low, one.high)
                waited = by_kpi["waiting_time", one.by[dimension]]
                assert row[4:6] == [
                    formats.seconds(waited.value),
                    formats.seconds(waited.extras["p90"]),
                ]
    [whole] = numbers.ask(store, ["service_level"], ASKED.filters)
    assert sum(one.n for one in levels) == whole.n


def test_hours_that_are_short_are_what_is_asked(store):
    target = data.target(reach_hours.LEVEL, None, NOW.until)
    found = reach_hours.short(ASKED, target)
    by_hour = {
        one.by["weekday_hour"]: one
        for one in numbers.ask(store, ["service_level"], ASKED.filters, ("weekday_hour",))
    }
    assert found
    for one in found:
        level = by_hour[one.hour]
        assert one.level.value == level.value < target.value
        assert one.a_week == pytest.approx(missing(level, target.value) * 7 / 92)
    with use("nl"):
        says = {one.hour: one.hour for one in found}
        shown = texts(reach_hours.rows_of(ASKED, found, says, reach_hours.MOST).rows)
    assert [row[0] for row in shown] == [one.hour for one in found][: reach_hours.MOST]


def test_of_more_hours_than_stand_there_all_can_be_opened(store, blocks, monkeypatch):
    levels = reach_hours.by_hour(ASKED, "service_level")
    hours = [Shortfall(hour, one, 10.0, 1.0) for hour, one in levels.items()]
    monkeypatch.setattr(reach_hours, "short", lambda *_asked: hours)
    app = alone.run("steer.reach", **{**PERIOD, "lang": "nl"})
    assert not app.exception
    assert f"Alle {len(hours)} uren onder het doel" in {one.label for one in app.expander}
    for key, count in (("short-hours", reach_hours.MOST), ("short-hours-all", len(hours))):
        lines = [one for one in blocks[key].all() if one.tag == "tr"]
        assert len(lines) - 1 == count


def test_staffed_hours_are_those_that_were_loaded(store):
    every = numbers.staffed(store, ASKED.filters)
    faults = numbers.staffed(store, ASKED.filters.keeping("process", ["fault"]))
    [helped] = numbers.ask(store, ["customers_per_hour"], ASKED.filters)
    assert sum(every.values()) == pytest.approx(helped.denominator)
    assert 0 < sum(faults.values()) < sum(every.values())
    assert all(day.isoweekday() < 6 for day in every)


def test_a_weekday_has_as_many_rows_as_its_hours_together(store):
    for day in ("1", "5"):
        by_hour = numbers.ask(store, ["service_level"], ASKED.filters, ("weekday_hour",))
        total = sum(
            one.denominator or 0 for one in by_hour if (one.by["weekday_hour"] or "")[0] == day
        )
        kept = {"weekday_hour": f"{day}-"}
        found = numbers.rows(store, "service_level", ASKED.filters, kept, "denominator", most=1)
        assert found.total == total > 0


def test_an_hour_of_the_day_offers_its_rows_and_nothing_that_knows_no_hour(store, monkeypatch):
    offered = []
    monkeypatch.setattr(
        places, "link", lambda name, label, *_more, query=None, **_how: offered.append((name, label, query))
    )  # fmt: skip
    chosen = drill.chosen
    monkeypatch.setattr(
        drill,
        "chosen",
        lambda chart: ["offered_per_hour -10"] if chart == "clock" else chosen(chart),
    )
    app = alone.run("steer.reach", lang="nl", since="2025-06-01", until="2025-08-31")
    assert not app.exception
    [(name, label, query)] = [one for one in offered if one[1] and "rijen erachter" in one[1]]
    assert (name, query["weekday_hour"], query["kpi"]) == ("rows", "-10", "offered_per_hour")
    assert not any(label == "Alleen dit" for _name, label, _query in offered)
    by_hour = numbers.ask(store, ["offered_per_hour"], ASKED.filters, ("weekday_hour",))
    total = sum(one.numerator for one in by_hour if (one.by["weekday_hour"] or "").endswith("-10"))
    assert label.startswith(f"{formats.number(total)} ".replace(",", "."))


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("nl", {}),
        ("en", {"process": "fault", "channel": "phone", "kpi": "waiting_time"}),
        ("nl", {"kpi": "<b>nothing</b>", "compare": "none", "channel": "email"}),
        ("en", {"period": "12m", "kpi": "offered_per_hour"}),
        ("nl", {"since": "2030-01-01", "until": "2030-02-01"}),
    ],
)
def test_the_page_stands_in_whatever_is_asked(store, language, query):
    app = alone.run("steer.reach", lang=language, **query)
    assert not app.exception
    assert app.title[0].value
    assert "<b>" not in app.title[0].value
    if not query:
        [level] = numbers.ask(store, ["service_level"], ASKED.filters)
        with use("nl"):
            share = formats.value(level.value, level.unit, level.low, level.high)
        assert app.title[0].value.replace("\\", "").startswith(share)


def test_what_is_seen_becomes_an_action_with_all_that_is_known():
    draft = action_form.Draft(
        "Meer mensen", "service_level", "up", 80, process="fault", department="customer_service"
    )
    row = action_form.row_of(
        draft, action_form.next_id(["A-1", "A-12", "demo-x"]), title=" Meer mensen ", owner=" Teamleider ",
        target=75.0, department="planning", starts=date(2026, 7, 1), stops=date(2026, 9, 1),
        told=date(2026, 6, 30),
    )  # fmt: skip
    assert (row["action"], row["title"], row["owner"]) == ("A-13", "Meer mensen", "Teamleider")
    assert (row["kpi"], row["direction"], row["target"]) == ("service_level", "up", 75.0)
    assert (row["process"], row["reason"], row["department"]) == ("fault", None, "planning")
    assert row["valid_from"] == date(2026, 6, 30) <= row["starts_on"]
    assert action_form.next_id([]) == "A-1"


def test_marks_in_tables_are_explained_below_them(monkeypatch):
    """A shape alone is no word: what it means stands beside it, of those that are there."""
    told = []
    monkeypatch.setattr(page, "legend", lambda _sentence, states: told.append(states))
    plain = Table("t", (), ((Shown("1"), "2"),))
    page.marks_of(plain)
    assert not told
    page.marks_of(plain, Table("t", (), ((Shown("1", state=State.GOOD), Shown("2", state=State.BAD)),)))  # fmt: skip
    assert told == [[State.BAD, State.GOOD]], "what needs looking at first"


def test_each_tile_says_what_its_n_counts(store, blocks):
    """Answered contacts of all channels are more than what was offered in opening hours."""
    assert not alone.run("steer.reach", lang="nl", **PERIOD).exception
    said = blocks["tiles"].text()
    for name, what in (
        ("service_level", "telefoontjes en chats"),
        ("transfers", "beantwoorde contacten"),
        ("offered_per_hour", "contacten binnen openingstijd"),
    ):
        [one] = numbers.ask(store, [name], ASKED.filters)
        with use("nl"):
            assert f"n = {formats.number(one.n)} {what}" in said
