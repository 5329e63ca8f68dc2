"""The demo organisation writes clean extracts: the detective finds nothing in them."""

from datetime import date

import pytest

from kpi.demo.organisation import make
from kpi.demo.plan import Plan
from kpi.ingest.profiles import Feed, Profile, Read, Rule
from kpi.ingest.staging import Work, stage_file
from kpi.store.scratch import scratch
from tests.ingest.conftest import ZONE


@pytest.fixture(scope="module")
def extracts(tmp_path_factory):
    """What the demo would load, per table: columns and a Parquet file."""
    folder = tmp_path_factory.mktemp("demo")
    plan = Plan(until=date(2026, 3, 31), customers=500, months=13)
    return folder, list(make(plan).stage(folder))


def test_the_demo_raises_nothing(extracts):
    folder, feeds = extracts
    connection = scratch([folder], threads=2)
    looked = set()
    for feed in feeds:
        if feed.parquet is None:
            continue
        rules = {name: Rule(sources=(name,)) for name in feed.columns}
        profile = Profile((Feed(feed.table, rules),), name="demo", read=Read(time_zone="UTC"))
        work = Work(connection, feed.parquet, folder, ZONE)
        found = stage_file(work, profile)
        connection.execute("DROP TABLE typed_0")
        assert [one.sentence for one in found.findings] == [], feed.table
        looked.add(feed.table)
    assert {"cases", "contacts", "surveys", "chain_events", "customers"} <= looked
