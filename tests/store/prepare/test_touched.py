"""Only what was touched is prepared anew, and what depends on it."""

import pytest
import sqlalchemy as sa

from kpi.schema import CONFIGURATION, FACTS
from kpi.store.prepare import prepare
from kpi.tables import table
from tests.store.prepare.world import SETTINGS, fill, read, typed

CUSTOMERS, CASES, CONTACTS, SURVEYS = (
    "prepared_customers", "prepared_cases", "prepared_contacts", "prepared_surveys",
)  # fmt: skip
FROM_CASES_ON = {CASES, CONTACTS, SURVEYS}
REFILLED = {
    "customers": {CUSTOMERS} | FROM_CASES_ON,
    "identities": FROM_CASES_ON,
    "cases": FROM_CASES_ON,
    # What customers have and whether they were in touch tells them apart, in all of these.
    "contacts": FROM_CASES_ON,
    "holdings": FROM_CASES_ON,
    "surveys": {SURVEYS},
    "chain_events": set(),
    "targets": set(),
    "actions": set(),
    "causes": {CONTACTS, SURVEYS},
    "calendars": FROM_CASES_ON,
    "holidays": FROM_CASES_ON,
    "processes": FROM_CASES_ON,
    "reasons": FROM_CASES_ON,
    "codes": FROM_CASES_ON,
}
FACTS_OF_ALL = {
    "customers": [{"customer_id": "K1", "customer_since": "2020-01-01"}],
    "cases": [{"case_id": "Z1", "opened_at": "2026-06-01 10:00", "status": "open"}],
    "contacts": [{"contact_id": "C1", "started_at": "2026-06-01 10:00", "channel": "phone"}],
    "surveys": [{"response_id": "R1", "metric": "csat5", "score": 4.0}],
}
MARK = -1


def test_nothing_temporary_is_left(world):
    with world.engine.connect() as connection:
        prepare(connection, SETTINGS)
        # A second time in the same transaction: names are free again.
        prepare(connection, SETTINGS)
        left = sa.inspect(connection).get_temp_table_names()
        connection.rollback()
    assert left == []


def test_no_facts_no_rows(world):
    rows = world.prepared()
    assert not any(rows.values())


# From here on one transaction stays open over the same database: what needs another stands above.


@pytest.fixture(scope="module")
def filled(world):
    """A connection on which all is prepared, of one row each."""
    with world.engine.connect() as connection:
        for name, rows in FACTS_OF_ALL.items():
            fill(connection, name, [typed(name, row) for row in rows])
        prepare(connection, SETTINGS, set(FACTS_OF_ALL))
        yield connection
        connection.rollback()


@pytest.fixture
def marked(filled):
    """The same, every prepared row with a mark that only a refill takes away."""
    for name in (CUSTOMERS, CASES, CONTACTS, SURVEYS):
        filled.execute(sa.update(table(name)).values(import_id=MARK))
    return filled


@pytest.mark.parametrize("touched", REFILLED)
def test_refilled(marked, touched):
    prepare(marked, SETTINGS, {touched})
    rows = read(marked, (CUSTOMERS, CASES, CONTACTS, SURVEYS))
    assert all(rows.values())
    refilled = {name for name, (row, *_) in rows.items() if row["import_id"] != MARK}
    assert refilled == REFILLED[touched]


@pytest.mark.parametrize(
    ("touched", "refilled"),
    [("chain_events", True), ("cases", True), ("departments", True), ("surveys", False)],
)
def test_what_was_done_on_cases_is_refilled(marked, touched, refilled):
    work = table("prepared_work")
    marked.execute(sa.update(work).values(waiting_seconds=MARK))
    prepare(marked, SETTINGS, {touched})
    [found] = marked.execute(sa.select(work.c.waiting_seconds)).scalars()
    assert (found != MARK) is refilled


@pytest.mark.parametrize(
    ("touched", "refilled"),
    [
        *((name, True) for name in ("customers", "identities", "holdings", "contacts", "cases")),
        ("surveys", False),
    ],
)
@pytest.mark.parametrize("name", ["prepared_phases", "prepared_profiles"])
def test_what_customers_are_is_refilled(marked, name, touched, refilled):
    rows = table(name)
    marked.execute(sa.update(rows).values(segment="mark"))
    prepare(marked, SETTINGS, {touched})
    assert ("mark" not in marked.execute(sa.select(rows.c.segment)).scalars().all()) is refilled


def test_everything(marked):
    prepare(marked, SETTINGS)
    rows = read(marked, (CUSTOMERS, CASES, CONTACTS, SURVEYS))
    assert not [name for name, (row, *_) in rows.items() if row["import_id"] == MARK]


def test_a_table_that_is_not_there(marked):
    with pytest.raises(ValueError, match="nothing is prepared from nonsense"):
        prepare(marked, SETTINGS, {"nonsense"})


def test_every_table_may_be_touched(marked):
    prepare(marked, SETTINGS, {declared.name for declared in (*FACTS, *CONFIGURATION)})
