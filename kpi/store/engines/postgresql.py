"""PostgreSQL: a database on a server, held by one process through an advisory lock.

Text columns are kept in collation "C", as DuckDB compares text: what comes first in the alphabet
must not hang on the language that a server was installed with.
"""

from __future__ import annotations

import io
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import sqlalchemy as sa
from sqlalchemy.schema import CreateTableAs

from kpi.i18n import _
from kpi.settings import Settings
from kpi.store.engines import Query
from kpi.store.engines.postgresql_says import refusal, sentence
from kpi.store.problems import StoreProblem

#: How long another program may hold the database before we say so, seconds.
PATIENCE = 3.0
#: Seconds to wait for an answer of the server, where the address does not say otherwise.
CONNECT_TIMEOUT = 10
#: First half of the lock's key; the second is the schema, so that each may hold a store.
LOCK = 0x4B45_5445
#: Rows that travel together, of a staged file and of an answer.
BATCH = 65_536
#: From so many rows on the server measures what was written before it is read.
MEASURED = 1_000
#: PostgreSQL cannot keep this character.
_NUL, _INSTEAD = b"\x00", "\N{REPLACEMENT CHARACTER}".encode()
_MAKES_COLUMNS = re.compile(r"\s*(CREATE (TEMPORARY )?TABLE \S+ \(|ALTER TABLE )")
_TEXT = re.compile(r"\bTEXT\b")
#: Per session. There are no indexes, so where two tables have a column in common a nested loop is
#: only ever a guess that went wrong (of a filter over a window: minutes instead of a second). The
#: last lets a server notice within a second that we were killed, and let go of the lock.
_SESSION = {
    "TimeZone": "UTC",
    "jit": "off",
    "enable_nestloop": "off",
    "idle_session_timeout": "0",
    "work_mem": "64MB",
    "client_connection_check_interval": "1s",
}


class PostgreSQL:
    """The store in a PostgreSQL database."""

    def __init__(self, settings: Settings, staging: Path) -> None:  # noqa: ARG002 - rows go by COPY
        self._url = settings.url
        self.sql = sa.create_engine(
            settings.url,
            # One state for all statements of a transaction, as DuckDB gives.
            isolation_level="REPEATABLE READ",
            pool_size=5,
            max_overflow=15,
            pool_pre_ping=True,
            connect_args={
                # Temporary tables change under a name; a prepared statement would remember them.
                "prepare_threshold": None,
                "application_name": "ketenzicht",
                "connect_timeout": settings.url.query.get("connect_timeout", CONNECT_TIMEOUT),
            },
        )
        sa.event.listen(self.sql, "connect", _new_session)
        sa.event.listen(self.sql, "before_cursor_execute", _spelled, retval=True)
        sa.event.listen(self.sql, "after_execute", _measured)
        self._guarding = threading.Lock()
        self._guard: psycopg.Connection[Any] | None = None
        try:
            self._hold(PATIENCE)
            self._check_encoding()
        except BaseException:
            self.close()
            raise

    def _hold(self, patience: float) -> None:
        """Take the lock on a connection of its own, kept for as long as the store is open."""
        try:
            fresh = self.sql.raw_connection()
        except (psycopg.Error, sa.exc.DBAPIError) as problem:
            raise StoreProblem(refusal(self._url, problem)) from problem
        connection: Any = fresh.driver_connection
        fresh.detach()
        connection.rollback()
        connection.autocommit = True
        until = time.monotonic() + patience
        while not _taken(connection):
            # Our own processes wait for each other before they come here: this is a stranger.
            if time.monotonic() > until:
                connection.close()
                raise StoreProblem(
                    _("Another program has {path} open. Close it there and try again.").format(
                        path=self._url.render_as_string(hide_password=True)
                    )
                )
            time.sleep(0.05)
        self._guard = connection

    def _check_encoding(self) -> None:
        assert self._guard is not None
        encoding = self._guard.execute("SHOW server_encoding").fetchone()
        if encoding != ("UTF8",):
            raise StoreProblem(
                _(
                    "The database {database} is kept in {encoding} and cannot hold every character. "
                    "Make one in UTF8: createdb --template=template0 --encoding=UTF8 {database}."
                ).format(database=self._url.database, encoding=encoding and encoding[0])
            )

    def still_held(self) -> bool:
        """See `Engine.still_held`."""
        with self._guarding:
            assert self._guard is not None
            try:
                self._guard.execute("SELECT 1")
            except psycopg.OperationalError:
                self._guard.close()
                self._hold(PATIENCE)
                return False
            return True

    def stage(
        self, connection: sa.Connection, name: str, parquet: Path, like: sa.Table
    ) -> sa.Table:
        """See `Engine.stage`."""
        file = pq.ParquetFile(parquet)
        # Other columns (the line in the file) are of no use here.
        columns = [like.c[column] for column in file.schema_arrow.names if column in like.c]
        staged = sa.Table(
            name,
            sa.MetaData(),
            *(sa.Column(column.name, column.type) for column in columns),
            prefixes=["TEMPORARY"],
        )
        staged.create(connection)
        typed = pa.schema([(column.name, _arrow_type(column)) for column in columns])
        driver: Any = connection.connection.driver_connection
        # Quoted whatever is there, so that an empty text is not taken for none.
        written = pc.WriteOptions(include_header=False, quoting_style="all_valid")
        with driver.cursor().copy(f'COPY "{name}" FROM STDIN (FORMAT csv)') as copying:
            for batch in file.iter_batches(BATCH, columns=typed.names):
                buffer = io.BytesIO()
                pc.write_csv(batch.select(typed.names).cast(typed), buffer, written)
                copying.write(buffer.getvalue().replace(_NUL, _INSTEAD))
        connection.exec_driver_sql(f'ANALYZE "{name}"')
        return staged

    def unstage(self, connection: sa.Connection, staged: sa.Table) -> None:
        """See `Engine.unstage`."""
        staged.drop(connection)

    def columns(self, connection: sa.Connection, query: Query) -> Mapping[str, np.ndarray]:
        """See `Engine.columns`."""
        result = connection.execute(query)
        cursor: Any = result.cursor
        names = list(result.keys())
        makers = [_ARRAYS.get(column.type_code, _objects) for column in cursor.description]
        # A batch at a time: as objects rows take twenty times the memory of arrays.
        parts: list[list[np.ndarray]] = []
        while rows := cursor.fetchmany(BATCH):
            columns = zip(*rows, strict=True)
            parts.append([make(column) for make, column in zip(makers, columns, strict=True)])
        if not parts:
            parts = [[make(()) for make in makers]]
        whole = (np.concatenate(of) for of in zip(*parts, strict=True))
        return dict(zip(names, whole, strict=True))

    def interrupt(self, connection: sa.Connection) -> None:
        """See `Engine.interrupt`."""
        driver: Any = connection.connection.driver_connection
        driver.cancel()

    def sentence(self, problem: BaseException) -> str | None:
        """See `Engine.sentence`."""
        return sentence(self._url, problem)

    def close(self) -> None:
        """See `Engine.close`."""
        self.sql.dispose()
        if self._guard is not None:
            self._guard.close()


