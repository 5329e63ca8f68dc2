"""Keys that come more than once among the rows of a feed, and which row of each is kept."""

# ruff: noqa: S608 - names and literals are quoted by kpi.store.lockdown
from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kpi.ingest.feed import FeedStage


class Repeats:
    """What repeats in a feed; asked once its rows are typed.

    Keys are compared as they are stored: a day is the same day at whatever hour, and a moment the
    same in whatever offset.
    """

    def __init__(self, stage: FeedStage) -> None:
        self._stage = stage

    @property
    def keyed(self) -> tuple[str, str]:
        """SQL of the good rows with their key as it is stored, and the names it has there."""
        stage = self._stage
        key = [stage.by_name[name] for name in stage.table.key if name in stage.by_name]
        names = [f"_k{place}" for place in range(len(key))]
        values = [f"{stage.final(one)} AS {name}" for one, name in zip(key, names, strict=True)]
        return f"(SELECT *, {', '.join(values)} FROM {stage.good})", ", ".join(names)

    @cached_property
    def _counted(self) -> str:
        """A table of the keys that more than one good row has, each with its number of rows."""
        name, (good, key) = f"repeated_{self._stage.number}", self.keyed
        self._stage.connection.execute(
            f"CREATE OR REPLACE TABLE {name} AS SELECT {key}, count(*) AS _rows FROM {good}"
            f" GROUP BY {key} HAVING count(*) > 1"
        )
        return name

    @cached_property
    def more(self) -> int:
        """How many rows there are beyond one of each key."""
        found = self._stage.connection.execute(f"SELECT sum(_rows - 1) FROM {self._counted}")
        (more,) = found.fetchone() or (None,)
        return int(more or 0)

    @property
    def rows(self) -> str:
        """SQL of the good rows whose key another has too."""
        good, key = self.keyed
        return f"(SELECT * FROM {good} SEMI JOIN {self._counted} USING ({key}))"

    def alone(self) -> str:
        """SQL of the good rows, one per key: the newest by `updated_at`, else the last.

        Only the rows whose key comes again are put in order: mostly few.
        """
        stage = self._stage
        if not self.more:
            return stage.good
        newest = ""
        if "updated_at" in stage.by_name:
            newest = f"{stage.final(stage.by_name['updated_at'])} DESC NULLS LAST, "
        passed, (_, key) = f"passed_{stage.number}", self.keyed
        stage.connection.execute(
            f"CREATE OR REPLACE TABLE {passed} AS SELECT _n FROM {self.rows}"
            f" QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {newest}_n DESC) > 1"
        )
        return f"(SELECT * FROM {stage.good} ANTI JOIN {passed} USING (_n))"
