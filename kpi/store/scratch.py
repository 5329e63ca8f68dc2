"""A database in memory for whoever reads files: it sees the named folders and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from kpi.store.engines.duckdb import lock_down


def scratch(
    directories: Iterable[Path], memory_limit: str = "", threads: int = 0
) -> duckdb.DuckDBPyConnection:
    """An empty database of the caller's own, locked to `directories` (and what lies in them).

    Args:
        directories: folders it may read from and write to.
        memory_limit: like "1GB"; empty: 80 % of the machine's.
        threads: processors it may use; 0: all.
    """
    connection = duckdb.connect(":memory:")
    # In memory there is no folder to spill to, and none should appear where we happen to stand.
    connection.execute("SET GLOBAL temp_directory = ''")
    lock_down(connection, [folder.resolve() for folder in directories], memory_limit, threads)
    return connection
