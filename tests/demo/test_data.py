"""The demo obeys the schema, holds together, and tells nothing that lies ahead."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from kpi.demo.organisation import make
from kpi.demo.plan import Plan
from kpi.schema import FACTS, TABLES
from kpi.staged import ROW
from kpi.zones import to_utc

from .conftest import UNTIL

NAMES = [table.name for table in FACTS]


@pytest.fixture(scope="module")
def frames(staged) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(feed.parquet) for name, feed in staged.items()}


def test_every_fact_table_is_filled(staged):
    assert set(staged) == set(NAMES)
    assert all(feed.rows > 0 for feed in staged.values())


@pytest.mark.parametrize("name", NAMES)
def test_every_column_is_used(name, frames):
    filled = {column for column in frames[name] if frames[name][column].notna().any()}
    assert not set(TABLES[name].column_names) - filled


@pytest.mark.parametrize("name", NAMES)
def test_keys_are_there_and_unique(name, frames):
    frame, table = frames[name], TABLES[name]
    for column in table.required:
        default = table.by_name[column].default
        assert frame[column].notna().all() or default is not None
    assert not frame.duplicated(list(table.key)).any()


@pytest.mark.parametrize("name", NAMES)
def test_every_value_passes_its_rules(name, frames):
    frame = frames[name]
    for column in TABLES[name].columns:
        if column.name not in frame:
            continue
        values = frame[column.name].dropna().unique()
        for rule in column.checks:
            broken = [value for value in values if not rule.test(plain(value))]
            assert not broken, f"{column.name} {rule.sentence}: {broken[:3]}"
    for rule in TABLES[name].rules:
        rows = (
            frame[list(rule.columns)].astype(object).where(frame[list(rule.columns)].notna(), None)
        )
        assert all(rule.test(row) for row in rows.to_dict("records"))


def plain(value):
    """Numpy's and pandas' values as Python's own."""
    if isinstance(value, pd.Timestamp):
        return value.to_pydatetime()
    if isinstance(value, np.datetime64):
        return pd.Timestamp(value).to_pydatetime()
    return value.item() if hasattr(value, "item") else value


@pytest.mark.parametrize(
    ("table", "column", "of", "key"),
    [
        ("contacts", "case_id", "cases", "case_id"),
        ("contacts", "customer_id", "customers", "customer_id"),
        ("contacts", "root_id", "contacts", "contact_id"),
        ("cases", "customer_id", "customers", "customer_id"),
        ("cases", "merged_into", "cases", "case_id"),
        ("chain_events", "case_id", "cases", "case_id"),
        ("surveys", "contact_id", "contacts", "contact_id"),
        ("surveys", "case_id", "cases", "case_id"),
        ("holdings", "customer_id", "customers", "customer_id"),
        ("identities", "customer_id", "customers", "customer_id"),
        ("web_events", "customer_id", "customers", "customer_id"),
        ("quality_reviews", "contact_id", "contacts", "contact_id"),
    ],
)
def test_what_is_named_exists(table, column, of, key, frames):
    named = set(frames[table][column].dropna())
    assert named
    assert named <= set(frames[of][key])


@pytest.mark.parametrize("name", NAMES)
def test_nothing_happens_after_the_last_day(name, frames):
    end = to_utc(datetime(UNTIL.year, UNTIL.month, UNTIL.day, 23, 59, 59), "Europe/Amsterdam").utc
    for column in TABLES[name].fact_times:
        assert frames[name][column].dropna().max() <= end


def test_feeds_say_what_they_hold(staged, frames):
    for name, feed in staged.items():
        assert len(frames[name]) == feed.rows == feed.staged
        assert set(frames[name]) == {*feed.columns, ROW}
        times = [frames[name][column].dropna() for column in TABLES[name].fact_times]
        if times:
            assert feed.last_fact == max(one.max() for one in times)
            assert feed.first_fact == min(one.min() for one in times)


def test_equal_plans_give_equal_data(organisation, tmp_path):
    again = make(organisation.plan)
    other = make(Plan(until=UNTIL, customers=1500, months=14, seed=6))
    sets = {}
    for name, made in {"first": organisation, "again": again, "other": other}.items():
        folder = tmp_path / name
        folder.mkdir()
        sets[name] = {feed.table: feed.parquet.read_bytes() for feed in made.stage(folder)}
    assert sets["again"] == sets["first"]
    assert all(sets["other"][table] != sets["first"][table] for table in ("cases", "contacts"))


def test_more_customers_more_of_everything(organisation):
    small = make(Plan(until=UNTIL, customers=500, months=8, seed=5))
    for name in ("customers", "cases", "contacts", "web_events"):
        first = next(iter(small.tables[name].values()))
        larger = next(iter(organisation.tables[name].values()))
        assert len(larger.arrow()) > 2 * len(first.arrow())


def test_the_texture_of_real_data(frames):
    cases, contacts, surveys = frames["cases"], frames["contacts"], frames["surveys"]
    status = cases.status.value_counts(normalize=True)
    assert 0.003 < status["in behandeling"] < 0.06
    assert 0.02 < status["ingetrokken"] < 0.06
    assert 0.004 < cases.merged_into.notna().mean() < 0.02
    closed = cases[cases.status == "gesloten"]
    assert 0 < closed.closed_at.isna().mean() < 0.01
    assert 0 < (closed.closed_at < closed.opened_at).mean() < 0.005
    inbound = contacts[(contacts.direction == "in") & (contacts.abandoned != True)]  # noqa: E712
    assert 0.8 < inbound.reason.notna().mean() < 0.95
    assert 0.5 < inbound.category.notna().mean() < 0.8
    assert 0.2 < surveys.responded_at.notna().mean() < 0.75
    assert set(surveys.metric) >= {"csat5", "grade10", "nps", "ces7"}
    phone = contacts[(contacts.channel == "phone") & (contacts.direction == "in")]
    local = phone.started_at.dt.tz_localize("UTC").dt.tz_convert("Europe/Amsterdam")
    assert (local.dt.day_of_week < 5).mean() > 0.99
    # More at ten than at four.
    assert (local.dt.hour == 10).sum() > (local.dt.hour == 16).sum()


def test_the_portal_grows(frames):
    contacts = frames["contacts"]
    inbound = contacts[contacts.direction == "in"].sort_values("started_at")
    part = len(inbound) // 4
    online = inbound.channel.isin(["portal", "app"])
    assert online.iloc[-part:].mean() > online.iloc[:part].mean() + 0.02


def test_the_clock_is_utc(staged, frames):
    """The first contact of a summer's day at nine is at seven UTC."""
    phone = frames["contacts"]
    summer = phone[
        (phone.channel == "phone")
        & (phone.direction == "in")
        & (phone.started_at.dt.month.isin([6, 7, 8]))
    ]
    assert summer.started_at.dt.hour.mode()[0] in {7, 8, 9}