def _new_session(connection: psycopg.Connection[Any], _record: object) -> None:
    names = list(_SESSION)
    # Only those that a server of its age knows.
    connection.execute(
        "SELECT set_config(wanted.name, wanted.value, false)"
        " FROM unnest(%s::text[], %s::text[]) AS wanted(name, value)"
        " JOIN pg_settings AS known ON lower(known.name) = lower(wanted.name)",
        (names, [_SESSION[name] for name in names]),
    )
    connection.commit()


def _taken(connection: psycopg.Connection[Any]) -> bool:
    found = connection.execute(
        "SELECT pg_try_advisory_lock(%s::int, hashtext(coalesce(current_schema()::text, '')))",
        (LOCK,),
    ).fetchone()
    return found == (True,)


def _spelled(
    _connection: object, _cursor: object, statement: str, parameters: Any, *_more: object
) -> tuple[str, Any]:
    """Every text column that is made compares as DuckDB's do."""
    if _MAKES_COLUMNS.match(statement):
        statement = _TEXT.sub('TEXT COLLATE "C"', statement)
    return statement, parameters


def _measured(
    connection: sa.Connection, clause: Any, _many: object, _one: object, _options: object,
    result: sa.CursorResult[Any],
) -> None:  # fmt: skip
    """What was made in this transaction is measured: without it joins are planned by guessing."""
    made = None
    if isinstance(clause, CreateTableAs):
        made = clause.table.name
    elif isinstance(clause, sa.Insert) and clause.select is not None:
        made = clause.table.name if result.rowcount >= MEASURED else None
    if made is not None:
        connection.exec_driver_sql(f'ANALYZE "{made}"')


def _arrow_type(column: sa.Column[Any]) -> pa.DataType:
    types: dict[type[sa.types.TypeEngine[Any]], pa.DataType] = {
        sa.Text: pa.string(),
        sa.BigInteger: pa.int64(),
        sa.Double: pa.float64(),
        sa.Boolean: pa.bool_(),
        sa.Date: pa.date32(),
        sa.DateTime: pa.timestamp("us"),
    }
    return types[type(column.type)]


def _objects(values: Sequence[Any]) -> np.ndarray:
    # One by one: arrays of one length would be taken for a table.
    return np.fromiter(values, dtype=object, count=len(values))


def _truth(values: Sequence[Any]) -> np.ndarray:
    return _objects(values) if None in values else np.array(values, dtype=bool)


def _whole(values: Sequence[Any]) -> np.ndarray:
    return np.array(values, dtype=np.float64 if None in values else np.int64)


def _floats(values: Sequence[Any]) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def _days(values: Sequence[Any]) -> np.ndarray:
    return np.array(values, dtype="datetime64[D]")


def _moments(values: Sequence[Any]) -> np.ndarray:
    return np.array(values, dtype="datetime64[us]")


#: By the type that the server says a column has.
_ARRAYS: Mapping[int, Callable[[Sequence[Any]], np.ndarray]] = {
    **dict.fromkeys((20, 21, 23), _whole),
    **dict.fromkeys((700, 701, 1700), _floats),
    16: _truth,
    1082: _days,
    1114: _moments,
}
