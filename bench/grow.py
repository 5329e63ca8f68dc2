"""`python -m bench grow`: a store of the demo made larger, without making the demo anew.

    python -m bench grow --store PATH [--times 10]

Every customer, case, contact and what belongs to them is there as many times as asked, each copy
with ids of its own; staffing and totals, which are of the whole organisation, are multiplied. So
every share stays what it was, and ten million contacts take minutes instead of most of an hour.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import sqlalchemy as sa

from kpi.schema import FACTS, Table, Type
from kpi.settings import load_settings
from kpi.store import open_store
from kpi.store.prepare import prepare
from kpi.tables import table

#: Amounts of the whole organisation, by table.
AMOUNTS = {"staffing": "staffed_hours", "totals": "value"}


def main(given: list[str]) -> None:
    """Make it larger and say how long it took."""
    parser = argparse.ArgumentParser(prog="python -m bench grow")
    parser.add_argument("--store", type=Path, default=Path("data/bench.duckdb"))
    parser.add_argument("--times", type=int, default=10)
    asked = parser.parse_args(given)
    begun = time.perf_counter()
    with open_store(load_settings(f"duckdb:///{asked.store.absolute()}")) as store:
        with store.write() as connection:
            for declared in FACTS:
                grow(connection, declared, asked.times)
                _say(begun, declared.name)
            prepare(connection, store.settings)
            _say(begun, "prepared")
        [count] = store.rows(sa.select(sa.func.count().label("n")).select_from(table("contacts")))
    _say(begun, f"{count['n']:,} contacts")


def grow(connection: sa.Connection, declared: Table, times: int) -> None:
    """Copies of the rows of one table, `times` of each in all."""
    own = table(declared.name)
    if declared.name in AMOUNTS:
        amount = own.c[AMOUNTS[declared.name]]
        connection.execute(sa.update(own).values({amount: amount * times}))
        return
    texts = {column.name for column in declared.columns if column.type is Type.TEXT}
    ids = {name for name in texts if name.endswith("_id")} - {"agent_id"}
    copies = sa.values(sa.column("copy", sa.Integer), name="copies").data(
        [(copy,) for copy in range(1, times)]
    )
    mark = sa.literal("~").concat(sa.cast(copies.c.copy, sa.String))
    columns = [own.c[one.name].concat(mark) if one.name in ids else one for one in own.c]
    rows = sa.select(*columns).select_from(own.join(copies, sa.true()))
    connection.execute(sa.insert(own).from_select([one.name for one in own.c], rows))


def _say(begun: float, what: str) -> None:
    print(f"{time.perf_counter() - begun:7.1f} s  {what}", file=sys.stderr, flush=True)
