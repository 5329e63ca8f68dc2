"""Daily sums in the store: what there is, for as long as it is true, and the making of them.

They are thrown away in the transaction that changes what they are made of. A reader that looked
what there is before such a transaction ended, and asked after it, must not take the nothing that
it then finds for an answer: so it looks again when it has been answered, and `Daily.now` is another
object from before the commit on.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Generator, Sequence
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from kpi.model import Kpi, Moment
from kpi.query import daily
from kpi.query.daily import Kept, Making, Sum
from kpi.query.groups import tables_of
from kpi.store.engines import Engine, speaking
from kpi.tables import table

#: Of so many questions it is kept which sums they are made of.
_MOST = 2000


class Daily:
    """The daily sums of one open store. Every method is thread-safe."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._guard = threading.Lock()
        self._changes = 0
        self._changing = False
        self._now: tuple[Kept, ...] | None = None
        self._sums: dict[tuple[Kpi, Moment], tuple[Sum, ...] | None] = {}

    def now(self) -> tuple[Kept, ...] | None:
        """What is kept; None while that is changing. The same object for as long as it is true."""
        with self._guard:
            if self._now is not None or self._changing:
                return self._now
            changes = self._changes
        with speaking(self._engine), self._engine.sql.connect() as connection:
            rows = connection.execute(daily.kept_sums()).mappings().all()
        found = daily.read([dict(row) for row in rows])
        with self._guard:
            # A change may have begun meanwhile, and have ended too.
            if changes != self._changes:
                return None
            self._now = found
            return found

    @contextmanager
    def changing(self) -> Generator[None]:
        """Around the end of a transaction that changed what is kept, or what it is made of."""
        with self._guard:
            self._changing, self._now = True, None
            self._changes += 1
        try:
            yield
        finally:
            with self._guard:
                self._changing = False

    def sums_of(self, kpi: Kpi, at: Moment) -> tuple[Sum, ...] | None:
        """The sums that a KPI is made of at that moment; None when they are not to be kept."""
        if not daily.can_be_kept(kpi):
            return None
        key = (kpi, at)
        if key not in self._sums:
            if len(self._sums) > _MOST:
                self._sums.clear()
            self._sums[key] = daily.sums_of(kpi, at, self.spell)
        return self._sums[key]

    def spell(self, expression: Any) -> str | None:
        """An expression as SQL of this engine with its values in it; None where it cannot be."""
        try:
            compiled = expression.compile(
                dialect=self._engine.sql.dialect, compile_kwargs={"literal_binds": True}
            )
        except (sa.exc.CompileError, NotImplementedError):
            return None
        return str(compiled)


def make(connection: sa.Connection, wanted: Sequence[Making]) -> None:
    """Make the sums of one source anew, inside the writer's transaction."""
    forget(connection, {(one.source, one.date) for one in wanted})
    kept = table("daily_sums_kept")
    last = connection.execute(sa.select(sa.func.max(kept.c.kept))).scalar() or 0
    for one in wanted:
        last += 1
        _make(connection, one, last)
        narrow = daily.narrowed(one, last)
        if narrow is not None and one.dimensions == wanted[0].dimensions:
            last += 1
            _make(connection, narrow, last)


def _make(connection: sa.Connection, one: Making, number: int) -> None:
    sums, kept = table("daily_sums"), table("daily_sums_kept")
    rows = one.rows.add_columns(sa.literal(number))
    connection.execute(sa.insert(sums).from_select([*one.columns, "kept"], rows))
    connection.execute(
        sa.insert(kept),
        [
            {
                "kept": number,
                "source": one.source,
                "date_column": one.date,
                "dimensions": " ".join(one.dimensions),
                "slot": slot,
                "fingerprint": fingerprint,
            }
            for slot, fingerprint in enumerate(one.fingerprints)
        ],
    )


def forget(connection: sa.Connection, of: Collection[tuple[str, str]]) -> None:
    """Throw away the sums of these sources and dates."""
    kept, sums = table("daily_sums_kept"), table("daily_sums")
    own = sa.or_(*(sa.and_(kept.c.source == s, kept.c.date_column == d) for s, d in of))
    numbers = connection.execute(sa.select(kept.c.kept).where(own).distinct()).scalars().all()
    if numbers:
        connection.execute(sa.delete(sums).where(sums.c.kept.in_(numbers)))
        connection.execute(sa.delete(kept).where(kept.c.kept.in_(numbers)))


def forget_made_of(connection: sa.Connection, names: Collection[str]) -> None:
    """Throw away the sums of every source that reads one of these prepared tables."""
    kept = table("daily_sums_kept")
    there = connection.execute(sa.select(kept.c.source, kept.c.date_column).distinct()).all()
    touched = {(of, day) for of, day in there if not _read_by(of) or _read_by(of) & set(names)}
    if touched:
        forget(connection, touched)


def _read_by(name: str) -> frozenset[str]:
    """The tables that a source is made of; none for one that there is no longer."""
    try:
        return tables_of(name)
    except KeyError:
        return frozenset()
