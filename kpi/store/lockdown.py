"""Closing a DuckDB database to everything but what it is for.

Light on purpose: the process that reads a file imports this and little else (`kpi.store.scratch`).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import duckdb

_QUOTE = "'"


def quoted(text: object) -> str:
    """`text` as an SQL literal; for statements that take no parameters."""
    return _QUOTE + str(text).replace(_QUOTE, _QUOTE * 2) + _QUOTE


def identifier(name: str) -> str:
    """`name` as a quoted SQL name."""
    return '"' + name.replace('"', '""') + '"'


def lock_down(
    connection: duckdb.DuckDBPyConnection,
    directories: Iterable[Path],
    memory_limit: str = "",
    threads: int = 0,
) -> None:
    """Close `connection`'s database to everything but files in `directories`, for good.

    The order matters: once external access is off no directory can be allowed, and once the
    configuration is locked not even the time zone can be set.
    """
    allowed = ", ".join(quoted(directory) for directory in directories)
    statements = [
        "SET GLOBAL TimeZone = 'UTC'",
        f"SET GLOBAL allowed_directories = [{allowed}]",
        "SET GLOBAL enable_external_access = false",
        *([f"SET GLOBAL memory_limit = {quoted(memory_limit)}"] if memory_limit else []),
        *([f"SET GLOBAL threads = {threads:d}"] if threads else []),
        "SET GLOBAL autoinstall_known_extensions = false",
        "SET GLOBAL autoload_known_extensions = false",
        "SET GLOBAL allow_community_extensions = false",
        "SET GLOBAL allow_persistent_secrets = false",
        "SET GLOBAL python_enable_replacements = false",
        "SET GLOBAL lock_configuration = true",
    ]
    for statement in statements:
        connection.execute(statement)
