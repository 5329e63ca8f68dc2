"""Every row of a real file is accounted for, and the facts are those of its REFERENCE.md."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from kpi.tables import table

PERMITS = ("permit_receipt/receipt.csv", "permit_cases")
THROUGHPUT = ("permit_receipt/receipt.csv", "permit_throughput")
CALLS = ("callcenter/Call-Center-Dataset.csv", "callcenter")
COMPLAINTS = ("telecom_complaints/Comcast_telecom_complaints_data.csv", "telecom_complaints")
BANK = ("nps_bank/NPStimeseries.csv", "nps_bank")
FUNNEL = tuple(
    (f"ecommerce_funnel/{file}_table.csv", f"funnel_{step}")
    for file, step in (
        ("home_page", "home"),
        ("search_page", "search"),
        ("payment_page", "payment"),
        ("payment_confirmation", "confirmation"),
    )
)


def count(store, name, *conditions):
    rows = table(name)
    asked = sa.select(sa.func.count().label("n")).select_from(rows)
    return store.rows(asked.where(*(condition(rows.c) for condition in conditions)))[0]["n"]


@pytest.mark.parametrize(
    ("files", "rows", "accepted", "left_out"),
    [
        ((PERMITS,), 2 * 8577, 1434 + 8577, 8577 - 1434),
        ((THROUGHPUT,), 8577, 1434, 8577 - 1434),
        ((CALLS,), 2 * 5000, 2 * 5000, 0),
        ((COMPLAINTS,), 2224, 2224, 0),
        ((BANK,), 5000, 5000, 0),
    ],
    ids=lambda value: value[0][1] if isinstance(value, tuple) else None,
)
def test_counts_add_up(loaded, files, rows, accepted, left_out):
    _store, (outcome,) = loaded(*files)
    assert outcome.refused is None
    said = outcome.as_json()
    assert said["rows"] == rows
    assert said["accepted"] == accepted
    assert said["left_out"] == left_out
    assert said["quarantined"] == 0
    assert outcome.exit_code == 0
    for part in (said, *said["feeds"]):
        parts = ("accepted", "updated", "unchanged", "left_out", "quarantined")
        assert part["rows"] == sum(part[name] for name in parts)


def test_permits(loaded):
    store, (outcome,) = loaded(PERMITS)
    assert count(store, "cases") == 1434
    assert (
        count(store, "cases", lambda c: c.status == "open", lambda c: c.closed_at.is_(None)) == 105
    )
    assert count(store, "cases", lambda c: c.closed_at < c.opened_at) == 2
    assert "Cases that were closed before they were opened: 2." in outcome.warnings
    assert count(store, "chain_events") == 8577


def test_permits_keep_offsets_across_the_change_of_clocks(loaded):
    store, _ = loaded(PERMITS)
    events = table("chain_events")
    first = store.rows(sa.select(sa.func.min(events.c.occurred_at).label("at")))[0]["at"]
    last = store.rows(sa.select(sa.func.max(events.c.occurred_at).label("at")))[0]["at"]
    assert first == datetime(2010, 10, 2, 7, 20, 39, 266000)
    assert last == datetime(2012, 1, 23, 14, 42, 54, 644000)


def test_on_time_as_the_source_says(loaded):
    store, _ = loaded(PERMITS)
    assert count(store, "cases", lambda c: c.closed_at <= c.due_at) == 952


def test_calls(loaded):
    store, _ = loaded(CALLS)
    assert count(store, "contacts") == 5000
    assert count(store, "contacts", lambda c: sa.not_(c.abandoned)) == 4054
    contacts = table("contacts")
    talk = store.rows(
        sa.select(sa.func.avg(contacts.c.talk_s).label("s")).where(sa.not_(contacts.c.abandoned))
    )
    assert talk[0]["s"] == pytest.approx(224.923, abs=0.001)
    # Nobody was asked 946 times: no answer, and no answer of zero.
    assert count(store, "surveys", lambda c: c.score.is_(None)) == 946
    assert count(store, "surveys", lambda c: c.score >= 4) == round(0.49901 * 4054)


def test_complaints(loaded):
    store, _ = loaded(COMPLAINTS)
    assert count(store, "cases", lambda c: c.status.in_(["Closed", "Solved"])) == 1707
    assert count(store, "cases", lambda c: c.opened_channel == "phone") == 1119
    assert count(store, "cases", lambda c: c.opened_channel == "portal") == 1105
    # 3.53.50 PM in New York on 22 April 2015.
    cases = table("cases")
    row = store.rows(sa.select(cases.c.opened_at).where(cases.c.case_id == "250635"))
    assert row[0]["opened_at"] == datetime(2015, 4, 22, 19, 53, 50)


def test_bank(loaded):
    store, (outcome,) = loaded(BANK)
    surveys = table("surveys")
    (row,) = store.rows(
        sa.select(
            sa.func.min(surveys.c.responded_at).label("first"),
            sa.func.max(surveys.c.responded_at).label("last"),
        )
    )
    # Midnight in Amsterdam, kept in UTC.
    assert row == {"first": datetime(2020, 12, 31, 23), "last": datetime(2021, 12, 29, 23)}
    assert count(store, "surveys", lambda c: c.score >= 9) == 2309
    assert count(store, "surveys", lambda c: c.score <= 6) == 1719
    assert any("two digits" in warning for warning in outcome.warnings)


def test_funnel_steps(loaded):
    store, outcomes = loaded(*FUNNEL)
    assert [outcome.total("accepted") for outcome in outcomes] == [90400, 45200, 6030, 452]
    assert count(store, "web_events", lambda c: c.step == "confirmation") == 452
