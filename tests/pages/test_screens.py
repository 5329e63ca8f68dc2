"""Informatieschermen: a screen is changed and taken away, and one elsewhere is let in by its code."""

from dataclasses import replace
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from kpi.i18n import use
from kpi.web import running
from kpi.web.asked import screen
from kpi.web.pairing import pairing
from pages.wall.kept import slug
from tests.measures.world import world

SCRIPT = (
    "from pages.shared import state\n"
    "from pages.shared.speech import speak\n"
    "from pages.wall import screens\n"
    "speak()\n"
    "state.read('informatieschermen')\n"
    "screens.show()\n"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with world({}, None, tmp_path_factory.mktemp("screens")) as made:
        made.settings = replace(made.settings, pair_screens="yes")
        row = {
            "screen": "hal", "valid_from": date(2026, 1, 1), "title_nl": "Hal", "language": "nl",
            "views": "complaints:30,outages:15", "theme": "light", "processes": "fault",
        }  # fmt: skip
        made.configure("screens", [row], "test")
        running.attach(made)
        yield made
        running.attach(None)


@pytest.fixture(autouse=True)
def _in_dutch():
    """The names of choices are made where the test runs too."""
    with use("nl"):
        yield


def shown():
    app = AppTest.from_string(SCRIPT, default_timeout=60).run()
    assert not app.exception
    return app


def test_a_screen_is_let_in_and_shut_out(store):
    code = pairing(store).code("the secret of a screen")
    app = shown()
    [field] = [one for one in app.text_input if one.label == "Code op het scherm"]
    field.set_value("verkeerd")
    app.button(key="FormSubmitter:let-in-Laat dit scherm toe").click().run()
    assert any("Geen scherm toont deze code" in one.value for one in app.warning)
    [field] = [one for one in app.text_input if one.label == "Code op het scherm"]
    field.set_value(code)
    app.button(key="FormSubmitter:let-in-Laat dit scherm toe").click().run()
    assert not app.exception
    [device] = pairing(store).listed(store)
    assert pairing(store).device(store, "the secret of a screen")["screen"] in {"hal", "default"}
    app.button(key=f"out-{device['device_id']}").click().run()
    assert pairing(store).listed(store) == []


def test_a_screen_is_changed_and_taken_away(store):
    app = shown()
    app.selectbox(key="screen-chosen").set_value("hal").run()
    assert app.multiselect(key="views-hal").value == ["complaints", "outages"]
    assert app.number_input(key="seconds-hal-outages").value == 15
    app.number_input(key="seconds-hal-outages").set_value(25)
    app.button(key="keep-hal").click().run()
    assert screen("hal")["views"] == "complaints:30,outages:25"
    assert screen("hal")["processes"] == "fault"
    app.button(key="drop-hal").click().run()
    assert not app.exception
    assert screen("hal") is None


@pytest.mark.parametrize(
    ("typed", "name"),
    [("Hal, 2e verdieping", "hal-2e-verdieping"), ("Café Noord", "cafe-noord"), ("…", "")],
)
def test_a_name_in_an_address(typed, name):
    assert slug(typed) == name
