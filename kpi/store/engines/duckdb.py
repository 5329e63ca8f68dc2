"""DuckDB: one file, opened once by one process and locked down before anything is asked of it.

Each use gets a cursor of its own: a connection shared by threads gives one thread another's rows.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import sqlalchemy as sa
from duckdb_sqlalchemy import ConnectionWrapper

from kpi.i18n import _
from kpi.settings import Settings
from kpi.store.engines import Query
from kpi.store.lockdown import identifier, lock_down, quoted
from kpi.store.problems import StoreProblem

#: How long another program may hold the file before we say so, seconds.
PATIENCE = 3.0


class _Cursor(ConnectionWrapper):
    """A cursor of its own, with a way to it that touches nothing of the thread that uses it."""

    def __init__(self, plain: duckdb.DuckDBPyConnection) -> None:
        super().__init__(plain)
        self.plain = plain


class DuckDB:
    """The store in a DuckDB file."""

    def __init__(self, settings: Settings, staging: Path) -> None:
        path = settings.database_path
        assert path is not None
        self._root = _connect(path)
        try:
            lock_down(self._root, [staging], settings.memory_limit, settings.threads)
        except duckdb.Error as problem:
            self._root.close()
            raise StoreProblem(
                _("The store {path} could not be opened with these settings: {problem}.").format(
                    path=path, problem=_first_line(problem)
                )
            ) from problem
        self.sql = sa.create_engine("duckdb://", creator=self._cursor, poolclass=sa.NullPool)

    def _cursor(self) -> _Cursor:
        return _Cursor(self._root.cursor())

    def stage(
        self, connection: sa.Connection, name: str, parquet: Path, like: sa.Table
    ) -> sa.Table:
        """See `Engine.stage`."""
        held = connection.exec_driver_sql(
            "SELECT name FROM parquet_schema(?) WHERE num_children IS NULL", (str(parquet),)
        ).scalars()
        # Other columns (the line in the file) are of no use here.
        columns = [like.c[column] for column in held if column in like.c]
        selected = ", ".join(
            f"CAST({identifier(column.name)} AS {column.type.compile(connection.dialect)})"
            f" AS {identifier(column.name)}"
            for column in columns
        )
        # A view: the rows are written once, into the table they are for.
        connection.exec_driver_sql(
            f"CREATE TEMPORARY VIEW {identifier(name)} AS SELECT {selected}"  # noqa: S608 - names of the schema, quoted
            f" FROM read_parquet({quoted(parquet)})"
        )
        return sa.Table(
            name, sa.MetaData(), *(sa.Column(column.name, column.type) for column in columns)
        )

    def unstage(self, connection: sa.Connection, staged: sa.Table) -> None:
        """See `Engine.unstage`."""
        connection.exec_driver_sql(f"DROP VIEW {identifier(staged.name)}")

    def columns(self, connection: sa.Connection, query: Query) -> Mapping[str, np.ndarray]:
        """See `Engine.columns`."""
        result = connection.execute(query)
        cursor: Any = result.cursor
        dates = {column[0] for column in cursor.description if str(column[1]) == "DATE"}
        names = list(result.keys())
        fetched: dict[str, np.ndarray] = cursor.fetchnumpy()
        return {
            name: _plain(values, day=name in dates)
            for name, values in zip(names, fetched.values(), strict=True)
        }

    def interrupt(self, connection: sa.Connection) -> None:
        """See `Engine.interrupt`."""
        used: Any = connection.connection.dbapi_connection
        used.plain.interrupt()

    def still_held(self) -> bool:
        """See `Engine.still_held`: the file is ours for as long as we have it open."""
        return True

    def sentence(self, problem: BaseException) -> str | None:
        """See `Engine.sentence`."""
        original = getattr(problem, "orig", None) or problem
        text = str(original)
        if isinstance(original, duckdb.OutOfMemoryException):
            return _(
                "The memory of this machine is not enough for this step. "
                "Stop other programs, or raise memory_limit, and try again."
            )
        if "No space left" in text or "max_temp_directory_size" in text:
            return _("The disk is full. Make room and try again; nothing was changed.")
        if isinstance(original, duckdb.FatalException):
            return _(
                "The store stopped itself to keep its data whole, as when a disk is full. "
                "Make room if needed and start the program again."
            )
        return None

    def close(self) -> None:
        """See `Engine.close`."""
        self.sql.dispose()
        self._root.close()


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return duckdb.connect(str(path))
        except duckdb.IOException as problem:
            if "lock" not in str(problem).lower():
                raise StoreProblem(
                    _("The store {path} cannot be opened: {problem}.").format(
                        path=path, problem=_first_line(problem)
                    )
                ) from problem
            # Our own processes wait for each other before they come here: this is a stranger.
            if time.monotonic() > until:
                raise StoreProblem(
                    _("Another program has {path} open. Close it there and try again.").format(
                        path=path
                    )
                ) from problem
        time.sleep(0.05)


def _first_line(problem: BaseException) -> str:
    return str(problem).splitlines()[0].rstrip(".")


def _plain(values: np.ndarray, *, day: bool) -> np.ndarray:
    """Without a mask: None, nan or NaT where the database has NULL."""
    if isinstance(values, np.ma.MaskedArray):
        if values.dtype.kind in "iu":
            values = values.astype(np.float64)
        elif values.dtype.kind == "b":
            values = values.astype(object)
        missing = {"f": np.nan, "M": np.datetime64("NaT"), "O": None}[values.dtype.kind]
        plain = np.array(values.data)
        plain[np.ma.getmaskarray(values)] = missing
        values = plain
    elif values.dtype.kind in "iu" and values.dtype != np.int64:
        values = values.astype(np.int64)
    return values.astype("datetime64[D]") if day else values
