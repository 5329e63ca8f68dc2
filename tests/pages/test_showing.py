"""A value changed by something else is never taken back by what a browser still holds."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from kpi.ingest.profiles import Feed, Profile, Rule
from kpi.schema import TABLES
from pages.manage import mapping, upload
from pages.manage.late import on
from pages.manage.upload import Given
from pages.shared import page as shared_page
from pages.shared.showing import chosen, shown


def script():
    import streamlit as st

    from pages.shared.showing import shown

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


class TestLateEvents:
    """An event of a widget that is no longer shown changes nothing of what came in its place."""

    @pytest.fixture
    def state(self, monkeypatch):
        state = {}
        monkeypatch.setattr("streamlit.session_state", state)
        monkeypatch.setattr("pages.shared.speech.speak", lambda: None)
        return state

    @pytest.fixture
    def given(self, state, tmp_path):
        path = tmp_path / "x.csv"
        path.write_text("a;b;c")
        found = Given("t", path, "x.csv", 5, SimpleNamespace(columns=("a", "b", "c")))
        columns = {"case_id": Rule(("a",)), "opened_at": Rule(("b",)), "status": Rule(value="open")}
        found.change(Profile((Feed("cases", columns),)))
        state[upload._KEY] = {"t": found}
        return found

    @pytest.fixture
    def choose(self, state, given):
        """Draws the widget of a column, and gives what its event then does."""

        def drawn(name, value, kind="_chosen"):
            late = on(given, getattr(mapping, kind))

            def event():
                state["key"] = value
                late(given, "key", (0,), TABLES["cases"].by_name[name])
                return given.text

            return event

        return drawn

    def test_in_time_it_counts(self, given, choose):
        choose("opened_at", "c")()
        assert given.profile.feeds[0].columns["opened_at"] == Rule(("c",))

    def test_of_the_table_before(self, given, choose):
        late = choose("opened_at", "c")
        given.change(Profile((Feed("contacts", {"started_at": Rule(("b",))}),)))
        before = given.text
        assert late() == before

    def test_of_columns_that_the_file_no_longer_has(self, given, choose):
        late = choose("opened_at", "c")
        given.proposal = SimpleNamespace(columns=("a;b;c",))
        before = given.text
        assert late() == before

    def test_of_a_file_that_was_let_go_of(self, state, given, choose):
        late = choose("opened_at", "c")
        before = given.text
        state[upload._KEY].clear()
        assert late() == before

    def test_of_a_value_for_all_rows_where_a_column_was_chosen_since(self, given, choose):
        late = choose("status", "closed", "_fill")
        choose("status", "c")()
        late()
        assert given.profile.feeds[0].columns["status"] == Rule(("c",))

    def test_the_same_again_keeps_what_else_was_said(self, given, choose):
        columns = given.profile.feeds[0].columns | {
            "opened_at": Rule(("b",), format="%d/%m/%Y"), "status": Rule(("c",), map={"x": "closed"}),
        }  # fmt: skip
        given.change(Profile((Feed("cases", columns),)))
        before = given.text
        assert choose("opened_at", "b")() == before
        assert choose("status", "c")() == before
        assert choose("status", "a")() != before


def test_an_echo_of_what_a_widget_showed_is_no_choice(monkeypatch):
    state = {}
    monkeypatch.setattr("streamlit.session_state", state)
    first = shown("letter", "a")
    assert not chosen(first), "it shows a, and says a"
    state[first] = "b"
    assert chosen(first)
    assert not chosen(first), "said once"
    # Something else makes it c: another widget shows that, and the first has nothing to say any more.
    assert shown("letter", "c") != first
    state[first] = "b"
    assert not chosen(first)
    state[first] = "a"
    assert not chosen(first)
    assert not chosen("never shown")


def test_a_double_click_in_a_figure_is_one(monkeypatch):
    """What its first click did is not done again, or to what came under the pointer meanwhile."""
    held, told, now = {}, [], [100.0]
    monkeypatch.setattr(shared_page, "st", SimpleNamespace(session_state=held))
    monkeypatch.setattr(shared_page.time, "monotonic", lambda: now[0])

    def click(after, *said):
        now[0] += after
        shared_page._clicked(told.append, list(said))

    click(0, "2026-W14")
    click(0.3, "2026-W14")
    assert told == [["2026-W14"]]
    click(0.3, "2026-W15")
    click(5, "2026-W15")
    assert told[1:] == [["2026-W15"], ["2026-W15"]]
