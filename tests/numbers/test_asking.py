"""The door to numbers: what can be asked, over which period, by whom, and what is noted."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kpi import numbers
from kpi.access import SCREEN, Scope
from kpi.filters import Filters
from kpi.i18n import _, use
from kpi.measures import asked_by_show
from kpi.model import NOT_CONFIGURED, Kind, Result
from kpi.numbers import AskProblem
from kpi.store import Store
from tests.measures.world import moment, world

WHOLE = Filters(date(2024, 3, 1), date(2024, 5, 31))
MAY = Filters(date(2024, 5, 1), date(2024, 5, 31))


def contact(number: int, at: str = "2024-05-06 10:00", **more: object) -> dict:
    return {
        "contact_id": f"k{number}",
        "customer_id": f"c{number}",
        "process": "information",
        "started_at": at,
        "answered_at": at,
        "channel": "phone",
        "direction": "in",
        "category": "valuable",
        "reason": None,
        **more,
    }


def case(number: int, opened: str, closed: str | None = None, **more: object) -> dict:
    return {
        "case_id": f"z{number}",
        "process": "fault",
        "opened_at": opened,
        "closed_at": closed,
        "status": "closed" if closed else "open",
        "reason": None,
        **more,
    }


def test_a_kpi_that_is_not_there_is_named_with_the_nearest(busy: Store):
    with pytest.raises(AskProblem, match=r"no KPI witin_norm. Did you mean within_norm\?"):
        numbers.ask(busy, ["witin_norm"], WHOLE)
    with pytest.raises(AskProblem, match="There is within_norm, within_due"):
        numbers.ask(busy, ["?"], WHOLE)


def test_a_dimension_that_does_not_apply_names_those_that_do(busy: Store):
    with pytest.raises(AskProblem) as problem:
        numbers.ask(busy, ["churn"], WHOLE, ("process",))
    assert str(problem.value) == (
        "churn cannot be split by process; it can by "
        "day, week, month, quarter, segment, value_class, has_portal, tenure, products, caller."
    )
    with pytest.raises(AskProblem, match="cannot be split by weekday_hour"):
        numbers.ask(busy, ["within_norm"], WHOLE, ("weekday_hour",))
    with pytest.raises(AskProblem, match="cannot be split by cause"):
        numbers.ask(busy, ["within_norm"], Filters.of(*MAY_DAYS, cause=["it"]))


MAY_DAYS = (date(2024, 5, 1), date(2024, 5, 31))


def test_a_dimension_that_is_not_there_is_named_with_the_nearest(busy: Store):
    with pytest.raises(AskProblem, match=r"no dimension proces. Did you mean process\?"):
        numbers.ask(busy, ["within_norm"], WHOLE, ("proces",))
    with pytest.raises(AskProblem, match=r"no dimension 9\. There is day, week"):
        numbers.ask(busy, ["within_norm"], WHOLE, ("9",))


def test_one_grain_and_every_dimension_once(busy: Store):
    with pytest.raises(AskProblem, match="Choose one of day, week, month, quarter"):
        numbers.ask(busy, ["within_norm"], WHOLE, ("week", "month"))
    with pytest.raises(AskProblem, match="can be asked once: process, process"):
        numbers.ask(busy, ["within_norm"], WHOLE, ("process", "process"))


def test_problems_are_told_in_the_language_spoken(busy: Store):
    with use("nl"), pytest.raises(AskProblem, match=r"geen KPI chrn. Bedoelt u churn\?"):
        numbers.ask(busy, ["chrn"], WHOLE)


def test_a_funnel_is_asked_by_its_own_command(busy: Store):
    with pytest.raises(AskProblem, match="ketenzicht funnel NAME"):
        numbers.ask(busy, ["funnel"], WHOLE)


def test_which_kpis_a_question_applies_to():
    fit = {kpi.name for kpi in asked_by_show() if numbers.applies(kpi, ("process", "week"))}
    assert "within_norm" in fit
    assert "csat" in fit
    assert "churn_after" in fit
    assert "churn" not in fit
    by_channel = Filters.of(channel=["phone"]).where
    assert not numbers.applies(numbers.find("churn_after"), (), by_channel)


def test_an_empty_answer_is_one_record_without_a_value(busy: Store):
    filters = Filters.of(*MAY_DAYS, process=["nergens"])
    for kpi in asked_by_show():
        # Conflicts are counted in the configuration: none there is a true nought, without data too.
        if not numbers.applies(kpi, ("process",)) or kpi.kind is Kind.CONFLICTS:
            continue
        [whole] = numbers.ask(busy, [kpi.name], filters)
        assert whole.value is None, kpi.name
        assert whole.by == {}
        [empty] = numbers.ask(busy, [kpi.name], filters, ("process", "week"))
        assert empty.value is None
        assert dict(empty.by) == {"process": None, "week": None}
        assert empty.note


def test_an_empty_store_says_that_nothing_is_loaded(tmp_path):
    with world({}, None, tmp_path) as store:
        for kpi in asked_by_show():
            [result] = numbers.ask(store, [kpi.name], Filters())
            assert result.value is None
            assert result.note == "nothing is loaded yet that this reads"
            [over] = numbers.ask(store, [kpi.name], MAY)
            assert over.value == (0 if kpi.kind is Kind.CONFLICTS else None)
        with pytest.raises(AskProblem, match="Nothing is loaded yet"):
            numbers.default_period(store, ["within_norm"])
        assert numbers.top_complaints(store, Filters()) is None
        assert numbers.ask_top_complaints(store, Filters()) == []
        assert numbers.compare(store, ["within_norm"], Filters())[0].before is None


def test_the_default_period_is_the_last_twelve_complete_months(tmp_path):
    cases = [case(1, "2023-01-10 10:00"), case(2, "2024-05-31 23:00")]
    with world({"cases": cases}, "2024-05-31T23:59", tmp_path) as store:
        expected = (date(2023, 6, 1), date(2024, 5, 31))
        assert numbers.default_period(store, ["within_norm", "backlog"]) == expected
        [result] = numbers.ask(store, ["backlog"], Filters())
        assert (result.since, result.until) == expected
        assert not result.partial


def test_where_no_month_is_complete_the_months_there_are_are_partial(tmp_path):
    cases = [case(1, "2024-05-06 10:00", "2024-05-07 10:00"), case(2, "2024-05-20 10:00")]
    with world({"cases": cases}, None, tmp_path) as store:
        assert numbers.default_period(store, ["within_norm"]) == MAY_DAYS
        [result] = numbers.ask(store, ["within_norm"], Filters())
        assert result.as_of == moment("2024-05-20 10:00")
        assert result.partial
        assert result.note == "too few (n = 1); partial period"


def test_half_a_period_is_completed(tmp_path):
    cases = [case(1, "2023-01-10 10:00"), case(2, "2024-05-20 10:00")]
    with world({"cases": cases}, None, tmp_path) as store:
        kpi = numbers.find("backlog")
        since = numbers.period_of(store, kpi, Filters(since=date(2024, 3, 5)))
        assert (since.since, since.until) == (date(2024, 3, 5), date(2024, 5, 20))
        until = numbers.period_of(store, kpi, Filters(until=date(2024, 3, 5)))
        assert (until.since, until.until) == (date(2023, 4, 1), date(2024, 3, 5))


def test_customers_alone_have_a_period_too(tmp_path):
    customers = [{"customer_id": "a", "customer_since": "2024-03-20", "customer_until": None}]
    with world({"customers": customers}, None, tmp_path) as store:
        [result] = numbers.ask(store, ["customers_new"], Filters())
        assert result.as_of is None
        assert result.value == 1
        assert numbers.default_period(store, ["churn"]) == (date(2024, 3, 1), date(2024, 3, 31))


def test_as_of_is_the_earliest_of_the_tables_read(tmp_path):
    tables = {
        "cases": [case(1, "2024-05-06 10:00", "2024-05-07 10:00")],
        "contacts": [contact(1, "2024-05-09 12:00")],
    }
    with world(tables, None, tmp_path) as store:
        asked = ["within_norm", "avoidable", "first_contact_resolution"]
        told = {result.kpi: result.as_of for result in numbers.ask(store, asked, MAY)}
    # One file: its latest fact time decides for all of its tables, unless each has its own.
    assert told["first_contact_resolution"] == min(told["within_norm"], told["avoidable"])


def test_small_numbers_are_noted(tmp_path):
    contacts = [contact(n) for n in range(9)]
    with world({"contacts": contacts}, "2024-06-30T00:00", tmp_path) as store:
        [result] = numbers.ask(store, ["avoidable"], MAY)
        assert result.note == "too few (n = 9)"
        assert result.too_few
    (tmp_path / "more").mkdir()
    for n, note in ((10, "indicative (n = 10)"), (29, "indicative (n = 29)"), (30, None)):
        folder = tmp_path / str(n)
        folder.mkdir()
        contacts = [contact(number) for number in range(n)]
        with world({"contacts": contacts}, "2024-06-30T00:00", folder) as store:
            [result] = numbers.ask(store, ["avoidable"], MAY)
            assert result.note == note


def test_low_coverage_is_noted(tmp_path):
    contacts = [contact(n, category="valuable" if n < 62 else None) for n in range(100)]
    with world({"contacts": contacts}, "2024-06-30T00:00", tmp_path) as store:
        [result] = numbers.ask(store, ["avoidable"], MAY)
        assert result.extras["coverage"] == 62
        assert result.note == "coverage 62%"
        assert result.note_in(str) == result.note
        with use("nl"):
            assert result.note_in(_) == "dekking 62 %"


def test_a_bucket_cut_by_the_period_or_by_as_of_is_partial(tmp_path):
    contacts = [contact(n, f"2024-05-{n:02d} 10:00") for n in range(1, 17)]
    with world({"contacts": contacts}, "2024-05-16T12:00", tmp_path) as store:
        found = numbers.ask(store, ["avoidable"], MAY, ("week",))
    assert [(r.by["week"], r.partial) for r in found] == [
        ("2024-W18", True),  # begins on 29 April
        ("2024-W19", False),
        ("2024-W20", True),  # as-of is Thursday
    ]
    assert found[0].since == date(2024, 5, 1)
    assert found[2].note == "too few (n = 4); partial period"


def test_facts_after_as_of_are_told(tmp_path):
    contacts = [contact(n, f"2024-05-{n:02d} 10:00") for n in range(10, 20)]
    with world({"contacts": contacts}, "2024-05-16T12:00", tmp_path) as store:
        [result] = numbers.ask(store, ["avoidable"], MAY)
        assert result.n == 10
        assert result.note == "indicative (n = 10); 3 of it after the as-of date; partial period"


def test_contacts_without_a_direction_are_left_out_and_counted(tmp_path):
    contacts = [contact(n, direction=None) for n in range(12)]
    with world({"contacts": contacts}, "2024-06-30T00:00", tmp_path) as store:
        [result] = numbers.ask(store, ["avoidable"], MAY)
        assert result.value is None
        assert "12 contacts left out: their direction is not known" in result.note


def test_unknown_stays_a_group_and_can_be_kept(tmp_path):
    contacts = [contact(1, process=None), contact(2), contact(3)]
    with world({"contacts": contacts}, "2024-06-30T00:00", tmp_path) as store:
        found = numbers.ask(store, ["avoidable"], MAY, ("process",))
        assert [(r.by["process"], r.n) for r in found] == [("information", 2), (None, 1)]
        [unknown] = numbers.ask(store, ["avoidable"], Filters.of(*MAY_DAYS, process=[""]))
        assert unknown.n == 1


def test_a_scope_sees_its_processes_and_no_others(busy: Store):
    one = Scope(frozenset(["fault"]))
    nothing = Scope(frozenset())
    for kpi in asked_by_show():
        [blind] = numbers.ask(busy, [kpi.name], WHOLE, scope=nothing)
        assert blind.value is None or not blind.numerator, kpi.name
        if "process" not in kpi.dimensions:
            continue
        [limited] = numbers.ask(busy, [kpi.name], WHOLE, scope=one)
        kept = Filters.of(WHOLE.since, WHOLE.until, process=["fault"])
        [filtered] = numbers.ask(busy, [kpi.name], kept)
        assert (limited.value, limited.n) == (filtered.value, filtered.n)
        named = numbers.ask(busy, [kpi.name], WHOLE, ("process",), one)
        assert {result.by["process"] for result in named} <= {"fault", None}
        assert all(result.by["process"] == "fault" or not result.n for result in named)


def test_a_screen_shows_no_value_below_ten(busy: Store):
    hidden = 0
    for by, names in together().items():
        least = {key(result): result.n for result in numbers.ask(busy, names, WHOLE, by)}
        for result in numbers.ask(busy, names, WHOLE, by, SCREEN):
            if result.by and key(result) not in least:
                continue  # values that are not configured, together
            if least.get(key(result), 0) < 10:
                hidden += 1
                assert result.value is None
                assert result.low is None
                assert result.high is None
                assert result.numerator is None
                assert not result.extras
                assert "n =" not in result.note
    assert hidden > 20


def together() -> dict[tuple[str, ...], list[str]]:
    """Every KPI by each of its dimensions, and by none: names per dimension."""
    found: dict[tuple[str, ...], list[str]] = {}
    for kpi in asked_by_show():
        for by in ((), *((name,) for name in kpi.dimensions)):
            found.setdefault(by, []).append(kpi.name)
    return found


def key(result: Result) -> tuple:
    return result.kpi, *result.by.items()


def test_a_screen_shows_what_is_not_configured_together(tmp_path):
    contacts = [
        *(contact(n, process=f"eigen {n}") for n in range(12)),
        *(contact(n, process="information") for n in range(12, 24)),
        *(contact(n, process=None) for n in range(24, 36)),
    ]
    with world({"contacts": contacts}, "2024-06-30T00:00", tmp_path) as store:
        found = numbers.ask(store, ["avoidable"], MAY, ("process",), SCREEN)
        assert [(r.by["process"], r.n) for r in found] == [
            (NOT_CONFIGURED, 12),
            ("information", 12),
            (None, 12),
        ]
        assert len(numbers.ask(store, ["avoidable"], MAY, ("process",))) == 14


def test_values_of_yes_and_no(tmp_path):
    customers = [
        {"customer_id": f"c{n}", "customer_since": "2023-01-01", "has_portal": portal}
        for n, portal in enumerate(["yes", "no", "yes", None])
    ]
    contacts = [contact(n) for n in range(4)]
    with world({"customers": customers, "contacts": contacts}, "2024-06-30", tmp_path) as store:
        found = numbers.ask(store, ["avoidable"], MAY, ("has_portal",))
        assert [(r.by["has_portal"], r.n) for r in found] == [("no", 1), ("yes", 2), (None, 1)]
        for words, n in ((["yes"], 2), (["ja", "nee"], 3), ([""], 1), (["no", ""], 2)):
            [kept] = numbers.ask(store, ["avoidable"], Filters.of(*MAY_DAYS, has_portal=words))
            assert kept.n == n


def test_a_rate_without_customers_has_no_value_and_says_why(tmp_path):
    cases = [case(1, "2024-05-06 10:00", process="complaint")]
    with world({"cases": cases}, "2024-06-30T00:00", tmp_path) as store:
        [result] = numbers.ask(store, ["complaints"], MAY)
        assert result.value is None
        assert result.numerator == 1
        assert "no customers are known in this period" in result.note


def test_a_period_that_begins_before_the_data_says_so(tmp_path):
    contacts = [contact(n, "2024-05-06 10:00") for n in range(30)]
    with world({"contacts": contacts}, "2024-06-30T00:00", tmp_path) as store:
        [result] = numbers.ask(store, ["contacts_per_hour"], MAY)
        assert result.note == "the data begin on 2024-05-06"
        weeks = numbers.ask(store, ["contacts_per_hour"], MAY, ("week",))
        # The week before the first contact is not told as one without contacts.
        assert [r.by["week"] for r in weeks] == [f"2024-W{n}" for n in range(19, 23)]
        assert [r.value for r in weeks[1:]] == [0, 0, 0]


def test_costs_are_labelled(tmp_path):
    contacts = [contact(n, category="unnecessary") for n in range(30)]
    contacts += [contact(n, category="unnecessary", channel="fax") for n in range(30, 60)]
    with world({"contacts": contacts}, "2024-06-30T00:00", tmp_path) as store:
        phone, fax = numbers.ask(store, ["avoidable_cost"], MAY, ("channel",))[::-1]
        assert phone.value == 30 * 7.5
        assert phone.note == "full cost per contact by channel; some are samples"
        assert fax.value is None
        assert "no cost is configured for these channels" in fax.note


def test_a_result_is_of_a_moment(busy: Store):
    [result] = numbers.ask(busy, ["within_norm"], WHOLE)
    assert result.as_of == moment("2024-05-02 12:30")
    assert isinstance(result.as_of, datetime)
    assert result.unit == "%"


def test_a_scale_that_was_set_goes_before_what_the_data_hold(tmp_path):
    surveys = [
        {
            "response_id": f"{metric}{score}",
            "process": "fault",
            "responded_at": "2024-05-06 10:00",
            "metric": metric,
            "score": score,
        }
        for metric, score in (("csat5", 5), ("csat5", 4), ("grade10", 8), ("grade10", 3))
    ]
    grades = [{"process": "fault", "valid_from": date(2024, 5, 1), "survey_scale": "grade10"}]
    with world(
        {"surveys": surveys}, "2024-06-30", tmp_path, configuration={"processes": grades}
    ) as store:
        [result] = numbers.ask(store, ["csat"], MAY)
        assert (result.numerator, result.denominator) == (1, 2)
        assert "each on its own scale" not in result.note
        [before] = numbers.ask(store, ["csat"], Filters(date(2024, 4, 1), date(2024, 4, 30)))
        assert before.value is None
