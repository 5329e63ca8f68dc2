"""A value changed by something else is never taken back by what a browser still holds."""

import pytest
from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from pages.manage.showing import shown

    truth = st.session_state.setdefault("truth", {"value": "a", "chosen": []})
    key = shown("letter", truth["value"])
    truth["key"] = key

    def chosen():
        truth["chosen"].append(st.session_state[key])
        truth["value"] = st.session_state[key]

    st.selectbox("letter", ["a", "b", "c"], key=key, on_change=chosen)


@pytest.fixture
def page():
    return AppTest.from_function(script).run()


def truth(page):
    return page.session_state["truth"]


def test_a_choice_keeps_the_widget(page):
    page.selectbox[0].select("b").run()
    assert (truth(page)["value"], truth(page)["key"]) == ("b", "letter")
    page.run()
    assert page.selectbox[0].value == "b"
    assert truth(page)["chosen"] == ["b"]


def test_a_change_from_elsewhere_gets_a_widget_of_its_own(page):
    page.selectbox[0].select("b").run()
    truth(page)["value"] = "c"
    page.run()
    assert truth(page)["key"] != "letter"
    assert page.selectbox[0].value == "c"
    # What the browser still says of the widget before it is no choice.
    page.session_state["letter"] = "b"
    page.run()
    assert (truth(page)["value"], truth(page)["chosen"]) == ("c", ["b"])
    page.selectbox[0].select("a").run()
    assert (truth(page)["value"], page.selectbox[0].value) == ("a", "a")
