"""A database in memory for whoever reads files: it sees the named folders and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

from kpi.store.lockdown import identifier, lock_down, quoted

#: What a statement of a scratch database raises when it cannot be done.
ScratchProblem = duckdb.Error
#: Its connection, for those who may not import the driver.
Scratch = duckdb.DuckDBPyConnection

__all__ = ["Scratch", "ScratchProblem", "identifier", "quoted", "scratch"]


def scratch(
    directories: Iterable[Path],
    memory_limit: str = "",
    threads: int = 0,
    spill: Path | None = None,
) -> Scratch:
    """An empty database of the caller's own, locked to `directories` (and what lies in them).

    Args:
        directories: folders it may read from and write to.
        memory_limit: like "1GB"; empty: 80 % of the machine's.
        threads: processors it may use; 0: all.
        spill: folder for what does not fit in memory; None: it must fit.
    """
    connection = duckdb.connect(":memory:")
    # No folder to spill to should appear where we happen to stand.
    connection.execute(f"SET GLOBAL temp_directory = {quoted(spill.resolve() if spill else '')}")
    lock_down(connection, [folder.resolve() for folder in directories], memory_limit, threads)
    return connection
