"""What is read of an open store: queries, and what the imports and changes before left in it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import numpy as np
import sqlalchemy as sa

from kpi.findings import Finding
from kpi.settings import Settings
from kpi.staged import Manifest, Total
from kpi.store import earlier, imports, readings
from kpi.store.engines import Engine, Query, speaking
from kpi.store.findings import findings_of, read_finding
from kpi.store.imports import UndoReport
from kpi.store.properties import properties
from kpi.store.readings import Reading
from kpi.tables import table


class Reader:
    """Reads, on a cursor of its own each time. Every method is thread-safe."""

    def __init__(self, settings: Settings, engine: Engine) -> None:
        self.settings = settings
        self._engine = engine

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

    def undo_preview(self, import_id: int) -> UndoReport:
        """What `undo` would do, counted and not done; raises as it does."""
        with speaking(self._engine), self._engine.sql.connect() as connection:
            return imports.take_import_back(connection, import_id, "", preview=True)

    def properties(self) -> dict[str, str]:
        """Properties of the store (see `kpi.store.properties`), such as the kind of its data."""
        with speaking(self._engine), self._engine.sql.connect() as connection:
            return properties(connection)


def _plain(value: Any) -> Any:
    if type(value) is Decimal:
        return int(value) if value == value.to_integral_value() else float(value)
    return value
