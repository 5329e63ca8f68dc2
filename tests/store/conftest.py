"""A store of its own for every test of the store, made once and copied."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kpi.settings import Settings, load_settings
from kpi.store import Store, open_store


@pytest.fixture(scope="session")
def new_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a store that was just made: copying it is faster than making another."""
    path = tmp_path_factory.mktemp("template") / "store.duckdb"
    open_store(load_settings(f"duckdb:///{path}")).close()
    return path


@pytest.fixture
def settings(tmp_path: Path, new_store: Path) -> Settings:
    """Settings of a store that was made but is not open."""
    path = tmp_path / "store.duckdb"
    shutil.copy(new_store, path)
    return load_settings(f"duckdb:///{path}")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An open, empty store."""
    with open_store(settings) as opened:
        yield opened
