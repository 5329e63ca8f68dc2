"""Filters of a page that stands already are drawn after its numbers, each in its place."""

from __future__ import annotations

from typing import Any

import pytest
import streamlit as st

from pages.shared import later, page
from tests.pages import alone

pytestmark = pytest.mark.usefixtures("quiet_places")


@pytest.fixture
def order(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is drawn, as it is drawn: the title, and lists to choose from."""
    drawn: list[str] = []
    for name in ("title", "selectbox"):
        plain = getattr(st, name)

        def noted(*given: Any, _name: str = name, _plain: Any = plain, **more: Any) -> Any:
            drawn.append(_name)
            return _plain(*given, **more)

        monkeypatch.setattr(st, name, noted)
    assert page.st is st
    return drawn


@pytest.mark.parametrize(
    ("module", "query"),
    [
        ("steer.trends", {}),
        ("steer.process", {"process": "fault"}),
        ("steer.avoidable", {}),
        ("steer.customers", {}),
    ],
)
def test_the_numbers_come_first_when_a_filter_changes(demo_shown, order, module, query):
    app = alone.run(module, lang="nl", **query)
    assert not app.exception
    # To an empty screen the filters come first: numbers may take a while.
    assert order.index("selectbox") < order.index("title")
    labels = [one.label for one in app.selectbox]
    order.clear()
    [period] = [one for one in app.selectbox if one.label == "Periode"]
    period.select("12m").run()
    assert not app.exception
    assert order.index("title") < order.index("selectbox")
    assert [one.label for one in app.selectbox] == labels, "in their own places"
    assert next(one.value for one in app.selectbox if one.label == "Periode") == "12m"
    assert app.query_params["period"] in ("12m", ["12m"])


@pytest.mark.parametrize(
    ("module", "query"),
    [
        ("steer.avoidable", {}),
        ("steer.avoidable", {"view": "back"}),
        ("steer.process", {"process": "request", "view": "work"}),
        ("steer.process", {"process": "request", "view": "lead"}),
        ("steer.trends", {"kpi": "avoidable"}),
        ("steer.channels", {}),
        ("steer.funnels", {}),
    ],
    ids=str,
)
def test_figures_come_before_what_stands_around_them(demo_shown, monkeypatch, module, query):
    drawn: list[str] = []

    def note(what: str, of: Any, name: str) -> None:
        plain = getattr(of, name)

        def noted(*given: Any, **more: Any) -> Any:
            drawn.append(what)
            return plain(*given, **more)

        monkeypatch.setattr(of, name, noted)

    note("figure", page, "plot")
    note("around", page, "table")
    note("around", page, "alert_from")
    note("around", st, "selectbox")
    app = alone.run(module, lang="en", **query)
    assert not app.exception
    texts = [one.value for one in app.markdown]
    drawn.clear()
    app.run()
    assert not app.exception
    assert {"figure", "around"} == set(drawn)
    # No figure after the first of the rest.
    assert "figure" not in drawn[drawn.index("around") :]
    assert [one.value for one in app.markdown] == texts, "each in its own place"


def test_what_fails_takes_nothing_along_that_waits(monkeypatch):
    monkeypatch.setattr(later.state, "stayed", lambda: True)
    later.begin()
    done: list[str] = []
    later.behind(lambda: done.append("first"))
    later.behind(lambda: 1 / 0)
    later.behind(lambda: done.append("last"))
    with pytest.raises(ZeroDivisionError):
        later.end()
    later.end()
    assert done == ["first", "last"]


def test_of_a_page_without_numbers_the_filters_are_there_all_the_same(demo_shown, order):
    app = alone.run("steer.trends", lang="nl")
    app.query_params["since"] = app.query_params["until"] = "1999-01-01"
    app.run()
    assert not app.exception
    assert "Kanaal" in [one.label for one in app.selectbox]
