"""Reading texts with profiles, in this process: the child process has tests of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kpi.ingest import notes
from kpi.ingest.profile_keys import parse_profile
from kpi.ingest.staging import StageResult, Work, stage_file
from kpi.ingest.table import Limits
from kpi.store.scratch import Scratch, quoted, scratch

ZONE = "Europe/Amsterdam"
KEY = bytes(range(32))


@dataclass
class Read:
    """What came of a file: per feed the rows as dicts, and what was set aside."""

    result: StageResult
    feeds: list[list[dict[str, Any]]]
    aside: list[dict[str, Any]]
    warnings: list[str] = field(default_factory=list)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows of the first feed, in the order of the file."""
        return self.feeds[0]


Reader = Callable[..., Read]


def rows_of(connection: Scratch, path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        return []
    found = connection.execute(f"SELECT * FROM read_parquet({quoted(path)})")
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    return made


@pytest.fixture
def connection(folder: Path) -> Iterator[Scratch]:
    opened = scratch([folder], threads=2)
    yield opened
    opened.close()


@pytest.fixture
def read(folder: Path, connection: Scratch) -> Reader:
    """`read(text, profile)`: the file as the profile says; `Refused` where it cannot be."""

    def reads(
        content: str | bytes, profile: str, *, name: str = "file.csv", limits: Limits | None = None
    ) -> Read:
        path = folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        for table in ("typed_0", "typed_1", "typed_2", "sample"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")
        work = Work(connection, path, folder, ZONE, limits or Limits(), KEY)
        result = stage_file(work, parse_profile(profile))
        feeds = [
            sorted(rows_of(connection, feed.parquet), key=lambda row: row["_row"])
            for feed in result.feeds
        ]
        aside = rows_of(connection, result.quarantine)
        warnings = [notes.english(said) for said in result.warnings]
        warnings += [finding.english for finding in result.findings]
        return Read(result, feeds, aside, warnings)

    return reads


def profile_of(table: str, read: str = "", only: str = "", **columns: str) -> str:
    """A profile with one feed; columns as TOML: `case_id='"Zaak"'`."""
    lines = "\n".join(f"{name} = {said}" for name, said in columns.items())
    kept = f"[feeds.only]\n{only}\n" if only else ""
    return f"[read]\n{read}\n[[feeds]]\ntable = '{table}'\n[feeds.columns]\n{lines}\n{kept}"
