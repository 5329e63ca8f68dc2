"""Of a large store the overview shows what is quickly there, and then the rest: the same numbers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kpi import numbers
from kpi.bulletin.states import State
from kpi.filters import Filters
from kpi.i18n import use
from kpi.periods import Period
from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.web import running
from pages.shared import cards, page
from pages.shared.asked import Asked
from pages.steer import overview
from tests.pages import alone

SLOW = {"lead_time", "churn_after"}


@pytest.fixture
def store(demo_path: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copyfile(demo_path, tmp_path / "own.duckdb")
    with open_store(load_settings(f"duckdb:///{tmp_path / 'own.duckdb'}")) as made:
        running.attach(made)
        yield made
        running.attach(None)


def asked(**where: list[str]) -> Asked:
    period = Period(date(2025, 3, 1), date(2025, 5, 31))
    return Asked(
        Filters.of(period.since, period.until, **where), period, period.previous(), None
    )  # fmt: skip


def values(card):
    return {
        (row.process.id, head.kpi): (cell.state, cell.value)
        for row in card.rows
        for head, cell in zip(card.heads, row.cells, strict=True)
    }


@pytest.mark.usefixtures("quiet_places")
def test_what_is_shown_at_once_is_what_stays(store: Store):
    numbers.keep_daily_sums(store, least=0)
    with use("nl"):
        first = cards.at_once(asked())
        whole = cards.scorecard(asked())
    early, late = values(first), values(whole)
    awaited = {kpi for (_process, kpi), (state, _value) in early.items() if state is State.NOTHING}
    assert awaited >= SLOW
    told = {at: said for at, said in early.items() if at[1] not in SLOW}
    assert len(told) > 20
    assert told == {at: late[at] for at in told}
    assert any(late[at][0] is not State.NOTHING for at in late if at[1] in SLOW)
    # Its cells have no notes, and refer to none: it is there for a moment.
    assert 'id="t-' not in first.html
    assert 'describedby="t-' not in first.html
    assert 'id="t-' in whole.html
    assert "wordt geteld" in first.html
    assert "wordt geteld" not in whole.html


@pytest.mark.usefixtures("quiet_places")
def test_everything_is_there_at_once_where_rows_are_held(store: Store):
    numbers.keep_daily_sums(store, least=0)
    assert numbers.hold_sums(store)
    assert numbers.hold(store, least=0)
    for own in (asked(), asked(channel=["phone"])):
        with use("nl"):
            first = cards.at_once(own)
            late = values(cards.scorecard(own))
        early = values(first)
        assert early == late
        assert "…" not in {told[1] for told in early.values()}
        assert (
            sum(told[0] is not State.NOTHING for at, told in early.items() if at[1] == "lead_time")
            > 3
        )
        # What stands in lines comes with the rest.
        assert "<polyline" not in first.html


@pytest.mark.usefixtures("quiet_places")
def test_nothing_is_shown_twice_where_nothing_is_waited_for(store: Store):
    with use("nl"):
        assert cards.at_once(asked()) is None, "without kept sums all take as long"
        numbers.keep_daily_sums(store, least=0)
        assert cards.at_once(asked(segment=["household"])) is None, "nor of what sums are not kept"
        assert cards.at_once(asked()) is not None
        cards.scorecard(asked())
        assert cards.at_once(asked()) is None, "it is known now"


@pytest.mark.usefixtures("quiet_places")
def test_the_page_ends_with_the_whole(store: Store, monkeypatch: pytest.MonkeyPatch):
    numbers.keep_daily_sums(store, least=0)
    drawn: list[tuple[str, str]] = []
    monkeypatch.setattr(overview, "bulletin", lambda html, key, **_: drawn.append((key, html)))
    app = alone.run("steer.overview", lang="nl")
    assert not app.exception
    assert [key for key, _html in drawn] == ["scorecard-early", "scorecard", "moved", "helping"]
    assert "wordt geteld" not in drawn[1][1]
    drawn.clear()
    assert not app.run().exception
    # What is known is drawn once; the other stays where it is, for the next time.
    assert [key for key, _html in drawn] == ["scorecard-early", "scorecard", "moved", "helping"]
    assert not drawn[0][1]


@pytest.mark.usefixtures("quiet_places")
def test_of_a_period_without_numbers_nothing_is_drawn_at_once(store: Store):
    numbers.keep_daily_sums(store, least=0)
    period = Period(date(2031, 1, 1), date(2031, 3, 31))
    none = Asked(Filters.of(period.since, period.until), period, period.previous(), None)
    with use("nl"):
        assert cards.at_once(none) is None


@pytest.mark.usefixtures("quiet_places")
def test_who_comes_before_anything_is_counted_is_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    said: list[str] = []
    heading = page.heading

    def told(sentence: str, *more: Any, **how: Any) -> None:
        said.append(sentence)
        heading(sentence, *more, **how)

    monkeypatch.setattr(page, "heading", told)
    app = alone.run("steer.overview", lang="nl")
    assert not app.exception
    counting, first = said
    assert "geteld" in counting
    assert [one.value for one in app.title] == [first], "in its place stands what was found"
    # Another filter leaves the numbers of the last one until its own are there.
    said.clear()
    app.query_params["channel"] = "phone"
    assert not app.run().exception
    assert len(said) == 1
    assert said != [first]
