"""Kanaalsturing: every number is the one that is asked, parts make up the whole, totals are said."""

from dataclasses import replace
from datetime import date

import pytest

from kpi import formats, numbers
from kpi.filters import Filters
from kpi.i18n import use
from kpi.model import Result
from kpi.periods import Period
from pages.shared import data, steering, steering_gap
from pages.shared.asked import Asked
from tests.pages import alone

NOW, BEFORE = Period(date(2025, 6, 1), date(2025, 8, 31)), Period(date(2025, 3, 1), date(2025, 5, 31))  # fmt: skip
ASKED = Asked(Filters.of(NOW.since, NOW.until), NOW, BEFORE, None)

pytestmark = pytest.mark.usefixtures("quiet_places")


@pytest.fixture
def store(demo_shown):
    return demo_shown


def texts(rows):
    return [[cell if isinstance(cell, str) else cell.text for cell in row] for row in rows]


def test_lines_are_what_is_asked_and_make_up_the_whole(store):
    found = steering.completed(ASKED, ASKED.filters, steering.lines(ASKED, ASKED.filters))
    [whole] = numbers.ask(store, ["channel_preferred"], ASKED.filters)
    assert sum(one.n for one in found) == whole.n
    assert sum(one.preferred.numerator for one in found) == whole.numerator
    by_reason = {
        one.by["reason"]: one
        for one in numbers.ask(store, ["channel_preferred"], ASKED.filters, ("reason",))
    }
    before = {
        one.by["reason"]: one
        for one in numbers.ask(
            store,
            ["channel_preferred"],
            ASKED.filters.during(BEFORE.since, BEFORE.until),
            ("reason",),
        )
    }
    split = {"offer"}
    for one in found:
        assert sum(one.counts.values()) == one.n
        # What came by a channel that is preferred now is what the number counts.
        preferred = sum(n for c, n in one.counts.items() if one.places.get(c) == "preferred")
        assert preferred == one.preferred.numerator
        if one.reason not in split:
            assert one.preferred.value == pytest.approx(by_reason[one.reason].value)
            assert one.before is None or one.before.value == pytest.approx(before[one.reason].value)
    offers = [one for one in found if one.reason == "offer"]
    assert {one.value_class for one in offers} == {"high", "low"}
    assert sum(one.n for one in offers) == by_reason["offer"].n


def test_what_was_taken_back_since_the_title_was_found_has_no_process(store):
    [first, *_others] = steering.lines(ASKED, ASKED.filters)
    [gone] = steering.completed(ASKED, ASKED.filters, [replace(first, reason="taken back")])
    assert (gone.href, gone.before) == ("", None)


def test_small_channels_together_lose_nobody(store):
    found = steering.lines(ASKED, ASKED.filters)
    known = [row["channel"] for row in store.configuration.channels(NOW.until)]
    shown = steering.together(found, known)
    assert [sum(one.counts.values()) for one in shown] == [one.n for one in found]
    assert "phone" in steering.channels_of(shown, known)


def test_online_is_what_is_asked(store):
    [whole] = numbers.ask(store, ["online_share"], ASKED.filters)
    by_reason = numbers.ask(store, ["online_share"], ASKED.filters, ("reason",))
    with use("nl"):
        rows = texts(steering_gap.online_rows(ASKED.filters, whole).rows)
        assert len(rows) == len([one for one in by_reason if one.n]) + 1
        assert rows[-1][1] == formats.number(whole.numerator)
        assert rows[-1][3] == formats.value(whole.value, whole.unit, whole.low, whole.high)
    assert whole.extras["from_totals"] > 0
    assert sum(one.extras["from_totals"] for one in by_reason) == whole.extras["from_totals"]


def test_each_tile_says_what_its_n_counts(store, blocks):
    period = {"since": NOW.since.isoformat(), "until": NOW.until.isoformat()}
    assert not alone.run("steer.channels", lang="nl", **period).exception
    said = blocks["tiles"].text()
    words = {
        "channel_preferred": "contacten",
        "online_share": "transacties",
        "channel_gap": "zaken",
    }
    for one in numbers.ask(store, list(words), ASKED.filters):
        with use("nl"):
            assert f"n = {formats.number(one.n)} {words[one.kpi]}" in said


def test_handling_per_channel_is_what_is_asked(store):
    found = {
        (one.kpi, one.by["channel"]): one
        for one in numbers.ask(store, steering_gap.HANDLING, ASKED.filters, ("channel",))
    }
    with use("nl"):
        rows = {row[0]: row for row in texts(steering_gap.handling_rows(ASKED.filters).rows)}
        assert len(rows) > 3
        for (kpi, channel), one in found.items():
            if one.n and not one.too_few and one.value is not None:
                shown = rows[data.title("channel", channel)]
                place = 1 + steering_gap.HANDLING.index(kpi)
                assert shown[place] == formats.value(one.value, one.unit, one.low, one.high)


def test_a_month_without_totals_is_set_apart_only_where_others_have_them():
    def month(totals):
        return Result("online_share", {}, 50.0, n=10, extras={"from_totals": totals})

    assert steering_gap.without_totals([month(5.0), month(0.0), None, month(7.0)]) == [1]
    assert steering_gap.without_totals([month(0.0), month(0.0)]) == []


@pytest.mark.parametrize(
    ("language", "query"),
    [
        ("nl", {}),
        ("en", {"process": "fault", "channel": "phone", "kpi": "channel_gap", "compare": "none"}),
        ("nl", {"kpi": "<b>nothing</b>", "of": "<b>nothing</b>", "period": "12m"}),
        ("nl", {"since": "2030-01-01", "until": "2030-02-01"}),
    ],
)
def test_the_page_stands_in_whatever_is_asked(store, language, query):
    app = alone.run("steer.channels", lang=language, **query)
    assert not app.exception
    assert app.title[0].value
    assert "<b>" not in app.title[0].value
    if not query:
        [preferred] = numbers.ask(store, ["channel_preferred"], ASKED.filters)
        with use("nl"):
            share = formats.value(preferred.value, preferred.unit, preferred.low, preferred.high)
        assert app.title[0].value.replace("\\", "").startswith(share)
