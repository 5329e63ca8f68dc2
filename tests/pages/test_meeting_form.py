"""A decision of the process meeting: what was typed stays until it is kept, and then goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kpi.numbers import agenda
from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.web import running
from tests.browser.serving import copied
from tests.pages import alone

WHAT, WHO = "What was decided", "Who does it (a role)"


@pytest.fixture
def store(demo_path: Path, tmp_path: Path) -> Iterator[Store]:
    with open_store(load_settings(f"duckdb:///{copied(demo_path, tmp_path)}")) as made:
        running.attach(made)
        yield made
        running.attach(None)


def field(app: AppTest, label: str) -> object:
    return next(one for one in app.text_input if one.label == label)


def keep(app: AppTest) -> None:
    next(one for one in app.button if one.label == "Keep the decision").click().run()
    assert not app.exception


@pytest.mark.usefixtures("quiet_places")
def test_what_was_typed_stays_until_it_is_kept(store: Store) -> None:
    app = alone.run("steer.process", process="details", view="meeting", lang="en")
    before = len(agenda.decisions(store, "details"))
    field(app, WHAT).set_value("Call back the same day")
    keep(app)
    assert any("Fill in what was decided" in one.value for one in app.warning)
    assert field(app, WHAT).value == "Call back the same day"
    field(app, WHO).set_value("Planning")
    keep(app)
    assert len(agenda.decisions(store, "details")) == before + 1
    assert (field(app, WHAT).value, field(app, WHO).value) == ("", "")
    assert not app.warning


@pytest.mark.usefixtures("demo_shown", "quiet_places")
def test_an_action_is_begun_where_actions_are_agreed() -> None:
    app = alone.run("steer.process", process="request", view="meeting", lang="nl")
    assert not app.exception
    assert "Maak een verbeteractie" in [one.label for one in app.expander]
    about: Any = next(one for one in app.selectbox if one.key == "about-meeting")
    # What is off target comes first; what has no good side is nothing to aim at.
    assert about.options[0] == "Binnen norm"
    assert "Contacten per uur" not in about.options
