"""Data quality of a small world, where every figure can be counted by hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from kpi.access import Scope
from kpi.bulletin import sentences_quality
from kpi.commands.quality import show
from kpi.i18n import use
from kpi.numbers.quality import quality
from kpi.periods import Period
from kpi.results.quality import Part
from kpi.store import Store
from kpi.store.endpoint import Here
from tests.measures.world import world

PERIOD = Period(date(2026, 2, 1), date(2026, 3, 31))


def contact(number: int, month: int, **more: object) -> dict[str, object]:
    return {
        "contact_id": f"C{number}",
        "started_at": f"2026-{month:02d}-10 10:00",
        "channel": "phone",
        "direction": "in",
        "process": "fault",
        **more,
    }


CONTACTS = [
    *(contact(n, 2, customer_id=f"K{n}", reason="defect") for n in range(30)),
    *(contact(n, 3, reason="iets vreemds") for n in range(30, 50)),
    *(contact(n, 3) for n in range(50, 60)),
    *(contact(n, 3, process="request", case_id="Z1", reason="order_status") for n in range(60, 90)),
    contact(90, 1),
]
CASES = [
    {"case_id": "Z1", "opened_at": "2026-03-01 09:00", "status": "open", "process": "request",
     "department": "logistics"},
]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder: Path = tmp_path_factory.mktemp("quality")
    with world({"contacts": CONTACTS, "cases": CASES}, "2026-03-31 23:59", folder) as made:
        yield made


def test_coverage_per_month_and_process(store: Store) -> None:
    found = quality(store, PERIOD)
    told = {(one.table, one.field): one for one in found.coverage}
    customer = told["contacts", "customer_id"]
    assert customer.whole == Part(30, 90)
    assert customer.months == {"2026-02": Part(30, 30), "2026-03": Part(0, 60)}
    assert customer.processes == {"fault": Part(30, 60), "request": Part(0, 30)}
    assert customer.worst == ("request", Part(0, 30))
    assert told["contacts", "case_id"].whole == Part(30, 90)
    assert told["cases", "customer_id"].whole == Part(0, 1)
    assert not told["contacts", "process"].is_gap
    assert ("surveys", "process") not in told
    with use("nl"):
        assert sentences_quality.lacks(customer) == "67\xa0% van de contacten heeft geen klant"
    # The gap that weakens the most KPIs is told first.
    assert len(found.gaps[0].kpis) == max(len(one.kpis) for one in found.gaps)


def test_one_process_and_what_may_be_seen(store: Store) -> None:
    of_fault = quality(store, PERIOD, "fault")
    assert next(one for one in of_fault.coverage if one.table == "contacts").whole.n == 60
    assert all(one.table != "cases" for one in of_fault.coverage)
    unseen = quality(store, PERIOD, scope=Scope(processes=frozenset({"request"})))
    assert next(one for one in unseen.coverage if one.table == "contacts").whole.n == 30
    assert quality(store, PERIOD, scope=Scope(processes=frozenset())).coverage == ()


def test_coding_per_department(store: Store) -> None:
    nobody, logistics = quality(store, PERIOD).coding
    assert (nobody.department, nobody.n, nobody.given, nobody.configured) == (None, 60, 50, 30)
    assert (logistics.department, logistics.n, logistics.configured) == ("logistics", 30, 30)


def test_the_command(store: Store) -> None:
    said: list[str] = []
    here = Here(said.append, said.append)
    asked = {"since": "2026-02-01", "until": "2026-03-31"}
    assert show(store, {**asked, "as": "json"}, here) == 0
    records = {(one["table"], one["field"]): one for one in json.loads(said.pop())}
    customer = records["contacts", "customer_id"]
    assert (customer["filled"], customer["rows"]) == (30, 90)
    assert customer["share"] == pytest.approx(100 / 3)
    assert (customer["worst"], customer["worst_share"]) == ("request", 0)
    assert customer["months"] == {"2026-02": 100, "2026-03": 0}
    assert "repeat_contacts" in customer["kpis"]
    assert show(store, {**asked, "process": ["request"], "as": "table"}, here) == 0
    assert "customer_id" in said[-1]
