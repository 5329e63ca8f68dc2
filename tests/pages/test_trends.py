"""The page Trends: its tables hold what is asked and nothing else, and nothing drops out unseen."""

from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kpi import formats, numbers
from kpi.bulletin.tables import Shown
from kpi.bulletin.trend_beside import Beside
from kpi.charts.span import Span
from kpi.filters import Filters
from kpi.i18n import use
from kpi.measures import asked_by_show
from kpi.numbers import comparing
from kpi.periods import Period
from kpi.results.signals import Charted, Control, Limit, Method, Rule, Signal
from kpi.web import running
from pages.shared import components, data, happenings, page, trend_groups, trend_signals
from pages.shared.remembered import Remembered
from tests.charts.svg import of_class, read
from tests.measures.world import world

ROOT = Path(__file__).resolve().parents[2]
SINCE, UNTIL = date(2026, 1, 1), date(2026, 3, 31)
ALL = Filters.of(SINCE, UNTIL)
REASONS = [f"r{i:02}" for i in range(1, 16)]


def contacts():
    """Every weekday at ten: r01 the most, r15 the least, and one of an unknown reason."""
    days = [SINCE + timedelta(days=i) for i in range((UNTIL - SINCE).days + 1)]
    rows: list[dict[str, str | None]] = []
    for worked, day in enumerate(day for day in days if day.isoweekday() <= 5):
        for i, reason in enumerate(REASONS):
            if worked % (i + 1) == 0:
                rows.append(contact(len(rows), day, reason, "fault" if i % 2 else "request"))
    return [*rows, contact(len(rows), date(2026, 2, 3), None, "fault")]


def contact(number, day, reason, process):
    return {
        "contact_id": f"C-{number}",
        "customer_id": f"K-{number % 40}",
        "started_at": f"{day} 10:00",
        "answered_at": f"{day} 10:01",
        "channel": "phone" if number % 3 else "email",
        "direction": "in",
        "reason": reason,
        "process": process,
    }


CONFIGURED = {
    "announcements": [
        {
            "announcement": "outage",
            "valid_from": date(2026, 2, 10),
            "kind": "outage",
            "title_nl": "Storing <b>West</b>",
            "title_en": "Outage <b>West</b>",
            # 23:30 UTC is the next day here.
            "starts_at": datetime(2026, 2, 9, 23, 30),
            "ends_at": datetime(2026, 2, 11, 12, 0),
            "processes": "fault",
        },
        {
            "announcement": "taken-back",
            "valid_from": date(2026, 1, 1),
            "kind": "offer",
            "title_nl": "Nooit begonnen",
            "starts_at": datetime(2026, 2, 20, 9, 0),
        },
        {"announcement": "taken-back", "valid_from": date(2026, 2, 1), "retired": True},
    ],
    "actions": [
        {
            "action": "A-1",
            "valid_from": date(2025, 12, 1),
            "title": "Statusbericht",
            "process": "request",
            "kpi": "avoidable",
            "starts_on": date(2026, 3, 2),
            "stops_on": date(2026, 6, 1),
        },
        {
            "action": "A-2",
            "valid_from": date(2025, 11, 1),
            "title": "Liep al",
            "starts_on": date(2025, 12, 1),
        },
    ],
}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    made = world(
        {"contacts": contacts()},
        "2026-03-31 23:59",
        tmp_path_factory.mktemp("trends"),
        configuration=CONFIGURED,
    )
    with made:
        yield made


@pytest.fixture
def served(store):
    running.attach(store)
    try:
        yield store
    finally:
        running.attach(None)


@pytest.fixture
def shown(monkeypatch):
    """Every table and figure that the page draws, by its key."""
    found = {"tables": {}, "charts": {}, "small": ()}
    table, chart = page.table, page.chart

    def keep_table(what, key, **named):
        found["tables"][key] = what
        table(what, key, **named)

    def keep_chart(figure, sentence, rows, key, *_more, **_named):
        found["charts"][key] = (figure, sentence)
        chart(figure, sentence, rows, key, tell=_named["tell"])

    monkeypatch.setattr(page, "table", keep_table)
    monkeypatch.setattr(page, "chart", keep_chart)
    monkeypatch.setattr(components, "drawn", lambda drawn, *_more: found.update(small=drawn.names))
    return found


