"""How cases and questions are handled: what the worked examples do not show."""

from __future__ import annotations

from datetime import date

import pytest

from kpi import numbers
from kpi.filters import Filters
from kpi.i18n import _, use
from kpi.measures import KPIS
from tests.measures.world import load, world

WHOLE = Filters(date(2024, 3, 1), date(2024, 5, 31))
MAY = Filters(date(2024, 5, 1), date(2024, 5, 31))


def case(name, **more):
    return {
        "case_id": name,
        "process": "fault",
        "opened_at": "2024-05-06 09:00",
        "status": "open",
        **more,
    }


def mail(number, case_id, at, **more):
    return {
        "contact_id": f"{number:02}",
        "case_id": case_id,
        "started_at": at,
        "channel": "email",
        "direction": "in",
        **more,
    }


def test_the_names_and_targets_of_the_sheet():
    expected = {
        "promise_kept": ("Belofte nagekomen", 95),
        "first_line": ("Eerstelijns opgelost", None),
        "settled_at_once": ("Direct afgehandeld", None),
        "contacts_per_case": ("Contacten per zaak", None),
        "three_contacts": ("Drie keer of vaker", 2),
        "context_kept": ("Gekoppeld vervolgcontact", None),
        "silent_cases": ("Geen klantcontact sinds 5 werkdagen", 0),
    }
    with use("nl"):
        assert {name: (_(KPIS[name].title), KPIS[name].target) for name in expected} == expected


def test_silent_cases_as_they_were_at_the_end_of_each_week(tmp_path):
    tables = {
        "cases": [case("a"), case("b", closed_at="2024-05-22 12:00", status="closed")],
        "contacts": [mail(1, "a", "2024-05-16 12:00", direction="out")],
    }
    with world(tables, "2024-06-30 12:00", tmp_path) as store:
        found = numbers.ask(store, ["silent_cases"], MAY, ("week",))
    # Ascension Day on the 9th, Whit Monday on the 20th: five working days after the 6th is the
    # 14th; after the 16th it is the 24th.
    assert {result.by["week"]: result.value for result in found} == {
        "2024-W19": 0,
        "2024-W20": 1,
        "2024-W21": 1,
        "2024-W22": 1,
    }


def test_a_contact_that_comes_later_takes_a_silence_back(tmp_path):
    with world({"cases": [case("a")]}, "2024-05-31 12:00", tmp_path) as store:
        [before] = numbers.ask(store, ["silent_cases"], MAY)
        load(store, {"contacts": [mail(1, "a", "2024-05-30 12:00")]}, "2024-05-31 12:00")
        [after] = numbers.ask(store, ["silent_cases"], MAY)
    assert (before.value, after.value) == (1, 0)


def test_no_silent_cases_is_nothing_to_worry_about_and_no_cases_is_nothing(tmp_path):
    with world({"cases": [case("a")]}, "2024-05-07 12:00", tmp_path) as store:
        [quiet] = numbers.ask(store, ["silent_cases"], MAY)
        [none] = numbers.ask(
            store, ["silent_cases"], Filters.of(MAY.since, MAY.until, process=["details"])
        )
    assert quiet.value == 0
    assert none.value is None


def test_silent_cases_are_part_of_the_backlog(busy):
    for by in ((), ("process",), ("week",)):
        backlog = {
            tuple(result.by.values()): result.value
            for result in numbers.ask(busy, ["backlog"], WHOLE, by)
        }
        silent = numbers.ask(busy, ["silent_cases"], WHOLE, by)
        assert {tuple(result.by.values()) for result in silent} == set(backlog)
        assert all((result.value or 0) <= backlog[tuple(result.by.values())] for result in silent)


def test_customers_are_not_added_up(tmp_path):
    contacts = [
        {
            "contact_id": f"{number:02}",
            "customer_id": "c1",
            "process": "fault",
            "started_at": f"2024-05-{number:02} 10:00",
            "answered_at": f"2024-05-{number:02} 10:01",
            "channel": channel,
            "direction": "in",
        }
        for number, channel in ((6, "phone"), (7, "chat"), (8, "phone"), (9, "chat"))
    ]
    with world({"contacts": contacts}, "2024-06-30", tmp_path) as store:
        [whole] = numbers.ask(store, ["three_contacts"], MAY)
        parts = numbers.ask(store, ["three_contacts"], MAY, ("channel",))
    assert not KPIS["three_contacts"].additive
    assert (whole.numerator, whole.denominator) == (1, 1)
    assert [(part.numerator, part.denominator) for part in parts] == [(1, 1), (1, 1)]


def test_the_share_linked_is_of_the_same_group(tmp_path):
    tables = {
        "cases": [
            case("a", closed_at="2024-05-20 09:00", status="closed"),
            case("b", process="details", closed_at="2024-05-20 09:00", status="closed"),
        ],
        "contacts": [
            mail(1, "a", "2024-05-07 10:00"),
            mail(2, None, "2024-05-07 10:00", process="fault"),
            mail(3, None, "2024-05-07 10:00", process="request"),
        ],
    }
    with world(tables, "2024-06-30", tmp_path) as store:
        found = numbers.ask(store, ["contacts_per_case"], MAY, ("process",))
    # A group with contacts and no closed case has no number to be told beside.
    assert [(r.by["process"], r.value, r.extras["linked"]) for r in found] == [
        ("details", 0, None),
        ("fault", 1, 50),
    ]


def test_a_proxy_says_so(busy):
    [found] = numbers.ask(busy, ["context_kept"], WHOLE)
    assert "a proxy" in (found.note or "")
    with use("nl"):
        assert "een benadering" in (found.note_in(_) or "")


@pytest.mark.parametrize(
    ("closed", "settled"),
    [("2024-05-08 10:00", 1), ("2024-05-08 10:01", 0), ("2024-05-07 09:30", 1), (None, 0)],
)
def test_settled_within_a_day_of_the_contact(tmp_path, closed, settled):
    status = "closed" if closed else "open"
    tables = {
        "cases": [case("a", closed_at=closed, status=status)],
        "contacts": [mail(1, "a", "2024-05-07 10:00")],
    }
    with world(tables, "2024-06-30", tmp_path) as store:
        [found] = numbers.ask(store, ["settled_at_once"], MAY)
    assert (found.numerator, found.denominator) == (settled, 1)
