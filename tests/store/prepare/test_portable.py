"""The same SQL on PostgreSQL gives what the oracle says: nothing is said in one engine's words."""

import pytest
from hypothesis import given, settings

from tests.conftest import need
from tests.store.prepare.server import installed, server
from tests.store.prepare.test_against_oracle import compare, several
from tests.store.prepare.test_days import CALENDAR_TABLES
from tests.store.prepare.world import CONFIG, World, read

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def elsewhere():
    if not installed():
        need("PostgreSQL is not installed here.")
    with server() as engine:
        yield World(engine, CONFIG, pinned=True)


@given(several)
@settings(max_examples=settings().max_examples // 20)
def test_prepared_as_the_oracle_says(elsewhere, facts):
    compare(elsewhere, facts)


def test_the_same_days_and_calendars(world, elsewhere):
    found = []
    for one in (world, elsewhere):
        with one.engine.connect() as connection:
            found.append(read(connection, CALENDAR_TABLES))
    here, there = found
    assert all(here.values())
    assert here == there