def run(**query):
    app = AppTest.from_file(str(ROOT / "pages" / "shell.py"), default_timeout=60)
    for name, value in {"since": "2026-01-01", "until": "2026-03-31", "lang": "en"}.items():
        app.query_params[name] = value
    for name, value in query.items():
        app.query_params[name] = value
    return app


def open_trends(monkeypatch, **query):
    """The shell with this page in front: AppTest knows no addresses."""
    from pages.steer import overview
    from pages.steer import trends as trends_page

    monkeypatch.setattr(overview, "show", trends_page.show)
    app = run(**query).run()
    assert not app.exception
    return app


def words(cell):
    return cell.text if isinstance(cell, Shown) else cell


def test_the_table_holds_exactly_what_is_asked(served, shown, monkeypatch):
    open_trends(monkeypatch, kpi="contacts_per_hour")
    asked = {
        one.by["week"]: one for one in numbers.ask(served, ["contacts_per_hour"], ALL, ("week",))
    }
    rows = shown["tables"]["trend-contacts_per_hour-table"].rows
    with use("en"):
        expected = [
            (formats.bucket(name, "week", year=True), formats.number(one.n))
            for name, one in asked.items()
        ]
    assert [(words(row[0]), words(row[3])) for row in rows] == expected
    figure, _sentence = shown["charts"]["trend-contacts_per_hour"]
    values = [one.value for one in asked.values()]
    with use("en"):
        told = [formats.value(one.value, one.unit, one.low, one.high) for one in asked.values()]
    assert [lines[1] for lines in figure.said[0]] == told
    # A mark lies as high as its value, from the lowest to the highest.
    depth = [float(mark.get("cy")) for mark in of_class(read(figure), "mark")]
    least, most = min(values), max(values)
    pixels = (max(depth) - min(depth)) / (most - least)
    assert depth == pytest.approx(
        [max(depth) - pixels * (value - least) for value in values], abs=0.2
    )


def test_told_apart_nothing_drops_out_above_the_largest(served, shown, monkeypatch):
    app = open_trends(monkeypatch, kpi="contacts_per_hour", by="reason", grain="month")
    asked = numbers.ask(served, ["contacts_per_hour"], ALL, ("reason", "month"))
    rows = shown["tables"]["trend-groups-table"].rows
    assert len(rows) == len(asked)
    assert {words(row[0]) for row in rows} == {*REASONS, "unknown"}
    counted = Counter()
    for one in asked:
        counted[one.by["reason"] or "unknown"] += one.n
    told = dict.fromkeys(counted, 0)
    for row in rows:
        told[words(row[0])] += int(words(row[4]))
    assert told == dict(counted)
    # Twelve are drawn, the unknown always among them; the others are named.
    assert len(shown["small"]) == 12
    assert "unknown" in shown["small"]
    text = " ".join(one.value for one in app.markdown).replace("\\", "")
    assert "4 smaller groups are not drawn and are in the table: r12, r13, r14 and r15." in text


@pytest.mark.parametrize("said", [{"by": "process", "by2": "channel"}, {"by": "process,channel"}])
def test_two_at_once_are_what_is_asked_of_both(served, shown, monkeypatch, said):
    app = open_trends(monkeypatch, kpi="contacts_per_hour", grain="month", **said)
    asked = numbers.ask(served, ["contacts_per_hour"], ALL, ("process", "channel", "month"))
    assert len({(one.by["process"], one.by["channel"]) for one in asked}) > 3
    told = shown["tables"]["trend-groups-table"]
    assert told.columns[0].title == "Customer process · Channel"
    served_titles = {"fault": "Faults and outages", "request": "Request or change a product"}
    expected = Counter()
    for one in asked:
        process = served_titles[one.by["process"]]
        expected[f"{process} · {one.by['channel'].capitalize()}"] += one.n
    found = Counter()
    for row in told.rows:
        found[words(row[0])] += int(words(row[4]))
    assert {name.casefold(): n for name, n in found.items()} == {
        name.casefold().replace("email", "e-mail"): n for name, n in expected.items()
    }
    # The link says both, in the way that the page reads them.
    assert app.query_params["by"] == "process"
    assert app.query_params["by2"] == "channel"


