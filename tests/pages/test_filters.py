"""Periods that are offered, what they are held against, and the link that says it all."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from kpi.filters import DIMENSIONS, Comparison, Filters
from kpi.i18n import use
from kpi.numbers import ask, held_against
from kpi.periods import Period, months_up_to
from pages.shared import components, data, empty, frame, state
from pages.shared.asked import Asked, presets
from pages.shared.page import FILTERED
from tests.pages import alone, seen


def test_presets_end_with_the_last_complete_month():
    offered = presets(date(2026, 3, 31))
    assert offered["1m"] == Period(date(2026, 3, 1), date(2026, 3, 31))
    assert offered["3m"] == Period(date(2026, 1, 1), date(2026, 3, 31))
    assert offered["12m"] == Period(date(2025, 4, 1), date(2026, 3, 31))
    assert offered["year"] == Period(date(2026, 1, 1), date(2026, 3, 31))


@given(st.dates(date(1995, 1, 1), date(2099, 12, 31)))
def test_presets_are_periods_for_any_day(until):
    for period in presets(until).values():
        assert period.until == until
        assert period.since.day == 1


@pytest.mark.parametrize(
    ("comparison", "before"),
    [
        (Comparison.PREVIOUS, Period(date(2025, 10, 1), date(2025, 12, 31))),
        (Comparison.YEAR, Period(date(2025, 1, 1), date(2025, 3, 31))),
        (Comparison.NONE, None),
    ],
)
def test_held_against(comparison, before):
    assert held_against(Period(date(2026, 1, 1), date(2026, 3, 31)), comparison) == before


def test_twelve_months_of_a_sparkline():
    assert months_up_to(date(2026, 3, 31)) == Period(date(2025, 4, 1), date(2026, 3, 31))


def asked(period, before, **where):
    filters = Filters.of(period.since, period.until, Comparison.YEAR, **where)
    return Asked(filters, period, before, None)


def test_a_copied_link_leaves_nothing_to_a_default():
    period = Period(date(2026, 1, 1), date(2026, 3, 31))
    one = asked(period, None, channel=["phone", "e-mail & chat"])
    with use("nl"):
        query = parse_qs(one.query("fault").removeprefix("?"))
    language = query.pop("lang")
    again, refused = Filters.from_query(query)
    assert language == ["nl"]
    assert not refused
    assert again == one.filters.keeping("process", ["fault"])


@pytest.mark.parametrize(
    ("period", "before", "said"),
    [
        (Period(date(2026, 4, 1), date(2026, 6, 30)), Period(date(2026, 1, 1), date(2026, 3, 31)), "jan–mrt 2026"),
        (Period(date(2026, 4, 3), date(2026, 6, 9)), Period(date(2026, 1, 25), date(2026, 4, 2)), "de periode ervoor"),
        (Period(date(2026, 4, 3), date(2026, 6, 9)), Period(date(2025, 4, 3), date(2025, 6, 9)), "dezelfde periode een jaar eerder"),
    ],
)  # fmt: skip
def test_an_odd_period_is_not_spelled_out(period, before, said):
    with use("nl"):
        assert asked(period, before).before_text == said


def test_several_values_of_one_filter_all_count(demo_shown, quiet_places, monkeypatch):
    blocks = {}
    monkeypatch.setattr(
        components,
        "_bulletin",
        lambda key, data, **_more: blocks.update({key: seen.read(data["html"])}),
    )
    several = {"process": ["complaint", "fault"], "channel": ["chat", "phone"]}
    asked = {"since": "2025-06-01", "until": "2025-08-31"}
    app = alone.run("steer.trends", lang="nl", kpi="avoidable", **asked, **several)
    assert not app.exception
    assert app.query_params["process"] == ["complaint", "fault"]
    assert app.title[0].value.startswith("Storingen, Klachten en tips") or app.title[
        0
    ].value.startswith("Klachten en tips, Storingen")
    for number in seen.numbers(blocks["trend-avoidable-table"]):
        said = parse_qs(number.asked)
        assert (said["process"], said["channel"]) == (["complaint", "fault"], ["chat", "phone"])
        [rows] = [href for href in number.links if href.startswith("rows?")]
        assert parse_qs(rows)["channel"] == ["chat", "phone"]
    filters = Filters.of(date(2025, 6, 1), date(2025, 8, 31), **several)
    [whole] = ask(demo_shown, ("avoidable",), filters)
    assert f"n = {whole.n}" in "".join(one.value for one in app.markdown).replace("\\", "")
    # Where one process is always chosen, it is the first of them.
    app = alone.run("steer.process", lang="nl", **asked, **several)
    assert not app.exception
    assert app.query_params["process"] in ("complaint", ["complaint"])
    left = "De link vraagt ook om “process=fault”"
    assert [one.value for one in app.caption if seen.plain(one.value).startswith(left)]
    # As long as the link's own is shown.
    app.run()
    assert [one.value for one in app.caption if seen.plain(one.value).startswith(left)]
    again = alone.run("steer.process", lang="nl", **asked, process="complaint")
    assert not [one.value for one in again.caption if seen.plain(one.value).startswith("De link")]


def test_a_page_that_counts_all_customers_says_so_where_the_link_keeps_to_some(
    demo_shown, quiet_places
):
    def told(page: str, **query: str) -> list[str]:
        app = alone.run(page, lang="en", since="2025-06-01", until="2025-08-31", **query)
        assert not app.exception
        return [one.value for one in app.caption if "all customers" in one.value]

    [said] = told("steer.overview", has_portal="no")
    assert "without portal" in said
    assert not told("steer.overview", channel="phone")
    assert not told("steer.process", has_portal="no")
    assert not told("steer.trends", kpi="avoidable", has_portal="no")


def test_a_page_that_no_channel_tells_apart_offers_none(demo_shown, quiet_places):
    """Nor does it count in the words of what is kept; of a link that asks for one it is told."""

    def shown(page: str, **query: str) -> tuple[list[str], list[str], str]:
        app = alone.run(page, lang="en", **query)
        assert not app.exception
        told = [one.value.replace("\\", "") for one in app.caption]
        return (
            [one.label for one in app.selectbox],
            [text for text in told if "channel=" in text],
            app.session_state[FILTERED],
        )

    for page in ("steer.customers", "steer.channels", "manage.quality"):
        offered, told, kept = shown(page, process="fault", channel="phone")
        assert "Channel" not in offered
        [said] = told
        assert "cannot be asked here" in said
        assert "hone" not in kept
        offered, told, kept = shown(page)
        assert not told
        assert "all channels" not in kept
    offered, told, kept = shown("steer.avoidable", channel="phone")
    assert "Channel" in offered
    assert not told
    assert kept.endswith("Phone")
    assert shown("steer.avoidable")[2].endswith("all channels")


def chosen_from_two_sides():
    import streamlit as st

    from pages.shared import choices, state

    st.session_state.setdefault("_chosen", {})
    choices.choice("kpi", "KPI", ["a", "b", "c"], str, "a")
    st.button("c", on_click=state.choose, args=("kpi", "c"))


def test_a_click_elsewhere_is_not_undone_by_what_the_browser_still_shows():
    app = AppTest.from_function(chosen_from_two_sides).run()
    app.selectbox[0].select("b").run()
    assert app.session_state["_chosen"]["kpi"] == "b"
    app.button[0].click().run()
    assert app.selectbox[0].value == "c"
    # The list as it was before the click, sent along late.
    app.session_state["choose-kpi"] = "b"
    app.run()
    assert (app.selectbox[0].value, app.session_state["_chosen"]["kpi"]) == ("c", "c")
    app.selectbox[0].select("a").run()
    assert app.session_state["_chosen"]["kpi"] == "a"


def test_a_link_may_keep_to_every_dimension():
    """Else the rows behind a number told apart by it are more than the number counts."""
    assert set(DIMENSIONS) <= set(state.NAMES)


def test_a_value_of_the_link_that_no_choice_offers_is_told(demo_shown, quiet_places):
    def told(**query: str) -> list[str]:
        app = alone.run("steer.trends", lang="en", kpi="avoidable", **query)
        assert not app.exception
        texts = [one.value.replace("\\", "") for one in app.caption]
        return [text for text in texts if "cannot be asked here" in text]

    [said] = told(by="nonsense", grain="fortnight")
    assert "by=nonsense" in said
    assert "grain=fortnight" in said
    assert not told(by="channel", by2="process", grain="month")
    # Both in one, as the command line writes it: each is looked at by itself.
    [said] = told(by="channel,nonsense")
    assert "nonsense" in said
    assert "channel" not in said
    # A day that is none shows another period: that is told too, once.
    [said] = told(since="2025-02-30", until="2025-06-30")
    assert said.count("since=2025-02-30") == 1
    assert "until" not in said
    # What lies before all that can be chosen is another day, and said so.
    [said] = told(since="1970-01-01", until="2025-06-30")
    assert said.count("since=1970-01-01") == 1
    assert not told(since="2025-04-01", until="2025-06-30")
    [said] = told(compare="nonsense")
    assert "compare=nonsense" in said
    # Of twelve months the year before is the period before: that says the same.
    assert not told(compare="year", period="12m")
    # Chosen otherwise afterwards there is nothing to tell any more.
    app = alone.run("steer.trends", lang="en", kpi="avoidable", by="nonsense")
    [by] = [one for one in app.selectbox if one.label == "Split by"]
    by.select("channel").run()
    assert not [one.value for one in app.caption if "cannot be asked here" in one.value]


def test_a_choice_that_rules_out_what_a_link_got_is_not_told(demo_shown, quiet_places):
    def told(app):
        return [one.value for one in app.caption if "cannot be asked here" in one.value]

    app = alone.run("steer.split", lang="en", kpi="avoidable", by="process", period="nope")
    # What the link did not get is still told; by process is what it got.
    assert ["by=" in one for one in told(app)] == [False]
    app.selectbox(key=key_of(app, "process")).select("complaint").run()
    assert not app.exception
    assert app.query_params["process"] in ("complaint", ["complaint"])
    assert ["by=" in one for one in told(app)] == [False]


def key_of(app, name):
    """The key of the choice of `name`."""
    [key] = [one.key for one in app.selectbox if one.key.startswith(f"choose-{name}")]
    return key


@pytest.mark.parametrize(
    ("days", "since", "until"),
    [
        # From a day on: up to the last full month; up to a day: the usual three months.
        ({"since": "2025-06-10"}, "2025-06-10", "2025-08-31"),
        ({"until": "2025-07-15"}, "2025-05-01", "2025-07-15"),
        ({"since": "2025-09-10"}, "2025-09-10", "2025-09-10"),
        # Turned round, as the two fields are.
        ({"since": "2025-08-31", "until": "2025-06-01"}, "2025-06-01", "2025-08-31"),
    ],
)
def test_a_link_with_one_day_or_two_turned_round(demo_shown, quiet_places, days, since, until):
    app = alone.run("steer.trends", lang="nl", kpi="avoidable", **days)
    assert not app.exception
    assert not [one.value for one in app.caption if "De link" in one.value]
    assert app.query_params["since"] in (since, [since])
    assert app.query_params["until"] in (until, [until])


@pytest.mark.parametrize(
    ("page", "query", "why"),
    [
        ("process", {"since": "2026-01-01", "until": "2026-03-31"}, "De gegevens gaan tot en met 17-"),
        ("overview", {"since": "2026-01-01", "until": "2026-03-31"}, "De gegevens gaan tot en met 17-"),
        ("process", {"process": "nope"}, "“nope” staat niet in de inrichting"),
        ("overview", {"channel": "nope"}, "“nope” staat niet in de inrichting"),
        ("trends", {"kpi": "avoidable", "channel": "nope"}, "“nope” staat niet in de inrichting"),
    ],
)  # fmt: skip
def test_where_nothing_can_be_found_it_says_why(demo_shown, quiet_places, page, query, why):
    app = alone.run(f"steer.{page}", lang="nl", **query)
    assert not app.exception
    [said] = [plain for one in app.info if (plain := seen.plain(one.value))]
    assert said.startswith(why)
    # The backlog is known, of as-of: nothing to hold against itself.
    assert not [one.value for one in app.title if "werkvoorraad" in one.value]


@pytest.mark.parametrize("page", ["process", "avoidable", "customers"])
def test_a_part_that_a_page_has_not_is_told(demo_shown, quiet_places, page):
    app = alone.run(f"steer.{page}", lang="en", view="nonsense")
    assert not app.exception
    [said] = [one.value for one in app.caption if "cannot be asked here" in one.value]
    assert "view=nonsense" in said.replace("\\", "")


def visited(*visits):
    """What is chosen for the process at the end of visits: page, query of its address, own choice."""
    app = AppTest.from_string(
        "import streamlit as st\n"
        "from pages.shared import state\n"
        'state.read(st.session_state["at"])\n'
        'if st.session_state["own"]: state.choose("process", st.session_state["own"])\n'
        'state.write({name: state.chosen(name) for name in ("since", "process")})\n'
        'st.text(state.chosen("process"))\n'
    )
    for at, query, own in visits:
        app.session_state["at"], app.session_state["own"] = at, own
        app.query_params.clear()
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
    return app.text[0].value


def test_a_click_before_the_address_of_the_last_one_came_counts():
    """Over a slow line a second click goes out with the address of before the first."""
    app = AppTest.from_string(
        "import streamlit as st\n"
        "from pages.shared import state\n"
        "def click(value):\n"
        '    state.choose("process", value)\n'
        'state.read("trends")\n'
        'state.write({"process": state.chosen("process")})\n'
        'for one in ("fault", "request", ""):\n'
        "    st.button(one or 'all', on_click=click, args=(one,))\n"
    ).run()

    def clicked(value: str, address: str) -> str:
        app.query_params.clear()
        if address:
            app.query_params["process"] = address
        [button] = [one for one in app.button if one.label == (value or "all")]
        button.click().run()
        return app.session_state["_chosen"]["process"]

    def written() -> list[str]:
        return app.session_state["_written"].get("process", [])

    assert clicked("fault", "") == "fault"
    # Not yet in the browser: both clicks go out with the address of before the first.
    assert clicked("request", "") == "request"
    assert written() == ["request"]
    assert clicked("fault", "") == "fault"
    assert written() == ["fault"]
    assert clicked("", "request") == ""
    assert written() == []
    # By Back, without a click, the address counts.
    app.query_params["process"] = "request"
    app.run()
    assert app.session_state["_chosen"]["process"] == "request"


def test_the_menu_takes_along_what_was_chosen():
    assert visited(("trends", {}, "request"), ("klanten", {}, "")) == "request"
    seen = (("", {}, ""), ("trends", {}, "request"), ("", {}, ""))
    assert visited(*seen) == "request"


def test_what_a_link_chose_stays_where_it_led():
    """Back, and by the menu, the page is as it was left; its address may say nothing of it."""
    link = ("rijen", {"process": "fault", "since": "2025-11-01"}, "")
    assert visited(link) == "fault"
    assert visited(("", {}, ""), link, ("", {}, "")) == ""
    assert visited(("trends", {}, "request"), link, ("trends", {}, "")) == "request"
    assert (
        visited(("trends", {}, "request"), link, ("trends", {"process": "request"}, ""))
        == "request"
    )
    # A page that was not seen before has nothing of its own.
    assert visited(("", {}, ""), link, ("klanten", {}, "")) == "fault"


def test_back_from_a_case_the_rows_are_those_that_were_left():
    rows = ("rijen", {"process": "fault"}, "")
    assert visited(rows, ("zaak", {"case": "C-1"}, ""), ("rijen", {}, "")) == "fault"


def test_days_that_are_those_of_a_choice_are_shown_as_that_choice(demo_shown, quiet_places):
    """A link names days; one knows them as the past twelve months, until one chooses days oneself."""
    offered = presets(data.default_period().until)["12m"]
    link = {"since": offered.since.isoformat(), "until": offered.until.isoformat()}
    app = alone.run("steer.trends", lang="nl", **link)
    assert not app.exception
    [period] = [one for one in app.selectbox if one.label == "Periode"]
    assert period.value == "12m"
    assert not app.date_input
    assert app.query_params["since"] in (link["since"], [link["since"]])
    period.select("own").run()
    assert [one.value for one in app.date_input] == [offered.since, offered.until]
    app.date_input[0].set_value(offered.since + timedelta(days=3)).run()
    app.date_input[0].set_value(offered.since).run()
    assert len(app.date_input) == 2, "days that were chosen stay days"


def test_on_a_narrow_screen_what_was_chosen_otherwise_is_said(
    demo_shown, quiet_places, monkeypatch
):
    """There the controls are folded away: what the page is about must stand beside the button."""
    told = []
    monkeypatch.setattr(frame, "chrome", lambda summary, *_rest: told.append(summary))
    alone.run("steer.trends", lang="en", period="3m")
    alone.run("steer.trends", lang="en", period="3m", kpi="csat", by="reason")
    usual, own = told
    assert usual.endswith("all channels"), "the usual is in the title"
    assert own.startswith(usual)
    assert "CSAT" in own
    assert "by reason" in own


@pytest.mark.parametrize(
    ("page", "name"),
    [("steer.funnels", "funnel"), ("steer.funnels", "split"), ("steer.customers", "split")],
)
def test_another_funnel_or_split_than_the_link_asks_for_is_told(
    demo_shown, quiet_places, page, name
):
    """Else somebody reads the numbers of one funnel for those of another."""
    period = {"since": "2025-06-01", "until": "2025-08-31"}

    def told(**query):
        app = alone.run(page, lang="en", **period, **query)
        assert not app.exception
        texts = [one.value.replace("\\", "") for one in app.caption]
        return [text for text in texts if "cannot be asked here" in text]

    [said] = told(**{name: "nonsense"})
    assert f"{name}=nonsense" in said
    assert not told()
    assert not told(**{name: {"funnel": "order", "split": "has_portal"}[name]})


def test_answers_that_go_on_where_cases_end_are_not_hidden(demo_shown, monkeypatch):
    span = Period(date(2026, 1, 1), date(2026, 1, 31))
    later = Asked(Filters.of(span.since, span.until), span, None, None)
    assert empty.begins_later(later)
    as_of = type(demo_shown).as_of
    monkeypatch.setattr(
        type(demo_shown),
        "as_of",
        lambda self, reads: datetime(2026, 1, 15) if "surveys" in reads else as_of(self, reads),
    )  # fmt: skip
    assert not empty.begins_later(later)


class Address(dict):
    """What stands in the address, and what was sent for it."""

    def __init__(self):
        super().__init__()
        self.sent = []

    def get_all(self, name):
        return self[name]

    def from_dict(self, query):
        self.sent.append(query)


def test_where_the_browser_went_back_to_is_said_again(monkeypatch):
    """An address that was under way lands on the page gone back to, and would stay there."""
    address = Address()
    monkeypatch.setattr(state, "st", SimpleNamespace(session_state={}, query_params=address))

    def run(channel):
        address.clear()
        address.update({"channel": [channel]})
        state.read("page")
        state.write({"channel": state.chosen("channel")})

    run("phone")
    assert address.sent == []
    state.choose("channel", "chat")
    run("phone")
    assert address.sent == [{"channel": ["chat"]}]
    # Back, before that one came.
    run("phone")
    assert address.sent[1:] == [{"channel": ["phone"]}]
    run("phone")
    assert address.sent[2:] == []
