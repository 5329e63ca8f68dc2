"""The open store: readers on cursors of their own, one writer at a time, one growing number.

Nothing else in the product executes SQL on facts or configuration.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import sqlalchemy as sa

from kpi.findings import Finding
from kpi.i18n import _
from kpi.query.daily import Making
from kpi.settings import Settings
from kpi.staged import Manifest, Progress, Total
from kpi.store import configure, earlier, imports, month_ends, readings
from kpi.store.as_toml import from_toml, to_toml
from kpi.store.configuration import Configuration
from kpi.store.configure import Change
from kpi.store.daily import Daily, make
from kpi.store.engines import Engine, Query, speaking
from kpi.store.findings import findings_of, read_finding
from kpi.store.imports import ImportReport, UndoReport
from kpi.store.lock import FileLock
from kpi.store.prepare import prepare
from kpi.store.problems import StoreProblem
from kpi.store.properties import DATA_VERSION, properties, put_property
from kpi.store.readings import Reading
from kpi.store.stopping import stoppable
from kpi.tables import table
from kpi.text import N_


@dataclass
class _Writing:
    """A transaction: `changed` raises the data version, sums that were made change no number."""

    connection: sa.Connection
    changed: bool = True
    made_sums: bool = False


class Store:
    """The store, open in this process; `open_store` makes it. Every method is thread-safe."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        staging: Path,
        lock: FileLock,
        data_version: int,
    ) -> None:
        self.settings = settings
        #: The one folder that the database reads files from; emptied when the store is opened.
        self.staging = staging
        self._engine = engine
        self._lock = lock
        self._writer = threading.Lock()
        self._writing_thread: int | None = None
        self._configuration: tuple[int, Configuration] | None = None
        self._as_of: tuple[int, dict[str, datetime]] | None = None
        self.daily = Daily(engine)
        self._data_version = data_version
        self._opened = secrets.token_hex(6)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store; whoever waits for it may have it."""
        with self._writer:
            self._engine.close()
            self._lock.release()

    @property
    def data_version(self) -> int:
        """Raised by every import, undo, configuration and calendar change."""
        return self._data_version

    @property
    def state(self) -> str:
        """Names what the store holds now, for whatever is kept beside it (caches, ETags).

        The data version alone would not do: another store, or this one put back from a backup,
        may come by the same number with other data. So it also tells this opening from any other.
        """
        return f"{self._opened}.{self._data_version}"

    # Reading

    def rows(self, select: Query) -> list[dict[str, Any]]:
        """The rows of a query; exact decimals come as whole numbers or floats."""
        with speaking(self._engine), self._engine.sql.connect() as connection:
            found = connection.execute(select)
            names = tuple(found.keys())
            return [dict(zip(names, map(_plain, row), strict=True)) for row in found]

    def columns(self, select: Query) -> dict[str, np.ndarray[Any, Any]]:
        """The columns of a query as arrays, for many rows.

        Text comes as objects with None, numbers as int64, or as float64 with nan where any is
        NULL, truth as bool, or as objects with None, days as datetime64[D] and moments as
        datetime64[us], both with NaT.
        """
        with speaking(self._engine), self._engine.sql.connect() as connection:
            return dict(self._engine.columns(connection, select))

    def sql(self, select: Query) -> str:
        """The query as this engine is asked it, with its values in it: to read, not to run."""
        dialect = self._engine.sql.dialect
        try:
            return str(select.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))
        except (sa.exc.CompileError, NotImplementedError):
            # A value that cannot be written out: then by its name.
            return str(select.compile(dialect=dialect))

    def as_of(self, tables: Sequence[str]) -> datetime | None:
        """Up to when the data of all these fact tables tells (UTC).

        That is the earliest among the tables' latest live imports. Tables without an import, or
        without times, do not count; None when none does.
        """
        version = self._data_version
        cached = self._as_of
        if cached is None or cached[0] != version:
            with speaking(self._engine), self._engine.sql.connect() as connection:
                cached = (version, imports.latest_per_table(connection))
            self._as_of = cached
        return min((cached[1][name] for name in tables if name in cached[1]), default=None)

    def imports(self) -> list[dict[str, Any]]:
        """All imports, the latest first: the columns of `imports`, and `feeds`, one dict a feed."""
        all_imports, feeds = table("imports"), table("import_feeds")
        of: dict[int, list[dict[str, Any]]] = {}
        for row in self.rows(sa.select(feeds).order_by(feeds.c.import_id, feeds.c.feed)):
            row["columns"] = json.loads(row["columns"])
            of.setdefault(row["import_id"], []).append(row)
        found = self.rows(sa.select(all_imports).order_by(all_imports.c.import_id.desc()))
        for row in found:
            row["warnings"] = json.loads(row["warnings"])
            row["feeds"] = of.get(row["import_id"], [])
        return found

    def quarantined(self, import_id: int) -> list[dict[str, Any]]:
        """Rows that an import set aside, in the order of the file, one dict a problem."""
        rows = table("quarantined")
        return self.rows(
            sa.select(rows)
            .where(rows.c.import_id == import_id)
            .order_by(rows.c.feed, rows.c.row_number, rows.c.position)
        )

    def reading_of(self, import_id: int) -> Reading | None:
        """How the file of an import was read; None where that was not kept."""
        with speaking(self._engine), self._engine.sql.connect() as connection:
            return readings.reading_of(connection, import_id)

    def totals_of(self, import_id: int) -> list[tuple[Total, ...]]:
        """The control totals of an import, feed by feed."""
        with speaking(self._engine), self._engine.sql.connect() as connection:
            return readings.totals_of(connection, import_id)

    def findings(self, import_id: int) -> tuple[Finding, ...]:
        """What the detective found in the file of an import, what matters most first."""
        return tuple(read_finding(row["content"]) for row in self.rows(findings_of(import_id)))

    def beside_earlier(self, manifest: Manifest) -> tuple[Finding, ...]:
        """What is odd about the days of a file beside those loaded before; nothing is loaded."""
        with speaking(self._engine), self._engine.sql.connect() as connection:
            return tuple(earlier.of_volume(connection, manifest, self.settings.time_zone))

    def change_log(self, limit: int = 200) -> list[dict[str, Any]]:
        """The latest changes of the configuration, the latest first; rows as dicts or None."""
        log = table("change_log")
        found = self.rows(sa.select(log).order_by(log.c.change_id.desc()).limit(limit))
        for row in found:
            for name in ("row_key", "before", "after"):
                row[name] = None if row[name] is None else json.loads(row[name])
        return found

    # Writing

    @contextmanager
    def write(self) -> Generator[sa.Connection]:
        """One transaction of the one writer; its success raises the data version with it."""
        with self._write() as writing:
            yield writing.connection

    @contextmanager
    def write_quietly(self) -> Generator[sa.Connection]:
        """The same for what changes no number (logs, kept values): the data version stays."""
        with self._write() as writing:
            writing.changed = False
            yield writing.connection

    def import_staged(
        self,
        manifest: Manifest,
        who: str,
        progress: Progress | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> ImportReport:
        """Load what was staged, whole or not at all.

        A file that is live already, read by the same profile, changes nothing.

        Raises:
            Stopped: `cancel`, asked from another thread, said so; nothing was loaded.
        """
        tell = progress or _tell_nobody
        with self._write() as writing, stoppable(self._engine, writing.connection, cancel):
            known = imports.already_loaded(writing.connection, manifest)
            if known is not None:
                writing.changed = False
                return known
            report = imports.bring_in(
                writing.connection, self._engine, manifest, who, tell, self.settings.time_zone
            )
            tell(0.9, N_("Preparing numbers"))
            self._prepare(writing, report.changed_tables)
            return report

    def undo(self, import_id: int, who: str) -> UndoReport:
        """Take one import back: the facts become what they would be without it.

        Raises:
            UndoBlocked: later imports built on it; they are named.
            StoreProblem: there is no such import, or it was taken back already.
        """
        with self._write() as writing:
            report = imports.take_import_back(writing.connection, import_id, who)
            self._prepare(writing, report.changed_tables)
            return report

    def undo_preview(self, import_id: int) -> UndoReport:
        """What `undo` would do, counted and not done; raises as it does."""
        with speaking(self._engine), self._engine.sql.connect() as connection:
            return imports.take_import_back(connection, import_id, "", preview=True)

    def keep_month_ends(
        self,
        data_version: int,
        forgotten: Sequence[tuple[str, str]],
        rows: Sequence[Mapping[str, Any]],
    ) -> bool:
        """Keep values of closed months, told by the data of that version; see `month_ends.keep`.

        Returns:
            Whether they were kept: not when something was written meanwhile.
        """
        with self._write() as writing:
            writing.changed = False
            if data_version != self._data_version:
                return False
            month_ends.keep(writing.connection, self._engine, self.staging, forgotten, rows)
            return True

    def keep_daily_sums(self, data_version: int, wanted: Sequence[Making]) -> bool:
        """Make the daily sums of one source; False when something was written meanwhile."""
        with self._write() as writing:
            writing.changed = False
            writing.made_sums = data_version == self._data_version
            if writing.made_sums:
                make(writing.connection, wanted)
            return writing.made_sums

    # Properties

    def properties(self) -> dict[str, str]:
        """Properties of the store (see `kpi.store.properties`), such as the kind of its data."""
        with speaking(self._engine), self._engine.sql.connect() as connection:
            return properties(connection)

    def set_property(self, name: str, value: str) -> None:
        """Set a property of the store."""
        with self.write() as connection:
            put_property(connection, name, value)

    # Configuration

    @property
    def configuration(self) -> Configuration:
        """The configuration as it is now."""
        version = self._data_version
        cached = self._configuration
        if cached is None or cached[0] != version:
            with speaking(self._engine), self._engine.sql.connect() as connection:
                cached = (version, Configuration.read(connection))
            self._configuration = cached
        return cached[1]

    def configure(self, name: str, rows: Sequence[Mapping[str, Any]], who: str) -> int:
        """Keep rows of a configuration table, by their key; gives how many were changed.

        Columns that a row does not name stay as they are, and in a new version as they were.

        Raises:
            ConfigurationProblem: a row cannot be kept; nothing was changed.
        """
        with self._write() as writing:
            now = Configuration.read(writing.connection)
            return self._carry_out(writing, configure.upserts(now, name, rows), who)

    def remove_configuration(self, name: str, keys: Sequence[Mapping[str, Any]], who: str) -> int:
        """Remove rows by their full key (as if they had never been); gives how many there were.

        What was in use and no longer is gets a row with `retired` instead.
        """
        with self._write() as writing:
            now = Configuration.read(writing.connection)
            return self._carry_out(writing, configure.removals(now, name, keys), who)

    def configuration_toml(self) -> str:
        """The whole configuration as one TOML file."""
        return to_toml(self.configuration)

    def configure_from_toml(self, text: str, who: str) -> int:
        """Let each table that the file names hold just what it says; gives how many rows changed.

        Raises:
            ConfigurationProblem: the file cannot be read or a row cannot be kept.
        """
        wanted = from_toml(text)
        with self._write() as writing:
            now = Configuration.read(writing.connection)
            return self._carry_out(writing, configure.replacements(now, wanted), who)

    def _carry_out(self, writing: _Writing, changes: list[Change], who: str) -> int:
        writing.changed = bool(changes)
        configure.write_changes(writing.connection, changes, who)
        self._prepare(writing, {change.table for change in changes})
        return len(changes)

    def _prepare(self, writing: _Writing, tables: set[str]) -> None:
        if tables:
            prepare(writing.connection, self.settings, tables)

    @contextmanager
    def _write(self) -> Generator[_Writing]:
        me = threading.get_ident()
        if self._writing_thread == me:
            raise RuntimeError("write() inside write(): pass the connection on instead")
        with self._writer, speaking(self._engine):
            self._writing_thread = me
            try:
                held = self._engine.still_held()
                with ExitStack() as ending, self._engine.sql.begin() as connection:
                    if not held:
                        self._check_nobody_wrote(connection)
                    writing = _Writing(connection)
                    yield writing
                    version = self._data_version + writing.changed
                    if writing.changed:
                        put_property(connection, DATA_VERSION, str(version))
                    if writing.changed or writing.made_sums:
                        ending.enter_context(self.daily.changing())  # left after the commit
                self._data_version = version
            finally:
                self._writing_thread = None

    def _check_nobody_wrote(self, connection: sa.Connection) -> None:
        if int(properties(connection).get(DATA_VERSION, "0")) != self._data_version:
            raise StoreProblem(
                _(
                    "Another program changed this database while the connection was lost; nothing "
                    "was changed now. Start this program again."
                )
            )


def _plain(value: Any) -> Any:
    if type(value) is Decimal:
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def _tell_nobody(done: float, what: str) -> None:
    """The progress of a caller who does not ask for it."""