def test_up_to_six_groups_share_a_figure(served, shown, monkeypatch):
    open_trends(monkeypatch, kpi="contacts_per_hour", by="channel")
    figure, sentence = shown["charts"]["trend-groups"]
    assert figure.names == tuple(shown["small"])
    assert {mark.get("data-of") for mark in of_class(read(figure), "mark")} == {
        str(place) for place in range(len(figure.names))
    }
    assert len(figure.names) > 1
    assert sentence


def test_processes_have_a_figure_each_with_their_own_target_and_limits(served, shown, monkeypatch):
    open_trends(monkeypatch, kpi="contacts_per_hour", by="process")
    assert set(shown["small"]) == {"Request or change a product", "Faults and outages"}
    assert "trend-groups" not in shown["charts"]
    rows = shown["tables"]["trend-groups-table"].rows
    assert all(isinstance(row[0], Shown) and "kpi=contacts_per_hour" in row[0].href for row in rows)


def test_what_happened_is_flagged_and_listed(served, shown, monkeypatch):
    open_trends(monkeypatch, kpi="contacts_per_hour")
    rows = shown["tables"]["happenings"].rows
    assert [(words(row[0]), words(row[1])) for row in rows] == [
        ("1", "Outage <b>West</b>"),
        ("2", "Statusbericht"),
        ("", "Liep al"),
    ]
    # Only an action has a KPI to judge, and this one is young.
    assert [words(row[3]) for row in rows] == ["", "too early to say", ""]
    assert "<b>West" not in shown["tables"]["happenings"].html
    figure, _sentence = shown["charts"]["trend-contacts_per_hour"]
    numbers = [one.find("text").text for one in of_class(read(figure), "number")]
    assert numbers == ["1", "2"]


def test_only_what_touches_the_process_is_listed(served, shown, monkeypatch):
    open_trends(monkeypatch, kpi="contacts_per_hour", process="request")
    names = {words(row[1]) for row in shown["tables"]["happenings"].rows}
    assert names == {"Statusbericht", "Liep al"}


def test_happenings_by_their_own_days(served):
    span = Period(SINCE, UNTIL)
    outage = next(one for one in happenings.during(span, None) if one.kind == "outage")
    assert (outage.since, outage.until) == (date(2026, 2, 10), date(2026, 2, 11))
    early = happenings.during(Period(date(2025, 1, 1), date(2025, 11, 30)), None)
    assert not early


def test_the_week_by_its_hours(served, shown, monkeypatch):
    open_trends(monkeypatch, kpi="contacts_per_hour")
    asked = numbers.ask(served, ["contacts_per_hour"], ALL, ("weekday_hour",))
    rows = shown["tables"]["hours-table"].rows
    assert len(rows) == len(asked)
    assert sum(int(words(row[3])) for row in rows) == sum(one.n for one in asked)
    _figure, sentence = shown["charts"]["hours"]
    assert "10–11 h" in sentence


def test_a_kpi_without_values_says_so(served, shown, monkeypatch):
    # No reason has a category here: nothing can be said to be avoidable.
    app = open_trends(monkeypatch, lang="nl")
    assert app.title[0].value == "Alle klantprocessen\\: onnodige contacten"
    assert "trend-avoidable" not in shown["charts"]


@pytest.mark.parametrize("name", [kpi.name for kpi in asked_by_show()])
def test_every_kpi_has_a_page(served, monkeypatch, name):
    app = open_trends(monkeypatch, kpi=name, lang="nl")
    assert app.title[0].value


def test_filters_that_do_not_fit_are_explained(served, monkeypatch):
    app = open_trends(monkeypatch, kpi="churn", process="fault", lang="nl")
    assert "kies hierboven alle processen" in app.info[0].value


def test_nonsense_in_the_address_is_left(served, monkeypatch):
    app = open_trends(monkeypatch, kpi="x", by="<b>", grain="hour", process="<i>x")
    assert app.title[0].value


