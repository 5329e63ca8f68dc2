"""Rows behind a number: which they are, how they are kept, sorted and searched, and who may see them."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import numbers
from kpi.access import Scope
from kpi.bulletin import rows as words
from kpi.filters import Filters
from kpi.i18n import use
from kpi.measures import KPIS
from kpi.numbers.story import case_story, contact_story
from kpi.results.rows import SHAPES, SUBJECTS, counted
from kpi.results.story import What
from kpi.store import Store
from tests.measures.world import world

YEAR = Filters.of(date(2026, 1, 1), date(2026, 12, 31))
CASES = [
    ("Z-1", "2026-03-02 10:00", "2026-03-03 10:00", "closed", "fault"),
    ("Z-2", "2026-03-04 10:00", "2026-03-30 10:00", "closed", "fault"),
    ("Z-3", "2026-04-01 10:00", None, "open", "request"),
    ("Z-4", "2026-04-02 10:00", "2026-04-03 10:00", "closed", None),
]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory):
    tables = {
        "cases": [
            {
                "case_id": case,
                "customer_id": f"K-{place}",
                "opened_at": opened,
                "closed_at": closed,
                "status": status,
                "process": process,
                "promised_for": "2026-03-05 17:00",
            }
            for place, (case, opened, closed, status, process) in enumerate(CASES)
        ],
        "contacts": [
            {
                "contact_id": f"C-{place}",
                "customer_id": f"K-{place % 2}",
                "case_id": "Z-2" if place == 3 else None,
                "started_at": f"2026-03-{place + 3:02} 11:00",
                "answered_at": f"2026-03-{place + 3:02} 11:01",
                "channel": "phone",
                "direction": "in",
                "reason": "=HYPERLINK(1)" if place == 0 else "order",
                "process": "fault",
            }
            for place in range(4)
        ],
        "chain_events": [
            {
                "event_id": "E-1",
                "case_id": "Z-2",
                "occurred_at": "2026-03-05 09:00",
                "kind": "handoff",
                "department": "planning",
                "value": "logistics",
            }
        ],
    }
    with world(tables, "2026-05-01 12:00", tmp_path_factory.mktemp("rows")) as store:
        yield store


def ids(found: numbers.Rows) -> list[str]:
    return [str(row["case_id"]) for row in found.rows]


def test_what_counts_what_does_not_and_all_of_it(store: Store) -> None:
    counts = {
        part: ids(numbers.rows(store, "within_norm", YEAR, part=part))
        for part in ("numerator", "missed", "denominator")
    }
    assert counts == {
        "numerator": ["Z-4", "Z-1"],
        # Open and past its deadline: a miss.
        "missed": ["Z-3", "Z-2"],
        "denominator": ["Z-4", "Z-3", "Z-2", "Z-1"],
    }


def test_a_group_is_kept_to_its_value_the_unknown_and_its_period(store: Store) -> None:
    def of(**group: str | None) -> list[str]:
        return ids(numbers.rows(store, "within_norm", YEAR, group, "denominator"))

    assert of(process="fault") == ["Z-2", "Z-1"]
    assert of(process=None) == ["Z-4"]
    assert of(month="2026-04") == ["Z-4", "Z-3"]
    assert of(week="2026-W10", process="fault") == ["Z-2", "Z-1"]
    with pytest.raises(numbers.AskProblem, match="2025-W01"):
        of(week="2025-W01")


def test_an_hour_of_every_day_and_a_whole_weekday(store: Store) -> None:
    def of(slot: str) -> int:
        return numbers.rows(store, "offered_per_hour", YEAR, {"weekday_hour": slot}).total

    # From Tuesday to Friday, at eleven.
    assert [of(slot) for slot in ("2-11", "-11", "2-", "-10", "1-")] == [1, 4, 1, 0, 0]
    for wrong in ("-", "8-11", "elf", "2-1x"):
        with pytest.raises(numbers.AskProblem, match="1-09"):
            of(wrong)


def test_what_took_longer_and_what_a_timing_leaves_out(store: Store, tmp_path) -> None:
    def of(kpi: str, days: str) -> list[str]:
        return ids(numbers.rows(store, kpi, YEAR, {"longer": days}, "denominator"))

    # Z-3 is open, and had been for over thirty days at the time of these data.
    assert of("lead_time", "0.5") == ["Z-4", "Z-3", "Z-2", "Z-1"]
    assert of("lead_time", "1") == ["Z-3", "Z-2"]
    assert of("lead_time", "30") == ["Z-3"]
    assert of("lead_time_closed", "1") == ["Z-2"]
    [slow] = numbers.rows(store, "lead_time_closed", YEAR, {"longer": "1"}).rows
    assert slow["lead_seconds"] == 26 * 86_400 - 3600  # by the clock, which went an hour ahead
    for wrong in ("-1", "", "much", "1e3"):
        with pytest.raises(numbers.AskProblem, match="number of days"):
            of("lead_time", wrong)
    with pytest.raises(numbers.AskProblem, match="longer"):
        numbers.rows(store, "within_norm", YEAR, {"longer": "1"})
    cases = [
        {"case_id": "T-1", "opened_at": "2026-03-02 10:00", "status": "closed", "process": "fault"},
        {"case_id": "T-2", "opened_at": "2026-03-02 11:00", "status": "open", "process": "fault"},
    ]
    with world({"cases": cases}, "2026-05-01 12:00", tmp_path) as other:
        [one] = numbers.ask(other, ("lead_time",), YEAR)
        found = numbers.rows(other, "lead_time", YEAR, part="every")
        assert (one.n, one.extras["left_out"], found.total) == (1, 1, 2)
        assert counted(KPIS["lead_time"], one, "every") == 2
        assert ids(numbers.rows(other, "lead_time", YEAR)) == ["T-2"]


def test_a_contact_moment_keeps_only_what_is_told_of_moments(store: Store) -> None:
    assert numbers.rows(store, "moment_clear", YEAR, {"moment": "repair"}).total == 0
    with pytest.raises(numbers.AskProblem, match="moment"):
        numbers.rows(store, "within_norm", YEAR, {"moment": "repair"})


def test_a_part_with_a_name_of_its_own(store: Store) -> None:
    parts = ("numerator", "second", "third", "later", "missed")
    found = {part: numbers.rows(store, "repeat_contacts", YEAR, part=part) for part in parts}
    # Of two customers, who each were in touch twice within the week.
    assert [found[part].total for part in parts] == [2, 2, 0, 0, 2]
    assert {row["chain_position"] for row in found["second"].rows} == {2}
    with use("nl"):
        said = words.sentence(KPIS["repeat_contacts"], found["second"])
    assert said == "Tweede contacten van een reeks: 2 contacten"


def test_sorted_searched_and_a_page_at_a_time(store: Store) -> None:
    def of(**more: object) -> numbers.Rows:
        return numbers.rows(store, "lead_time", YEAR, part="denominator", **more)  # type: ignore[arg-type]

    assert ids(of()) == ["Z-4", "Z-3", "Z-2", "Z-1"]
    assert ids(of(sort="case_id")) == ["Z-1", "Z-2", "Z-3", "Z-4"]
    # What is not known comes last, whichever way.
    assert ids(of(sort="closed_at"))[-1] == ids(of(sort="-closed_at"))[-1] == "Z-3"
    page = of(offset=1, most=2)
    assert (ids(page), page.total, page.found) == (["Z-3", "Z-2"], 4, 4)
    with use("nl"):
        # By the title of a code too, and by nothing that LIKE would understand.
        found = of(search="storing")
    assert (ids(found), found.total, found.found) == (["Z-2", "Z-1"], 4, 2)
    assert of(search="Z_1").found == of(search="%").found == 0


def test_who_may_not_see_rows_is_told_so(store: Store) -> None:
    for scope in (Scope(), Scope(personal=True, screen=True)):
        with pytest.raises(numbers.AskProblem, match="not yours to see"):
            numbers.rows(store, "backlog", YEAR, scope=scope)
        with pytest.raises(numbers.AskProblem, match="not yours to see"):
            case_story(store, "Z-1", scope)
    mine = Scope(frozenset({"request"}), personal=True)
    assert ids(numbers.rows(store, "lead_time", YEAR, scope=mine)) == ["Z-3"]
    with pytest.raises(numbers.AskProblem, match="no case"):
        case_story(store, "Z-1", mine)


@pytest.mark.parametrize(
    ("name", "part", "said"),
    [
        ("channel_gap", "", "difference between two channels"),
        ("conflicts", "", "pairs of actions"),
        ("funnel", "", "funnel"),
        ("contacts_per_hour", "denominator", "hours"),
        ("complaints", "denominator", "mean number of customers"),
        ("backlog", "missed", "numerator"),
        ("backlog", "half", "missed"),
        ("repeat_contacts", "fifth", "third, later"),
        ("backlg", "", "backlog"),
    ],
)
def test_why_there_are_no_rows_is_said(store: Store, name: str, part: str, said: str) -> None:
    with pytest.raises(numbers.AskProblem, match=said):
        numbers.rows(store, name, YEAR, part=part)


def test_the_story_of_a_case_is_in_order_with_its_deadlines(store: Store) -> None:
    story = case_story(store, "Z-2")
    assert [one.what for one in story.happenings] == [
        What.OPENED, What.HANDOFF, What.PROMISED, What.NORM, What.CONTACT_IN, What.CLOSED,
    ]  # fmt: skip
    assert [one.met for one in story.deadlines] == [False, False]
    assert [stay.department for stay in story.stays] == ["planning", "logistics"]
    assert [row["contact_id"] for row in story.contacts] == ["C-1"]
    assert contact_story(store, "C-3").case == story.case


def test_a_contact_without_a_case_has_the_story_of_its_chain(store: Store) -> None:
    story = contact_story(store, "C-2")
    assert story.case is None
    assert [one.row["contact_id"] for one in story.happenings] == ["C-0", "C-2"]
    assert [row["case_id"] for row in story.cases] == ["Z-1"]


def test_a_contact_has_no_answers_of_others(tmp_path) -> None:
    contacts = [
        {"contact_id": f"C-{n}", "customer_id": f"K-{n}", "started_at": "2026-03-03 11:00",
         "channel": "phone", "process": "fault"}
        for n in range(2)
    ]  # fmt: skip
    surveys = [
        {"response_id": f"R-{n}", "metric": "csat5", "score": "4", "contact_id": f"C-{n}",
         "responded_at": "2026-03-03 12:00"}
        for n in range(2)
    ]  # fmt: skip
    with world({"contacts": contacts, "surveys": surveys}, "2026-03-31", tmp_path) as opened:
        story = contact_story(opened, "C-0")
    assert [one.row["response_id"] for one in story.happenings if "response_id" in one.row] == [
        "R-0"
    ]


def test_what_is_shown_of_every_source_has_a_shape() -> None:
    known = {kpi.source for kpi in KPIS.values()} - {"web_events", "actions"}
    assert known <= set(SUBJECTS)
    for subject in SUBJECTS.values():
        assert set(subject.columns) <= set(SHAPES)
        assert subject.time in subject.columns
