"""One world for all tests of the preparation: each leaves it as it found it."""

from __future__ import annotations

import pytest

from tests.store.prepare.world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A database with the small configuration of `world.CONFIG` and without facts."""
    return World.at(tmp_path_factory.mktemp("prepare") / "world.duckdb")
