"""New and long, few and many products, callers and not: to the day, and by two at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from kpi import numbers
from kpi.filters import Filters
from kpi.numbers import AskProblem, ask_funnel
from kpi.store import Store
from tests.measures.world import world

YEAR = Filters(date(2024, 1, 1), date(2024, 12, 31))
OPENED = {
    # The 90th day after the first, and the one after it.
    "a1": ("A", "2024-03-31 10:00"),
    "a2": ("A", "2024-04-01 10:00"),
    # The day of the first contact does not count, the day after it does.
    "a3": ("A", "2024-04-10 17:00"),
    "a4": ("A", "2024-04-11 09:00"),
    # One of three products ends on the 15th.
    "b1": ("B", "2024-04-14 10:00"),
    "b2": ("B", "2024-04-15 10:00"),
    # The 365th day after a contact, and the one after it.
    "c2": ("C", "2024-05-02 10:00"),
    "c3": ("C", "2024-05-03 10:00"),
    # Before he was a customer: as new as can be.
    "d1": ("D", "2024-05-01 10:00"),
    "e1": (None, "2024-05-02 10:00"),
    "e2": ("nobody", "2024-05-02 10:00"),
}
TABLES = {
    "customers": [
        {"customer_id": "A", "customer_since": "2024-01-01", "has_portal": "yes"},
        {"customer_id": "B", "customer_since": "2020-01-01", "has_portal": "no"},
        {"customer_id": "C", "customer_since": "2020-01-01", "customer_until": "2024-05-10"},
        {"customer_id": "D", "customer_since": "2024-06-01", "has_portal": "yes"},
    ],
    "holdings": [
        {"holding_id": "1", "customer_id": "B", "product": "gas", "started": "2021-01-01"},
        {"holding_id": "2", "customer_id": "B", "product": "power", "started": "2021-01-01"},
        {"holding_id": "3", "customer_id": "B", "product": "heat", "started": "2021-01-01", "ended": "2024-04-15"},
        {"holding_id": "4", "customer_id": "A", "product": "gas", "started": "2024-01-01"},
        {"holding_id": "5", "customer_id": "A", "product": "gas", "started": "2024-01-01"},
        {"holding_id": "6", "customer_id": "A", "product": "gas", "started": "2024-01-01", "annulled_at": "2024-01-02 09:00"},
    ],
    "contacts": [
        {"contact_id": "1", "customer_id": "A", "started_at": "2024-04-10 10:00", "channel": "phone", "direction": "in"},
        {"contact_id": "2", "customer_id": "B", "started_at": "2024-04-10 10:00", "channel": "phone", "direction": "out"},
        # Without a number of its own, but about a case of C.
        {"contact_id": "3", "case_id": "c1", "started_at": "2023-05-03 10:00", "channel": "email", "direction": "in"},
    ],
    "cases": [
        {"case_id": "c1", "customer_id": "C", "opened_at": "2023-05-01 10:00", "closed_at": "2023-05-02 10:00", "status": "closed"},
        *(
            {"case_id": name, "customer_id": who, "opened_at": at, "status": "open"}
            for name, (who, at) in OPENED.items()
        ),
    ],
    "web_events": [
        {"event_id": f"{who}{step}{at}", "entity_id": f"{who}{at}", "customer_id": who, "funnel": "order", "step": step, "at": at}
        for who, at in (("A", "2024-03-31 23:30"), ("A", "2024-04-11 00:30"), ("D", "2024-05-01 10:00"))
        for step in ("begin", "done")[: 1 if who == "D" else 2]
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Iterator[Store]:
    with world(TABLES, "2024-12-31 12:00", tmp_path_factory.mktemp("cross")) as store:
        yield store


def asked(store: Store, kpi: str, filters: Filters, *by: str, what: str = "n") -> dict:
    found = numbers.ask(store, [kpi], filters, by)
    return {tuple(one.by.values()): getattr(one, what) for one in found}


def test_cases_by_what_the_customer_was_that_day(store: Store):
    assert asked(store, "within_norm", YEAR, "tenure") == {
        ("new",): 2, ("long",): 7, (None,): 2,
    }  # fmt: skip
    assert asked(store, "within_norm", YEAR, "products") == {("many",): 1, ("few",): 8, (None,): 2}
    assert asked(store, "within_norm", YEAR, "caller") == {("yes",): 2, ("no",): 7, (None,): 2}
    kept = Filters.of(YEAR.since, YEAR.until, caller=["yes"])
    assert asked(store, "within_norm", kept) == {(): 2}
    assert asked(store, "within_norm", kept, "day") == {("2024-04-11",): 1, ("2024-05-02",): 1}


def test_two_at_once(store: Store):
    assert asked(store, "within_norm", YEAR, "tenure", "has_portal") == {
        ("new", "yes"): 2, ("long", "yes"): 3, ("long", "no"): 2, ("long", None): 2, (None, None): 2,
    }  # fmt: skip
    june = Filters(date(2024, 6, 1), date(2024, 6, 30))
    closing = asked(store, "customers_closing", june, "tenure", "has_portal", what="value")
    # Also told: kinds of customer that there once were, and are no more.
    assert {key: value for key, value in closing.items() if value} == {
        ("new", "yes"): 1, ("long", "yes"): 1, ("long", "no"): 1,
    }  # fmt: skip


def test_growing_older_is_neither_leaving_nor_coming(store: Store):
    april = Filters(date(2024, 4, 1), date(2024, 4, 30))
    [new, long] = sorted(
        numbers.ask(store, ["customers_net"], april, ("tenure",)), key=lambda r: r.by["tenure"] != "new"
    )  # fmt: skip
    assert (new.extras["opening"], new.extras["new"], new.extras["lost"]) == (1, 0, 0)
    assert (long.extras["opening"], long.value) == (2, 0)
    assert asked(store, "customers_closing", april, "tenure", what="value") == {
        ("new",): 0, ("long",): 3,
    }  # fmt: skip


def test_churn_goes_by_what_they_were_on_the_eve(store: Store):
    """C was a caller until 2 May, and left on the 10th."""
    may = Filters(date(2024, 5, 1), date(2024, 5, 31))
    assert asked(store, "churn", may, "caller", what="numerator") == {("yes",): 1, ("no",): 0}
    assert asked(store, "churn", may, "caller", what="denominator") == {("yes",): 2, ("no",): 1}
    later = Filters(date(2024, 5, 4), date(2024, 5, 31))
    assert asked(store, "churn", later, "caller", what="numerator") == {("yes",): 0, ("no",): 1}


def test_contacts_are_held_against_customers_of_their_kind(store: Store):
    """Two customers are no callers on 10 April, C is: the contact makes A one from the 11th."""
    day = Filters(date(2024, 4, 10), date(2024, 4, 11))
    [whole] = numbers.ask(store, ["contact_rate"], day)
    [no] = numbers.ask(store, ["contact_rate"], day, ("caller",))
    assert (whole.denominator, no.by["caller"], no.n, no.denominator) == (3, "no", 1, 1.5)


def test_a_funnel_by_what_they_were_when_they_came_in(store: Store):
    def entered(*by: str, **where: list[str]) -> dict:
        filters = Filters.of(YEAR.since, YEAR.until, **where)
        steps = ask_funnel(
            store, "order", filters, steps=("begin", "done"), entity="web",
            window=timedelta(days=14), by=by,
        )  # fmt: skip
        return {(*one.by.values(), one.step): one.entities for one in steps}

    # Half past eleven in the evening is still the 31st of March; UTC agrees, and not on 11 April.
    assert entered("tenure") == {
        ("new", "begin"): 2, ("new", "done"): 1, ("long", "begin"): 1, ("long", "done"): 1,
    }  # fmt: skip
    assert entered("caller", "has_portal")["yes", "yes", "done"] == 1
    assert entered(caller=["yes"]) == {("begin",): 1, ("done",): 1}


def test_who_stays_is_not_told_apart_by_what_staying_brings(store: Store):
    with pytest.raises(AskProblem, match="segment, value_class, has_portal"):
        numbers.ask(store, ["survival"], YEAR, ("tenure",))


def test_nobody_knows_what_was_not_loaded(tmp_path):
    with world({name: TABLES[name] for name in ("customers", "cases")}, None, tmp_path) as store:
        assert asked(store, "within_norm", YEAR, "tenure").keys() == {("new",), ("long",), (None,)}
        assert asked(store, "within_norm", YEAR, "products").keys() == {(None,)}
        assert asked(store, "churn", YEAR, "caller").keys() == {(None,)}
