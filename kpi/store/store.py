"""The open store: readers on cursors of their own, one writer at a time, one growing number.

Nothing else in the product executes SQL on facts or configuration.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import sqlalchemy as sa

from kpi.i18n import _
from kpi.query.daily import Making
from kpi.settings import Settings
from kpi.staged import Manifest, Progress
from kpi.store import configure, imports, month_ends
from kpi.store.as_toml import from_toml, to_toml
from kpi.store.changed import Changed
from kpi.store.configuration import Configuration
from kpi.store.configure import Change
from kpi.store.daily import Daily, make
from kpi.store.engines import Engine, speaking
from kpi.store.imports import ImportReport, UndoReport
from kpi.store.lock import FileLock
from kpi.store.prepare import prepare
from kpi.store.problems import StoreProblem
from kpi.store.properties import DATA_VERSION, properties, put_property
from kpi.store.reader import Reader
from kpi.store.stopping import stoppable
from kpi.text import N_


@dataclass
class _Writing:
    """A transaction: `changed` raises the data version, sums that were made change no number.

    `touched` are the tables whose rows may be others after it; None: nobody knows which.
    """

    connection: sa.Connection
    changed: bool = True
    made_sums: bool = False
    touched: set[str] | None = None


class Store(Reader):
    """The store, open in this process; `open_store` makes it. Every method is thread-safe."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        staging: Path,
        lock: FileLock,
        data_version: int,
    ) -> None:
        super().__init__(settings, engine)
        #: The one folder that the database reads files from; emptied when the store is opened.
        self.staging = staging
        self._lock = lock
        self._writer = threading.Lock()
        self._writing_thread: int | None = None
        self._configuration: tuple[int, Configuration] | None = None
        self._as_of: tuple[int, dict[str, datetime]] | None = None
        self.daily = Daily(engine)
        self._changed = Changed()
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

    def state_of(self, tables: Collection[str]) -> str:
        """The same of the rows of a few tables: most changes of the configuration leave them."""
        return f"{self._opened}.{self._changed.numbers(tables)}"

    # Reading

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
        writing.touched = set(tables)
        if tables:
            writing.touched |= prepare(writing.connection, self.settings, tables)

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
                        # Whether or not it is committed then: a number too many does no harm.
                        ending.callback(self._changed.mark, writing.touched)
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


def _tell_nobody(done: float, what: str) -> None:
    """The progress of a caller who does not ask for it."""
