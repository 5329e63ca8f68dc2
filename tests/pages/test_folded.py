"""A folded table is made when somebody opens it."""

from functools import partial

import pytest
import streamlit as st

from pages.shared import page
from tests.pages import alone

pytestmark = pytest.mark.usefixtures("quiet_places")
ASKED = {"since": "2025-01-01", "until": "2025-03-31", "lang": "nl"}


@pytest.fixture
def tables_open() -> None:
    """Nobody opened one (elsewhere all are)."""


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    made: list[str] = []
    monkeypatch.setattr(page, "table", lambda _shown, key, **_more: made.append(key))
    return made


def test_it_is_not_made_before(demo_shown, tables, monkeypatch):
    def shown() -> list[str]:
        tables.clear()
        app = alone.run("steer.trends", kpi="avoidable", by="process", grain="month", **ASKED)
        assert not app.exception
        assert app.expander
        return [key for key in tables if key == "trend-groups-table"]

    assert shown() == []
    # Opening itself is clicked in tests/browser/test_journeys.py.
    monkeypatch.setattr(st, "expander", partial(st.expander, expanded=True))
    assert shown() == ["trend-groups-table"]
