"""Feeds that are late or failed, asked of a store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from kpi.alerts import watching
from kpi.alerts.rules import Rule
from kpi.bulletin import sentences_feeds
from kpi.i18n import use
from kpi.numbers.feeds import feeds, known_until, late_feeds, late_over
from kpi.results.feeds import Every, FeedState, Punctual
from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.store.deliveries import note_failure, settle_failure
from kpi.tables import table
from tests.store.loading import manifest, post, staged_feed

#: Monday.
FIRST = datetime(2026, 3, 2, 6)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("feeds") / "store.duckdb"
    with open_store(load_settings(f"duckdb:///{path}")) as opened:
        yield opened


def deliver(store: Store, profile: str, at: datetime, file: str = "posts.csv") -> int:
    """Load a file as if it was then."""
    told = staged_feed(store.staging, "posts", [post(f"{profile} {at}", at)])
    read = replace(manifest(told, file=file), profile=profile)
    number = store.import_staged(read, "test").import_id
    assert number is not None
    imports = table("imports")
    with store.write_quietly() as connection:
        connection.execute(
            sa.update(imports).where(imports.c.import_id == number).values(loaded_at=at)
        )
    return number


def one(store: Store, name: str, now: datetime) -> FeedState:
    return next(feed for feed in feeds(store, now) if feed.feed == name)


def test_a_feed_that_came_every_working_day_is_late_the_day_after(store: Store) -> None:
    for ahead in (0, 1, 2, 3):
        deliver(store, "daily", FIRST + ahead * DAY)
    friday = FIRST + 4 * DAY
    feed = one(store, "daily", friday)
    assert (feed.state, feed.deliveries, feed.tables) == (Punctual.ON_TIME, 4, ("posts",))
    assert feed.due == datetime(2026, 3, 6, 23)
    assert feed.rhythm is not None
    assert (feed.rhythm.unit, feed.rhythm.read_off) == (Every.WORKING_DAYS, 4)
    assert [late.feed for late in late_feeds(store, friday + DAY)] == ["daily"]
    with use("nl"):
        said = sentences_feeds.sentence(one(store, "daily", friday + DAY), "Europe/Amsterdam")
    assert said == (
        "daily is te laat: verwacht vóór 07-03-2026 00:00 (elke werkdag, afgeleid uit 4 eerdere"
        " leveringen), laatst ingelezen op 05-03-2026 07:00."
    )


def test_what_was_agreed_goes_before_what_was_seen(store: Store) -> None:
    agreed = {"profile": "daily", "valid_from": date(2026, 3, 1), "every": 7, "unit": "days",
              "by_time": "08:00"}  # fmt: skip
    store.configure("expected_feeds", [agreed], "test")
    feed = one(store, "daily", FIRST + 5 * DAY)
    assert feed.state is Punctual.ON_TIME
    assert feed.due == datetime(2026, 3, 12, 7)
    never = {**agreed, "profile": "never came"}
    store.configure("expected_feeds", [never], "test")
    assert one(store, "never came", FIRST + 2 * DAY).state is Punctual.ON_TIME
    feed = one(store, "never came", FIRST + 30 * DAY)
    assert (feed.state, feed.deliveries) == (Punctual.LATE, 0)
    assert "never came; it was expected by" in sentences_feeds.sentence(feed, "Europe/Amsterdam")


def test_an_import_that_was_taken_back_was_no_delivery(store: Store) -> None:
    number = deliver(store, "mistaken", FIRST)
    assert one(store, "mistaken", FIRST).deliveries == 1
    store.undo(number, "test")
    assert "mistaken" not in [feed.feed for feed in feeds(store, FIRST)]


def test_a_failure_stands_until_it_is_made_good_or_settled(store: Store) -> None:
    now = datetime.now() + DAY  # noqa: DTZ005 - only later than the notes
    deliver(store, "nightly", FIRST)
    note_failure(store, "b.csv", "inbox", "It has no column X.", profile="nightly")
    feed = one(store, "nightly", now)
    assert feed.state is Punctual.FAILED
    assert sentences_feeds.sentence(feed, "UTC").endswith("It has no column X.")
    deliver(store, "nightly", now)
    assert one(store, "nightly", now).state is Punctual.NO_RHYTHM
    # A file that no profile fits goes by its own name, until it is settled, or loaded after all.
    number = note_failure(store, "unknown.csv", "inbox", "No profile fits.")
    assert "unknown.csv" in [late.feed for late in late_feeds(store, now)]
    settle_failure(store, number, "test")
    assert "unknown.csv" not in [late.feed for late in late_feeds(store, now)]
    note_failure(store, "mended.csv", "http", "No profile fits.")
    assert "mended.csv" in [late.feed for late in late_feeds(store, now)]
    deliver(store, "by hand", now, file="mended.csv")
    assert "mended.csv" not in [late.feed for late in late_feeds(store, now)]


def test_what_was_late_on_a_day_can_be_told_afterwards(tmp_path: Path) -> None:
    """Four mornings, then a Friday morning without a file, one at noon on Monday, and none since."""
    with open_store(load_settings(f"duckdb:///{tmp_path}/store.duckdb")) as own:
        for ahead in (0, 1, 2, 3):
            deliver(own, "daily", FIRST + ahead * DAY)
        monday = FIRST + 7 * DAY
        deliver(own, "daily", monday + timedelta(hours=6))
        days = [(FIRST + ahead * DAY).date() for ahead in range(-2, 10)]
        found = {day.day: [one.feed for one in late] for day, late in late_over(own, days).items()}
        assert found == {
            2: [], 3: [], 4: [], 5: [],  # before the first file nothing is known
            6: [],  # it may come until midnight
            7: ["daily"], 8: ["daily"],
            9: ["daily"],  # until it came at noon
            10: [], 11: ["daily"],
        }  # fmt: skip
        # As the feeds themselves say of that moment.
        assert [one.feed for one in late_feeds(own, datetime(2026, 3, 7, 12))] == ["daily"]
        until = known_until(own, ("posts",), days)
        assert min(until) == date(2026, 3, 2)
        assert (until[date(2026, 3, 8)], until[date(2026, 3, 9)]) == (
            date(2026, 3, 5), date(2026, 3, 9),
        )  # fmt: skip
        assert known_until(own, ("cases",), days) == {}
        # The alerts that watch it would have said so, and over how many days that is known.
        late = Rule.of({"alert": "x", "condition": "feed_late"})
        told = watching.preview(own, late, datetime(2026, 3, 10, 12), days=12)
        assert told is not None
        assert told.days == 9
        assert [(one.recovered, one.since.day) for one in told.news] == [(False, 7), (True, 7)]
