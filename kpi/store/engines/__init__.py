"""Everything that differs between databases, one module each; the rest is portable SQL.

An engine opens the database, brings staged Parquet in, reads a query as arrays, and turns its own
complaints into sentences. `kpi.sql` holds the few expressions that compile differently.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import sqlalchemy as sa

from kpi.settings import Settings
from kpi.store.problems import StoreProblem

#: Which module has which engine; only the one that is wanted is imported.
_ENGINES = {
    "duckdb": ("kpi.store.engines.duckdb", "DuckDB"),
    "postgresql": ("kpi.store.engines.postgresql", "PostgreSQL"),
}
Query = sa.Select[Any] | sa.CompoundSelect[Any]


class Engine(Protocol):
    """One open database."""

    sql: sa.Engine

    def stage(
        self, connection: sa.Connection, name: str, parquet: Path, like: sa.Table
    ) -> sa.Table:
        """Let `name` stand for the rows of a staged file, typed as the columns of `like`."""

    def unstage(self, connection: sa.Connection, staged: sa.Table) -> None:
        """Forget what `stage` gave; the file stays."""

    def columns(self, connection: sa.Connection, query: Query) -> Mapping[str, np.ndarray]:
        """Run `query` and give each column as an array; see `Store.columns`."""

    def interrupt(self, connection: sa.Connection) -> None:
        """Let the statement that runs on a connection fail; for another thread than its own."""

    def still_held(self) -> bool:
        """Whether nobody else can have written since the store was opened or this was last asked.

        False: it had slipped from our hand, and is held again now.

        Raises:
            StoreProblem: somebody else has it.
        """

    def sentence(self, problem: BaseException) -> str | None:
        """What the user should know of a problem of the database; None: a mistake of ours."""

    def close(self) -> None:
        """Let go of the database; what was committed is in its file."""


@contextmanager
def speaking(engine: Engine) -> Generator[None]:
    """What the user should know of a problem of the database becomes a sentence."""
    try:
        yield
    except StoreProblem:
        raise
    except Exception as problem:
        sentence = engine.sentence(problem)
        if sentence is None:
            raise
        raise StoreProblem(sentence) from problem


def open_engine(settings: Settings, staging: Path) -> Engine:
    """Open the database of the settings, reading files from `staging` only."""
    module, name = _ENGINES[settings.url.get_backend_name()]
    engine: Engine = getattr(import_module(module), name)(settings, staging)
    return engine