@pytest.mark.parametrize(("by", "most"), [("", 4), ("process", 3), ("reason", 3)])
def test_few_questions_however_many_groups(served, monkeypatch, by, most):
    asked = []
    ask, each = numbers.ask, comparing.ask_each

    def ask_each(store, parts, *more):
        asked.extend(names for names, _filters in parts)
        return each(store, parts, *more)

    monkeypatch.setattr(numbers, "ask", lambda *a, **k: asked.append(a[1]) or ask(*a, **k))
    monkeypatch.setattr(comparing, "ask_each", ask_each)
    # What another test asked is answered already.
    monkeypatch.setattr(data, "_ANSWERS", Remembered(most=100, seconds=60))
    open_trends(monkeypatch, kpi="repeat_contacts", by=by)
    # Now and before for the title, then the figure (alone: and the year before it).
    assert len(asked) == most


@pytest.mark.parametrize("count", [1, 6, 7, 12, 13, 40])
@pytest.mark.parametrize("unknown", [None, 0, 5, -1])
def test_unknown_is_always_drawn(count, unknown):
    ids = [str(i) for i in range(count)]
    if unknown is not None:
        ids[unknown % count] = None
    groups = [trend_groups.Group((one,), str(one), (), None) for one in ids]
    drawn = trend_groups.shown(groups)
    assert len(drawn) == min(count, 12)
    if unknown is not None:
        assert None in [one.id for one in drawn]
    # The largest come first, whatever is left out.
    assert [one.id for one in drawn if one.id is not None] == [
        one.id for one in groups if one in drawn and one.id is not None
    ]


@pytest.mark.parametrize(
    ("tables", "query"),
    [
        ({}, {}),
        ({"cases": [{"case_id": "Z-1", "opened_at": "2026-03-02 09:00", "status": "open"}]}, {}),
        (
            {"contacts": [{"contact_id": "C-1", "started_at": "2026-03-02 09:00", "channel": "x"}]},
            {"kpi": "offered_per_hour", "by": "weekday_hour", "grain": "quarter"},
        ),
        (
            {"customers": [{"customer_id": "K-1", "customer_since": "2026-03-05"}]},
            {"kpi": "customers_closing", "by": "has_portal", "grain": "day"},
        ),
    ],
)
def test_nothing_or_a_single_row_is_enough(tmp_path, monkeypatch, tables, query):
    with world(tables, None, tmp_path) as store:
        running.attach(store)
        try:
            app = open_trends(monkeypatch, **query)
        finally:
            running.attach(None)
    assert app.title[0].value


def charted(values, signals, asked=0):
    """A series with the same limits everywhere, of months."""
    limits = tuple(None if value is None else Limit(50.0, 40.0, 60.0, 3.3) for value in values)
    names = tuple(f"2026-{month:02}" for month in range(1, len(values) + 1))
    control = Control(Method.XMR, limits, (0, 0), tuple(signals))
    return Charted("month", names, (None,) * len(values), asked, control)


def test_every_period_of_a_signal_has_its_word_in_the_table():
    values = [52, 55, None, 70, 51, 52, 53, 54, 55]
    found = charted(
        values, [Signal(Rule.RUN, 0, 8, True), Signal(Rule.OUTSIDE, 3, 3, True)], asked=1
    )
    span = Span("", "month", (*found.names, "2026-10"))
    with use("en"):
        beside = trend_signals.beside(found, span)
    assert [one.signal for one in beside] == [
        "", "run", "", "above, run", "run", "run", "run", "run", "run", "",
    ]  # fmt: skip
    assert [one.usual is None for one in beside] == [value is None for value in [*values, None]]
    assert trend_signals.beside(None, span) == [Beside()] * 10


def test_every_point_of_a_run_is_ringed_and_only_its_ends_whole():
    values = [52, 55, None, 70, 51, 52, 53, 54, 55]
    run = Signal(Rule.RUN, 0, 8, True)
    span = Span("", "month", (*charted(values, []).names, "2026-10"))
    with use("en"):
        alone = trend_signals.rings(charted(values, [run], asked=1), span)
        both = [run, Signal(Rule.OUTSIDE, 3, 3, True)]
        stronger = trend_signals.rings(charted(values, both, asked=1), span)
    # None before what was asked, nor where there is no value.
    assert [one.place for one in alone] == [1, 3, 4, 5, 6, 7, 8]
    assert [one.place for one in alone if not one.within] == [1, 8]
    assert [one.word for one in alone] == ["run", *[""] * 6]
    assert [(one.word, one.within) for one in stronger if one.place in {1, 3}] == [
        ("run", False),
        ("above", False),
    ]
