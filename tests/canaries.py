"""A demo organisation in which every text that a file or a person may have typed says KANARIE.

What is shown to everybody (walls, mails, digests, the intranet) must never hold it:

    with planted(tmp_path) as store:
        assert not found(what_everybody_sees(store))
"""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

import sqlalchemy as sa

from kpi.demo.fill import fill
from kpi.demo.plan import Plan
from kpi.schema import FACTS, Table, Type
from kpi.settings import load_settings
from kpi.store import Store, open_store
from kpi.store.prepare import prepare
from kpi.tables import key_of, table
from tests.measures.world import load

CANARY = "KANARIE"
UNTIL = date(2025, 9, 17)
#: Of coded values (process, reason, channel …) one in so many becomes one that nobody configured.
ONE_IN = 4
#: Texts that rows are told apart by: with all of them changed there would be nothing to tell.
_GROUPING = frozenset({"value", "segment", "source", "product", "funnel", "step", "status"})


def planted(folder: Path, customers: int = 800, months: int = 6) -> Store:
    """A store of one's own with canaries in it; close it, or use it as a context manager."""
    shutil.copyfile(_made(customers, months), folder / "store.duckdb")
    return open_store(load_settings(f"duckdb:///{folder / 'store.duckdb'}"))


@cache
def _made(customers: int, months: int) -> Path:
    """Made once for all tests of a process: planting takes longer than copying."""
    folder = Path(tempfile.mkdtemp(prefix="ketenzicht-canaries-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = open_store(load_settings(f"duckdb:///{folder / 'store.duckdb'}"))
    fill(store, Plan(until=UNTIL, customers=customers, months=months, seed=5), "test", str)
    load(store, {"cases": [*_complaints()], "contacts": [*_rush()]}, "2025-09-17 18:00")
    with store.write() as connection:
        for declared in FACTS:
            _plant(connection, declared)
        for name, column in (("imports", "file"), ("imports", "who"), ("quarantined", "raw")):
            _say(connection, name, column, "")
        prepare(connection, store.settings, {declared.name for declared in FACTS})
    _configure(store)
    store.close()
    return folder / "store.duckdb"


def found(text: str) -> list[str]:
    """The canaries in a text, each with what follows it."""
    return sorted(set(re.findall(rf"{CANARY}\w*", text, re.IGNORECASE)))


def planted_columns() -> list[tuple[str, str]]:
    """Table and column of every fact that has canaries: all texts that are no closed list."""
    return [
        (declared.name, column.name)
        for declared in FACTS
        for column in declared.columns
        if column.type is Type.TEXT and not column.values and not _kept(declared, column.name)
    ]


def _complaints() -> Iterator[dict[str, object]]:
    """Enough complaints of a configured reason, and of one that nobody configured, to be shown."""
    for reason in ("late_delivery", "Buurman van nummer 12"):
        for i in range(24):
            yield {
                "case_id": f"{reason}-{i}", "customer_id": f"klant {i}", "process": "complaint",
                "reason": reason, "opened_at": f"2025-09-{11 + i % 6} 09:{i:02d}", "status": "open",
            }  # fmt: skip


def _rush() -> Iterator[dict[str, object]]:
    """A day on which many called about a fault."""
    for i in range(160):
        yield {
            "contact_id": f"drukte-{i}", "customer_id": f"klant {i}", "process": "fault",
            "channel": "phone", "direction": "in", "started_at": f"2025-09-17 {9 + i // 60:02d}:{i % 60:02d}",
            "text": "bel mij terug",
        }  # fmt: skip


def _kept(declared: Table, column: str) -> bool:
    # What a number is made of only when it has this one name.
    return (declared.name, column) == ("daily_counts", "metric")


def _plant(connection: sa.Connection, declared: Table) -> None:
    coded = {column.name: column.coded for column in declared.columns}
    for name, column in planted_columns():
        if name != declared.name:
            continue
        # Ids in several tables stay each other's: all get the same words before them.
        grouping = coded[column] or column in _GROUPING
        some = f" WHERE hash({_first_key(declared)}) % {ONE_IN} = 0" if grouping else ""
        _say(connection, name, column, some)


def _say(connection: sa.Connection, name: str, column: str, where: str) -> None:
    own = CANARY if column.endswith(("_id", "_into", "_to")) else f"{CANARY}_{name}_{column}_"
    connection.exec_driver_sql(
        f'UPDATE "{name}" SET "{column}" = \'{own}\' || "{column}"{where}'
        + (f" AND \"{column}\" <> ''" if where else f" WHERE \"{column}\" <> ''")
    )


def _first_key(declared: Table) -> str:
    return f'"{key_of(table(declared.name))[0]}"'


def _configure(store: Store) -> None:
    since = date(2025, 1, 1)
    store.configure(
        "actions",
        [
            {
                "action": f"{CANARY}_action", "valid_from": since, "title": f"{CANARY}_title",
                "owner": f"{CANARY}_owner", "department": f"{CANARY}_department",
                "result": f"{CANARY}_result", "process": "fault", "reason": "outage",
                "kpi": "avoidable", "direction": "down", "state": "running",
                "starts_on": date(2025, 6, 1),
            }
        ],
        "test",
    )  # fmt: skip
    store.configure(
        "staff_signals",
        [
            {
                "signal": f"{CANARY}_signal", "valid_from": since, "process": "fault",
                "text": f"{CANARY}_text", "department": f"{CANARY}_department",
            }
        ],
        "test",
    )  # fmt: skip
