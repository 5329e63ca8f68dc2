"""Every number is the same on PostgreSQL as on DuckDB.

The loops go over what is registered: a KPI, dimension or prepared table that is new is held here
without a word about it.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
import pytest
import sqlalchemy as sa

from kpi import numbers
from kpi.alerts import looking, outbox, watching
from kpi.alerts.passing import Passing
from kpi.alerts.rules import Rule
from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.filters import BY, Comparison, Filters
from kpi.measures import asked_by_show
from kpi.model import Kind, Kpi, Result
from kpi.numbers.funnels import ask_funnel_entities, funnels
from kpi.numbers.month_ends import keep_closed
from kpi.periods import Period
from kpi.results.rows import counted, parts_of
from kpi.schema import CONFIGURATION, FACTS, PREPARED
from kpi.schema.prepared_sums import DAILY
from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.tables import before, seen, table
from tests.conftest import need
from tests.store.prepare.server import installed, server
from tests.store.test_postgresql import database

# Together: filling two stores takes longer than asking them.
pytestmark = pytest.mark.timeout(300)

#: As few as the demo makes, over more than a year: each comparison finds its earlier period.
BESIDE_A_MONTH = ("process", "channel", "cause", "has_portal", "caller", "weekday_hour")
PLAN = Plan(until=date(2025, 9, 17), customers=500, months=14, seed=5)
PERIOD = Filters(date(2025, 3, 1), date(2025, 8, 31))
EPOCH = datetime(1970, 1, 1)
#: A part of it, and rows about which something is not known.
KEPT = Filters.of(
    date(2025, 3, 1), date(2025, 8, 31), process=["fault", "request"], channel=["phone", ""]
)


#: Per KPI and question what DuckDB and what PostgreSQL says.
Answers = dict[tuple[str, tuple[str, ...]], tuple[list[Result], list[Result]]]


class Both(NamedTuple):
    """The same data in two stores."""

    duckdb: Store
    postgresql: Store


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    if not installed():
        need("PostgreSQL is not installed here.")
    folder = tmp_path_factory.mktemp("both")
    with pytest.MonkeyPatch.context() as patch, server() as engine:
        patch.setenv("XDG_DATA_HOME", str(folder))
        addresses = f"duckdb:///{folder / 'store.duckdb'}", database(engine, "ketenzicht")
        here, there = (open_store(load_settings(address)) for address in addresses)
        with here, there:
            for store in (here, there):
                fill(store, PLAN, "test", lambda text: None)
            # There from the rows, here from what is kept of them: each engine is held both ways.
            assert numbers.keep_daily_sums(there, least=0) > 10
            assert numbers.hold_sums(there)
            assert numbers.hold(there, least=0)
            yield Both(here, there)


def differences(here: Any, there: Any, where: str = "") -> Iterator[str]:
    """Where two answers differ; floats may by what the order of adding makes of them."""
    if isinstance(here, bool) or isinstance(there, bool) or here is None or there is None:
        same = here is there
    elif isinstance(here, int | float) and isinstance(there, int | float):
        both_nan = math.isnan(here) and math.isnan(there)
        same = both_nan or math.isclose(here, there, rel_tol=1e-9, abs_tol=1e-12)
    elif is_dataclass(here) and type(here) is type(there):
        for one in fields(here):
            name = f"{where}.{one.name}"
            yield from differences(getattr(here, one.name), getattr(there, one.name), name)
        return
    elif isinstance(here, Mapping) and isinstance(there, Mapping):
        if list(here) != list(there):
            yield f"{where}: {list(here)} and {list(there)}"
            return
        for key in here:
            yield from differences(here[key], there[key], f"{where}[{key!r}]")
        return
    elif isinstance(here, Sequence) and not isinstance(here, str):
        if len(here) != len(there):
            yield f"{where}: {len(here)} and {len(there)} of them"
            return
        for position, (one, other) in enumerate(zip(here, there, strict=True)):
            yield from differences(one, other, f"{where}[{position}]")
        return
    else:
        same = here == there
    if not same:
        yield f"{where}: {here!r} and {there!r}"


def test_differences_are_seen():
    assert not list(differences({"a": [1.0, None, "x"]}, {"a": [1 + 1e-12, None, "x"]}))
    assert not list(differences(math.nan, math.nan))
    for other in ({"a": [1.1, None, "x"]}, {"a": [1.0, 0, "x"]}, {"a": [1.0, None]}, {"b": []}):
        assert list(differences({"a": [1.0, None, "x"]}, other))
    assert list(differences(Filters(None, None), PERIOD))


def check(here: Any, there: Any, what: str) -> None:
    found = list(differences(here, there, what))
    assert not found, f"{len(found)} differences: " + "; ".join(found[:8])


def contents(store: Store, of: sa.Table) -> dict[str, Any]:
    """The columns of a table, by its key."""
    return store.columns(sa.select(of).order_by(*(of.c[name] for name in of.info["key"])))


def check_table(both: Both, of: sa.Table) -> int:
    """See that a table holds the same rows; gives how many."""
    here, there = (contents(store, of) for store in both)
    rows = [len(next(iter(found.values()))) for found in (here, there)]
    assert rows[0] == rows[1]
    for name in here:
        one, other = here[name], there[name]
        if one.dtype.kind == "f":
            same = np.isclose(one, other, rtol=1e-9, atol=1e-12, equal_nan=True)
        elif one.dtype.kind == "M":
            same = (one == other) | (np.isnat(one) & np.isnat(other))
        else:
            same = one == other
        assert np.all(same), (of.name, name, one[~same][:5], other[~same][:5])
        assert one.dtype == other.dtype, name
    return rows[0]


def questions() -> list[tuple[str, ...]]:
    # A month beside it is one key more, made alike whatever the other is: a few show that.
    return [(), *((name,) for name in BY), *((name, "month") for name in BESIDE_A_MONTH)]


@pytest.fixture(scope="module")
def answers(both: Both) -> Answers:
    """Every KPI by everything: what each store says, by KPI and question."""
    found: Answers = {}
    for by in questions():
        names = [kpi.name for kpi in asked_by_show() if numbers.applies(kpi, by)]
        for place, store in enumerate(both):
            for name in names:
                found.setdefault((name, by), ([], []))
            for result in numbers.ask(store, names, PERIOD, by):
                found[result.kpi, by][place].append(result)
    return found


@pytest.mark.parametrize("kpi", asked_by_show(), ids=lambda kpi: kpi.name)
def test_kpi_by_everything(answers: Answers, kpi: Kpi) -> None:
    """Each row of the KPI sheet by name: whole, and by all that it can be told apart by."""
    asked = [by for by in questions() if numbers.applies(kpi, by)]
    assert () in asked
    for by in asked:
        here, there = answers[kpi.name, by]
        check(here, there, f"{kpi.name} by {', '.join(by) or 'nothing'}")
        assert here


def test_something_is_known_of_nearly_every_kpi(both: Both) -> None:
    # Two empty stores would give the same.
    names = [kpi.name for kpi in asked_by_show()]
    found = numbers.ask(both.postgresql, names, PERIOD)
    assert sum(result.value is not None for result in found) > 0.8 * len(names)


@pytest.mark.parametrize("filters", [KEPT, Filters.of()], ids=["part", "default period"])
def test_every_kpi_of_a_part_and_of_the_default_period(both: Both, filters: Filters) -> None:
    kept = [kpi.name for kpi in asked_by_show() if numbers.applies(kpi, ("week",), filters.where)]
    check(*(numbers.ask(store, kept, filters, ("week",)) for store in both), "ask")
    assert len(kept) > 10


@pytest.mark.parametrize("comparison", [Comparison.PREVIOUS, Comparison.YEAR, Comparison.WHOLE])
def test_every_comparison(both: Both, comparison: Comparison) -> None:
    filters = Filters(date(2025, 8, 1), date(2025, 8, 31), comparison=comparison)
    for by in ((), ("process",)):
        names = [kpi.name for kpi in asked_by_show() if numbers.applies(kpi, by)]
        here, there = (numbers.compare(store, names, filters, by) for store in both)
        check(here, there, "compare")
    assert any(one.before is not None and one.before.value is not None for one in here)


def test_why(both: Both) -> None:
    august = Filters(date(2025, 8, 1), date(2025, 8, 31))
    for name in ("within_norm", "avoidable", "complaints", "csat"):
        earlier = numbers.earlier_period(
            both.duckdb,
            numbers.find(name),
            numbers.period_of(both.duckdb, numbers.find(name), august),
            Comparison.PREVIOUS,
        )
        if earlier is not None:
            here, there = (numbers.why(store, name, august, earlier) for store in both)
            check(here, there, name)
    check(*(numbers.contact_surges(store, PERIOD) for store in both), "surges")


def test_totals(both: Both) -> None:
    here, there = (numbers.totals(store, Period(PERIOD.since, PERIOD.until)) for store in both)
    check(here, there, "totals")
    assert here


def test_every_funnel(both: Both) -> None:
    known = funnels(both.duckdb)
    check(known, funnels(both.postgresql), "funnels")
    assert any(one.loaded for one in known)
    for one in known:
        for by in ((), ("month",), ("segment",)):
            here, there = (numbers.ask_funnel(store, one.name, PERIOD, by=by) for store in both)
            check(here, there, one.name)
        for step in one.steps:
            here, there = (
                ask_funnel_entities(store, one.name, PERIOD, step, lost=True, most=20)
                for store in both
            )
            check(here, there, f"{one.name} {step}")


def test_every_number_has_exactly_its_rows(both: Both) -> None:
    """Of every KPI, whole and by some of its dimensions: a group drawn by a fixed seed, counted."""
    drawn = random.Random(7)
    told = 0
    for kpi in asked_by_show():
        apart = [(name,) for name in BY if numbers.applies(kpi, (name,))]
        for by in ((), *drawn.sample(apart, min(3, len(apart)))) if parts_of(kpi) else ():
            for store in (both.duckdb, both.postgresql) if drawn.random() < 0.25 else both[:1]:
                results = [one for one in numbers.ask(store, [kpi.name], PERIOD, by) if one.n]
                for result in drawn.sample(results, min(1, len(results))):
                    part = drawn.choice(parts_of(kpi))
                    found = numbers.rows(store, kpi.name, PERIOD, result.by, part, most=2)
                    check_rows(kpi, result, found)
                    told += 1
    assert told > 150


def check_rows(kpi: Kpi, result: Result, found: numbers.Rows) -> None:
    what = (kpi.name, dict(result.by), found.part)
    wanted = counted(kpi, result, found.part)
    if wanted is not None:
        assert found.total == wanted, what
    if found.amount is not None and kpi.kind in {Kind.MEAN, Kind.NPS, Kind.SUM}:
        assert found.amount == pytest.approx(result.numerator or 0), what
    if kpi.options.get("amounts"):
        amount = result.numerator if found.part == "numerator" else result.denominator
        assert (found.amount or 0) == pytest.approx(amount or 0), what
    assert len(found.rows) == min(2, found.total), what
    assert all(set(found.columns) <= set(row) for row in found.rows), what


def test_top_complaints(both: Both) -> None:
    here, there = (numbers.top_complaints(store, PERIOD, n=10) for store in both)
    check(here, there, "top")
    assert here.rows


@pytest.mark.parametrize(
    "name", [one.name for one in (*FACTS, *PREPARED, *CONFIGURATION) if one not in DAILY]
)
def test_every_table(both: Both, name: str) -> None:
    check_table(both, table(name))


def test_the_tables_are_not_empty(both: Both) -> None:
    for name in ("cases", "contacts", "surveys", "calendar_days", "prepared_contacts"):
        [count] = both.postgresql.rows(
            sa.select(sa.func.count().label("n")).select_from(table(name))
        )
        assert count["n"] > 100, name


def test_columns_have_the_kinds_that_are_promised(both: Both) -> None:
    cases = table("prepared_cases")
    for select in (sa.select(cases), sa.select(cases).where(sa.false())):
        here, there = (store.columns(select) for store in both)
        assert {k: v.dtype for k, v in here.items()} == {k: v.dtype for k, v in there.items()}
        assert {k: len(v) for k, v in here.items()} == {k: len(v) for k, v in there.items()}


def test_closed_months_are_kept_alike(both: Both) -> None:
    kept = table("month_end_values")
    key = (kept.c.kpi, kept.c.month, kept.c.process)
    assert len({keep_closed(store) for store in both}) == 1
    rows = [
        [{**row, "kept_at": None} for row in store.rows(sa.select(kept).order_by(*key))]
        for store in both
    ]
    check(*rows, "kept")
    assert len(rows[0]) > 1000
    told = [numbers.reported(store, "within_norm", PERIOD, ("process",)) for store in both]
    assert len(told[0]) > 10
    check(*([replace(one, kept_at=EPOCH) for one in found] for found in told), "reported")


#: Alerts of every condition, of a funnel, a reason and a silenced one.
ALERTS = (
    {"condition": "target_missed", "kpi": "avoidable", "bound": 1.0, "days": 28},
    {"condition": "target_missed", "kpi": Passing("order", "offer").kpi, "bound": 99.0},
    {"condition": "target_missed", "kpi": "avoidable", "reason": "status", "bound": 1.0, "days": 92},
    {"condition": "control_limit", "kpi": "avoidable"},
    {"condition": "surge", "process": "fault", "least_n": 10},
    {"condition": "silent_cases", "bound": 0.0, "least_n": 10},
    {"condition": "feed_late"},
    {"condition": "no_data", "kpi": "within_norm", "days": 1},
    {"condition": "target_missed", "kpi": "within_norm", "bound": 100.0, "days": 28,
     "snoozed_until": date(2030, 1, 1)},
)  # fmt: skip


def test_alerts_overviews_and_what_became_of_them_are_alike(both: Both) -> None:
    """Also the tables that they are kept in: standings, messages, retries."""
    since, now = date(2025, 9, 1), datetime(2025, 9, 19, 9, 0)
    alerts = [
        {
            "alert": f"a{place}",
            "valid_from": since,
            "recipients": "team",
            "language": "nl",
            "least_n": 10,
            **one,
        }
        for place, one in enumerate(ALERTS)
    ]
    mail = {"digest": "daily", "valid_from": since, "frequency": "day", "recipients": "team",
            "language": "nl", "processes": "fault"}  # fmt: skip
    told: list[list[Any]] = [[], []]
    for store, found in zip(both, told, strict=True):
        # Nobody listens there: it is refused at once, and tried again by the rules.
        nobody = "mailto://127.0.0.1:1/a@example.org?from=b@example.org&cto=1"
        store.settings = replace(store.settings, channels={"team": nobody})
        store.configure("alerts", alerts, "test")
        store.configure("digests", [mail], "test")
        for later in (0, 2, 10):
            done = looking.look(store, now + timedelta(minutes=later))
            found.append([(one.about, one.subject, one.text) for one in done.ready])
            found.append([(one.rule.alert, one.standing, one.snoozed) for one in done.alerts])
        messages = table("messages")
        of_one = outbox.log(store)[0]["message_id"]
        outbox.send_again(store, of_one, now + timedelta(hours=1))
        found.append(outbox.claim(store, now + timedelta(hours=2)))
        found.append(outbox.recover(store, now + timedelta(days=1)))
        found.append(outbox.drop(store, f"digest daily {now.date()}"))
        found.append(outbox.troubled(store, now + timedelta(hours=1)))
        found.append(outbox.last_sent(store))
        found.append(store.rows(sa.select(messages).order_by(messages.c.message_id)))
        found.append(
            [
                {name: stands.standing for name, stands in looking.standings(store).items()},
                [watching.preview(store, Rule.of(row), now, days=20) for row in alerts],
            ]
        )
    check(*told, "told")
    assert len(told[0][0]) >= 3
    assert any(row["tries"] > 1 for row in told[0][-2]), "and tried again"


def test_configuring_does_the_same(both: Both) -> None:
    """Last but one: it changes what is in the stores, alike."""
    rows = [{"process": "fault", "valid_from": date(2025, 6, 1), "norm": 3.0}]
    assert [store.configure("processes", rows, "test") for store in both] == [1, 1]
    assert both.duckdb.configuration_toml() == both.postgresql.configuration_toml()
    check(*(numbers.ask(store, ["within_norm"], PERIOD, ("month",)) for store in both), "norm")
    logs = ([{**row, "changed_at": None} for row in store.change_log()] for store in both)
    check(*logs, "change log")


def test_taking_back_leaves_the_same(both: Both) -> None:
    """Last: nothing is left."""
    [last] = {max(row["import_id"] for row in store.imports()) for store in both}
    check(*(store.undo(last, "test") for store in both), "undo")
    for one in FACTS:
        for of in (table(one.name), before(one.name), seen(one.name)):
            assert check_table(both, of) == 0
    for declared in PREPARED:
        check_table(both, table(declared.name))
    assert both.postgresql.daily.now() == ()
