"""What moved: lines about one story are one line, and what cannot be compared is not said."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from kpi import formats, numbers
from kpi.bulletin.moved import Moved, days, ranked
from kpi.filters import Filters
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.model import Result
from kpi.news import complaints, leaving, limits, rushes, still, weeks
from kpi.news.behind import told as told_of
from kpi.news.gathered import together
from kpi.numbers.signals import chart
from kpi.periods import Period
from kpi.results.signals import Charted
from pages.shared import data, moved, places, told_again

DAYS = (date(2026, 7, 22), date(2026, 7, 31))
LATER = (date(2026, 9, 1), date(2026, 9, 7))


def line(
    sentence, process="information", kpi="", *, better=False, strength=1.0, weeks=DAYS, **more
):
    return Moved(
        sentence, "", "", better, process, kpi, "", strength, short=f"{sentence}, short",
        weeks=weeks, **more,
    )  # fmt: skip


def test_a_surge_and_what_it_did_are_one_line():
    surge = line("541 contacts", mostly="mostly letter unclear")
    avoidable = replace(
        line("29 % → 41 %", kpi="avoidable"), why="from wk 30 to wk 32; mostly letter unclear (C)"
    )
    other = line("another process", "fault", "avoidable")
    told = together([surge, avoidable, other])
    assert [one.sentence for one in told] == ["541 contacts", "another process"]
    [also] = told[0].also
    assert also.why == "mostly letter unclear (C)", "the weeks are told already"
    assert told[0].because == "", "what is said of both is said once"


def test_what_lies_apart_in_time_stays_apart():
    told = together([line("541 contacts"), line("later", kpi="csat", weeks=LATER)])
    assert len(told) == 2
    assert not told[0].also


def test_what_got_better_in_a_surge_is_no_news():
    told = together([line("541 contacts"), line("99 %", kpi="within_norm", better=True)])
    assert [one.sentence for one in told] == ["541 contacts"]
    assert not told[0].also


def test_ranked_by_strength_with_room_for_what_got_better():
    lines = [line(f"worse {i}", kpi="csat", strength=i) for i in range(1, 7)]
    lines.append(line("better", kpi="csat", better=True, strength=0.5))
    assert [one.sentence for one in ranked(lines, 4)] == ["worse 6", "worse 5", "worse 4", "better"]
    assert ranked([]) == ()


def test_every_line_of_the_demo_leads_somewhere(demo_shown, quiet_places):
    """At the shared demo: a line has its evidence, and none compares with a time without data."""
    from pages.shared import cards
    from pages.shared.asked import Asked

    until = date(2025, 8, 31)
    period = Period(date(2024, 9, 1), until)
    before = Period(date(2023, 9, 1), period.since - timedelta(days=1))
    asked = Asked(Filters.of(period.since, until), period, before, None)
    with use("nl"):
        card = cards.scorecard(asked)
        told = moved.lines(asked, card)
    assert told
    assert all(one.href for one in told)
    # The demo begins in July 2024: who left or complained in the year before is hardly known.
    assert not [one for one in told if "→ " in one.sentence and not one.process]
    # Whoever is to act on what got worse is one click from actions and decisions.
    for one in told:
        if not one.better:
            assert bool(one.acts) == bool(one.process or one.owned), one
        if one.acts and not one.better:
            assert one.acts.startswith("aan zet: Klantprocesregisseur ")
            assert f"process={one.process or one.owned}" in one.acts_href
            assert "view=meeting" in one.acts_href
    assert any(one.acts for one in told if not one.better)
    # What got better after an action that aims at it leads to what the action did.
    after = [one for one in told if one.better and one.acts]
    assert [one.acts for one in after] == [
        "na de actie “Statusbericht bij elke stap van de levering”: wat die deed"
    ]
    assert all("view=meeting" in one.acts_href for one in after)
    assert {(one.process, one.kpi) for one in after} == {("request", "avoidable")}
    leaving = [one for one in told if one.sentence.startswith("Klantverloop onder")]
    assert [one.because for one in leaving] == ["Opzeggingen: vooral prijs"]
    # News is told up to as-of: where that lies after the period asked, the heading says so.
    with use("nl"):
        last = data.default_period()
        usual = replace(asked, period=Period(last.since, last.until))
        assert "met wat na de periode kwam" in moved.html(told, usual)
        assert "met wat na de periode kwam" not in moved.html(told, replace(asked, period=before))


def test_the_evidence_says_again_what_led_to_it(demo_shown, quiet_places, monkeypatch):
    """A trend of few points shows no rise by itself: its page says what the sentence said."""
    from urllib.parse import parse_qs, urlsplit

    from pages.shared.asked import Asked

    def asked_of(since, until, **where):
        period = Period(since, until)
        [process] = where.get("process", [None])
        return Asked(Filters.of(since, until, **where), period, None, process)

    monkeypatch.setattr(places, "known", lambda _name: True)
    found = 0
    whole = asked_of(date(2024, 9, 1), date(2025, 8, 31))
    with use("nl"):
        rises = complaints.lines(moved.asking(whole))
        assert rises
        for line in (*rushes.lines(moved.asking(whole)), *rises):
            query = parse_qs(urlsplit(line.href).query)
            since, until = (date.fromisoformat(query[name][0]) for name in ("since", "until"))
            where = {name: query[name] for name in ("process", "reason") if name in query}
            kpi, [grain] = KPIS[query["kpi"][0]], query["grain"]
            there = asked_of(since, until, **where)
            said = told_again.sentences(there, kpi, grain)
            # With the very numbers, whatever period its page shows: one rise has one baseline.
            assert any(one.startswith(line.sentence) for one in said), (line.sentence, said)
            assert any(line.change in one and line.still in one for one in said), said
            assert told_again.sentences(there, KPIS["avoidable"], grain) == []
            assert told_again.sentences(asked_of(since, until), kpi, grain) == []
            found += 1
            # Its rows are what was counted: of a rush a run of days each.
            ways = told_again.rows(there, kpi, grain)
            assert ways
            counts = [len_of(demo_shown, query) for _words, query in ways]
            what = "contacten" if line.process else "klachten"
            for (words, _query), count in zip(ways, counts, strict=True):
                assert words.startswith(f"De {formats.number(count)} {what} van ")
            if line.process:
                total = re.escape(formats.number(sum(counts)))
                assert re.search(rf": {total} (op|van) ", line.sentence)
    assert found


def len_of(store, query):
    """How many rows the page of rows shows for what its address asks."""
    filters, refused = Filters.from_query({name: [text] for name, text in query.items()})
    assert not refused
    return numbers.rows(store, query["kpi"], filters, most=1).total


def test_better_than_in_a_rush_is_said_to_be_after_it(demo_shown, quiet_places, monkeypatch):
    from kpi.numbers import Why
    from pages.shared.asked import Asked

    year = Period(date(2024, 9, 1), date(2025, 8, 31))
    later = Period(date(2025, 9, 1), date(2025, 9, 30))
    asked = Asked(Filters.of(later.since, later.until), later, year, None)
    monkeypatch.setattr("kpi.news.behind.found", lambda *_asked, **_how: Why())
    with use("nl"):
        rush = rushes.days_before(moved.asking(asked))
        assert "fault" in rush
        assert rushes.days_before(moved.asking(replace(asked, before=None))) == {}
        better, worse = (
            told_of(
                moved.asking(asked),
                line("60 % → 73 %", "fault", "csat", better=good, weeks=None),
            ).why
            for good in (True, False)
        )
        assert better == f"na de drukte van {days(*rush['fault'])}"
    assert worse == ""


def charted(*shares):
    """Twenty usual weeks around 40 %, then these; 200 rows each."""
    usual = [38, 42, 40, 39, 41, 43, 37, 40, 42, 38, 41, 39, 40, 42, 38, 41, 40, 39, 42, 38]
    found = [
        Result("avoidable", {}, float(value), value - 5, value + 5, 2 * value, 200, 200)
        for value in (*usual, *shares)
    ]
    control = chart(KPIS["avoidable"], found, len(usual))
    names = tuple(f"2026-W{week:02d}" for week in range(1, len(found) + 1))
    return Charted("week", names, tuple(found), len(usual), control)


def test_weeks_outside_the_limits_are_news_and_one_week_is_not(demo_shown, quiet_places):
    kpi = KPIS["avoidable"]
    with use("nl"):
        found = limits.line(kpi, "information", charted(41, 66, 68, 40, 39), "Informatievragen")
        assert found is not None
        assert "van wk 22 tot en met wk 23" in found.sentence.replace("\u00a0", " ")
        assert not found.better
        assert (
            limits.line(kpi, "information", charted(41, 66, 40, 39, 41), "Informatievragen") is None
        )
        # Eight weeks a little to one side: a signal in the trend, no news here.
        assert (
            limits.line(
                kpi, "information", charted(41, 41, 41, 41, 41, 41, 41, 41, 41), "Informatievragen"
            )
            is None
        )
        better = limits.line(
            kpi, "information", charted(30, 31, 30, 29, 30, 31, 30, 30, 30), "Informatievragen"
        )
        assert better is not None
        assert better.better


def test_one_rise_has_one_baseline_and_says_whether_it_goes_on(demo_shown, quiet_places):
    """In a month, a quarter and a year: the same numbers, and the same word on how it stands."""
    from kpi.periods import months_up_to
    from pages.shared.asked import Asked

    def of(period):
        return moved.asking(Asked(Filters.of(period.since, period.until), period, None, None))

    with use("nl"):
        until = data.default_period().until
        told = [
            {(one.sentence, one.change, one.still, one.usual) for one in complaints.lines(of(span))}
            for span in (months_up_to(until, 1), months_up_to(until, 3), months_up_to(until, 12))
        ]
        assert told[0]
        assert told[0] <= told[1] <= told[2]
        stands = {still for _said, _change, still, _usual in told[2]}
        assert stands <= {"loopt nog", *(one for one in stands if one.startswith("voorbij sinds"))}
        # A rush is told whole, also where it began before the period or went on after it.
        year = of(months_up_to(until, 12))
        [(_process, days), *_rest] = rushes.told(year)
        first, last = days[0].since, days[-1].until
        [whole] = [one for one in rushes.lines(year) if one.weeks == (first, last)]
        assert first < last
        for cut in (Period(last, last + timedelta(days=5)), Period(first, first)):
            assert whole.sentence in {one.sentence for one in rushes.lines(of(cut))}
        # So are months in which more left: those of a quarter that ends within them are no others.
        [left] = leaving.lines(year)
        months = Period(left.weeks[0] - timedelta(days=60), left.weeks[0] + timedelta(days=27))
        assert [one.sentence for one in leaving.lines(of(months))] == [left.sentence]


def test_a_short_period_tells_the_weeks_that_a_long_one_tells(demo_shown, quiet_places):
    from kpi.periods import months_up_to
    from pages.shared.asked import Asked

    def of(period):
        return moved.asking(Asked(Filters.of(period.since, period.until), period, None, None))

    with use("nl"):
        told = weeks.lines(of(months_up_to(data.default_period().until, 12)))
        assert told
        for one in told:
            month = of(Period(one.weeks[0], one.weeks[0] + timedelta(days=30)))
            differs = replace(one, sentence="30 % → 39 %", weeks=None)
            assert weeks.instead(month, [differs]) == [one]
            # What differs the other way is another story, and is told as it is.
            other = replace(differs, better=not one.better)
            assert weeks.instead(month, [other]) == [other]


def test_what_ended_a_week_or_two_ago_may_go_on():
    with use("nl"):
        now = date(2026, 11, 27)
        assert still.of(None, now, "week", sure=False) == "loopt mogelijk nog"
        assert still.of(None, now, "week", sure=False, better=True) == "mogelijk nog zo"


@pytest.mark.parametrize(
    ("until", "grain", "known", "better", "said"),
    [
        (None, "week", True, False, "loopt nog"),
        (None, "week", True, True, "houdt aan"),
        # Of a period long ago what came after it is not looked at.
        (None, "week", False, False, "aan het eind van de periode nog zo"),
        (date(2026, 10, 11), "week", True, False, "voorbij sinds wk 42"),
        (date(2025, 12, 28), "week", True, False, "voorbij sinds wk 1 2026"),
        (date(2025, 12, 21), "week", True, False, "voorbij sinds wk 52 2025"),
        (date(2026, 4, 30), "month", True, False, "voorbij sinds mei"),
        (date(2026, 7, 9), "day", True, False, "voorbij sinds vr 10 juli"),
        (date(2025, 11, 7), "day", True, False, "voorbij sinds 8 november 2025"),
        # A Monday may go on with what a Friday was.
        (date(2026, 11, 25), "day", True, False, "loopt mogelijk nog"),
    ],
)
def test_whether_it_goes_on_or_is_over(until, grain, known, better, said):
    with use("nl"):
        found = still.of(until, date(2026, 11, 27), grain, known=known, better=better)
    assert found.replace(formats.SPACE, " ") == said


def test_a_trend_says_again_what_a_line_told_of_a_shorter_period(demo_shown, quiet_places):
    from kpi.news.behind import evidence
    from tests.pages.alone import run

    period, before = Period(date(2025, 3, 1), date(2025, 5, 31)), date(2024, 12, 1)
    query = {"kpi": "within_norm", "process": "fault", "grain": "week", "lang": "en"}
    reach = {"since": "2024-12-01", "until": "2025-08-31"}
    told = f"{period.since}/{period.until}"
    kept = Filters.of(period.since, period.until, process=["fault"])
    [one] = data.compare(("within_norm",), kept)
    app = run("steer.trends", **query, **reach, told=told)
    assert not app.exception
    [said] = [one.value for one in app.markdown if "The line told of" in one.value]
    assert "Mar" in said
    assert formats.value(one.now.value, one.now.unit, one.now.low, one.now.high) in said.replace(
        "\\", ""
    )
    # The very period, one that is not in it, and what is none are not said again.
    for other in (
        f"{reach['since']}/{reach['until']}",
        "2024-01-01/2024-02-01",
        "2025-05-31/2025-03-01",
        "x/y",
        "x",
    ):
        app = run("steer.trends", **query, **reach, told=other)
        assert not app.exception
        assert not [one for one in app.markdown if "The line told of" in one.value], other
    asking = moved.asking(run_asked(period))
    assert f"told={period.since}%2F{period.until}" in evidence(
        asking, "within_norm", "fault", before, told=period
    )


def run_asked(period):
    from pages.shared.asked import Asked

    return Asked(Filters.of(period.since, period.until), period, None, None)


def test_a_period_without_a_whole_week_has_no_week_that_stands_out(demo_shown):
    """What stood out weeks before it is not what changed in it."""
    three = Filters.of(date(2025, 8, 29), date(2025, 8, 31))
    looked = 0
    for name in ("avoidable", "first_contact_resolution", "within_norm"):
        for charted in numbers.signals(
            demo_shown, name, three, ("process",), grain="week"
        ).values():
            looked += 1
            assert not charted.signals
    assert looked > 5
