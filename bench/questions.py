"""`python -m bench questions`: every KPI by process and week on a million contacts, against SQL by hand.

The same numbers are asked twice in the same run: through `kpi.numbers.ask`, as pages and the
command line do, and by a query that somebody wrote for that one KPI. What counts is the ratio; the
times depend on the machine and on what else it does.

    python -m bench questions [--customers N] [--store PATH] [--repeat N]

The store is made with the demo and kept, so that a second run begins at once.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from bench import by_hand, by_hand_more
from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.filters import Filters
from kpi.measures import KPIS
from kpi.model import Kind
from kpi.numbers import applies, ask, default_period
from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.tables import table

#: About a million contacts in two years.
CUSTOMERS = 100_000
UNTIL = date(2026, 3, 31)
BY = ("process", "week")
CLOSE_ENOUGH = 1e-6
QUERIES = {**by_hand.QUERIES, **by_hand_more.QUERIES}


def main(given: list[str]) -> None:
    """Run it and print what it found."""
    asked = _arguments(given)
    with open_store(load_settings(f"duckdb:///{asked.store.absolute()}")) as store:
        plan = Plan(until=UNTIL, customers=asked.customers)
        took = _timed(lambda: fill(store, plan, "bench", lambda text: print(text, file=sys.stderr)))
        counts = {name: _rows(store, name) for name in ("contacts", "cases", "prepared_contacts")}
        print(f"store ready in {took:.1f} s: {counts}\n")
        _compare(store, asked.repeat)


def _arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench questions")
    parser.add_argument("--customers", type=int, default=CUSTOMERS)
    parser.add_argument("--store", type=Path, default=Path("data/bench.duckdb"))
    parser.add_argument("--repeat", type=int, default=5)
    return parser.parse_args(given)


def _compare(store: Store, repeat: int) -> None:
    names = [k.name for k in KPIS.values() if k.kind is not Kind.FUNNEL and applies(k, BY)]
    filters = Filters.of(*default_period(store, names))
    given = {
        "since": filters.since,
        "until": filters.until,
        "as_of": store.as_of(["cases", "contacts"]),
    }
    print(f"by {' and '.join(BY)}, {filters.since} to {filters.until}, median of {repeat}\n")
    print(f"{'':28}{'ask ms':>10}{'by hand ms':>12}{'ratio':>8}  same numbers")
    both_asked = both_by_hand = 0.0
    for name in names:
        asked = _median(lambda name=name: ask(store, [name], filters, BY), repeat)
        if name not in QUERIES:
            print(f"{name:28}{asked * 1000:10.0f}{'–':>12}{'–':>8}")
            continue
        query = sa.text(QUERIES[name]).bindparams(
            **{key: value for key, value in given.items() if f":{key}" in QUERIES[name]}
        )
        by_hand = _median(lambda query=query: store.rows(query), repeat)
        both_asked, both_by_hand = both_asked + asked, both_by_hand + by_hand
        same = _same(store, name, filters, query)
        print(f"{name:28}{asked * 1000:10.0f}{by_hand * 1000:12.0f}{asked / by_hand:8.2f}  {same}")
    print(
        f"{'those with both, summed':28}{both_asked * 1000:10.0f}{both_by_hand * 1000:12.0f}"
        f"{both_asked / both_by_hand:8.2f}"
    )
    together = _median(lambda: ask(store, [n for n in names if n in QUERIES], filters, BY), repeat)
    print(
        f"{'the same, asked together':28}{together * 1000:10.0f}{both_by_hand * 1000:12.0f}"
        f"{together / both_by_hand:8.2f}"
    )
    everything = _median(lambda: ask(store, names, filters, BY), max(1, repeat // 2))
    print(f"{'show: all that apply':28}{everything * 1000:10.0f}")


def _same(store: Store, name: str, filters: Filters, query: sa.TextClause) -> str:
    ours = {
        (row.by["process"], row.by["week"]): row.value for row in ask(store, [name], filters, BY)
    }
    theirs = {(row["process"], row["week"]): row["value"] for row in store.rows(query)}
    # A group that nobody is in has no row by hand, and no value (or none open) with us.
    differ = [key for key in ours | theirs if _differ(ours.get(key), theirs.get(key))]
    return "yes" if not differ else f"{len(differ)} of {len(ours)} differ, as {differ[0]}"


def _differ(ours: float | None, theirs: float | None) -> bool:
    if not ours and not theirs:
        return False
    if ours is None or theirs is None:
        return True
    return abs(ours - theirs) > CLOSE_ENOUGH * max(abs(ours), abs(theirs))


def _rows(store: Store, name: str) -> int:
    return store.rows(sa.select(sa.func.count().label("n")).select_from(table(name)))[0]["n"]


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median(work: Callable[[], object], repeat: int) -> float:
    work()  # once to warm up
    return statistics.median(_timed(work) for _ in range(repeat))
